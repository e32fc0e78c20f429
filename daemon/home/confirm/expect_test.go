package confirm_test

import (
	"fmt"
	"testing"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/home/confirm"
)

// One entity before a call and after it: is the call proved, and what does a person read?
func TestCheck(t *testing.T) {
	for _, test := range []struct {
		call          string
		data          data
		before, after home.Entity
		met           bool
		evidence      string
	}{
		{"light.turn_on light.a", nil, in("off"), in("off"), false, "is still off"},
		{"light.turn_on light.a", nil, in("off"), in("unavailable"), false, "the device cannot be reached"},
		{"light.turn_on light.a", data{"brightness_pct": 40}, in("off"), with("on", "brightness", 103.0), true, "state went from off to on, brightness is 40 %"},
		{"light.turn_on light.a", data{"brightness_pct": 40}, in("off"), with("on", "brightness", 105.0), false, "brightness is 41 %, not 40 %"},
		{"light.turn_on light.a", data{"brightness_pct": 40}, in("off"), with("off", "brightness", 102.0), false, "is still off"},
		{"light.turn_on light.a", data{"brightness_pct": 40}, in("off"), in("on"), false, "brightness is not known"},
		{"light.turn_on light.a", data{"brightness_pct": 40}, with("on", "brightness", 102), with("on", "brightness", 102), true, "was already on, brightness was already 40 %"},
		{"light.turn_on light.a", data{"brightness_step_pct": 10}, with("on", "brightness", 255), with("on", "brightness", 255), true, "was already on, brightness is 100 %"},
		{"light.turn_on light.a", data{"brightness_step_pct": 10}, with("on", "brightness", 100), with("on", "brightness", 100), false, "brightness is 39 %"},
		{"light.turn_on light.a", data{"color_name": "green"}, in("on"), with("on", "rgb_color", []any{40.0, 200.0, 30.0}), true, "was already on, color is green"},
		{"light.turn_on light.a", data{"color_name": "green"}, in("on"), with("on", "rgb_color", []any{200.0, 40.0, 30.0}), false, "color is not green"},
		{"light.turn_on light.a", data{"color_name": "red"}, in("on"), with("on", "rgb_color", []any{255.0, 0.0, 20.0}), true, "was already on, color is red"},
		{"light.turn_on light.a", data{"color_name": "white"}, in("on"), with("on", "rgb_color", []any{255.0, 0.0, 0.0}), false, "color is not white"},
		{"light.turn_on light.a", data{"color_temp_kelvin": 6500}, in("on"), with("on", "color_temp_kelvin", 6493.0), true, "was already on, color temperature is 6493 K"},
		{"light.turn_on light.a", data{"color_temp_kelvin": 6500}, in("on"), with("on", "color_temp_kelvin", 4000.0), false, "color temperature is 4000 K"},

		{"lock.lock lock.a", nil, in("unlocked"), in("locking"), false, "state went from unlocked to locking"},
		{"lock.lock lock.a", nil, in("unlocked"), in("jammed"), false, "state went from unlocked to jammed"},
		{"lock.unlock lock.a", nil, in("locked"), in("open"), true, "state went from locked to open"},

		{"cover.open_cover cover.a", nil, with("open", "current_position", 30), with("open", "current_position", 30), false, "position is 30 %, not 100 %"},
		{"cover.open_cover cover.a", nil, with("open", "current_position", 30), with("open", "current_position", 45), true, "position went from 30 % to 45 %"},
		{"cover.open_cover cover.a", nil, with("open", "current_position", 30), with("closing", "current_position", 25), false, "position is 25 %, not 100 %"},
		{"cover.set_cover_position cover.a", data{"position": 40}, with("closed", "current_position", 0), with("open", "current_position", 41), true, "position is 41 %"},
		{"cover.set_cover_position cover.a", data{"position": 40}, with("open", "current_position", 90), with("opening", "current_position", 95), false, "position is 95 %, not 40 %"},
		{"cover.close_cover cover.a", nil, in("open"), in("opening"), false, "state went from open to opening"},
		{"cover.set_cover_tilt_position cover.a", data{"tilt_position": 50}, in("open"), with("open", "current_tilt_position", 49), true, "tilt is 49 %"},

		{"climate.set_temperature climate.a", data{"temperature": 21.5}, in("heat"), with("heat", "temperature", 21.4), true, "target temperature is 21.4°"},
		{"climate.set_temperature climate.a", data{"temperature": 21.5}, in("heat"), with("heat", "temperature", 21.0), false, "target temperature is 21°, not 21.5°"},
		{"climate.set_temperature climate.a", data{"target_temp_low": 18, "target_temp_high": 24}, in("heat_cool"),
			both("heat_cool", "target_temp_low", 18.0, "target_temp_high", 24.0), true, "lower target is 18°, upper target is 24°"},
		{"climate.set_temperature climate.a", data{"target_temp_low": 18, "target_temp_high": 24}, in("heat_cool"),
			both("heat_cool", "target_temp_low", 18.0, "target_temp_high", 25.0), false, "upper target is 25°, not 24°"},
		{"climate.turn_on climate.a", nil, in("off"), in("unknown"), false, "state went from off to unknown"},

		{"fan.set_percentage fan.a", data{"percentage": 50}, with("off", "percentage_step", 33.333), both("on", "percentage_step", 33.333, "percentage", 66), true, "speed is 66 %"},
		{"fan.set_percentage fan.a", data{"percentage": 50}, with("on", "percentage", 33), with("on", "percentage", 33), false, "speed is 33 %, not 50 %"},
		{"fan.increase_speed fan.a", nil, with("on", "percentage", 33), with("on", "percentage", 33), false, "speed is 33 %"},

		{"media_player.turn_on media_player.a", nil, in("off"), in("standby"), false, "state went from off to standby"},
		{"media_player.media_next_track media_player.a", nil, with("playing", "media_title", "One"), with("playing", "media_title", "One"), false, "title is the same as before"},
		{"media_player.play_media media_player.a", nil, with("playing", "media_title", "One"), with("playing", "media_title", "One"), false, "title is the same as before"},
		{"media_player.volume_up media_player.a", nil, with("playing", "volume_level", 0.4), with("playing", "volume_level", 0.4), false, "volume is 40 %"},
		{"media_player.volume_up media_player.a", nil, with("playing", "volume_level", 1.0), with("playing", "volume_level", 1.0), true, "volume is 100 %"},
		{"media_player.volume_mute media_player.a", data{"is_volume_muted": true}, in("on"), with("on", "is_volume_muted", false), false, "muted is false, not true"},
		{"media_player.volume_mute media_player.a", data{"is_volume_muted": true}, with("on", "volume_level", 0.6), with("on", "volume_level", 0.0), true, "volume is 0 %"},
		{"media_player.volume_mute media_player.a", data{"is_volume_muted": true}, with("on", "volume_level", 0.6), with("on", "volume_level", 0.6), false, "volume is 60 %, not 0 %"},
		{"media_player.media_next_track media_player.a", nil, with("playing", "media_track", 1), with("playing", "media_track", 2), true, "title is now 2"},

		{"vacuum.return_to_base vacuum.a", nil, in("cleaning"), in("returning"), true, "is returning"},
		{"vacuum.start vacuum.a", nil, in("docked"), in("error"), false, "state went from docked to error"},
		{"lawn_mower.dock lawn_mower.a", nil, in("mowing"), in("paused"), false, "state went from mowing to paused"},

		{"todo.add_item todo.a", data{"item": "Tea"}, in("3"), in("3"), false, "it still has 3 open items"},
		{"todo.remove_item todo.a", data{"item": "Tea"}, in("1"), in("0"), true, "it has 0 open items now"},

		{"scene.turn_on scene.a", nil, in("2026-01-01T00:00:00Z"), in("2026-01-01T00:00:00Z"), false, "nothing happened"},
		{"script.turn_on script.a", nil, with("off", "last_triggered", "1"), with("off", "last_triggered", "1"), false, "it was not started"},
		{"script.turn_on script.a", nil, in("off"), in("on"), true, "it is running"},
		{"number.set_value number.a", data{"value": 5}, in("3"), in("5.0"), true, "state went from 3 to 5.0"},
		{"select.select_option select.a", data{"option": "b"}, in("a"), in("c"), false, "state went from a to c"},
		{"cover.set_cover_tilt_position cover.a", data{"tilt_position": 90}, with("open", "current_tilt_position", 20), with("open", "current_tilt_position", 30), true, "tilt went from 20 % to 30 %"},
		{"cover.close_cover_tilt cover.a", nil, with("open", "current_tilt_position", 20), with("open", "current_tilt_position", 30), false, "tilt is 30 %, not 0 %"},
		{"camera.turn_off camera.a", nil, in("streaming"), in("idle"), true, "state went from streaming to idle"},
		{"camera.snapshot camera.a", nil, in("idle"), in("idle"), true, "it answered"},
		{"siren.turn_on siren.a", nil, in("off"), in("on"), true, "state went from off to on"},
		{"switch.turn_on switch.a", nil, in("unknown"), in("on"), true, "state is on"},
		{"water_heater.set_temperature water_heater.a", data{"temperature": 50}, in("eco"), with("eco", "temperature", 49.0), false, "target temperature is 49°, not 50°"},
	} {
		t.Run(fmt.Sprint(test.call, test.data, test.after.State, test.after.Attributes), func(t *testing.T) {
			evidence, met := confirm.Expect(call(test.call, test.data), test.before).Check(test.after)
			if met != test.met || evidence != test.evidence {
				t.Errorf("met %v: %q, want %v: %q", met, evidence, test.met, test.evidence)
			}
		})
	}
}

