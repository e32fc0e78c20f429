package confirm_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"hearth/daemon/home"
	"hearth/daemon/home/confirm"
	"hearth/daemon/home/demo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type data = map[string]any

// call reads "light.turn_on light.desk_lamp".
func call(text string, d data) home.Call {
	name, entity, _ := strings.Cut(text, " ")
	domain, service, _ := strings.Cut(name, ".")
	return home.Call{Domain: domain, Service: service, Entity: home.EntityID(entity), Data: d}
}

// inHome runs a test in the simulated home.
func inHome(t *testing.T, test func(t *testing.T, h *demo.Home)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := demo.New()
		ctx, cancel := context.WithCancel(t.Context())
		stopped := make(chan error, 1)
		go func() { stopped <- h.Run(ctx) }()
		test(t, h)
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
}

// act makes a call as a turn does, and waits for what proves it.
func act(t *testing.T, h *demo.Home, c home.Call) (confirm.Result, error) {
	t.Helper()
	before, _ := h.Snapshot().Entity(c.Entity)
	changes, stop := h.Watch()
	defer stop()
	if _, err := h.Call(t.Context(), c); err != nil {
		return confirm.Result{}, err
	}
	return confirm.Wait(t.Context(), changes, h.Snapshot, confirm.Expect(c, before))[0], nil
}

