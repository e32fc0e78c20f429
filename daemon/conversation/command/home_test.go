package command

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

type attributes = map[string]any

// now is a moment for every test.
var now = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)

// testHome is a home of two floors with the difficult cases in it: the same name twice, a lock and a
// cover of the same name, devices that cannot do all, a hidden one and one that cannot be reached.
func testHome() *home.Snapshot {
	color := attributes{"supported_color_modes": []any{"color_temp", "rgb"}}
	dim := attributes{"supported_color_modes": []any{"brightness"}}
	return home.NewSnapshot(
		exposed([]home.Entity{
			{ID: "light.kitchen", Name: "Ceiling", Area: "kitchen", State: "on", Attributes: color},
			{ID: "light.kitchen_counter", Name: "Counter", Area: "kitchen", State: home.Unavailable, Attributes: dim},
			{ID: "light.office", Name: "Ceiling", Area: "office", State: "off", Attributes: dim},
			{ID: "light.bedroom", Name: "Ceiling", Area: "bedroom", State: "off", Attributes: attributes{"supported_color_modes": []any{"onoff"}}},
			{ID: "switch.kettle", Name: "Kettle", Aliases: []string{"Boiler"}, Area: "kitchen", State: "off"},
			{ID: "fan.bedroom", Name: "Fan", Area: "bedroom", State: "off", Attributes: attributes{"supported_features": 1.0}},
			{ID: "cover.front_door", Name: "Front Door", Area: "hall", State: "closed", DeviceClass: "door"},
			{ID: "lock.front_door", Name: "Front Door", Area: "hall", State: "locked"},
			{ID: "cover.garage", Name: "Garage Door", Area: "garage", State: "closed", DeviceClass: "garage", Attributes: attributes{"supported_features": 3}},
			{ID: "cover.bedroom_left", Name: "Left Blind", Area: "bedroom", State: "open", DeviceClass: "blind", Attributes: attributes{"supported_features": 15}},
			{ID: "cover.bedroom_right", Name: "Right Blind", Area: "bedroom", State: "closed", DeviceClass: "blind", Attributes: attributes{"supported_features": 15}},
			{ID: "binary_sensor.bedroom_window", Name: "Bedroom Window", Area: "bedroom", State: "off", DeviceClass: "window"},
			{ID: "binary_sensor.office_window", Name: "Office Window", Area: "office", State: "on", DeviceClass: "window"},
			{ID: "valve.garden", Name: "Garden Water", Area: "garden", State: "closed", Attributes: attributes{"supported_features": 7}},
			{ID: "climate.hall", Name: "Thermostat", Area: "hall", State: "heat", Attributes: attributes{
				"current_temperature": 20.5, "min_temp": 7.0, "max_temp": 35.0, "fan_modes": []any{"auto", "low"}, "supported_features": 9}},
			{ID: "sensor.bedroom_temperature", Name: "Bedroom Temperature", Area: "bedroom", State: "18.5", Unit: "°C", DeviceClass: "temperature"},
			{ID: "media_player.kitchen", Name: "Radio", Area: "kitchen", State: "playing", Attributes: attributes{"volume_level": 0.5, "supported_features": 21559 | mediaPlay}},
			{ID: "media_player.office", Name: "Speaker", Area: "office", State: "idle", Attributes: attributes{"volume_level": 0.25, "supported_features": 21559 | mediaPlay}},
			{ID: "media_player.tv", Name: "TV", Area: "bedroom", State: "paused", Changed: now.Add(-time.Hour), Attributes: attributes{"supported_features": mediaSearch | mediaPlayMedia | mediaPlay | mediaPause}},
			{ID: "media_player.bedroom", Name: "Bedside", Area: "bedroom", State: "paused", Changed: now.Add(-time.Minute), Attributes: attributes{"supported_features": mediaPlay | mediaPause}},
			{ID: "vacuum.rover", Name: "Rover", Area: "hall", State: "docked", Attributes: attributes{"supported_features": vacuumStartBit | vacuumReturnHome | vacuumCleanArea}},
			{ID: "vacuum.upstairs", Name: "Dusty", Area: "bedroom", State: "docked", Attributes: attributes{"supported_features": vacuumStartBit | vacuumReturnHome}},
			{ID: "lawn_mower.shaun", Name: "Shaun", Area: "garden", State: "docked"},
			{ID: "todo.shopping_list", Name: "Shopping List", State: "1"},
			{ID: "todo.chores", Name: "Chores", State: "2"},
			{ID: "scene.movie", Name: "Movie", State: home.Unknown},
			{ID: "script.night", Name: "Good Night", State: "off"},
			{ID: "button.bell", Name: "Bell", State: home.Unknown},
			{ID: "sensor.outside", Name: "Outside", State: "7", Unit: "°C"},
			{ID: "person.ada", Name: "Ada", State: "Work"},
			{ID: "person.bob", Name: "Bob", State: "home"},
			{ID: "weather.home", Name: "Oakfield", State: "rainy", Attributes: attributes{"temperature": 12.5}},
			{ID: "assist_satellite.kitchen", Name: "Kitchen Voice", Area: "kitchen", State: "idle"},
			{ID: "assist_satellite.office", Name: "Office Voice", Area: "office", State: "idle"},
			{ID: "switch.hidden", Name: "Freezer", Area: "garage", State: "on"},
		}),
		[]home.Area{
			{ID: "kitchen", Name: "Kitchen", Floor: "ground"}, {ID: "hall", Name: "Hall", Floor: "ground"},
			{ID: "office", Name: "Office", Aliases: []string{"Study"}, Floor: "upper"}, {ID: "bedroom", Name: "Bedroom", Floor: "upper"},
			{ID: "garage", Name: "Garage"}, {ID: "garden", Name: "Garden"},
		},
		[]home.Floor{{ID: "ground", Name: "Ground Floor"}, {ID: "upper", Name: "Upstairs", Level: 1}},
	)
}

