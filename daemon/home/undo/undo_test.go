package undo_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"hearth/daemon/home"
	"hearth/daemon/home/undo"
)

type has = map[string]any

// was is an entity with a state and attributes.
func was(state string, attributes has) home.Entity {
	return home.Entity{State: state, Attributes: attributes}
}

// of is a call such as "light.turn_on", and of nothing but its name.
func of(name string, data has) home.Call {
	domain, service, _ := strings.Cut(name, ".")
	return home.Call{Domain: domain, Service: service, Entity: home.EntityID(domain + ".it"), Data: data}
}

func TestHowEachDomainIsTakenBack(t *testing.T) {
	range2 := has{"target_temp_low": 18, "target_temp_high": 24}
	for _, test := range []struct {
		call          home.Call
		before, after home.Entity
		back          []home.Call
		why           undo.Reason
	}{
		// Lights.
		{of("light.turn_on", nil), was("off", nil), was("on", has{"brightness": 255}), []home.Call{of("light.turn_off", nil)}, ""},
		{of("light.turn_off", nil), was("on", has{"brightness": 40, "color_mode": "brightness"}), was("off", nil),
			[]home.Call{of("light.turn_on", has{"brightness": 40})}, ""},
		{of("light.turn_on", has{"color_name": "red"}), was("on", has{"brightness": 40, "color_mode": "color_temp", "color_temp_kelvin": 3000}),
			was("on", has{"brightness": 40, "color_mode": "hs", "rgb_color": []int{255, 0, 0}}),
			[]home.Call{of("light.turn_on", has{"brightness": 40, "color_temp_kelvin": 3000})}, ""},
		{of("light.turn_on", has{"effect": "rainbow"}), was("on", has{"brightness": 9, "color_mode": "xy", "rgb_color": []int{1, 2, 3}}),
			was("on", has{"brightness": 9, "color_mode": "xy", "rgb_color": []int{1, 2, 3}, "effect": "rainbow"}),
			[]home.Call{of("light.turn_on", has{"brightness": 9, "rgb_color": []int{1, 2, 3}, "effect": "off"})}, ""},
		{of("light.turn_on", nil), was("on", has{"color_mode": "rgbw", "rgbw_color": []int{1, 2, 3, 4}, "effect": "candle"}), was("off", nil),
			[]home.Call{of("light.turn_on", has{"rgbw_color": []int{1, 2, 3, 4}, "effect": "candle"})}, ""},
		{of("light.turn_on", nil), was("on", has{"brightness": 40}), was("on", has{"brightness": 40.0}), nil, undo.Same},
		{of("light.turn_on", nil), was(home.Unavailable, nil), was("on", nil), nil, undo.Unknown},

		// What is on or off, or holds a value.
		{of("switch.toggle", nil), was("on", nil), was("off", nil), []home.Call{of("switch.turn_on", nil)}, ""},
		{of("camera.turn_off", nil), was("idle", nil), was("off", nil), []home.Call{of("camera.turn_on", nil)}, ""},
		{of("group.turn_off", nil), was("on", nil), was("off", nil), nil, undo.Final},
		{of("automation.turn_off", nil), was("on", nil), was("off", nil), []home.Call{of("automation.turn_on", nil)}, ""},
		{of("automation.trigger", nil), was("on", nil), was("on", nil), nil, undo.Final},
		{of("input_number.set_value", has{"value": 3}), was("2.5", nil), was("3", nil), []home.Call{of("input_number.set_value", has{"value": 2.5})}, ""},
		{of("text.set_value", has{"value": "new"}), was("7", nil), was("new", nil), []home.Call{of("text.set_value", has{"value": "7"})}, ""},
		{of("select.select_option", has{"option": "b"}), was("a", nil), was("b", nil), []home.Call{of("select.select_option", has{"option": "a"})}, ""},

		// Fans.
		{of("fan.set_percentage", nil), was("on", has{"percentage": 30}), was("on", has{"percentage": 60}), []home.Call{of("fan.set_percentage", has{"percentage": 30})}, ""},
		{of("fan.turn_off", nil), was("on", has{"percentage": 30}), was("off", has{"percentage": 0}), []home.Call{of("fan.turn_on", has{"percentage": 30})}, ""},
		{of("fan.set_percentage", nil), was("on", has{"percentage": 30, "preset_mode": "auto"}), was("on", has{"percentage": 30, "preset_mode": nil}),
			[]home.Call{of("fan.set_preset_mode", has{"preset_mode": "auto"})}, ""},
		{of("fan.oscillate", nil), was("on", has{"oscillating": false}), was("on", has{"oscillating": true}), []home.Call{of("fan.oscillate", has{"oscillating": false})}, ""},

		// Climate.
		{of("climate.set_temperature", nil), was("heat", has{"temperature": 20}), was("heat", has{"temperature": 23}), []home.Call{of("climate.set_temperature", has{"temperature": 20})}, ""},
		{of("climate.set_temperature", nil), was("heat_cool", range2), was("heat_cool", has{"target_temp_low": 20, "target_temp_high": 24}), []home.Call{of("climate.set_temperature", range2)}, ""},
		{of("climate.set_temperature", nil), was("off", has{"temperature": 20}), was("heat", has{"temperature": 23}),
			[]home.Call{of("climate.set_temperature", has{"temperature": 20}), of("climate.set_hvac_mode", has{"hvac_mode": "off"})}, ""},
		{of("climate.set_preset_mode", nil), was("heat", has{"temperature": 16, "preset_mode": "eco"}), was("heat", has{"temperature": 21, "preset_mode": "none"}),
			[]home.Call{of("climate.set_preset_mode", has{"preset_mode": "eco"})}, ""},
		{of("climate.turn_off", nil), was("heat", has{"temperature": 20}), was("off", has{"temperature": 20}), []home.Call{of("climate.set_hvac_mode", has{"hvac_mode": "heat"})}, ""},
		{of("water_heater.turn_off", nil), was("eco", has{"temperature": 50}), was("off", has{"temperature": 50}), []home.Call{of("water_heater.set_operation_mode", has{"operation_mode": "eco"})}, ""},
		{of("humidifier.set_humidity", nil), was("on", has{"humidity": 45}), was("on", has{"humidity": 60}), []home.Call{of("humidifier.set_humidity", has{"humidity": 45})}, ""},

		// Players.
		{of("media_player.volume_up", nil), was("playing", has{"volume_level": 0.4}), was("playing", has{"volume_level": 0.5}), []home.Call{of("media_player.volume_set", has{"volume_level": 0.4})}, ""},
		{of("media_player.media_pause", nil), was("playing", nil), was("paused", nil), []home.Call{of("media_player.media_play", nil)}, ""},
		{of("media_player.media_play", nil), was("idle", nil), was("buffering", nil), []home.Call{of("media_player.media_stop", nil)}, ""},
		{of("media_player.play_media", nil), was("idle", nil), was("playing", nil), []home.Call{of("media_player.media_stop", nil)}, ""},
		{of("media_player.play_media", nil), was("playing", nil), was("playing", nil), nil, undo.Final},
		{of("media_player.media_next_track", nil), was("playing", nil), was("playing", nil), nil, undo.Final},
		{of("media_player.turn_off", nil), was("playing", has{"supported_features": 1}), was("off", has{"supported_features": 1}), []home.Call{of("media_player.turn_on", nil)}, ""},
		{of("media_player.select_source", nil), was("on", has{"source": "TV"}), was("on", has{"source": "DVD"}), []home.Call{of("media_player.select_source", has{"source": "TV"})}, ""},

		// What moves.
		{of("cover.open_cover", nil), was("closed", nil), was("opening", nil), []home.Call{of("cover.close_cover", nil)}, ""},
		{of("cover.close_cover", nil), was("open", has{"current_position": 40}), was("closing", has{"current_position": 40}), []home.Call{of("cover.set_cover_position", has{"position": 40.0})}, ""},
		{of("cover.close_cover", nil), was("open", has{"current_position": 40, "supported_features": 3}), was("closed", has{"current_position": 0}), []home.Call{of("cover.open_cover", nil)}, ""},
		{of("cover.stop_cover", nil), was("opening", has{"current_position": 40}), was("open", has{"current_position": 45}), nil, undo.Unknown},
		{of("cover.open_cover_tilt", nil), was("open", has{"current_tilt_position": 20}), was("open", has{"current_tilt_position": 100}), []home.Call{of("cover.set_cover_tilt_position", has{"tilt_position": 20})}, ""},

		// Ways in, water, alarms: only ever back to the safe side.
		{of("cover.close_cover", nil), door("open"), door("closing"), nil, undo.Unsafe},
		{of("cover.open_cover", nil), door("closed"), door("open"), []home.Call{of("cover.close_cover", nil)}, ""},
		{of("lock.lock", nil), was("unlocked", nil), was("locked", nil), nil, undo.Unsafe},
		{of("lock.unlock", nil), was("locked", nil), was("unlocked", nil), []home.Call{of("lock.lock", nil)}, ""},
		{of("lock.open", nil), was("unlocked", nil), was("open", nil), nil, undo.Final},
		{of("valve.close_valve", nil), was("open", nil), was("closed", nil), nil, undo.Unsafe},
		{of("valve.open_valve", nil), was("closed", nil), was("opening", nil), []home.Call{of("valve.close_valve", nil)}, ""},
		{of("alarm_control_panel.alarm_arm_away", nil), was("disarmed", nil), was("arming", nil), nil, undo.Unsafe},
		{of("alarm_control_panel.alarm_arm_home", nil), was("armed_away", nil), was("armed_home", nil), nil, undo.Unsafe},
		{of("alarm_control_panel.alarm_disarm", nil), was("armed_away", nil), was("disarmed", nil), []home.Call{of("alarm_control_panel.alarm_arm_away", nil)}, ""},
		{of("alarm_control_panel.alarm_disarm", nil), was("triggered", nil), was("disarmed", nil), nil, undo.Final},

		// What goes on by itself, or is over.
		{of("vacuum.start", nil), was("docked", nil), was("cleaning", nil), nil, undo.Final},
		{of("vacuum.pause", nil), was("cleaning", nil), was("paused", nil), []home.Call{of("vacuum.start", nil)}, ""},
		{of("vacuum.set_fan_speed", nil), was("docked", has{"fan_speed": "quiet"}), was("docked", has{"fan_speed": "turbo"}), []home.Call{of("vacuum.set_fan_speed", has{"fan_speed": "quiet"})}, ""},
		{of("lawn_mower.start_mowing", nil), was("docked", nil), was("mowing", nil), nil, undo.Final},
		{of("button.press", nil), was(home.Unknown, nil), was("2026-01-01", nil), nil, undo.Final},
		{of("script.turn_on", nil), was("off", nil), was("on", nil), nil, undo.Final},
		{of("scene.turn_on", nil), was(home.Unknown, nil), was("2026-01-01", nil), nil, undo.Final},

		// Lists.
		{of("todo.add_item", has{"item": "Tea"}), was("1", nil), was("2", nil), []home.Call{of("todo.remove_item", has{"item": "Tea"})}, ""},
		{of("todo.remove_item", has{"item": "Tea"}), was("2", nil), was("1", nil), []home.Call{of("todo.add_item", has{"item": "Tea"})}, ""},
		{of("todo.update_item", has{"item": "Tea", "status": "completed"}), was("2", nil), was("1", nil), []home.Call{of("todo.update_item", has{"item": "Tea", "status": "needs_action"})}, ""},
		{of("todo.update_item", has{"item": "Tea", "rename": "Chai"}), was("2", nil), was("2", nil), []home.Call{of("todo.update_item", has{"item": "Chai", "rename": "Tea"})}, ""},
		{of("todo.remove_completed_items", nil), was("2", nil), was("2", nil), nil, undo.Final},
	} {
		test.before.ID, test.after.ID = test.call.Entity, test.call.Entity
		back, why := undo.Of(test.call, undo.Essence(test.before), undo.Essence(test.after))
		if !reflect.DeepEqual(back, test.back) || why != test.why {
			t.Errorf("%s, from %s %v to %s %v: %v, %q, want %v, %q", test.call.Name(), test.before.State, test.before.Attributes,
				test.after.State, test.after.Attributes, back, why, test.back, test.why)
		}
	}
}

