package demo_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

func TestHouse(t *testing.T) {
	s := demo.New().Snapshot()
	if len(s.Floors) < 3 || len(s.Areas) < 9 || len(s.Entities) < 45 {
		t.Errorf("%d floors, %d areas, %d entities, want at least 3, 9, 45", len(s.Floors), len(s.Areas), len(s.Entities))
	}
	domains, hidden := map[string]bool{}, 0
	for i, e := range s.Entities {
		domains[e.Domain()] = true
		if !e.Exposed {
			hidden++
		}
		if i > 0 && s.Entities[i-1].ID == e.ID {
			t.Errorf("%s is there twice", e.ID)
		}
		if _, ok := s.Area(e.Area); e.Area != "" && !ok {
			t.Errorf("%s is in %q, which is no area", e.ID, e.Area)
		}
		if e.Name == "" || e.State == "" {
			t.Errorf("%s has the name %q and the state %q", e.ID, e.Name, e.State)
		}
	}
	for _, a := range s.Areas {
		if _, ok := s.Floor(a.Floor); a.Floor != "" && !ok {
			t.Errorf("%s is on %q, which is no floor", a.ID, a.Floor)
		}
	}
	for _, want := range strings.Fields("light switch cover climate fan lock media_player vacuum valve todo scene script sensor binary_sensor weather lawn_mower alarm_control_panel") {
		if !domains[want] {
			t.Errorf("there is no %s", want)
		}
	}
	if hidden == 0 {
		t.Error("everything is exposed")
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		call string
		data data
		is   error
		says string
	}{
		{"light.turn_on light.cellar_disco", nil, home.ErrUnknownEntity, "light.cellar_disco"},
		{"light.turn_on light.porch_light", nil, home.ErrUnavailable, "light.porch_light"},
		{"light.explode light.desk_lamp", nil, home.ErrNotSupported, "light.explode"},
		{"light.turn_on switch.printer", nil, home.ErrNotSupported, "light.turn_on"},
		{"homeassistant.restart light.desk_lamp", nil, home.ErrNotSupported, "homeassistant.restart"},
		{"homeassistant.turn_on lock.front_door", nil, home.ErrNotSupported, "lock.front_door"},
		{"light.turn_on light.hallway_light", data{"brightness_pct": 40}, home.ErrNotSupported, "brightness"},
		{"light.turn_on light.desk_lamp", data{"color_name": "red"}, home.ErrNotSupported, "color"},
		{"light.turn_on light.desk_lamp", data{"color_temp_kelvin": 4000}, home.ErrNotSupported, "color_temp_kelvin"},
		{"cover.set_cover_position cover.garage_door", data{"position": 40}, home.ErrNotSupported, "position"},
		{"light.turn_on light.desk_lamp", data{"brightness": 900}, demo.ErrData, "brightness is 900, want 0 to 255"},
		{"light.turn_on light.desk_lamp", data{"brightness": 10.5}, demo.ErrData, "a whole number from 0 to 255"},
		{"light.turn_on light.desk_lamp", data{"brightness_pct": "NaN"}, demo.ErrData, "brightness_pct is NaN, want 0 to 100"},
		{"light.turn_on light.desk_lamp", data{"colour": "red"}, demo.ErrData, "colour is not a field of this service"},
		{"light.turn_on light.bed_light", data{"color_name": "reddish"}, demo.ErrData, "color_name is reddish, want a CSS color name"},
		{"light.turn_on light.bed_light", data{"rgb_color": []any{1, 2, 256}}, demo.ErrData, "three numbers from 0 to 255"},
		{"light.turn_on light.bed_light", data{"color_temp_kelvin": 900}, demo.ErrData, "color_temp_kelvin is 900, want 1000 to 20000"},
		{"light.turn_on light.bed_light", data{"color_name": true}, demo.ErrData, "color_name is true, want text"},
		{"climate.set_temperature climate.thermostat", data{"temperature": 90}, demo.ErrData, "temperature is 90, want 7 to 30"},
		{"climate.set_temperature climate.thermostat", nil, demo.ErrData, "temperature is missing"},
		{"climate.set_hvac_mode climate.thermostat", data{"hvac_mode": "dry"}, demo.ErrData, "want one of off, heat, cool, heat_cool"},
		{"climate.set_fan_mode climate.thermostat", data{"fan_mode": "gale"}, demo.ErrData, "want one of auto, low, high"},
		{"fan.set_percentage fan.ceiling_fan", data{"percentage": 101}, demo.ErrData, "percentage is 101, want 0 to 100"},
		{"cover.set_cover_position cover.bedroom_blinds", data{"position": -1}, demo.ErrData, "position is -1, want 0 to 100"},
		{"cover.set_cover_position cover.bedroom_blinds", nil, demo.ErrData, "position is missing"},
		{"media_player.volume_set media_player.tv", data{"volume_level": 30}, demo.ErrData, "volume_level is 30, want 0 to 1"},
		{"media_player.volume_mute media_player.tv", data{"is_volume_muted": "loud"}, demo.ErrData, "want true or false"},
		{"media_player.play_media media_player.tv", data{"media_content_id": "x"}, demo.ErrData, "media_content_type is missing"},
		{"vacuum.clean_area vacuum.robot_vacuum", data{"cleaning_area_id": "moon"}, demo.ErrData, "cleaning_area_id is moon, want the ID of an area"},
		{"todo.add_item todo.shopping_list", data{"item": " "}, demo.ErrData, "want text"},
		{"todo.remove_item todo.shopping_list", data{"item": "Caviar"}, demo.ErrData, "item is Caviar, want an item of Shopping List"},
		{"todo.get_items todo.shopping_list", data{"status": 1}, demo.ErrData, "status is 1"},
		{"weather.get_forecasts weather.oakfield", data{"type": "yearly"}, demo.ErrData, "want one of daily, hourly"},
		{"input_number.set_value input_number.bath_fill", data{"value": 500}, demo.ErrData, "value is 500, want 20 to 150"},
	} {
		t.Run(test.call+" "+test.says, func(t *testing.T) {
			inHome(t, func(t *testing.T, h *demo.Home) {
				before := h.Snapshot()
				_, err := h.Call(t.Context(), call(test.call, test.data))
				if !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.says) {
					t.Errorf("err = %v, want one that is %q and says %q", err, test.is, test.says)
				}
				time.Sleep(10 * time.Second)
				if h.Snapshot() != before {
					t.Error("a refused call changed the home")
				}
			})
		})
	}
}