// Nothing can prove these, so nothing may claim to.
func TestSilentExpectations(t *testing.T) {
	assumed := in("off")
	assumed.Assumed = true
	for _, test := range []struct {
		call   string
		data   data
		before home.Entity
	}{
		{"light.turn_on light.a", nil, assumed},
		{"light.turn_on light.a", nil, with("off", "assumed_state", true)},
		{"climate.set_temperature climate.a", nil, in("heat")},
		{"climate.set_fan_mode climate.a", nil, in("heat")},
		{"cover.set_cover_position cover.a", data{"position": 30}, in("closed")},
		{"cover.stop_cover_tilt cover.a", nil, in("open")},
		{"camera.turn_on camera.a", nil, in("idle")},
		{"camera.turn_off camera.a", nil, in("idle")},
		{"media_player.volume_up media_player.a", nil, in("on")},
		{"vacuum.clean_area vacuum.a", nil, in("cleaning")},
		{"todo.add_item todo.a", nil, in("unknown")},
		{"persistent_notification.create persistent_notification.a", nil, in("")},
	} {
		e := confirm.Expect(call(test.call, test.data), test.before)
		if evidence, met := e.Check(in("on")); !e.Silent || met || e.Timeout != 0 {
			t.Errorf("%s on %+v: met %v (%s), silent %v, want only silent", test.call, test.before, met, evidence, e.Silent)
		}
	}
}

