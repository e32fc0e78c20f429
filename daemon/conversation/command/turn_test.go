package command

import "testing"

func TestTurnOnAndOff(t *testing.T) {
	check(t, []sentence{
		{name: "by name", intent: "HassTurnOn", combination: "name_only", response: "default",
			slots: attributes{"name": "Kettle"}, calls: []string{"switch.turn_on switch.kettle"}},
		{name: "by alias", intent: "HassTurnOff", combination: "name_only", response: "default",
			slots: attributes{"name": "boiler"}, calls: []string{"switch.turn_off switch.kettle"}},
		{name: "unknown name", intent: "HassTurnOn", combination: "name_only", response: "default",
			slots: attributes{"name": "Toaster"}, err: "no_entity"},
		{name: "hidden", intent: "HassTurnOff", combination: "name_only", response: "default",
			slots: attributes{"name": "Freezer"}, err: "no_entity_exposed"},
		{name: "hidden in its area", intent: "HassTurnOff", combination: "name_area", response: "default",
			slots: attributes{"name": "Freezer", "area": "Garage"}, err: "no_entity_in_area_exposed"},

		{name: "same name, in the speaker's room", intent: "HassTurnOn", combination: "name_only", response: "default",
			slots: attributes{"name": "Ceiling"}, room: "office", calls: []string{"light.turn_on light.office"}},
		{name: "same name, one on the speaker's floor", intent: "HassTurnOn", combination: "name_only", response: "default",
			slots: attributes{"name": "Ceiling"}, room: "hall", calls: []string{"light.turn_on light.kitchen"}},
		{name: "same name, spoken area before the speaker's room", intent: "HassTurnOn", combination: "name_area", response: "default",
			slots: attributes{"name": "Ceiling", "area": "Study"}, room: "kitchen", calls: []string{"light.turn_on light.office"}},
		{name: "same name, no room", intent: "HassTurnOn", combination: "name_only", response: "default",
			slots: attributes{"name": "Ceiling"}, err: "duplicate_entities"},
		{name: "same name twice on a floor", intent: "HassTurnOn", combination: "name_floor", response: "default",
			slots: attributes{"name": "Ceiling", "floor": "Upstairs"}, err: "duplicate_entities_in_floor"},
		{name: "name not in the area", intent: "HassTurnOn", combination: "name_area", response: "default",
			slots: attributes{"name": "Kettle", "area": "Office"}, err: "no_entity_in_area"},

		{name: "area, also what cannot be reached", intent: "HassTurnOn", combination: "area_domain", response: "lights_area",
			slots: attributes{"area": "Kitchen", "domain": "light"},
			calls: []string{"light.turn_on light.kitchen", "light.turn_on light.kitchen_counter"}},
		{name: "floor", intent: "HassTurnOff", combination: "floor_domain", response: "lights_floor",
			slots: attributes{"floor": "Upstairs", "domain": "light"},
			calls: []string{"light.turn_off light.bedroom", "light.turn_off light.office"}},
		{name: "everywhere", intent: "HassTurnOff", combination: "domain_all", response: "light_all", room: "kitchen",
			slots: attributes{"domain": "light"},
			calls: []string{"light.turn_off light.bedroom", "light.turn_off light.kitchen", "light.turn_off light.kitchen_counter", "light.turn_off light.office"}},
		{name: "here", intent: "HassTurnOn", combination: "domain_only", response: "lights_area",
			slots: attributes{"area": here("office"), "domain": "light"}, room: "office", calls: []string{"light.turn_on light.office"}},
		{name: "here, and here is not known", intent: "HassTurnOn", combination: "domain_only", response: "lights_area", needsArea: true,
			slots: attributes{"domain": "light"}, err: ErrNeedsRoom.Error()},
		{name: "here, learned by the room alone", intent: "HassTurnOn", combination: "domain_only", response: "lights_area", needsArea: true,
			slots: attributes{"domain": "light"}, room: "office", calls: []string{"light.turn_on light.office"}},
		{name: "unknown area", intent: "HassTurnOn", combination: "area_domain", response: "lights_area",
			slots: attributes{"area": "Attic", "domain": "light"}, err: "no_area"},
		{name: "unknown floor", intent: "HassTurnOn", combination: "floor_domain", response: "lights_floor",
			slots: attributes{"floor": "Basement", "domain": "light"}, err: "no_floor"},
		{name: "no such thing in the area", intent: "HassTurnOn", combination: "area_domain", response: "fans_area",
			slots: attributes{"area": "Kitchen", "domain": "fan"}, err: "no_domain_in_area"},
		{name: "no such thing on the floor", intent: "HassTurnOn", combination: "floor_domain", response: "fans_floor",
			slots: attributes{"floor": "Ground Floor", "domain": "fan"}, err: "no_domain_in_floor"},
		{name: "only one in the home, and not here", intent: "HassTurnOn", combination: "domain_only", response: "fans_area",
			slots: attributes{"area": here("kitchen"), "domain": "fan"}, room: "kitchen", calls: []string{"fan.turn_on fan.bedroom"}},
		{name: "no kind at all", intent: "HassTurnOn", combination: "area_only", slots: attributes{"area": "Kitchen"}, err: ErrBadSlot.Error()},

		{name: "open a cover", intent: "HassTurnOn", combination: "name_only", response: "cover",
			slots: attributes{"name": "Garage Door"}, calls: []string{"cover.open_cover cover.garage"}},
		{name: "open all of a class in an area", intent: "HassTurnOn", combination: "area_device_class_cover", response: "cover_device_class",
			slots: attributes{"area": "Bedroom", "domain": "cover", "device_class": "blind"},
			calls: []string{"cover.open_cover cover.bedroom_left", "cover.open_cover cover.bedroom_right"}},
		{name: "no such class in the area", intent: "HassTurnOff", combination: "area_device_class_cover", response: "cover_device_class",
			slots: attributes{"area": "Kitchen", "domain": "cover", "device_class": "blind"}, err: "no_device_class_in_area"},
		{name: "no such class here, and several elsewhere", intent: "HassTurnOff", combination: "device_class_cover", response: "cover_device_class",
			slots: attributes{"area": here("kitchen"), "domain": "cover", "device_class": "blind"}, room: "kitchen", err: "no_device_class_in_area"},
		{name: "no such class on the floor", intent: "HassTurnOff", combination: "floor_device_class_cover", response: "cover_device_class",
			slots: attributes{"floor": "Ground Floor", "domain": "cover", "device_class": "blind"}, err: "no_device_class_in_floor"},
		{name: "valve", intent: "HassTurnOff", combination: "name_only", response: "valve",
			slots: attributes{"name": "Garden Water"}, calls: []string{"valve.close_valve valve.garden"}},
		{name: "lock", intent: "HassTurnOn", combination: "name_only", response: "lock",
			slots: attributes{"name": "Front Door"}, calls: []string{"lock.lock lock.front_door"}},
		{name: "unlock", intent: "HassTurnOff", combination: "name_only", response: "lock",
			slots: attributes{"name": "Front Door"}, calls: []string{"lock.unlock lock.front_door"}},
		{name: "close what has a lock of the same name", intent: "HassTurnOff", combination: "name_only", response: "cover",
			slots: attributes{"name": "Front Door"}, calls: []string{"cover.close_cover cover.front_door"}},
		{name: "turn off never unlocks", intent: "HassTurnOff", combination: "name_only", response: "default",
			slots: attributes{"name": "Front Door"}, calls: []string{"cover.close_cover cover.front_door"}},

		{name: "scene", intent: "HassTurnOn", combination: "name_scene", response: "scene",
			slots: attributes{"name": "Movie"}, calls: []string{"scene.turn_on scene.movie"}},
		{name: "a scene has no off", intent: "HassTurnOff", combination: "name_only", response: "default",
			slots: attributes{"name": "Movie"}, err: "feature_not_supported"},
		{name: "script", intent: "HassTurnOn", combination: "name_script", response: "script",
			slots: attributes{"name": "Good Night"}, calls: []string{"script.turn_on script.night"}},
		{name: "button", intent: "HassTurnOn", combination: "name_button", response: "button",
			slots: attributes{"name": "Bell"}, calls: []string{"button.press button.bell"}},
		{name: "vacuum on", intent: "HassTurnOn", combination: "name_only", response: "default",
			slots: attributes{"name": "Rover"}, calls: []string{"vacuum.start vacuum.rover"}},
		{name: "vacuum off", intent: "HassTurnOff", combination: "name_only", response: "default",
			slots: attributes{"name": "Rover"}, calls: []string{"vacuum.return_to_base vacuum.rover"}},
		{name: "mower off", intent: "HassTurnOff", combination: "name_only", response: "default",
			slots: attributes{"name": "Shaun"}, calls: []string{"lawn_mower.dock lawn_mower.shaun"}},
		{name: "a player that cannot be turned on", intent: "HassTurnOn", combination: "name_only", response: "default",
			slots: attributes{"name": "TV"}, err: "feature_not_supported"},
		{name: "a sensor is not turned on", intent: "HassTurnOn", combination: "name_only",
			slots: attributes{"name": "Outside"}, err: "feature_not_supported"},
	})
}

