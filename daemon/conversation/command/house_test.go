package command

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"hearth/daemon/home"
)

// richHome has the devices that only Hearth's own sentences speak of.
func richHome() *home.Snapshot {
	return home.NewSnapshot(exposed([]home.Entity{
		{ID: "alarm_control_panel.a", Name: "Alarm", State: "disarmed", Attributes: attributes{"supported_features": 3}},
		{ID: "calendar.family", Name: "Family", State: "off"},
		{ID: "calendar.work", Name: "Work", State: "off"},
		{ID: "camera.porch", Name: "Porch", State: "idle"},
		{ID: "climate.a", Name: "Heating", Area: "bedroom", State: "heat", Attributes: attributes{
			"hvac_modes": []any{"off", "heat", "eco"}, "preset_modes": []any{"eco", "away"}, "current_temperature": 20.5, "supported_features": 17}},
		{ID: "cover.blind", Name: "Blind", State: "open", Attributes: attributes{"supported_features": 15 | tiltOpen | tiltClose}},
		{ID: "cover.slats", Name: "Slats", State: "open", Attributes: attributes{"supported_features": 15 | tiltPosition}},
		{ID: "fan.a", Name: "Fan", State: "on", Attributes: attributes{"supported_features": 7, "direction": "reverse"}},
		{ID: "humidifier.a", Name: "Humidifier", State: "on", Attributes: attributes{"min_humidity": 30, "max_humidity": 70}},
		{ID: "input_number.a", Name: "Bath", State: "80", Attributes: attributes{"min": 20.0, "max": 150.0, "step": 0.1}},
		{ID: "lawn_mower.a", Name: "Shaun", State: "mowing", Attributes: attributes{"supported_features": 7}},
		{ID: "media_player.a", Name: "TV", State: "on", Attributes: attributes{"source_list": []any{"HDMI 1", "Cable"}, "supported_features": 1}},
		{ID: "select.a", Name: "Speed", State: "light_speed", Attributes: attributes{"options": []any{"light_speed", "ludicrous_speed"}}},
		{ID: "sensor.aquarium", Name: "Aquarium", Area: "bedroom", State: "25", Unit: "°C", DeviceClass: "temperature"},
		{ID: "sensor.bed", Name: "Bed", Area: "bedroom", State: "18.5", Unit: "°C", DeviceClass: "temperature"},
		{ID: "sensor.damp", Name: "Damp", Area: "bedroom", State: "47", Unit: "%", DeviceClass: "humidity"},
		{ID: "vacuum.a", Name: "Robot", State: "cleaning", Attributes: attributes{"supported_features": vacuumPause | vacuumLocate}},
		{ID: "water_heater.a", Name: "Boiler", State: "eco", Attributes: attributes{"operation_list": []any{"eco", "high_demand"}, "supported_features": 3}},
		{ID: "weather.a", Name: "Here", State: "rainy", Attributes: attributes{"supported_features": weatherTwiceDaily}},
	}), []home.Area{{ID: "bedroom", Name: "Bedroom", Temperature: "sensor.bed", Humidity: "sensor.gone"}}, nil)
}

