package command

import (
	"testing"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

func TestQuestions(t *testing.T) {
	cases := []struct {
		name      string
		intent    string
		combo     string
		response  string
		slots     attributes
		room      string
		state     string // State's name and state with unit, "" when nil
		matched   string
		unmatched string
		err       string
	}{
		{name: "one", intent: "HassGetState", combo: "name_only", response: "one", slots: attributes{"name": "Outside"},
			state: "Outside 7 °C", matched: "Outside"},
		{name: "one that cannot be reached", intent: "HassGetState", combo: "name_only", response: "one", slots: attributes{"name": "Counter"},
			state: "Counter unavailable", matched: "Counter"},
		{name: "yes", intent: "HassGetState", combo: "name_state", response: "one_yesno", slots: attributes{"name": "Kettle", "state": "off"},
			state: "Kettle off", matched: "Kettle"},
		{name: "no", intent: "HassGetState", combo: "name_state", response: "one_yesno", slots: attributes{"name": "Kettle", "state": "on"},
			state: "Kettle off", unmatched: "Kettle"},
		{name: "unknown name", intent: "HassGetState", combo: "name_state", response: "one_yesno", slots: attributes{"name": "Toaster", "state": "on"},
			err: "no_entity"},
		{name: "same name, here", intent: "HassGetState", combo: "name_state", response: "one_yesno", room: "kitchen",
			slots: attributes{"name": "Ceiling", "state": "on"}, state: "Ceiling on", matched: "Ceiling"},
		{name: "any", intent: "HassGetState", combo: "domain_state", response: "any", slots: attributes{"domain": "light", "state": "on"},
			state: "Ceiling on", matched: "Ceiling", unmatched: "Ceiling, Ceiling"}, // Counter cannot be reached
		{name: "which on a floor", intent: "HassGetState", combo: "device_class_state_floor", response: "which",
			slots: attributes{"floor": "Upstairs", "domain": "cover", "device_class": "blind", "state": "open"},
			state: "Left Blind open", matched: "Left Blind", unmatched: "Right Blind"},
		{name: "which windows, by their sensors", intent: "HassGetState", combo: "device_class_state", response: "which",
			slots: attributes{"domain": "cover", "device_class": "window", "state": "open"},
			state: "Office Window open", matched: "Office Window", unmatched: "Bedroom Window"},
		{name: "are all windows closed", intent: "HassGetState", combo: "device_class_state", response: "all",
			slots: attributes{"domain": "cover", "device_class": "window", "state": "closed"},
			state: "Bedroom Window closed", matched: "Bedroom Window", unmatched: "Office Window"},
		{name: "any of nothing", intent: "HassGetState", combo: "domain_state_area", response: "any",
			slots: attributes{"area": "Garden", "domain": "light", "state": "on"}},
		{name: "all of nothing", intent: "HassGetState", combo: "domain_state_area", response: "all",
			slots: attributes{"area": "Garden", "domain": "light", "state": "on"}, err: "no_domain_in_area"},
		{name: "any of what is hidden", intent: "HassGetState", combo: "domain_state_area", response: "any",
			slots: attributes{"area": "Garage", "domain": "switch", "state": "on"}, err: "no_domain_in_area_exposed"},
		{name: "any in an unknown area", intent: "HassGetState", combo: "domain_state_area", response: "any",
			slots: attributes{"area": "Attic", "domain": "light", "state": "on"}, err: "no_area"},
		{name: "where people are", intent: "HassGetState", combo: "domain_state", response: "which",
			slots: attributes{"domain": "person", "state": "work"}, state: "Ada Work", matched: "Ada", unmatched: "Bob"},

		{name: "temperature here, by a sensor", intent: "HassClimateGetTemperature", combo: "area_only", slots: attributes{"area": "Bedroom"},
			state: "Bedroom Temperature 18.5 °C", matched: "Bedroom Temperature"},
		{name: "temperature by thermostat", intent: "HassClimateGetTemperature", combo: "area_only", slots: attributes{"area": "Hall"},
			state: "Thermostat heat", matched: "Thermostat"},
		{name: "temperature in the speaker's room, by its sensor and not by the thermostat of the hall", intent: "HassClimateGetTemperature",
			combo: "default", slots: attributes{"area": here("bedroom")}, room: "bedroom",
			state: "Bedroom Temperature 18.5 °C", matched: "Bedroom Temperature"},
		{name: "temperature in a room where nothing measures it", intent: "HassClimateGetTemperature",
			combo: "default", slots: attributes{"area": here("office")}, room: "office", state: "Thermostat heat", matched: "Thermostat"},
		{name: "temperature where nothing measures it", intent: "HassClimateGetTemperature", combo: "area_only", slots: attributes{"area": "Garage"},
			err: "no_domain_in_area"},
		{name: "weather", intent: "HassGetWeather", combo: "default", state: "Oakfield rainy", matched: "Oakfield"},
		{name: "weather elsewhere", intent: "HassGetWeather", combo: "name_only", slots: attributes{"name": "Paris"}, err: "no_entity"},
		{name: "the time", intent: "HassGetCurrentTime", combo: "default"},
		{name: "never mind", intent: "HassNevermind", combo: "default"},
	}
	s := testHome()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Build(read(s, c.intent, c.combo, c.response, c.slots), Input{Home: s, Room: c.room, Now: now})
			if key := keyOf(err); key != c.err {
				t.Fatalf("error %q (%v), want %q", key, err, c.err)
			}
			if len(got.Calls) > 0 || got.Fetch != nil {
				t.Errorf("a question calls %v, fetches %v", got.Calls, got.Fetch)
			}
			if have := told(got.Answer.State); have != c.state {
				t.Errorf("state %q, want %q", have, c.state)
			}
			if have := names(got.Answer.Matched); have != c.matched {
				t.Errorf("matched %q, want %q", have, c.matched)
			}
			if have := names(got.Answer.Unmatched); have != c.unmatched {
				t.Errorf("unmatched %q, want %q", have, c.unmatched)
			}
		})
	}
}