// Each service of the simulated home is confirmed by what the home reports, in these words.
func TestEveryServiceIsConfirmed(t *testing.T) {
	for _, test := range []struct {
		call     string
		data     data
		evidence string
	}{
		{"light.turn_on light.hallway_light", nil, "state went from off to on"},
		{"light.turn_on light.desk_lamp", data{"brightness_pct": 40}, "state went from off to on, brightness is 40 %"},
		{"light.turn_on light.desk_lamp", data{"brightness": 102}, "state went from off to on, brightness is 40 %"},
		{"light.turn_on light.desk_lamp", data{"brightness_step_pct": 10}, "state went from off to on, brightness is 10 %"},
		{"light.turn_on light.desk_lamp", data{"brightness_step_pct": -10}, "was already off"},
		{"light.turn_on light.desk_lamp", data{"brightness_pct": 0}, "was already off"},
		{"light.turn_on light.bed_light", data{"color_name": "blue"}, "state went from off to on, color is blue"},
		{"light.turn_on light.bed_light", data{"color_name": "white"}, "state went from off to on, color is white"},
		{"light.turn_on light.bed_light", data{"rgb_color": []any{250.0, 120.0, 0.0}}, "state went from off to on, color is 250, 120, 0"},
		{"light.turn_on light.bed_light", data{"color_temp_kelvin": 2700}, "state went from off to on, color temperature is 2700 K"},
		{"light.turn_on light.bed_light", data{"color_temp_kelvin": 1900}, "state went from off to on, color temperature is 2000 K"},
		{"light.turn_off light.hallway_light", nil, "was already off"},
		{"light.toggle light.hallway_light", nil, "state went from off to on"},
		{"homeassistant.turn_on light.hallway_light", nil, "state went from off to on"},
		{"homeassistant.turn_off switch.washing_machine", nil, "state went from on to off"},
		{"homeassistant.toggle switch.washing_machine", nil, "state went from on to off"},
		{"switch.turn_on switch.printer", nil, "state went from off to on"},
		{"switch.turn_on switch.washing_machine", nil, "was already on"},
		{"switch.turn_off switch.washing_machine", nil, "state went from on to off"},
		{"switch.toggle switch.printer", nil, "state went from off to on"},
		{"input_boolean.turn_on input_boolean.guest_mode", nil, "state went from off to on"},
		{"input_number.set_value input_number.bath_fill", data{"value": 100}, "state went from 80 to 100"},
		{"input_select.select_option input_select.house_mode", data{"option": "Away"}, "state went from Home to Away"},
		{"button.press button.doorbell_chime", nil, "was pressed"},

		{"fan.turn_on fan.ceiling_fan", nil, "state went from off to on"},
		{"fan.turn_on fan.ceiling_fan", data{"percentage": 75}, "state went from off to on, speed is 75 %"},
		{"fan.turn_off fan.ceiling_fan", nil, "was already off"},
		{"fan.toggle fan.ceiling_fan", nil, "state went from off to on"},
		{"fan.set_percentage fan.ceiling_fan", data{"percentage": 30}, "speed is 30 %"},
		{"fan.set_percentage fan.ceiling_fan", data{"percentage": 0}, "was already off"},
		{"fan.increase_speed fan.ceiling_fan", nil, "speed is 25 %"},
		{"fan.decrease_speed fan.ceiling_fan", nil, "speed is 0 %"},
		{"fan.oscillate fan.ceiling_fan", data{"oscillating": true}, "oscillating is true"},
		{"fan.set_direction fan.ceiling_fan", data{"direction": "reverse"}, "direction is reverse"},

		{"cover.open_cover cover.bedroom_blinds", nil, "is opening"},
		{"cover.open_cover cover.living_room_curtains", nil, "position was already 100 %"},
		{"cover.close_cover cover.living_room_curtains", nil, "is closing"},
		{"cover.set_cover_position cover.living_room_curtains", data{"position": 50}, "is closing"},
		{"cover.set_cover_position cover.bedroom_blinds", data{"position": 50}, "is opening"},
		{"cover.stop_cover cover.bedroom_blinds", nil, "was already closed"},
		{"cover.toggle cover.garage_door", nil, "is opening"},
		{"cover.open_cover cover.garage_door", nil, "is opening"},
		{"cover.close_cover cover.garage_door", nil, "was already closed"},
		{"valve.close_valve valve.main_water", nil, "is closing"},
		{"valve.open_valve valve.sprinkler", nil, "is opening"},
		{"valve.set_valve_position valve.main_water", data{"position": 20}, "is closing"},
		{"valve.stop_valve valve.main_water", nil, "was already open"},
		{"valve.toggle valve.sprinkler", nil, "is opening"},
		{"lock.lock lock.front_door", nil, "was already locked"},
		{"lock.unlock lock.front_door", nil, "state went from locked to unlocked"},
		{"lock.open lock.front_door", nil, "state went from locked to opening"},
		{"alarm_control_panel.alarm_arm_home alarm_control_panel.home_alarm", nil, "state went from disarmed to armed home"},
		{"alarm_control_panel.alarm_arm_night alarm_control_panel.home_alarm", nil, "state went from disarmed to armed night"},
		{"alarm_control_panel.alarm_arm_away alarm_control_panel.home_alarm", nil, "is arming"},
		{"alarm_control_panel.alarm_disarm alarm_control_panel.home_alarm", nil, "was already disarmed"},
		{"alarm_control_panel.alarm_trigger alarm_control_panel.home_alarm", nil, "state went from disarmed to triggered"},

		{"climate.set_temperature climate.thermostat", data{"temperature": 22.5}, "target temperature is 22.5°"},
		{"climate.set_temperature climate.thermostat", data{"temperature": 21}, "target temperature was already 21°"},
		{"climate.set_temperature climate.thermostat", data{"temperature": 24, "hvac_mode": "cool"}, "target temperature is 24°, state went from heat to cool"},
		{"climate.set_hvac_mode climate.thermostat", data{"hvac_mode": "heat_cool"}, "state went from heat to heat cool"},
		{"climate.set_fan_mode climate.thermostat", data{"fan_mode": "high"}, "fan mode is high"},
		{"climate.set_preset_mode climate.thermostat", data{"preset_mode": "eco"}, "preset is eco"},
		{"climate.turn_off climate.thermostat", nil, "state went from heat to off"},
		{"climate.turn_on climate.bedroom_radiator", nil, "state went from off to heat cool"},
		{"climate.toggle climate.thermostat", nil, "state went from heat to off"},
		{"humidifier.turn_on humidifier.bedroom_humidifier", nil, "state went from off to on"},
		{"humidifier.set_humidity humidifier.bedroom_humidifier", data{"humidity": 55}, "target humidity is 55 %"},
		{"humidifier.set_mode humidifier.bedroom_humidifier", data{"mode": "sleep"}, "mode is sleep"},
		{"water_heater.set_temperature water_heater.boiler", data{"temperature": 60}, "target temperature is 60°"},
		{"water_heater.set_operation_mode water_heater.boiler", data{"operation_mode": "performance"}, "state went from eco to performance"},
		{"water_heater.turn_off water_heater.boiler", nil, "state went from eco to off"},
		{"water_heater.turn_on water_heater.boiler", nil, "was already eco"},

		{"media_player.turn_on media_player.tv", nil, "state went from off to idle"},
		{"media_player.turn_off media_player.kitchen_speaker", nil, "state went from playing to off"},
		{"media_player.toggle media_player.tv", nil, "state went from off to idle"},
		{"media_player.media_play media_player.bedroom_speaker", nil, "state went from idle to playing"},
		{"media_player.media_pause media_player.kitchen_speaker", nil, "state went from playing to paused"},
		{"media_player.media_play_pause media_player.kitchen_speaker", nil, "state went from playing to paused"},
		{"media_player.media_stop media_player.kitchen_speaker", nil, "state went from playing to idle"},
		{"media_player.media_next_track media_player.kitchen_speaker", nil, "title is now Slow Train Home"},
		{"media_player.media_previous_track media_player.kitchen_speaker", nil, "title is now Marmalade Sky"},
		{"media_player.play_media media_player.kitchen_speaker", data{"media_content_id": "Jazz", "media_content_type": "playlist"}, "was already playing, title is now Jazz"},
		{"media_player.play_media media_player.tv", data{"media_content_id": "News", "media_content_type": "channel"}, "state went from off to playing"},
		{"media_player.volume_set media_player.tv", data{"volume_level": 0.55}, "volume is 55 %"},
		{"media_player.volume_up media_player.tv", nil, "volume is 40 %"},
		{"media_player.volume_down media_player.tv", nil, "volume is 20 %"},
		{"media_player.volume_mute media_player.tv", data{"is_volume_muted": true}, "muted is true"},
		{"media_player.select_source media_player.tv", data{"source": "Cable"}, "source is Cable"},
		{"media_player.shuffle_set media_player.kitchen_speaker", data{"shuffle": true}, "shuffle is true"},
		{"assist_satellite.announce assist_satellite.kitchen_satellite", data{"message": "Dinner"}, "state went from idle to responding"},

		{"vacuum.start vacuum.robot_vacuum", nil, "state went from docked to cleaning"},
		{"vacuum.clean_area vacuum.robot_vacuum", data{"cleaning_area_id": []string{"kitchen"}}, "state went from docked to cleaning"},
		{"vacuum.clean_spot vacuum.robot_vacuum", nil, "state went from docked to cleaning"},
		{"vacuum.pause vacuum.robot_vacuum", nil, "state went from docked to paused"},
		{"vacuum.stop vacuum.robot_vacuum", nil, "was already docked"},
		{"vacuum.return_to_base vacuum.robot_vacuum", nil, "was already docked"},
		{"vacuum.set_fan_speed vacuum.robot_vacuum", data{"fan_speed": "turbo"}, "fan speed is turbo"},
		{"lawn_mower.start_mowing lawn_mower.lawn_mower", nil, "state went from docked to mowing"},
		{"lawn_mower.pause lawn_mower.lawn_mower", nil, "state went from docked to paused"},
		{"lawn_mower.dock lawn_mower.lawn_mower", nil, "was already docked"},

		{"todo.add_item todo.shopping_list", data{"item": "Oranges"}, "it has 4 open items now"},
		{"todo.remove_item todo.shopping_list", data{"item": []any{"Milk", "Eggs"}}, "it has 1 open item now"},
		{"todo.update_item todo.shopping_list", data{"item": "Milk", "status": "completed"}, "it has 2 open items now"},
		{"todo.update_item todo.shopping_list", data{"item": "Butter", "status": "needs_action"}, "it has 4 open items now"},
		{"todo.get_items todo.shopping_list", nil, "it answered"},
		{"weather.get_forecasts weather.oakfield", data{"type": "daily"}, "it answered"},
		{"scene.turn_on scene.movie_night", nil, "was activated"},
		{"script.turn_on script.good_night", nil, "it was started"},
		{"script.turn_off script.good_night", nil, "was already off"},
		{"script.toggle script.good_night", nil, "it was started"},
	} {
		t.Run(fmt.Sprint(test.call, test.data), func(t *testing.T) {
			inHome(t, func(t *testing.T, h *demo.Home) {
				result, err := act(t, h, call(test.call, test.data))
				if err != nil {
					t.Fatal(err)
				}
				if !result.Met || result.Evidence != test.evidence {
					t.Errorf("met %v: %q after %s, want %q", result.Met, result.Evidence, result.Took, test.evidence)
				}
			})
		})
	}
}