func TestAnswerOfTurning(t *testing.T) {
	s := testHome()
	got, err := Build(read(s, "HassTurnOn", "area_domain", "lights_area", attributes{"area": "Kitchen", "domain": "light"}), Input{Home: s, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if got.Answer.State == nil || got.Answer.State.Domain != "light" || names(got.Answer.Matched) != "Ceiling, Counter" {
		t.Errorf("answer %+v", got.Answer)
	}
	if !got.Answer.Now.Equal(now) {
		t.Errorf("answer's time %s, want %s", got.Answer.Now, now)
	}
}

func TestApologiesSpeakOfWhatWasSaid(t *testing.T) {
	s := testHome()
	cases := []struct {
		slots attributes
		want  string
	}{
		{attributes{"name": "toaster", "area": "study"}, "no fitting target: no_entity_in_area area=study entity=toaster"},
		{attributes{"domain": "fan", "area": "kitchen"}, "no fitting target: no_domain_in_area area=kitchen domain=fan"},
		{attributes{"domain": "cover", "device_class": "gate"}, "no fitting target: no_device_class device_class=gate domain=cover"},
		{attributes{"domain": "light", "floor": "attic"}, "no fitting target: no_floor floor=attic"},
	}
	for _, c := range cases {
		_, err := Build(read(s, "HassTurnOn", "", "", c.slots), Input{Home: s})
		if err == nil || err.Error() != c.want {
			t.Errorf("%v: %v, want %s", c.slots, err, c.want)
		}
	}
}