func TestCallEndsWithItsContext(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := h.Call(ctx, call("light.turn_on light.desk_lamp", nil)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("err = %v, want the deadline", err)
		}
	})
}

func TestFlakyDeviceMissesEveryOtherCommand(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		for _, want := range []string{"off", "on"} {
			mustCall(t, h, "light.turn_on light.attic_light", nil)
			time.Sleep(time.Second)
			expect(t, entity(t, h, "light.attic_light"), want, nil)
		}
		mustCall(t, h, "light.turn_off light.attic_light", nil)
		time.Sleep(time.Second)
		expect(t, entity(t, h, "light.attic_light"), "on", nil)
	})
}

func TestCoverTravels(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		mustCall(t, h, "cover.open_cover cover.bedroom_blinds", nil)
		time.Sleep(time.Second)
		expect(t, entity(t, h, "cover.bedroom_blinds"), "opening", data{"current_position": 10})
		time.Sleep(2 * time.Second)
		mustCall(t, h, "cover.stop_cover cover.bedroom_blinds", nil)
		time.Sleep(20 * time.Second)
		expect(t, entity(t, h, "cover.bedroom_blinds"), "open", data{"current_position": 30})
		mustCall(t, h, "cover.open_cover cover.bedroom_blinds", nil)
		time.Sleep(time.Second)
		mustCall(t, h, "cover.close_cover cover.bedroom_blinds", nil)
		time.Sleep(time.Second)
		expect(t, entity(t, h, "cover.bedroom_blinds"), "closing", nil)
		time.Sleep(20 * time.Second)
		expect(t, entity(t, h, "cover.bedroom_blinds"), "closed", data{"current_position": 0})
	})
}

