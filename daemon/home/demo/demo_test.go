package demo_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// inHome runs a test in a home where time passes, and stops the home afterwards.
func inHome(t *testing.T, test func(t *testing.T, h *demo.Home), options ...demo.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := demo.New(options...)
		ctx, cancel := context.WithCancel(t.Context())
		stopped := make(chan error, 1)
		go func() { stopped <- h.Run(ctx) }()
		test(t, h)
		cancel()
		if err := <-stopped; err != nil {
			t.Errorf("Run = %v after it was told to stop, want nil", err)
		}
	})
}

type data = map[string]any

// call reads "light.turn_on light.desk_lamp".
func call(text string, d data) home.Call {
	name, entity, _ := strings.Cut(text, " ")
	domain, service, _ := strings.Cut(name, ".")
	return home.Call{Domain: domain, Service: service, Entity: home.EntityID(entity), Data: d}
}

func mustCall(t *testing.T, h *demo.Home, text string, d data) {
	t.Helper()
	if _, err := h.Call(t.Context(), call(text, d)); err != nil {
		t.Fatal(err)
	}
}

func entity(t *testing.T, h *demo.Home, id home.EntityID) home.Entity {
	t.Helper()
	e, ok := h.Snapshot().Entity(id)
	if !ok {
		t.Fatalf("there is no %s", id)
	}
	return e
}

// expect compares an entity with what is wanted, attributes by name; a nil attribute must be absent.
func expect(t *testing.T, e home.Entity, state string, attributes data) {
	t.Helper()
	if e.State != state {
		t.Errorf("%s is %q, want %q", e.ID, e.State, state)
	}
	for name, want := range attributes {
		if got := e.Attributes[name]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s is %v (%T), want %v (%T)", e.ID, name, got, got, want, want)
		}
	}
}

