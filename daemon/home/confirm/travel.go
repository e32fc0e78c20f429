package confirm

import (
	"math"

	"hearth/daemon/home"
)

// Covers and valves take long to arrive. One that moves the right way has obeyed.
var travels = map[string]rule{
	"cover.open_cover":              travelsTo(100),
	"cover.close_cover":             travelsTo(0),
	"cover.toggle":                  flips(travelsTo(0), travelsTo(100), "open", "opening"),
	"cover.set_cover_position":      travelsToPosition,
	"cover.stop_cover":              leaves("opening", "closing"),
	"cover.open_cover_tilt":         tiltsTo(100),
	"cover.close_cover_tilt":        tiltsTo(0),
	"cover.stop_cover_tilt":         silent,
	"cover.set_cover_tilt_position": tiltsToPosition,

	"valve.open_valve":         travelsTo(100),
	"valve.close_valve":        travelsTo(0),
	"valve.toggle":             flips(travelsTo(0), travelsTo(100), "open", "opening"),
	"valve.set_valve_position": travelsToPosition,
	"valve.stop_valve":         leaves("opening", "closing"),
}

// arrival is how far from its target, in percent, a motor may stop.
const arrival = 2

func travelsTo(target float64) rule {
	return func(call home.Call, before home.Entity) condition {
		if _, reports := home.Number(before.Attributes["current_position"]); reports {
			return toPosition(target, before)
		}
		if target == 0 {
			return starts("closing", "closed")(call, before)
		}
		return starts("opening", "open")(call, before)
	}
}

func travelsToPosition(call home.Call, before home.Entity) condition {
	target, ok := home.Number(call.Data["position"])
	if _, reports := home.Number(before.Attributes["current_position"]); !ok || !reports {
		return nil
	}
	return toPosition(target, before)
}

// toPosition is met at the target or on the way to it.
func toPosition(target float64, before home.Entity) condition {
	was, _ := home.Number(before.Attributes["current_position"])
	approaches := approach("current_position", "position", target, before)
	return func(now home.Entity) (string, bool) {
		sees, met := approaches(now)
		if !met && (now.State == "opening" && target > was || now.State == "closing" && target < was) {
			return "is " + now.State, true
		}
		return sees, met
	}
}

// approach is met by an attribute, in percent, that has come to the target or nearer to it than it was.
func approach(attribute, label string, target float64, before home.Entity) condition {
	was, _ := home.Number(before.Attributes[attribute])
	arrived := quantity{attribute: attribute, label: label, tolerance: arrival, show: percent}.near(target, before)
	return func(now home.Entity) (string, bool) {
		sees, met := arrived(now)
		at, _ := home.Number(now.Attributes[attribute])
		if !met && (at-was)*(target-was) > 0 && math.Abs(target-at) < math.Abs(target-was) {
			return label + " went from " + percent(was) + " to " + percent(at), true
		}
		return sees, met
	}
}

func tiltsTo(target float64) rule {
	return func(_ home.Call, before home.Entity) condition {
		return approach("current_tilt_position", "tilt", target, before)
	}
}

func tiltsToPosition(call home.Call, before home.Entity) condition {
	target, ok := home.Number(call.Data["tilt_position"])
	if !ok {
		return nil
	}
	return tiltsTo(target)(call, before)
}