func TestDevicesOfAHouse(t *testing.T) {
	checkIn(t, richHome(), []sentence{
		{name: "option", intent: "HearthSetOption", slots: attributes{"name": "Speed", "option": "Ludicrous Speed"},
			calls: []string{`select.select_option select.a {"option":"ludicrous_speed"}`}},
		{name: "no such option", intent: "HearthSetOption", slots: attributes{"name": "Speed", "option": "warp"}, err: "no option"},
		{name: "without options", intent: "HearthSetOption", slots: attributes{"name": "Fan", "option": "high"}, err: "feature_not_supported"},
		{name: "a word of two lists", intent: "HearthSetOption", slots: attributes{"name": "Heating", "option": "eco"},
			calls: []string{`climate.set_hvac_mode climate.a {"hvac_mode":"eco"}`}},
		{name: "preset", intent: "HearthSetOption", slots: attributes{"name": "Heating", "option": "away"},
			calls: []string{`climate.set_preset_mode climate.a {"preset_mode":"away"}`}},
		{name: "source", intent: "HearthSetOption", slots: attributes{"name": "TV", "option": "hdmi 1"},
			calls: []string{`media_player.select_source media_player.a {"source":"HDMI 1"}`}},
		{name: "operation", intent: "HearthSetOption", slots: attributes{"name": "Boiler", "option": "high demand"},
			calls: []string{`water_heater.set_operation_mode water_heater.a {"operation_mode":"high_demand"}`}},
		{name: "nothing said", intent: "HearthSetOption", slots: attributes{"name": "Speed", "option": " "}, err: ErrBadSlot.Error()},
		{name: "water", intent: "HassClimateSetTemperature", slots: attributes{"name": "Boiler", "temperature": 50},
			calls: []string{`water_heater.set_temperature water_heater.a {"temperature":50}`}},
		{name: "number on its step", intent: "HearthSetNumber", slots: attributes{"name": "Bath", "value": 30.34},
			calls: []string{`input_number.set_value input_number.a {"value":30.3}`}},
		{name: "number too large", intent: "HearthSetNumber", slots: attributes{"name": "Bath", "value": 151}, err: "out of range"},
		{name: "humidity", intent: "HearthSetHumidity", slots: attributes{"name": "Humidifier", "humidity": 55},
			calls: []string{`humidifier.set_humidity humidifier.a {"humidity":55}`}},
		{name: "too humid", intent: "HearthSetHumidity", slots: attributes{"name": "Humidifier", "humidity": 90}, err: "out of range"},
		{name: "tilt", intent: "HearthSetTilt", slots: attributes{"name": "Slats", "tilt": 30},
			calls: []string{`cover.set_cover_tilt_position cover.slats {"tilt_position":30}`}},
		{name: "tilt of what only opens and closes", intent: "HearthSetTilt", slots: attributes{"name": "Blind", "tilt": 0},
			calls: []string{"cover.close_cover_tilt cover.blind"}},
		{name: "half a tilt of it", intent: "HearthSetTilt", slots: attributes{"name": "Blind", "tilt": 50}, err: "feature_not_supported"},
		{name: "stop", intent: "HearthStop", slots: attributes{"name": "Blind"}, calls: []string{"cover.stop_cover cover.blind"}},
		{name: "stop what only pauses", intent: "HearthStop", slots: attributes{"name": "Robot"}, calls: []string{"vacuum.pause vacuum.a"}},
		{name: "stop what cannot", intent: "HearthStop", slots: attributes{"name": "Fan"}, err: "no_entity"},
		{name: "pause", intent: "HearthPause", slots: attributes{"name": "Shaun"}, calls: []string{"lawn_mower.pause lawn_mower.a"}},
		{name: "locate", intent: "HearthLocate", slots: attributes{"name": "Robot"}, calls: []string{"vacuum.locate vacuum.a"}},
		{name: "oscillate", intent: "HearthFanOscillate", slots: attributes{"name": "Fan", "state": "on"}, calls: []string{`fan.oscillate fan.a {"oscillating":true}`}},
		{name: "keep still", intent: "HearthFanOscillate", slots: attributes{"name": "Fan", "state": "off"}, calls: []string{`fan.oscillate fan.a {"oscillating":false}`}},
		{name: "the other direction", intent: "HearthFanDirection", slots: attributes{"name": "Fan"}, calls: []string{`fan.set_direction fan.a {"direction":"forward"}`}},
		{name: "arm", intent: "HearthArm", calls: []string{"alarm_control_panel.alarm_arm_away alarm_control_panel.a"}},
		{name: "arm at home", intent: "HearthArm", slots: attributes{"mode": "home"}, calls: []string{"alarm_control_panel.alarm_arm_home alarm_control_panel.a"}},
		{name: "arm as it cannot", intent: "HearthArm", slots: attributes{"mode": "night"}, err: "feature_not_supported"},
		{name: "disarm", intent: "HearthDisarm", slots: attributes{"name": "Alarm"}, calls: []string{"alarm_control_panel.alarm_disarm alarm_control_panel.a"}},
		{name: "snapshot", intent: "HearthSnapshot", slots: attributes{"name": "Porch"}, calls: []string{"camera.snapshot camera.porch"}},
	})
}

// The sensor that the owner chose for an area speaks for it; one that is not there leaves it to the others.
func TestTheAreasOwnSensor(t *testing.T) {
	s := richHome()
	for intent, want := range map[string]string{"HassClimateGetTemperature": "Bed", "HearthGetHumidity": "Damp"} {
		c, err := Build(read(s, intent, "area_only", "", attributes{"area": "Bedroom"}), Input{Home: s, Now: now})
		if err != nil || names(c.Answer.Matched) != want {
			t.Errorf("%s: %s, %v, want %s", intent, names(c.Answer.Matched), err, want)
		}
	}
}