func TestServices(t *testing.T) {
	for _, test := range []struct {
		first, call string // first is a call that prepares the entity, "" for none
		data        data
		state       string
		attributes  data
	}{
		{call: "light.turn_on light.hallway_light", state: "on", attributes: data{"brightness": nil}},
		{call: "light.turn_on light.desk_lamp", state: "on", attributes: data{"brightness": 255, "color_mode": "brightness"}},
		{call: "light.turn_on light.desk_lamp", data: data{"brightness_pct": 40}, state: "on", attributes: data{"brightness": 102}},
		{call: "light.turn_on light.desk_lamp", data: data{"brightness": 0}, state: "off", attributes: data{"brightness": nil}},
		{first: "light.turn_on light.desk_lamp", call: "light.turn_on light.desk_lamp", data: data{"brightness_step_pct": -20}, state: "on", attributes: data{"brightness": 204}},
		{call: "light.turn_on light.bed_light", data: data{"color_name": "turquoise"}, state: "on",
			attributes: data{"rgb_color": []int{64, 224, 208}, "color_mode": "rgb", "color_temp_kelvin": nil}},
		{call: "light.turn_on light.bed_light", data: data{"rgb_color": []any{1.0, 2.0, 3.0}}, state: "on", attributes: data{"rgb_color": []int{1, 2, 3}}},
		{call: "light.turn_on light.bed_light", data: data{"color_temp_kelvin": 4000}, state: "on",
			attributes: data{"color_temp_kelvin": 4000, "color_mode": "color_temp", "rgb_color": nil}},
		{call: "light.turn_on light.bed_light", data: data{"color_temp_kelvin": 1900}, state: "on", attributes: data{"color_temp_kelvin": 2000}},
		{first: "light.turn_on light.bed_light", call: "light.turn_off light.bed_light", state: "off", attributes: data{"brightness": nil, "color_mode": nil}},
		{call: "light.toggle light.bed_light", state: "on"},
		{call: "homeassistant.turn_on light.bed_light", state: "on"},

		{call: "switch.turn_on switch.printer", state: "on"},
		{call: "switch.turn_off switch.washing_machine", state: "off"},
		{call: "switch.toggle switch.printer", state: "on"},
		{call: "input_boolean.turn_on input_boolean.guest_mode", state: "on"},
		{call: "input_number.set_value input_number.bath_fill", data: data{"value": 120}, state: "120"},
		{call: "input_select.select_option input_select.house_mode", data: data{"option": "Away"}, state: "Away"},

		{call: "fan.turn_on fan.ceiling_fan", state: "on", attributes: data{"percentage": 50}},
		{call: "fan.turn_on fan.ceiling_fan", data: data{"percentage": 75}, state: "on", attributes: data{"percentage": 75}},
		{call: "fan.set_percentage fan.ceiling_fan", data: data{"percentage": 0}, state: "off", attributes: data{"percentage": 0}},
		{call: "fan.increase_speed fan.ceiling_fan", state: "on", attributes: data{"percentage": 25}},
		{first: "fan.turn_on fan.ceiling_fan", call: "fan.decrease_speed fan.ceiling_fan", state: "on", attributes: data{"percentage": 25}},
		{call: "fan.oscillate fan.ceiling_fan", data: data{"oscillating": true}, state: "off", attributes: data{"oscillating": true}},
		{call: "fan.set_direction fan.ceiling_fan", data: data{"direction": "reverse"}, state: "off", attributes: data{"direction": "reverse"}},
		{first: "fan.turn_on fan.ceiling_fan", call: "fan.toggle fan.ceiling_fan", state: "off"},

		{call: "cover.open_cover cover.bedroom_blinds", state: "open", attributes: data{"current_position": 100}},
		{call: "cover.set_cover_position cover.bedroom_blinds", data: data{"position": 35}, state: "open", attributes: data{"current_position": 35}},
		{call: "cover.close_cover cover.living_room_curtains", state: "closed", attributes: data{"current_position": 0}},
		{call: "cover.open_cover cover.garage_door", state: "open", attributes: data{"current_position": nil}},
		{call: "cover.toggle cover.garage_door", state: "open"},
		{call: "valve.close_valve valve.main_water", state: "closed", attributes: data{"current_position": 0}},
		{call: "valve.set_valve_position valve.main_water", data: data{"position": 50}, state: "open", attributes: data{"current_position": 50}},
		{call: "valve.open_valve valve.sprinkler", state: "open"},

		{call: "lock.unlock lock.front_door", state: "unlocked"},
		{call: "lock.lock lock.back_door", state: "locked"},
		{call: "lock.open lock.front_door", state: "open"},
		{call: "alarm_control_panel.alarm_arm_away alarm_control_panel.home_alarm", data: data{"code": "1"}, state: "armed_away"},
		{call: "alarm_control_panel.alarm_arm_home alarm_control_panel.home_alarm", state: "armed_home"},
		{call: "alarm_control_panel.alarm_arm_night alarm_control_panel.home_alarm", state: "armed_night"},
		{call: "alarm_control_panel.alarm_disarm alarm_control_panel.home_alarm", state: "disarmed"},

		{call: "climate.set_temperature climate.thermostat", data: data{"temperature": 22.5}, state: "heat", attributes: data{"temperature": 22.5, "hvac_action": "heating"}},
		{call: "climate.set_temperature climate.thermostat", data: data{"temperature": 18, "hvac_mode": "cool"}, state: "cool", attributes: data{"hvac_action": "cooling"}},
		{call: "climate.set_hvac_mode climate.bedroom_radiator", data: data{"hvac_mode": "heat"}, state: "heat", attributes: data{"hvac_action": "idle"}},
		{call: "climate.set_fan_mode climate.thermostat", data: data{"fan_mode": "high"}, state: "heat", attributes: data{"fan_mode": "high"}},
		{call: "climate.set_preset_mode climate.thermostat", data: data{"preset_mode": "eco"}, state: "heat", attributes: data{"preset_mode": "eco"}},
		{call: "climate.turn_off climate.thermostat", state: "off", attributes: data{"hvac_action": "off"}},
		{call: "climate.turn_on climate.bedroom_radiator", state: "heat_cool"},
		{call: "humidifier.set_humidity humidifier.bedroom_humidifier", data: data{"humidity": 50}, state: "off", attributes: data{"humidity": 50}},
		{call: "humidifier.set_mode humidifier.bedroom_humidifier", data: data{"mode": "sleep"}, state: "off", attributes: data{"mode": "sleep"}},
		{call: "water_heater.set_temperature water_heater.boiler", data: data{"temperature": 60}, state: "eco", attributes: data{"temperature": 60.0}},
		{call: "water_heater.set_operation_mode water_heater.boiler", data: data{"operation_mode": "performance"}, state: "performance"},
		{call: "water_heater.turn_off water_heater.boiler", state: "off"},

		{call: "media_player.turn_on media_player.tv", state: "idle"},
		{call: "media_player.media_pause media_player.kitchen_speaker", state: "paused"},
		{call: "media_player.media_pause media_player.tv", state: "off"},
		{call: "media_player.media_play media_player.bedroom_speaker", state: "playing", attributes: data{"media_title": "Paper Lanterns"}},
		{call: "media_player.media_next_track media_player.kitchen_speaker", state: "playing", attributes: data{"media_title": "Slow Train Home"}},
		{call: "media_player.media_previous_track media_player.kitchen_speaker", state: "playing", attributes: data{"media_title": "Marmalade Sky"}},
		{call: "media_player.media_next_track media_player.bedroom_speaker", state: "playing", attributes: data{"media_title": "Paper Lanterns"}},
		{call: "media_player.media_stop media_player.kitchen_speaker", state: "idle"},
		{call: "media_player.media_play_pause media_player.kitchen_speaker", state: "paused"},
		{call: "media_player.volume_set media_player.tv", data: data{"volume_level": 0.55}, state: "off", attributes: data{"volume_level": 0.55}},
		{call: "media_player.volume_up media_player.kitchen_speaker", state: "playing", attributes: data{"volume_level": 0.5}},
		{call: "media_player.volume_down media_player.kitchen_speaker", state: "playing", attributes: data{"volume_level": 0.3}},
		{call: "media_player.volume_mute media_player.kitchen_speaker", data: data{"is_volume_muted": true}, state: "playing", attributes: data{"is_volume_muted": true}},
		{call: "media_player.play_media media_player.bedroom_speaker", data: data{"media_content_id": "Jazz", "media_content_type": "playlist"},
			state: "playing", attributes: data{"media_title": "Jazz", "media_content_id": "Jazz"}},
		{call: "media_player.select_source media_player.tv", data: data{"source": "Cable"}, state: "off", attributes: data{"source": "Cable"}},
		{call: "media_player.shuffle_set media_player.kitchen_speaker", data: data{"shuffle": true}, state: "playing", attributes: data{"shuffle": true}},

		{call: "vacuum.start vacuum.robot_vacuum", state: "cleaning"},
		{call: "vacuum.clean_area vacuum.robot_vacuum", data: data{"cleaning_area_id": []any{"kitchen"}}, state: "cleaning"},
		{first: "vacuum.start vacuum.robot_vacuum", call: "vacuum.pause vacuum.robot_vacuum", state: "paused"},
		{first: "vacuum.start vacuum.robot_vacuum", call: "vacuum.stop vacuum.robot_vacuum", state: "idle"},
		{first: "vacuum.start vacuum.robot_vacuum", call: "vacuum.return_to_base vacuum.robot_vacuum", state: "docked"},
		{call: "vacuum.set_fan_speed vacuum.robot_vacuum", data: data{"fan_speed": "turbo"}, state: "docked", attributes: data{"fan_speed": "turbo"}},
		{call: "lawn_mower.start_mowing lawn_mower.lawn_mower", state: "mowing"},
		{first: "lawn_mower.start_mowing lawn_mower.lawn_mower", call: "lawn_mower.pause lawn_mower.lawn_mower", state: "paused"},
		{first: "lawn_mower.start_mowing lawn_mower.lawn_mower", call: "lawn_mower.dock lawn_mower.lawn_mower", state: "docked"},

		{call: "todo.add_item todo.shopping_list", data: data{"item": "Oranges"}, state: "4"},
		{call: "todo.remove_item todo.shopping_list", data: data{"item": []any{"eggs", "Bread"}}, state: "1"},
		{call: "todo.update_item todo.shopping_list", data: data{"item": "milk", "status": "completed"}, state: "2"},
		{call: "todo.update_item todo.shopping_list", data: data{"item": "Butter", "status": "needs_action"}, state: "4"},
		{call: "todo.remove_completed_items todo.shopping_list", state: "3"},
	} {
		t.Run(fmt.Sprint(test.call, test.data), func(t *testing.T) {
			inHome(t, func(t *testing.T, h *demo.Home) {
				if test.first != "" {
					mustCall(t, h, test.first, nil)
					time.Sleep(20 * time.Second)
				}
				mustCall(t, h, test.call, test.data)
				time.Sleep(20 * time.Second)
				expect(t, entity(t, h, call(test.call, nil).Entity), test.state, test.attributes)
			})
		})
	}
}
