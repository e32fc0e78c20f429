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
	"cover.set_cover_tilt_position": quantity{"tilt_position", "current_tilt_position", "tilt", 1, arrival, percent}.rule,

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
	position := quantity{attribute: "current_position", label: "position", tolerance: arrival, show: percent}
	arrived := position.near(target, before)
	return func(now home.Entity) (string, bool) {
		sees, met := arrived(now)
		if met {
			return sees, met
		}
		at, _ := home.Number(now.Attributes["current_position"])
		switch {
		case now.State == "opening" && target > was, now.State == "closing" && target < was:
			return "is " + now.State, true
		case (at-was)*(target-was) > 0 && math.Abs(target-at) < math.Abs(target-was):
			return "position went from " + percent(was) + " to " + percent(at), true
		}
		return sees, false
	}
}

func tiltsTo(target float64) rule {
	return func(_ home.Call, before home.Entity) condition {
		return quantity{attribute: "current_tilt_position", label: "tilt", tolerance: arrival, show: percent}.near(target, before)
	}
}