func exposed(entities []home.Entity) []home.Entity {
	for i := range entities {
		entities[i].Exposed = entities[i].ID != "switch.hidden"
	}
	return entities
}

// read is a recognised sentence: slots of names, areas and floors get every ID that is called so.
func read(s *home.Snapshot, name, combination, response string, slots attributes) intent.Result {
	r := intent.Result{Intent: name, Combination: combination, Response: response, Slots: map[string]intent.Slot{}}
	for key, value := range slots {
		switch value := value.(type) {
		case intent.Slot:
			r.Slots[key] = value
		case string:
			r.Slots[key] = intent.Slot{Value: value, Text: value, IDs: idsOf(s, key, value)}
		default:
			r.Slots[key] = intent.Slot{Value: value}
		}
	}
	return r
}

// here is the area slot of a sentence that did not name the room it was said in.
func here(area string) intent.Slot { return intent.Slot{Value: area, IDs: []string{area}} }

func idsOf(s *home.Snapshot, slot, text string) (ids []string) {
	switch slot {
	case "name":
		for _, e := range s.Entities {
			if named(text, e.Name, e.Aliases) {
				ids = append(ids, string(e.ID))
			}
		}
	case "area":
		for _, a := range s.Areas {
			if named(text, a.Name, a.Aliases) {
				ids = append(ids, a.ID)
			}
		}
	case "floor":
		for _, f := range s.Floors {
			if named(text, f.Name, f.Aliases) {
				ids = append(ids, f.ID)
			}
		}
	}
	return ids
}

// A sentence is one case of a table: what was recognised, and the calls or the error it leads to.
type sentence struct {
	name        string
	intent      string
	combination string
	response    string
	slots       attributes
	room        string
	needsArea   bool
	timers      []Timer

	calls []string // "light.turn_on light.kitchen {"brightness_pct":40}"
	err   string   // key of a TargetError, or the text of another sentinel
}

// check builds the commands of a table and compares calls and errors.
func check(t *testing.T, sentences []sentence) {
	t.Helper()
	checkIn(t, testHome(), sentences)
}

func checkIn(t *testing.T, s *home.Snapshot, sentences []sentence) {
	t.Helper()
	for _, c := range sentences {
		t.Run(c.name, func(t *testing.T) {
			r := read(s, c.intent, c.combination, c.response, c.slots)
			r.NeedsArea = c.needsArea
			got, err := Build(r, Input{Home: s, Room: c.room, Now: now, Timers: c.timers})
			if key := keyOf(err); key != c.err {
				t.Fatalf("error %q (%v), want %q", key, err, c.err)
			}
			offersAll(t, s, got)
			if have, want := strings.Join(lines(got.Calls), "\n"), strings.Join(c.calls, "\n"); have != want {
				t.Errorf("calls:\n%s\nwant:\n%s", have, want)
			}
		})
	}
}

func keyOf(err error) string {
	var target *TargetError
	for _, sentinel := range []error{ErrNeedsRoom, ErrBadSlot, ErrUnknownIntent, ErrNothingFound} {
		if errors.Is(err, sentinel) {
			return sentinel.Error()
		}
	}
	switch {
	case errors.As(err, &target):
		return target.Key
	case errors.As(err, new(*OptionError)):
		return "no option"
	case errors.As(err, new(*RangeError)):
		return "out of range"
	case err != nil:
		return err.Error()
	}
	return ""
}

func lines(calls []home.Call) []string {
	var lines []string
	for _, c := range calls {
		line := strings.TrimSpace(c.Name() + " " + string(c.Entity))
		if c.Data != nil {
			data, _ := json.Marshal(c.Data)
			line += " " + string(data)
		}
		lines = append(lines, line)
	}
	return lines
}

func names(states []intent.State) string {
	var all []string
	for _, s := range states {
		all = append(all, s.Name)
	}
	return strings.Join(all, ", ")
}