func told(s *intent.State) string {
	if s == nil {
		return ""
	}
	return s.Name + " " + s.StateWithUnit
}

// Two thermostats in one room: asking needs only one of them, and a home without any has no answer.
func TestTemperatureOfAHome(t *testing.T) {
	s := home.NewSnapshot([]home.Entity{
		{ID: "climate.a", Name: "A", State: "heat", Exposed: true, Attributes: attributes{"current_temperature": 19}},
		{ID: "climate.b", Name: "B", State: "off", Exposed: true, Attributes: attributes{"current_temperature": 23}},
	}, nil, nil)
	got, err := Build(read(s, "HassClimateGetTemperature", "default", "default", nil), Input{Home: s})
	if err != nil || told(got.Answer.State) != "A heat" || len(got.Answer.Matched) != 1 {
		t.Errorf("answer %+v, %v", got.Answer, err)
	}
	if _, err := Build(read(s, "HassClimateGetTemperature", "default", "default", nil), Input{}); keyOf(err) != "no_domain" {
		t.Errorf("an empty home: %v, want no_domain", err)
	}
}

// Whether a door is open is asked of its lock, by its name, and known by its sensor. A lock does not tell:
// a bolt can stick out of an open door.
func TestDoorOfALock(t *testing.T) {
	lock := home.Entity{ID: "lock.back", Name: "Back Door", Aliases: []string{"Garden Door"}, Area: "hall", State: "locked", Exposed: true}
	contact := func(id, name, area, class, state string) home.Entity {
		return home.Entity{ID: home.EntityID("binary_sensor." + id), Name: name, Area: area, DeviceClass: class, State: state, Exposed: true}
	}
	for _, c := range []struct {
		name    string
		others  []home.Entity
		asked   string
		state   string // the lock's
		want    string // State's name and state
		matched bool
	}{
		{"called like it", []home.Entity{contact("b", "Back Door Contact", "attic", "door", "on")}, "open", "locked", "Back Door Contact open", true},
		{"called like its alias", []home.Entity{contact("b", "garden door", "", "opening", "off")}, "open", "unlocked", "garden door closed", false},
		{"the only one in the room", []home.Entity{contact("b", "Contact", "hall", "door", "off")}, "closed", "unlocked", "Contact closed", true},
		{"one of two in the room", []home.Entity{contact("b", "Contact", "hall", "door", "off"), contact("c", "Other", "hall", "door", "on")}, "closed", "locked", "Back Door locked", false},
		{"of one of two locks in the room", []home.Entity{contact("b", "Contact", "hall", "door", "on"), {ID: "lock.other", Name: "Cellar", Area: "hall", State: "locked", Exposed: true}},
			"open", "locked", "Back Door locked", false},
		{"a window", []home.Entity{contact("b", "Back Door Window", "hall", "window", "on")}, "open", "locked", "Back Door locked", false},
		{"one that cannot be reached", []home.Entity{contact("b", "Back Door", "hall", "door", home.Unavailable)}, "open", "unlocked", "Back Door unlocked", false},
		{"no sensor", nil, "closed", "unlocked", "Back Door unlocked", false},
		{"what a lock knows", []home.Entity{contact("b", "Back Door", "hall", "door", "on")}, "locked", "locked", "Back Door locked", true},
	} {
		own := lock
		own.State = c.state
		s := home.NewSnapshot(append([]home.Entity{own}, c.others...), []home.Area{{ID: "hall", Name: "Hall"}}, nil)
		slots := map[string]intent.Slot{"name": {Value: "Back Door", IDs: []string{"lock.back"}}, "state": {Value: c.asked}}
		got, err := Build(intent.Result{Intent: "HassGetState", Response: "door", Slots: slots}, Input{Home: s, Now: now})
		if err != nil || told(got.Answer.State) != c.want || len(got.Answer.Matched) == 1 != c.matched {
			t.Errorf("%s: %+v, %v, want %s", c.name, got.Answer, err, c.want)
		}
	}
}

// What has more states than on and off is on while it does something, and done when it no longer does.
func TestOnOfWhatHasManyStates(t *testing.T) {
	for _, c := range []struct {
		id          home.EntityID
		state, asks string
		want        bool
	}{
		{"media_player.tv", "playing", "on", true}, {"media_player.tv", "idle", "on", false}, {"media_player.tv", "standby", "off", true},
		{"climate.hall", "heat", "on", true}, {"alarm_control_panel.a", "disarmed", "off", true}, {"alarm_control_panel.a", "armed_night", "on", true},
		{"light.l", "on", "on", true}, {"cover.c", "opening", "open", false}, {"switch.washer", "off", "done", true}, {"switch.washer", "on", "done", false},
	} {
		s := home.NewSnapshot([]home.Entity{{ID: c.id, Name: "X", State: c.state, Exposed: true}}, nil, nil)
		slots := map[string]intent.Slot{"name": {Value: "X", IDs: []string{string(c.id)}}, "state": {Value: c.asks}}
		got, err := Build(intent.Result{Intent: "HassGetState", Response: "one_yesno", Slots: slots}, Input{Home: s, Now: now})
		if err != nil || len(got.Answer.Matched) == 1 != c.want {
			t.Errorf("%s, %s: is it %s? %v, %v", c.id, c.state, c.asks, got.Answer, err)
		}
	}
}
