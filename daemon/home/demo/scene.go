package demo

import (
	"time"

	"hearth/daemon/home"
)

func scenes() map[string]service {
	return map[string]service{"scene.turn_on": func(h *Home, e home.Entity, d *data) []effect {
		d.number("transition", 0, 6553)
		activated := does(e, func(e *home.Entity) { e.State = timestamp() })
		return append(activated, h.contained(e)...)
	}}
}

// scriptTime is how long a script runs after its last call.
const scriptTime = 500 * time.Millisecond

func scripts() map[string]service {
	stop := reaches("off")
	start := func(h *Home, e home.Entity, d *data) []effect {
		d.ignore("variables")
		begin := effect{entity: e.ID, moves: true, apply: func(e *home.Entity) {
			e.State, e.Attributes["last_triggered"] = "on", timestamp()
		}}
		end := effect{entity: e.ID, moves: true, after: scriptTime, apply: func(e *home.Entity) { e.State = "off" }}
		return append([]effect{begin, end}, h.contained(e)...)
	}
	return map[string]service{
		"script.turn_on":  start,
		"script.turn_off": stop,
		"script.toggle":   toggles(stop, start, "on"),
	}
}

// contained are the effects of what a scene or script does. Devices that cannot be reached are left out.
func (h *Home) contained(e home.Entity) []effect {
	var all []effect
	for _, call := range h.contents[e.ID] {
		effects, err := h.effects(call)
		if err != nil {
			continue // as Home Assistant does: the rest of a scene does not wait for a broken lamp
		}
		all = append(all, effects...)
	}
	return all
}
