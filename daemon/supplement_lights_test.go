package daemon

import (
	"slices"
	"testing"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

// saidInTheKitchen says English sentences in the kitchen of the simulated house, and compares which calls come of them,
// or what is answered; "" is for what is not understood or cannot be done.
func saidInTheKitchen(t *testing.T, in command.Input, cases map[string]string) {
	t.Helper()
	english := supplementedLanguage(t, "en")
	if in.Home == nil {
		in.Home = demo.New().Snapshot()
	}
	in.Room = "kitchen"
	language := english.Home(namesOf(in.Home))
	recognise := func(s string) []intent.Result { return language.Recognize(s, intent.Where{Area: in.Room}) }
	for said, want := range cases {
		results := command.Sensible(recognise(said), in.Home, func(s string) command.Sense { return command.SenseOf(recognise(s)) })
		if got := doneOrSaid(english, results, in); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

// What is said of all lights means the house, of which only some have colours; a question remains one.
func TestLightsAllOver(t *testing.T) {
	const (
		kitchen  = "light.turn_off kitchen_ceiling, light.turn_off kitchen_counter"
		upstairs = "light.turn_off attic_light, light.turn_off bed_light, light.turn_off bedroom_ceiling, light.turn_off mirror_light, light.turn_off night_light"
		coloured = "light.turn_on bed_light, light.turn_on kitchen_ceiling, light.turn_on living_room_lamp, light.turn_on night_light, light.turn_on office_ceiling"
		all      = "light.turn_off attic_light, light.turn_off basement_light, light.turn_off bed_light, light.turn_off bedroom_ceiling, " +
			"light.turn_off desk_lamp, light.turn_off garage_light, light.turn_off garden_lights, light.turn_off hallway_light, " + kitchen +
			", light.turn_off living_room_ceiling, light.turn_off living_room_lamp, light.turn_off mirror_light, light.turn_off night_light, " +
			"light.turn_off office_ceiling, light.turn_off porch_light"
	)
	saidInTheKitchen(t, command.Input{}, map[string]string{
		"all lights off":                     all,
		"lights out everywhere":              all,
		"shut off all the lights":            all,
		"all lights off upstairs":            upstairs,
		"switch the lights off upstairs":     upstairs,
		"all kitchen lights off":             kitchen,
		"kill the lights":                    kitchen,
		"are all lights off":                 "Yes",
		"are all the lights off upstairs":    "Yes",
		"any lights on":                      "No",
		"set all lights to red":              coloured,
		"make the lights red everywhere":     coloured,
		"set the lights to red":              "light.turn_on kitchen_ceiling",
		"set the lights to red in the attic": "", // none there has colours
	})
}

// A room alone that is to be on or off is its lights, unless a thing is called so.
func TestARoomOnAndOff(t *testing.T) {
	saidInTheKitchen(t, command.Input{}, map[string]string{
		"kitchen off":        "light.turn_off kitchen_ceiling, light.turn_off kitchen_counter",
		"the bedroom on":     "light.turn_on bed_light, light.turn_on bedroom_ceiling",
		"is the kitchen off": "",
		"kitchen":            "",
		"the kitchen is off": "",
	})
	house := demo.New().Snapshot()
	unlit := slices.DeleteFunc(slices.Clone(house.Entities), func(e home.Entity) bool { return e.Domain() == "light" })
	saidInTheKitchen(t, command.Input{Home: home.NewSnapshot(unlit, house.Areas, house.Floors)}, map[string]string{"kitchen off": ""})
	called := append(slices.Clone(house.Entities), home.Entity{ID: "switch.k", Name: "Kitchen", State: "on", Exposed: true})
	saidInTheKitchen(t, command.Input{Home: home.NewSnapshot(called, house.Areas, house.Floors)}, map[string]string{"kitchen off": "switch.turn_off k"})
}

// How bright a light shall be, and its colour, is said with it in many ways.
func TestLightsSet(t *testing.T) {
	const livingRoom = "light.turn_on living_room_ceiling, light.turn_on living_room_lamp"
	saidInTheKitchen(t, command.Input{}, map[string]string{
		"dim the lights to 20%":                      "light.turn_on kitchen_ceiling, light.turn_on kitchen_counter",
		"dim the living room to 20":                  livingRoom,
		"living room lights at fifty percent":        livingRoom,
		"max brightness in the living room":          livingRoom,
		"set the lights upstairs to 20 percent":      "light.turn_on bed_light, light.turn_on bedroom_ceiling, light.turn_on night_light",
		"turn on the living room lamp at 40 percent": "light.turn_on living_room_lamp",
		"turn the living room lamp down to twenty":   "light.turn_on living_room_lamp",
		"living room lamp full brightness":           "light.turn_on living_room_lamp",
		"set the living room lamp to half":           "light.turn_on living_room_lamp",
		"desk lamp on at 20 percent":                 "light.turn_on desk_lamp",
		"turn the kitchen ceiling light green":       "light.turn_on kitchen_ceiling",
		"set the office ceiling to 3000 kelvin":      "light.turn_on office_ceiling",
		"set the office to daylight":                 "light.turn_on office_ceiling",
		"set the thermostat to 22":                   "climate.set_temperature thermostat",
		"set the bath fill to 50":                    "input_number.set_value bath_fill",
		"lower the blinds in the bedroom":            "cover.close_cover bedroom_blinds",
		"living room half":                           "",
	})
}
