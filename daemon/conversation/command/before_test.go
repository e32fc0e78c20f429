package command

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// roomsHome has what can be made brighter, warmer and louder, or not.
func roomsHome(unit string) *home.Snapshot {
	dim := func(level int) attributes {
		return attributes{"supported_color_modes": []any{"brightness"}, "brightness": float64(level)}
	}
	stove := func(to any) attributes {
		return attributes{"supported_features": 1.0, "temperature": to, "min_temp": 7.0, "max_temp": 30.0}
	}
	return home.NewSnapshot(exposed([]home.Entity{
		{ID: "climate.hall", Name: "Stove", Area: "hall", State: "heat", Attributes: stove(29.5)},
		{ID: "climate.office", Name: "Convector", Area: "office", State: "off", Attributes: stove(nil)},
		{ID: "light.desk", Name: "Desk", Area: "office", State: "off", Attributes: attributes{"supported_color_modes": []any{"brightness"}}},
		{ID: "light.high", Name: "High", Area: "hall", State: "on", Attributes: dim(204)},
		{ID: "light.low", Name: "Low", Area: "hall", State: "off", Attributes: dim(0)},
		{ID: "light.plain", Name: "Plain", Area: "cellar", State: "on", Attributes: attributes{"supported_color_modes": []any{"onoff"}}},
		{ID: "light.gone", Name: "Gone", Area: "attic", State: home.Unavailable, Attributes: dim(10)},
		{ID: "media_player.hall", Name: "Radio", Area: "hall", State: "playing", Attributes: attributes{"volume_level": 0.5, "supported_features": float64(mediaVolumeSet)}},
		{ID: "media_player.off", Name: "TV", Area: "office", State: "off", Attributes: attributes{"volume_level": 0.5, "supported_features": float64(mediaVolumeSet)}},
		{ID: "sensor.t", Name: "T", DeviceClass: "temperature", Unit: unit, State: "20"},
	}), []home.Area{{ID: "hall", Name: "Hall"}, {ID: "office", Name: "Office"}, {ID: "cellar", Name: "Cellar"}, {ID: "attic", Name: "Attic"}}, nil)
}

