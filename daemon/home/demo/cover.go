package demo

import (
	"time"

	"hearth/daemon/home"
)

func covers() map[string]service {
	return map[string]service{
		"cover.open_cover":         travelTo(100),
		"cover.close_cover":        travelTo(0),
		"cover.stop_cover":         stopTravel,
		"cover.set_cover_position": travelToPosition,
		"cover.toggle":             toggles(travelTo(0), travelTo(100), "open", "opening"),
	}
}

func valves() map[string]service {
	return map[string]service{
		"valve.open_valve":         travelTo(100),
		"valve.close_valve":        travelTo(0),
		"valve.stop_valve":         stopTravel,
		"valve.set_valve_position": travelToPosition,
		"valve.toggle":             toggles(travelTo(0), travelTo(100), "open", "opening"),
	}
}

// Travel is reported in steps of a tenth of the way.
const (
	travelTime = 8 * time.Second // from closed to open
	travelStep = 10              // percent
)

func travelToPosition(h *Home, e home.Entity, d *data) []effect {
	position, ok := d.whole("position", 0, 100)
	d.need("position", ok, "0 to 100")
	if _, reports := e.Attributes["current_position"]; !reports {
		d.lacks("position")
	}
	return travelTo(position)(h, e, d)
}

// travelTo is a service that moves a cover or a valve to a position: first it says that it moves, then
// how far it is, and at last that it has arrived.
func travelTo(target int) service {
	return func(_ *Home, e home.Entity, _ *data) []effect {
		from := position(e)
		if from == target {
			return []effect{{entity: e.ID, moves: true, apply: func(e *home.Entity) { rests(e, target) }}}
		}
		direction, state := 1, "opening"
		if target < from {
			direction, state = -1, "closing"
		}
		effects := []effect{{entity: e.ID, moves: true, apply: func(e *home.Entity) { e.State = state }}}
		for at := from + direction*travelStep; (target-at)*direction > 0; at += direction * travelStep {
			effects = append(effects, effect{entity: e.ID, moves: true, after: travelTime * time.Duration((at-from)*direction) / 100,
				apply: func(e *home.Entity) { moveTo(e, at) }})
		}
		return append(effects, effect{entity: e.ID, moves: true, after: travelTime * time.Duration((target-from)*direction) / 100,
			apply: func(e *home.Entity) { rests(e, target) }})
	}
}

func stopTravel(_ *Home, e home.Entity, _ *data) []effect {
	return []effect{{entity: e.ID, moves: true, apply: func(e *home.Entity) { rests(e, position(*e)) }}}
}

// position is where a cover or valve is, 0 closed to 100 open. One that reports no position is either.
func position(e home.Entity) int {
	fallback := 100.0
	if e.State == "closed" || e.State == "opening" {
		fallback = 0
	}
	return int(attribute(e, "current_position", fallback))
}

func moveTo(e *home.Entity, position int) {
	if _, reports := e.Attributes["current_position"]; reports {
		e.Attributes["current_position"] = position
	}
}

func rests(e *home.Entity, position int) {
	moveTo(e, position)
	e.State = "open"
	if position == 0 {
		e.State = "closed"
	}
}
