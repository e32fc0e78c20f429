package command

import (
	"slices"

	"hearth/daemon/home"
)

// LookBack is how far back a question about the past looks, in days: Home Assistant keeps no more unless it is told to.
const LookBack = 10

// resting are the states of things that have more than on and off, in which they do nothing.
var resting = []string{"off", "idle", "standby", "docked", "closed", "disarmed"}

// busy are the domains whose entities are on in every other state: an air conditioner that cools, a player that plays.
var busy = []string{"climate", "media_player", "water_heater", "vacuum", "lawn_mower", "alarm_control_panel"}

// Shows tells whether an entity that is, or was, in a state of Home Assistant's can be said to be "on", "off", "open",
// "closed", "locked", "unlocked", "home", "not_home", or in whichever other state is wanted.
func Shows(e home.Entity, state, wanted string) bool {
	e.State = state
	switch {
	case InState(e, wanted), wanted == "open" && state == "opening":
		return true
	case !slices.Contains(busy, e.Domain()):
		return false
	}
	return wanted == "off" && slices.Contains(resting, state) || wanted == "on" && !slices.Contains(resting, state)
}