func TestAdjust(t *testing.T) {
	area := func(id string) intent.Slot { return intent.Slot{Value: id, Text: id, IDs: []string{id}} }
	for _, c := range []struct {
		name         string
		change, much string
		area         string // "here" is the hall's, assumed
		before       []home.EntityID
		unit         string
		want         string // or what the error says
	}{
		{"the lamp that is on", "brighter", "", "hall", nil, "", "light.high brightness_pct=100"},
		{"dimmer", "dimmer", "bit", "hall", nil, "", "light.high brightness_pct=70"},
		{"no darker than it goes", "dimmer", "lot", "hall", []home.EntityID{"light.desk"}, "", "light.high brightness_pct=40"},
		{"a lamp that is off goes on", "brighter", "lot", "office", nil, "", "light.desk brightness_pct=40"},
		{"and does not go dimmer", "dimmer", "", "office", nil, "", "entity_wrong_state"},
		{"a lamp that cannot be dimmed", "dimmer", "", "cellar", nil, "", "feature_not_supported"},
		{"one that cannot be reached", "brighter", "", "attic", nil, "", ErrNothingBefore.Error()},
		{"as warm as it gets", "warmer", "", "hall", nil, "", "climate.hall temperature=30"},
		{"a bit cooler", "cooler", "bit", "hall", nil, "°C", "climate.hall temperature=29"},
		{"in Fahrenheit", "cooler", "", "hall", nil, "°F", "climate.hall temperature=27.5"},
		{"without a target", "warmer", "", "office", nil, "", "feature_not_supported"},
		{"louder", "louder", "lot", "hall", nil, "", "media_player.hall volume_level=0.7"},
		{"here, what is in the room", "quieter", "", "here", nil, "", "media_player.hall volume_level=0.4"},
		{"here, but of the kind before", "warmer", "", "here", []home.EntityID{"climate.hall", "light.high"}, "", "climate.hall temperature=30"},
		{"what plays, not what is off", "quieter", "", "", []home.EntityID{"media_player.off"}, "", "media_player.hall volume_level=0.4"},
		{"up, where another is off", "up", "", "", []home.EntityID{"media_player.off"}, "", "media_player.hall volume_level=0.6"},
		{"what plays, of nothing", "louder", "", "", nil, "", ErrNothingBefore.Error()},
		{"before", "up", "", "", []home.EntityID{"light.high", "light.low"}, "", "light.high brightness_pct=100"},
		{"of several kinds", "up", "", "", []home.EntityID{"light.high", "climate.hall"}, "", ErrNothingBefore.Error()},
		{"of another kind", "warmer", "", "", []home.EntityID{"light.high"}, "", ErrNothingBefore.Error()},
		{"of nothing", "down", "", "", nil, "", ErrNothingBefore.Error()},
		{"something that is gone", "brighter", "", "", []home.EntityID{"light.high", "light.sold"}, "", ErrNothingBefore.Error()},
		{"no change", "better", "", "hall", nil, "", ErrBadSlot.Error()},
	} {
		r := intent.Result{Intent: "HearthAdjust", Slots: map[string]intent.Slot{"change": {Value: c.change}}}
		if c.much != "" {
			r.Slots["much"] = intent.Slot{Value: c.much}
		}
		switch c.area {
		case "":
		case "here":
			r.Slots["area"], r.Slots["here"] = intent.Slot{Value: "hall", IDs: []string{"hall"}}, intent.Slot{Value: 1}
		default:
			r.Slots["area"] = area(c.area)
		}
		in := Input{Home: roomsHome(c.unit), Room: "hall", Now: now}
		if c.before != nil {
			in.Before = &Before{Entities: c.before}
		}
		cmd, err := Build(r, in)
		var calls []string
		for _, call := range cmd.Calls {
			for key, value := range call.Data {
				calls = append(calls, fmt.Sprintf("%s %s=%v", call.Entity, key, value))
			}
		}
		got := strings.Join(calls, ", ")
		if err != nil {
			got = err.Error()
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// What was done to one thing by its name is done to all of its kind in another place, where there may be many; and
// what may be meant for another thing is decided by the kinds of both.
func TestAgain(t *testing.T) {
	name := func(id, name string) map[string]intent.Slot {
		return map[string]intent.Slot{"name": {Value: name, Text: name, IDs: []string{id}}}
	}
	before := func(intentName, response, id string) *Before {
		return &Before{Result: intent.Result{Intent: intentName, Response: response, Slots: name(id, "x")}, Entities: []home.EntityID{home.EntityID(id)}}
	}
	area := map[string]intent.Slot{"area": {Value: "Bedroom", Text: "bedroom", IDs: []string{"bedroom"}}}
	for _, c := range []struct {
		name   string
		before *Before
		slots  map[string]intent.Slot
		want   string
	}{
		{"a lamp, elsewhere", before("HassTurnOn", "default", "light.kitchen"), area, "light.turn_on light.bedroom"},
		{"a blind, elsewhere", before("HassTurnOff", "cover", "cover.bedroom_left"), area, "cover.close_cover cover.bedroom_left, cover.close_cover cover.bedroom_right"},
		{"a switch, elsewhere", before("HassTurnOn", "default", "switch.kettle"), area, ""},
		{"a lock, elsewhere", before("HassTurnOff", "unlock", "lock.front_door"), area, ""},
		{"a scene, elsewhere", before("HassTurnOn", "scene", "scene.movie"), area, ""},
		{"a lamp, then a switch", before("HassTurnOn", "default", "light.kitchen"), name("switch.kettle", "Kettle"), "switch.turn_on switch.kettle"},
		{"a lamp, then a lock", before("HassTurnOff", "default", "light.kitchen"), name("lock.front_door", "Front Door"), ""},
		{"a lamp, then a cover", before("HassTurnOn", "default", "light.kitchen"), name("cover.garage", "Garage Door"), ""},
		{"a cover, then a cover", before("HassTurnOn", "cover", "cover.bedroom_left"), name("cover.garage", "Garage Door"), "cover.open_cover cover.garage"},
		{"a lock, then a cover of its name", before("HassTurnOff", "unlock", "lock.front_door"), name("cover.front_door", "Front Door"), ""},
		{"a hidden one", before("HassTurnOn", "default", "light.kitchen"), name("switch.hidden", "Freezer"), ""},
		{"a timer", &Before{Result: intent.Result{Intent: "HassStartTimer"}, Entities: []home.EntityID{"light.kitchen"}}, area, ""},
		{"nothing", nil, area, ""},
	} {
		cmd, err := Build(intent.Result{Intent: "HearthAgain", Slots: c.slots}, Input{Home: testHome(), Room: "kitchen", Now: now, Before: c.before})
		var calls []string
		for _, call := range cmd.Calls {
			calls = append(calls, call.Name()+" "+string(call.Entity))
		}
		if got := strings.Join(calls, ", "); got != c.want || (c.want == "") != errors.Is(err, ErrNothingBefore) {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
	}
}

// By how much is as it was said, in degrees of the home's scale, as far as the thing goes.
func TestAdjustBySoMuch(t *testing.T) {
	for by, want := range map[any]string{2: "27.5", 0.5: "29", 40: "7"} {
		cmd, err := Build(intent.Result{Intent: "HearthAdjust", Slots: map[string]intent.Slot{
			"change": {Value: "cooler"}, "by": {Value: by}, "name": {Value: "Stove", IDs: []string{"climate.hall"}},
		}}, Input{Home: roomsHome("°F"), Now: now})
		if err != nil || len(cmd.Calls) != 1 || fmt.Sprint(cmd.Calls[0].Data["temperature"]) != want {
			t.Errorf("by %v: %v, %v, want %s", by, cmd.Calls, err, want)
		}
	}
}

// Several things that were made brighter have no place that they were named by: they are not all of the house, nor are
// those that were named one by one.
func TestThemWithoutAPlace(t *testing.T) {
	off := intent.Result{Intent: "HearthIt", Slots: map[string]intent.Slot{"action": {Value: "off"}}}
	light := map[string]intent.Slot{"domain": {Value: "light"}}
	for _, before := range []intent.Result{{Intent: "HearthAdjust", Slots: light}, {}, byIDs("HassTurnOn", "light.high", "light.desk")} {
		in := Input{Home: roomsHome(""), Room: "hall", Now: now, Before: &Before{before, []home.EntityID{"light.high", "light.desk"}}}
		cmd, err := Build(off, in)
		if len(cmd.Calls) != 2 || cmd.Calls[0].Entity != "light.desk" || cmd.Calls[1].Entity != "light.high" {
			t.Errorf("%s: %+v, %v", before.Intent, cmd.Calls, err)
		}
	}
	in := Input{Home: roomsHome(""), Room: "hall", Now: now, Before: &Before{
		Result: intent.Result{Intent: "HassTurnOn", Slots: light}, Entities: []home.EntityID{"light.high", "light.desk"},
	}}
	if cmd, err := Build(off, in); len(cmd.Calls) < 3 {
		t.Errorf("all lights: %+v, %v", cmd.Calls, err)
	}
}

func byIDs(name string, ids ...string) intent.Result {
	return intent.Result{Intent: name, Slots: map[string]intent.Slot{"name": {Value: "x", IDs: ids}}}
}

// What only refers to something cannot be put off.
func TestMeant(t *testing.T) {
	it, lamp := intent.Result{Intent: "HearthIt"}, intent.Result{Intent: "HassTurnOn"}
	brighter := intent.Result{Intent: "HearthAdjust", Slots: map[string]intent.Slot{"change": {Value: "brighter"}}}
	here := intent.Result{Intent: "HearthAdjust", Slots: map[string]intent.Slot{"change": {Value: "brighter"}, "here": {Value: 1}}}
	if Meant([]intent.Result{brighter}) || !Meant([]intent.Result{here}) {
		t.Error("brighter means something by itself, or here does not")
	}
	if Meant(nil) || Meant([]intent.Result{it}) || !Meant([]intent.Result{it, lamp}) {
		t.Error("a reference means something by itself, or a command does not")
	}
}