func TestTimeout(t *testing.T) {
	for _, test := range []struct {
		call string
		data data
		want time.Duration
	}{
		{"light.turn_on light.a", nil, 2 * time.Second},
		{"light.turn_on light.a", data{"transition": 5}, 7 * time.Second},
		{"light.turn_on light.a", data{"transition": -5}, 2 * time.Second},
		{"lock.lock lock.a", nil, 8 * time.Second},
		{"cover.open_cover cover.a", nil, 4 * time.Second},
		{"vacuum.start vacuum.a", nil, 5 * time.Second},
		{"siren.turn_on siren.a", nil, 3 * time.Second},
		{"homeassistant.turn_on light.a", nil, 2 * time.Second},
	} {
		if got := confirm.Expect(call(test.call, test.data), in("off")).Timeout; got != test.want {
			t.Errorf("%s %v waits %s, want %s", test.call, test.data, got, test.want)
		}
	}
}

func in(state string) home.Entity { return home.Entity{State: state, Attributes: data{}} }

func with(state, attribute string, value any) home.Entity {
	return home.Entity{State: state, Attributes: data{attribute: value}}
}

func both(state, first string, one any, second string, two any) home.Entity {
	return home.Entity{State: state, Attributes: data{first: one, second: two}}
}

// Whether a call that answers was made, only its answer can tell.
func TestAnswersAreTheirOwnProof(t *testing.T) {
	for name, want := range map[string]bool{"camera.snapshot camera.a": true, "todo.get_items todo.a": true, "light.turn_on light.a": false} {
		if e := confirm.Expect(call(name, nil), in("on")); e.Answers != want || e.Silent {
			t.Errorf("%s: answers %v, silent %v", name, e.Answers, e.Silent)
		}
	}
}
