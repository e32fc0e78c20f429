package demo

import (
	"slices"

	"hearth/daemon/home"
)

func climates() map[string]service {
	return map[string]service{
		"climate.set_temperature": climateSetTemperature,
		"climate.set_hvac_mode":   climateSetMode,
		"climate.set_fan_mode":    picks("fan_mode", "fan_mode", "fan_modes"),
		"climate.set_preset_mode": picks("preset_mode", "preset_mode", "preset_modes"),
		"climate.turn_off":        hvacMode("off"),
		"climate.turn_on":         climateOn,
		"climate.toggle":          toggles(climateOn, hvacMode("off"), "off"),
	}
}

func climateSetTemperature(_ *Home, e home.Entity, d *data) []effect {
	target, ok := targetTemperature(e, d)
	mode, changesMode := d.choice("hvac_mode", texts(e.Attributes["hvac_modes"])...)
	if !ok {
		return nil
	}
	return does(e, func(e *home.Entity) {
		if changesMode {
			e.State = mode
		}
		e.Attributes["temperature"] = target
		hvacAction(e)
	})
}

// targetTemperature is the temperature that a climate or water heater is asked for.
func targetTemperature(e home.Entity, d *data) (float64, bool) {
	low, high := attribute(e, "min_temp", 7), attribute(e, "max_temp", 35)
	target, ok := d.number("temperature", low, high)
	d.need("temperature", ok, "a temperature")
	return target, ok
}

func climateSetMode(h *Home, e home.Entity, d *data) []effect {
	mode, ok := d.choice("hvac_mode", texts(e.Attributes["hvac_modes"])...)
	d.need("hvac_mode", ok, "one of the entity's hvac_modes")
	return hvacMode(mode)(h, e, d)
}

// climateOn picks the first of the modes that Home Assistant prefers.
func climateOn(h *Home, e home.Entity, d *data) []effect {
	for _, mode := range []string{"heat_cool", "heat", "cool"} {
		if slices.Contains(texts(e.Attributes["hvac_modes"]), mode) {
			return hvacMode(mode)(h, e, d)
		}
	}
	d.lacks("turn_on")
	return nil
}

func hvacMode(mode string) service {
	return func(_ *Home, e home.Entity, _ *data) []effect {
		return does(e, func(e *home.Entity) {
			e.State = mode
			hvacAction(e)
		})
	}
}

// hvacAction says what the device is doing to reach its target.
func hvacAction(e *home.Entity) {
	now, target := attribute(*e, "current_temperature", 0), attribute(*e, "temperature", 0)
	heats := e.State == "heat" || e.State == "heat_cool" || e.State == "auto"
	cools := e.State == "cool" || e.State == "heat_cool" || e.State == "auto"
	switch {
	case e.State == "off":
		e.Attributes["hvac_action"] = "off"
	case heats && now < target:
		e.Attributes["hvac_action"] = "heating"
	case cools && now > target:
		e.Attributes["hvac_action"] = "cooling"
	default:
		e.Attributes["hvac_action"] = "idle"
	}
}

func waterHeaters() map[string]service {
	return map[string]service{
		"water_heater.set_temperature": func(_ *Home, e home.Entity, d *data) []effect {
			target, _ := targetTemperature(e, d)
			return sets(e, "temperature", target)
		},
		"water_heater.set_operation_mode": func(_ *Home, e home.Entity, d *data) []effect {
			mode, ok := d.choice("operation_mode", texts(e.Attributes["operation_list"])...)
			d.need("operation_mode", ok, "one of the entity's operation_list")
			return does(e, func(e *home.Entity) { e.State = mode })
		},
		"water_heater.turn_on":  state("eco"),
		"water_heater.turn_off": state("off"),
	}
}

func humidifiers() map[string]service {
	all := onOff("humidifier")
	all["humidifier.set_mode"] = picks("mode", "mode", "available_modes")
	all["humidifier.set_humidity"] = func(_ *Home, e home.Entity, d *data) []effect {
		target, ok := d.whole("humidity", int(attribute(e, "min_humidity", 0)), int(attribute(e, "max_humidity", 100)))
		d.need("humidity", ok, "0 to 100")
		return sets(e, "humidity", target)
	}
	return all
}
