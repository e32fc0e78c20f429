package command

import (
	"testing"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

func TestSettings(t *testing.T) {
	check(t, []sentence{
		{name: "brightness by name", intent: "HassLightSet", combination: "name_brightness",
			slots: attributes{"name": "Counter", "brightness": 40}, calls: []string{`light.turn_on light.kitchen_counter {"brightness_pct":40}`}},
		{name: "brightness of an area", intent: "HassLightSet", combination: "area_brightness",
			slots: attributes{"area": "Kitchen", "domain": "light", "brightness": 100},
			calls: []string{`light.turn_on light.kitchen {"brightness_pct":100}`, `light.turn_on light.kitchen_counter {"brightness_pct":100}`}},
		{name: "brightness of a light that only goes on and off", intent: "HassLightSet", combination: "area_brightness",
			slots: attributes{"area": "Bedroom", "domain": "light", "brightness": 40}, err: "feature_not_supported"},
		{name: "brightness on a floor leaves that light out", intent: "HassLightSet", combination: "floor_brightness",
			slots: attributes{"floor": "Upstairs", "domain": "light", "brightness": 40}, calls: []string{`light.turn_on light.office {"brightness_pct":40}`}},
		{name: "brightness beyond all", intent: "HassLightSet", combination: "name_brightness",
			slots: attributes{"name": "Counter", "brightness": 140}, err: ErrBadSlot.Error()},
		{name: "color leaves white lights out", intent: "HassLightSet", combination: "area_color",
			slots: attributes{"area": "Kitchen", "domain": "light", "color": "red"}, calls: []string{`light.turn_on light.kitchen {"color_name":"red"}`}},
		{name: "color of a white light", intent: "HassLightSet", combination: "name_color",
			slots: attributes{"name": "Counter", "color": "red"}, err: "feature_not_supported"},
		{name: "color temperature here", intent: "HassLightSet", combination: "temperature_only", room: "kitchen",
			slots: attributes{"area": here("kitchen"), "domain": "light", "temperature": 2700}, calls: []string{`light.turn_on light.kitchen {"color_temp_kelvin":2700}`}},
		{name: "nothing to set", intent: "HassLightSet", combination: "name_only", slots: attributes{"name": "Counter"}, err: ErrBadSlot.Error()},

		{name: "position of a valve", intent: "HassSetPosition", combination: "name_only",
			slots: attributes{"name": "Garden Water", "position": 30}, calls: []string{`valve.set_valve_position valve.garden {"position":30}`}},
		{name: "position of all blinds in an area", intent: "HassSetPosition", combination: "area_device_class",
			slots: attributes{"area": "Bedroom", "domain": "cover", "device_class": "blind", "position": 50.0},
			calls: []string{`cover.set_cover_position cover.bedroom_left {"position":50}`, `cover.set_cover_position cover.bedroom_right {"position":50}`}},
		{name: "position of a door that has none", intent: "HassSetPosition", combination: "name_only",
			slots: attributes{"name": "Garage Door", "position": 30}, err: "feature_not_supported"},
		{name: "fan speed", intent: "HassFanSetSpeed", combination: "name_only",
			slots: attributes{"name": "Fan", "percentage": 66}, calls: []string{`fan.set_percentage fan.bedroom {"percentage":66}`}},

		{name: "temperature by name", intent: "HassClimateSetTemperature", combination: "name_temperature",
			slots: attributes{"name": "Thermostat", "temperature": 21.5}, calls: []string{`climate.set_temperature climate.hall {"temperature":21.5}`}},
		{name: "temperature in the other scale", intent: "HassClimateSetTemperature", combination: "name_temperature",
			slots: attributes{"name": "Thermostat", "temperature": intent.Slot{Value: 70, Unit: intent.Fahrenheit}},
			calls: []string{`climate.set_temperature climate.hall {"temperature":21.1}`}},
		{name: "temperature in a room without thermostat means the only one", intent: "HassClimateSetTemperature", combination: "temperature_only",
			slots: attributes{"area": here("kitchen"), "temperature": 21}, room: "kitchen", calls: []string{`climate.set_temperature climate.hall {"temperature":21}`}},
		{name: "temperature with no room known means the only one", intent: "HassClimateSetTemperature", combination: "temperature_only", needsArea: true,
			slots: attributes{"temperature": 21}, calls: []string{`climate.set_temperature climate.hall {"temperature":21}`}},
		{name: "temperature of an area that has none", intent: "HassClimateSetTemperature", combination: "area_temperature",
			slots: attributes{"area": "Kitchen", "temperature": 21}, err: "no_domain_in_area"},
		{name: "colder than it goes", intent: "HassClimateSetTemperature", combination: "name_temperature",
			slots: attributes{"name": "Thermostat", "temperature": -5}, err: "out of range"},
		{name: "no temperature", intent: "HassClimateSetTemperature", combination: "name_temperature",
			slots: attributes{"name": "Thermostat"}, err: ErrBadSlot.Error()},
		{name: "fan mode", intent: "HassClimateSetFanMode", combination: "floor_fan_mode",
			slots: attributes{"floor": "Ground Floor", "fan_mode": "low"}, calls: []string{`climate.set_fan_mode climate.hall {"fan_mode":"low"}`}},
		{name: "a fan mode it does not have", intent: "HassClimateSetFanMode", combination: "name_fan_mode",
			slots: attributes{"name": "Thermostat", "fan_mode": "focus"}, err: "feature_not_supported"},

		{name: "vacuum by name", intent: "HassVacuumStart", combination: "name_only",
			slots: attributes{"name": "Rover"}, calls: []string{"vacuum.start vacuum.rover"}},
		{name: "vacuum of a floor", intent: "HassVacuumStart", combination: "floor_only",
			slots: attributes{"floor": "Upstairs"}, calls: []string{"vacuum.start vacuum.upstairs"}},
		{name: "vacuum home", intent: "HassVacuumReturnToBase", combination: "name_only",
			slots: attributes{"name": "Dusty"}, calls: []string{"vacuum.return_to_base vacuum.upstairs"}},
		{name: "clean an area of its floor", intent: "HassVacuumCleanArea", combination: "area_only",
			slots: attributes{"area": "Kitchen"}, calls: []string{`vacuum.clean_area vacuum.rover {"cleaning_area_id":["kitchen"]}`}},
		{name: "clean here, where a simple one stands", intent: "HassVacuumCleanArea", combination: "context_area", room: "bedroom",
			slots: attributes{"area": here("bedroom")}, calls: []string{"vacuum.start vacuum.upstairs"}},
		{name: "clean with a named one", intent: "HassVacuumCleanArea", combination: "name_area",
			slots: attributes{"area": "Bedroom", "name": "Rover"}, calls: []string{`vacuum.clean_area vacuum.rover {"cleaning_area_id":["bedroom"]}`}},
		{name: "clean with one that knows no areas", intent: "HassVacuumCleanArea", combination: "name_area",
			slots: attributes{"area": "Kitchen", "name": "Dusty"}, err: "feature_not_supported"},
		{name: "clean here, not known where", intent: "HassVacuumCleanArea", combination: "context_area", needsArea: true, err: ErrNeedsRoom.Error()},
		{name: "mow", intent: "HassLawnMowerStartMowing", combination: "default", calls: []string{"lawn_mower.start_mowing lawn_mower.shaun"}},
		{name: "dock", intent: "HassLawnMowerDock", combination: "name_only",
			slots: attributes{"name": "Shaun"}, calls: []string{"lawn_mower.dock lawn_mower.shaun"}},

		{name: "broadcast to the other rooms", intent: "HassBroadcast", combination: "message_only", room: "kitchen",
			slots: attributes{"message": "dinner is ready"}, calls: []string{`assist_satellite.announce assist_satellite.office {"message":"dinner is ready"}`}},
		{name: "unknown intent", intent: "HassMakeCoffee", err: ErrUnknownIntent.Error()},
	})
}

func TestScales(t *testing.T) {
	for _, c := range []struct {
		degrees   float64
		said, own intent.Unit
		want      float64
	}{
		{21, intent.Degrees, intent.Fahrenheit, 21},
		{21, intent.Celsius, intent.Fahrenheit, 69.8},
		{21.5, intent.Celsius, intent.Celsius, 21.5},
		{70, intent.Fahrenheit, intent.Celsius, 21.1},
		{70, intent.Fahrenheit, "", 70},
	} {
		if got := inScale(c.degrees, c.said, c.own); got != c.want {
			t.Errorf("%v %s in %s: %v, want %v", c.degrees, c.said, c.own, got, c.want)
		}
	}
	if got := scaleOf(testHome()); got != intent.Celsius {
		t.Errorf("the home's scale is %q", got)
	}
	if got := scaleOf(home.NewSnapshot(nil, nil, nil)); got != "" {
		t.Errorf("the scale of an empty home is %q", got)
	}
}
