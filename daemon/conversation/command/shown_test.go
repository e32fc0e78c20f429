package command

import (
	"testing"

	"hearth/daemon/home"
)

func TestShows(t *testing.T) {
	for _, c := range []struct {
		id            home.EntityID
		class, state  string
		wanted, other []string
	}{
		{"binary_sensor.door", "door", "on", []string{"open", "on"}, []string{"closed", "off"}},
		{"binary_sensor.motion", "motion", "on", []string{"on"}, []string{"open", "closed"}},
		{"cover.blind", "", "opening", []string{"open"}, []string{"closed", "on"}},
		{"cover.blind", "", "closing", nil, []string{"open", "closed"}},
		{"climate.hall", "", "heat", []string{"on"}, []string{"off"}},
		{"climate.hall", "", "off", []string{"off"}, []string{"on"}},
		{"media_player.tv", "", "standby", []string{"off"}, []string{"on"}},
		{"media_player.tv", "", "playing", []string{"on"}, []string{"off"}},
		{"sensor.outside", "", "12.5", nil, []string{"on", "off", "open"}},
		{"lock.door", "", "locked", []string{"locked"}, []string{"unlocked", "open"}},
		{"person.anna", "", "home", []string{"home"}, []string{"not_home"}},
	} {
		e := home.Entity{ID: c.id, DeviceClass: c.class, State: "whatever"}
		for _, wanted := range c.wanted {
			if !Shows(e, c.state, wanted) {
				t.Errorf("%s %q does not show %q", c.id, c.state, wanted)
			}
		}
		for _, other := range c.other {
			if Shows(e, c.state, other) {
				t.Errorf("%s %q shows %q", c.id, c.state, other)
			}
		}
	}
}