func TestStatesOnTheWay(t *testing.T) {
	for _, test := range []struct{ call, passing string }{
		{"lock.unlock lock.front_door", "unlocking"},
		{"lock.lock lock.back_door", "locking"},
		{"alarm_control_panel.alarm_arm_away alarm_control_panel.home_alarm", "arming"},
		{"vacuum.return_to_base vacuum.robot_vacuum", "returning"},
		{"lawn_mower.dock lawn_mower.lawn_mower", "returning"},
		{"valve.close_valve valve.main_water", "closing"},
		{"script.turn_on script.good_night", "on"},
		{"assist_satellite.announce assist_satellite.kitchen_satellite", "responding"},
	} {
		inHome(t, func(t *testing.T, h *demo.Home) {
			id := call(test.call, nil).Entity
			var d data
			if id.Domain() == "assist_satellite" {
				d = data{"message": "Dinner is ready"}
			}
			_ = h.Set("vacuum.robot_vacuum", "cleaning", nil)
			_ = h.Set("lawn_mower.lawn_mower", "mowing", nil)
			mustCall(t, h, test.call, d)
			time.Sleep(300 * time.Millisecond)
			expect(t, entity(t, h, id), test.passing, nil)
		})
	}
}

// A lock told to lock while it unlocks ends locked, whatever was on its way.
func TestLastCommandWins(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		mustCall(t, h, "lock.unlock lock.front_door", nil)
		mustCall(t, h, "lock.lock lock.front_door", nil)
		time.Sleep(10 * time.Second)
		expect(t, entity(t, h, "lock.front_door"), "locked", nil)
	})
}

// Two settings of one device at once do not get in each other's way.
func TestIndependentSettings(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		mustCall(t, h, "climate.set_temperature climate.bedroom_radiator", data{"temperature": 23})
		mustCall(t, h, "climate.set_hvac_mode climate.bedroom_radiator", data{"hvac_mode": "heat"})
		time.Sleep(time.Second)
		expect(t, entity(t, h, "climate.bedroom_radiator"), "heat", data{"temperature": 23.0})
	})
}

func TestLightComesBackAsItWas(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		mustCall(t, h, "light.turn_on light.desk_lamp", data{"brightness_pct": 20})
		time.Sleep(time.Second)
		mustCall(t, h, "light.turn_off light.desk_lamp", nil)
		time.Sleep(time.Second)
		mustCall(t, h, "light.turn_on light.desk_lamp", nil)
		time.Sleep(time.Second)
		expect(t, entity(t, h, "light.desk_lamp"), "on", data{"brightness": 51})
	})
}

func TestSceneAndScriptChangeTheHouse(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		mustCall(t, h, "scene.turn_on scene.movie_night", nil)
		time.Sleep(20 * time.Second)
		if _, err := time.Parse(time.RFC3339Nano, entity(t, h, "scene.movie_night").State); err != nil {
			t.Errorf("a scene's state is when it was activated: %v", err)
		}
		expect(t, entity(t, h, "light.living_room_lamp"), "on", data{"brightness": 51})
		expect(t, entity(t, h, "cover.living_room_curtains"), "closed", nil)

		mustCall(t, h, "script.turn_on script.good_night", nil)
		time.Sleep(20 * time.Second)
		expect(t, entity(t, h, "light.living_room_lamp"), "off", nil)
		expect(t, entity(t, h, "climate.thermostat"), "heat", data{"temperature": 18.0})
		script := entity(t, h, "script.good_night")
		expect(t, script, "off", nil)
		if script.Attributes["last_triggered"] == nil {
			t.Error("the script does not say when it ran")
		}
	})
}