func door(state string) home.Entity { return home.Entity{State: state, DeviceClass: "garage"} }

// What is kept in a file comes back as JSON, and means the same.
func TestAnEntityIsTheSameAfterItWasStored(t *testing.T) {
	e := home.Entity{ID: "light.a", State: "on", Attributes: has{"rgb_color": []int{1, 2, 3}, "brightness": 40, "icon": "mdi:lamp", "effect": nil}}
	text, err := json.Marshal(undo.Essence(e))
	if err != nil {
		t.Fatal(err)
	}
	var stored home.Entity
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	if !undo.Kept(stored, e) || stored.Attributes["icon"] != nil {
		t.Errorf("%+v came back as %+v", e, stored)
	}
	e.Attributes = has{"rgb_color": []int{1, 2, 90}, "brightness": 40}
	if undo.Kept(stored, e) {
		t.Error("another color counts as the same")
	}
}

func TestWhoChangedItSince(t *testing.T) {
	position := func(state string, at int) home.Entity { return was(state, has{"current_position": at}) }
	for _, test := range []struct {
		name       string
		after, now home.Entity
		kept       bool
	}{
		{"as left", was("on", has{"brightness": 100}), was("on", has{"brightness": 101}), true},
		{"dimmed", was("on", has{"brightness": 100}), was("on", has{"brightness": 30}), false},
		{"switched", was("on", nil), was("off", nil), false},
		{"lost", was("on", nil), was(home.Unavailable, nil), false},
		{"warmed up", was("heat", has{"temperature": 20, "current_temperature": 18}), was("heat", has{"temperature": 20, "current_temperature": 20}), true},
		{"another song", was("playing", has{"media_title": "a"}), was("playing", has{"media_title": "b"}), true},
		{"arrived", position("closing", 80), position("closed", 0), true},
		{"half way", position("closing", 80), position("open", 40), true},
		{"turned back", position("closing", 80), position("opening", 60), false},
		{"opened again", position("closing", 80), position("open", 100), false},
		{"opened", position("closed", 0), position("open", 30), false},
		{"locked", was("locking", nil), was("locked", nil), true},
		{"jammed", was("locking", nil), was("jammed", nil), false},
	} {
		if got := undo.Kept(test.after, test.now); got != test.kept {
			t.Errorf("%s: kept %v, want %v", test.name, got, test.kept)
		}
	}
}