func TestForecast(t *testing.T) {
	s := richHome()
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.FixedZone("", 3600)) // a Saturday
	entry := func(at, condition string, high float64, low any, rain int) map[string]any {
		return map[string]any{"datetime": at, "condition": condition, "temperature": high, "templow": low, "precipitation_probability": rain}
	}
	response := attributes{"weather.a": attributes{"forecast": []any{
		entry("2026-03-14T12:00:00+00:00", "sunny", 14, nil, 5),
		entry("2026-03-14T23:00:00+00:00", "rainy", 9, nil, 80), // tomorrow already, in this home
		entry("2026-03-15T12:00:00+00:00", "rainy", 12, 7.5, 60),
		entry("no time", "snowy", -40, nil, 0),
	}}}
	for name, test := range map[string]struct{ slots, facts attributes }{
		"today":         {attributes{"day": 0}, attributes{"condition": "sunny", "high": 14.0, "low": 14.0, "rain": 5.0}},
		"tomorrow":      {attributes{"day": 1}, attributes{"condition": "rainy", "high": 12.0, "low": 7.5, "rain": 80.0}},
		"on Sunday":     {attributes{"weekday": 0}, attributes{"condition": "rainy", "high": 12.0, "low": 7.5, "rain": 80.0}},
		"in a week":     {attributes{"day": 7}, attributes{}},
		"without a day": {nil, attributes{"condition": "sunny", "high": 14.0, "low": 14.0, "rain": 5.0}},
	} {
		c, err := Build(read(s, "HearthForecast", "", "", test.slots), Input{Home: s, Now: noon})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := lines(c.Fetch.Calls), []string{`weather.get_forecasts weather.a {"type":"twice_daily"}`}; !slices.Equal(got, want) {
			t.Errorf("fetch %v, want %v", got, want)
		}
		c.Fetch.Apply(&c.Answer, response)
		if !reflect.DeepEqual(c.Answer.Facts, test.facts) {
			t.Errorf("%s: %v, want %v", name, c.Answer.Facts, test.facts)
		}
	}
}

func TestAllCalendarsAreAsked(t *testing.T) {
	s := richHome()
	c, err := Build(read(s, "HearthCalendar", "", "", attributes{"day": 1}), Input{Home: s, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	span := `{"end_date_time":"2026-03-16T00:00:00Z","start_date_time":"2026-03-15T00:00:00Z"}`
	if got, want := lines(c.Fetch.Calls), []string{"calendar.get_events calendar.family " + span, "calendar.get_events calendar.work " + span}; !slices.Equal(got, want) {
		t.Fatalf("fetch %v, want %v", got, want)
	}
	event := func(start, summary string) map[string]any { return map[string]any{"start": start, "summary": summary} }
	c.Fetch.Apply(&c.Answer, attributes{
		"calendar.family": attributes{"events": []any{event("2026-03-15T18:30:00+01:00", "Dinner"), event("2026-03-15", "Birthday")}},
		"calendar.work":   attributes{"events": []any{event("2026-03-15T09:00:00+00:00", "Standup"), event("2026-03-14T22:00:00+00:00", "Night shift")}},
	})
	want := []any{attributes{"summary": "Birthday"}, attributes{"summary": "Night shift"},
		attributes{"summary": "Standup", "time": "09:00"}, attributes{"summary": "Dinner", "time": "17:30"}}
	if !reflect.DeepEqual(c.Answer.Facts["events"], want) {
		t.Errorf("events %v, want %v", c.Answer.Facts["events"], want)
	}
}

// The only calendar of a home is asked, and answers, alone.
func TestTheOnlyCalendarIsAsked(t *testing.T) {
	s := home.NewSnapshot([]home.Entity{{ID: "calendar.mine", Name: "Mine", State: "off", Exposed: true}}, nil, nil)
	c, err := Build(read(s, "HearthCalendar", "", "", attributes{"day": 1}), Input{Home: s, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	c.Fetch.Apply(&c.Answer, attributes{"calendar.mine": attributes{"events": []any{
		map[string]any{"start": "2026-03-15T09:00:00Z", "summary": "Dentist"},
	}}})
	if want := []any{attributes{"summary": "Dentist", "time": "09:00"}}; !reflect.DeepEqual(c.Answer.Facts["events"], want) {
		t.Errorf("events %v, want %v", c.Answer.Facts["events"], want)
	}
}