func TestQueries(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		items, err := h.Call(t.Context(), call("todo.get_items todo.shopping_list", data{"status": []string{"completed"}}))
		if err != nil {
			t.Fatal(err)
		}
		got := items["todo.shopping_list"].(map[string]any)["items"].([]any)
		if len(got) != 1 || !maps.Equal(got[0].(map[string]any), map[string]any{"uid": "4", "summary": "Butter", "status": "completed"}) {
			t.Errorf("completed items are %v", got)
		}

		forecast, err := h.Call(t.Context(), call("weather.get_forecasts weather.oakfield", data{"type": "daily"}))
		if err != nil {
			t.Fatal(err)
		}
		days := forecast["weather.oakfield"].(map[string]any)["forecast"].([]any)
		keys := slices.Sorted(maps.Keys(days[0].(map[string]any)))
		want := []string{"condition", "datetime", "precipitation", "precipitation_probability", "temperature", "templow"}
		if len(days) != 7 || !slices.Equal(keys, want) {
			t.Errorf("%d days with %v, want 7 with %v", len(days), keys, want)
		}

		found, err := h.Call(t.Context(), call("media_player.search_media media_player.tv", data{"search_query": "lantern"}))
		if err != nil {
			t.Fatal(err)
		}
		songs := found["media_player.tv"].(map[string]any)["result"].([]any)
		if len(songs) != 1 || songs[0].(map[string]any)["title"] != "Paper Lanterns" {
			t.Errorf("found %v", songs)
		}
	})
}

// As Home Assistant, the home reports changes only.
func TestNothingNewIsNotReported(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		before := h.Snapshot()
		mustCall(t, h, "light.turn_off light.desk_lamp", nil)
		time.Sleep(time.Second)
		if h.Snapshot() != before {
			t.Error("turning off a light that is off is reported as a change")
		}
	})
}

func TestWatch(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		changes, stop := h.Watch()
		mustCall(t, h, "switch.turn_on switch.printer", nil)
		change := <-changes
		if change.Before.State != "off" || change.After.State != "on" || change.After.ID != "switch.printer" {
			t.Errorf("change is %+v", change)
		}
		if now := entity(t, h, "switch.printer"); now.State != "on" {
			t.Error("the snapshot is behind the stream")
		}
		stop()
		stop()
		if _, open := <-changes; open {
			t.Error("the stream is open after stop")
		}
	})
}

// A watcher that does not read must not hold up the home.
func TestWatcherThatDoesNotRead(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		_, stop := h.Watch()
		defer stop()
		for i := range 1000 {
			if err := h.Set("input_number.bath_fill", "50", data{"i": i}); err != nil {
				t.Fatal(err)
			}
		}
		expect(t, entity(t, h, "input_number.bath_fill"), "50", data{"i": 999})
	})
}

func TestSensorsDrift(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		changed, low, high := 0, 100.0, 0.0
		changes, stop := h.Watch()
		defer stop()
		for range 120 {
			time.Sleep(30 * time.Second)
			for len(changes) > 0 {
				if c := <-changes; c.After.ID == "sensor.outdoor_humidity" {
					changed++
					reading, err := strconv.ParseFloat(c.After.State, 64)
					if err != nil {
						t.Fatal(err)
					}
					low, high = min(low, reading), max(high, reading)
				}
			}
		}
		if changed < 60 || high-low < 1 || low < 60 || high > 75 {
			t.Errorf("%d changes from %v to %v, want many within a few percent of 67", changed, low, high)
		}
		if e := entity(t, h, "climate.thermostat"); e.Attributes["current_temperature"] != 21.0 || e.Attributes["hvac_action"] != "idle" {
			t.Errorf("an hour of heating left the room at %v, %v", e.Attributes["current_temperature"], e.Attributes["hvac_action"])
		}
	})
}

func TestPace(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		began := time.Now()
		mustCall(t, h, "cover.open_cover cover.garage_door", nil)
		changes, stop := h.Watch()
		defer stop()
		for entity(t, h, "cover.garage_door").State != "open" {
			<-changes
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("at pace 0 the door took %s", took)
		}
	}, demo.WithPace(0))
}

func TestAnotherHome(t *testing.T) {
	s := home.NewSnapshot([]home.Entity{{ID: "light.only", Name: "Only", State: "off"}}, nil, nil)
	inHome(t, func(t *testing.T, h *demo.Home) {
		mustCall(t, h, "light.turn_on light.only", nil)
		time.Sleep(time.Second)
		expect(t, entity(t, h, "light.only"), "off", nil)
		mustCall(t, h, "light.turn_on light.only", nil)
		time.Sleep(time.Second)
		expect(t, entity(t, h, "light.only"), "on", nil)
	}, demo.WithSnapshot(s), demo.WithFlaky("light.only"))
}