func TestFlakyDeviceIsConfirmedAtTheSecondTry(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		c := call("light.turn_on light.attic_light", nil)
		first, err := act(t, h, c)
		if err != nil || first.Met || first.Evidence != "is still off" || first.Took != 2*time.Second {
			t.Errorf("first try: %+v, %v, want it unmet after 2s because it is still off", first, err)
		}
		second, err := act(t, h, c)
		if err != nil || !second.Met {
			t.Errorf("second try: %+v, %v, want it met", second, err)
		}
	})
}

func TestOfflineDeviceIsAnError(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		if _, err := act(t, h, call("light.turn_on light.porch_light", nil)); !errors.Is(err, home.ErrUnavailable) {
			t.Errorf("err = %v, want %v", err, home.ErrUnavailable)
		}
	})
}

// What reports nothing is never confirmed, though its assumed state says what was wished for.
func TestSilentCalls(t *testing.T) {
	for _, test := range []struct {
		call string
		data data
	}{
		{"light.turn_on light.garden_lights", nil},
		{"light.turn_off light.garden_lights", nil},
		{"fan.set_percentage fan.patio_fan", data{"percentage": 66}},
		{"vacuum.locate vacuum.robot_vacuum", nil},
		{"todo.update_item todo.shopping_list", data{"item": "Milk", "rename": "Oat milk"}},
		{"todo.remove_completed_items todo.shopping_list", nil},
	} {
		inHome(t, func(t *testing.T, h *demo.Home) {
			result, err := act(t, h, call(test.call, test.data))
			if err != nil || result.Met || !result.Silent || result.Took != 0 {
				t.Errorf("%s: %+v, %v, want it silent at once", test.call, result, err)
			}
		})
	}
}
