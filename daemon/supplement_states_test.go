package daemon

import (
	"slices"
	"testing"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

// How things are is asked in many words, and no question does anything.
func TestHowThingsAre(t *testing.T) {
	house := demo.New().Snapshot()
	entities := slices.Clone(house.Entities)
	for i, e := range entities {
		if e.ID == "light.kitchen_counter" {
			entities[i].State, entities[i].Attributes = "on", map[string]any{"brightness": 51}
		}
	}
	entities = append(entities,
		home.Entity{ID: "binary_sensor.office_presence", Name: "Office Presence", Area: "office", DeviceClass: "occupancy", State: "on", Exposed: true},
		home.Entity{ID: "sensor.remote_battery", Name: "Remote Battery", DeviceClass: "battery", State: "7", Exposed: true},
		home.Entity{ID: "binary_sensor.bell_battery", Name: "Bell Battery", DeviceClass: "battery", State: "on", Exposed: true})
	saidInTheKitchen(t, command.Input{Home: home.NewSnapshot(entities, house.Areas, house.Floors)}, map[string]string{
		"is the kitchen light on":             "Yes, Counter Lights",
		"is the light on in the kitchen":      "Yes, Counter Lights",
		"are the lights off":                  "No, Counter Lights is not off",
		"are the office lights on":            "No",
		"is the light on in the garage":       "No",
		"are the lights on upstairs":          "No",
		"did I leave the lights on":           "Yes, Counter Lights",
		"which lights are in the kitchen":     "Counter Lights and Kitchen Ceiling",
		"how many lights are in the office":   "2",
		"how bright are the counter lights":   "Counter Lights is at 20 percent",
		"is the TV on":                        "No, off",
		"is the radio on":                     "Yes",
		"is the radio paused":                 "No, playing",
		"is the heating on":                   "Yes",
		"is the bedroom radiator off":         "Yes",
		"is the washing machine running":      "Yes",
		"is the washing machine done":         "No, on",
		"did I leave the coffee maker on":     "No, off",
		"is the mower mowing":                 "No, docked",
		"what's the vacuum doing":             "Vacuum is docked",
		"is the back door open":               "No, closed",
		"is the front door closed":            "No sensor tells that. Front Door is locked",
		"did I lock the front door":           "Yes",
		"did I leave the back door unlocked":  "Yes",
		"did I close the garage door":         "Yes",
		"is the house locked":                 "No, Back Door is not locked",
		"is the alarm on":                     "No, disarmed",
		"is the home alarm armed":             "No, disarmed",
		"is there motion in the hallway":      "No",
		"is there anyone in the office":       "Yes, Office Presence",
		"is there motion in the kitchen":      "", // no sensor would tell
		"is there a leak in the basement":     "No",
		"is there smoke":                      "No",
		"is anybody home":                     "", // no person is known
		"what's playing":                      "Paper Lanterns, on Kitchen Speaker",
		"what's playing in the bedroom":       "Nothing is playing",
		"what's the thermostat set to":        "Thermostat is set to 21 degrees",
		"what's the bedroom radiator set to":  "Bedroom Radiator is off",
		"which batteries are low":             "Bell Battery, Remote Battery at 7%",
		"is it warm in the bedroom":           "18.6 degrees",
		"how's the weather":                   "12.5 °C and partly cloudy",
		"do I need an umbrella tomorrow":      "get_forecasts oakfield",
		"is there somebody at the front door": "",
	})
	saidInTheKitchen(t, command.Input{Home: home.NewSnapshot(nil, house.Areas, nil)}, map[string]string{
		"is the alarm on": "", "which batteries are low": "", "what's playing": "Nothing is playing",
	})
}
