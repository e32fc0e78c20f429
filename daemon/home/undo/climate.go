package undo

import "hearth/daemon/home"

// Devices with a switch and settings: one that is switched on again comes first, for its settings may be lost
// while it is off; one that is switched off again comes last, for settings may wake it.

func climate(c change) ([]home.Call, Reason) {
	var mode []home.Call
	if c.stateChanged() {
		mode = []home.Call{c.back("set_hvac_mode", map[string]any{"hvac_mode": c.before.State})}
	}
	settings := c.restores("preset_mode", "set_preset_mode", "preset_mode")
	if preset := c.before.Attributes["preset_mode"]; settings == nil || preset == "none" {
		settings = append(settings, c.targetTemperature()...) // any other preset brings its own
	}
	settings = append(settings, c.restores("humidity", "set_humidity", "humidity")...)
	settings = append(settings, c.restores("fan_mode", "set_fan_mode", "fan_mode")...)
	settings = append(settings, c.restores("swing_mode", "set_swing_mode", "swing_mode")...)
	return c.inOrder(mode, settings), ""
}

// inOrder puts a switch before or after the settings.
func (c change) inOrder(power, settings []home.Call) []home.Call {
	if c.before.State == "off" {
		return append(settings, power...)
	}
	return append(power, settings...)
}

// targetTemperature is the call that sets one target, or both ends of a range.
func (c change) targetTemperature() []home.Call {
	data := map[string]any{}
	changed := false
	for _, attribute := range []string{"temperature", "target_temp_low", "target_temp_high"} {
		if was := c.before.Attributes[attribute]; was != nil {
			data[attribute] = was
			changed = changed || !near(was, c.after.Attributes[attribute], 0)
		}
	}
	if !changed {
		return nil
	}
	if data["target_temp_low"] != nil && data["target_temp_high"] != nil {
		delete(data, "temperature") // Home Assistant takes either
	}
	return []home.Call{c.back("set_temperature", data)}
}

func waterHeater(c change) ([]home.Call, Reason) {
	var mode []home.Call
	switch {
	case !c.stateChanged():
	case c.before.State == "off":
		mode = []home.Call{c.back("turn_off", nil)}
	default:
		mode = []home.Call{c.back("set_operation_mode", map[string]any{"operation_mode": c.before.State})}
	}
	return c.inOrder(mode, c.targetTemperature()), ""
}

func humidifier(c change) ([]home.Call, Reason) {
	power, _ := onOff(c)
	settings := append(c.restores("mode", "set_mode", "mode"), c.restores("humidity", "set_humidity", "humidity")...)
	return c.inOrder(power, settings), ""
}

func fan(c change) ([]home.Call, Reason) {
	settings := append(c.restores("oscillating", "oscillate", "oscillating"), c.restores("direction", "set_direction", "direction")...)
	return c.inOrder(c.runs(), settings), ""
}

// runs are the calls that start a fan as it ran, by preset or by speed, or stop it.
func (c change) runs() []home.Call {
	field, service := "percentage", "set_percentage"
	if preset, _ := c.before.Attributes["preset_mode"].(string); preset != "" {
		field, service = "preset_mode", "set_preset_mode"
	}
	was := c.before.Attributes[field]
	switch {
	case c.before.State == "off" && c.after.State == "off":
		return nil
	case c.before.State == "off":
		return []home.Call{c.back("turn_off", nil)}
	case was == nil && c.after.State == "off":
		return []home.Call{c.back("turn_on", nil)}
	case c.after.State == "off":
		return []home.Call{c.back("turn_on", map[string]any{field: was})}
	case was != nil && c.differs("preset_mode", "percentage"):
		return []home.Call{c.back(service, map[string]any{field: was})}
	}
	return nil
}
