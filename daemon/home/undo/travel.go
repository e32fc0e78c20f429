package undo

import (
	"slices"

	"hearth/daemon/home"
)

// waysIn are the device classes of covers that let people in.
var waysIn = []string{"garage", "gate", "door", "window"}

func cover(c change) ([]home.Call, Reason) {
	return c.travelBack("cover", slices.Contains(waysIn, c.before.DeviceClass))
}

// valve never lets water run.
func valve(c change) ([]home.Call, Reason) { return c.travelBack("valve", true) }

// travelBack brings a cover or a valve back to where it was. One that must stay shut is opened no further.
func (c change) travelBack(kind string, stayShut bool) ([]home.Call, Reason) {
	if moves(c.before) {
		return nil, Unknown // where it was going
	}
	var calls []home.Call
	switch went := c.went(); {
	case went < 0 && stayShut:
		return nil, Unsafe
	case went != 0:
		calls = []home.Call{c.travel(kind)}
	}
	return append(calls, c.restores("current_tilt_position", "set_"+kind+"_tilt_position", "tilt_position")...), ""
}

// went is positive for what has opened, negative for what has closed, 0 for what stands where it stood.
func (c change) went() float64 {
	switch c.after.State {
	case "opening":
		return 1
	case "closing":
		return -1
	}
	was, hadPosition := home.Number(c.before.Attributes["current_position"])
	is, hasPosition := home.Number(c.after.Attributes["current_position"])
	switch {
	case hadPosition && hasPosition:
		return is - was
	case !c.stateChanged():
		return 0
	case c.after.State == "open":
		return 1
	}
	return -1
}

// travel is the call that moves it to where it was.
func (c change) travel(kind string) home.Call {
	const setPosition = 4 // in supported_features, of covers and valves alike
	position, ok := home.Number(c.before.Attributes["current_position"])
	switch {
	case c.before.State == "closed" || ok && position == 0:
		return c.back("close_"+kind, nil)
	case ok && position < 100 && supports(c.before, setPosition):
		return c.back("set_"+kind+"_position", map[string]any{"position": position})
	}
	return c.back("open_"+kind, nil)
}

func moves(e home.Entity) bool { return e.State == "opening" || e.State == "closing" }
