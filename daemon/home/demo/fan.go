package demo

import "hearth/daemon/home"

func fans() map[string]service {
	return map[string]service{
		"fan.turn_on":         fanOn,
		"fan.turn_off":        fanSpeed(0),
		"fan.toggle":          toggles(fanSpeed(0), fanOn, "on"),
		"fan.set_percentage":  fanSetPercentage,
		"fan.increase_speed":  fanStep(+1),
		"fan.decrease_speed":  fanStep(-1),
		"fan.set_preset_mode": picks("preset_mode", "preset_mode", "preset_modes"),
		"fan.oscillate":       fanOscillate,
		"fan.set_direction":   fanDirection,
	}
}

// fanOn starts a fan at the speed asked for, at the one it has, or at half speed; one that has reported none yet runs
// at full speed.
func fanOn(h *Home, e home.Entity, d *data) []effect {
	percentage, ok := d.number("percentage", 0, 100)
	if !ok {
		if percentage = attribute(e, "percentage", 100); percentage == 0 {
			percentage = 50
		}
	}
	return fanSpeed(int(percentage))(h, e, d)
}

func fanSetPercentage(h *Home, e home.Entity, d *data) []effect {
	percentage, ok := d.number("percentage", 0, 100)
	d.need("percentage", ok, "0 to 100")
	return fanSpeed(int(percentage))(h, e, d)
}

// fanSpeed is a service that runs a fan at a percentage; 0 stops it.
func fanSpeed(percentage int) service {
	return func(_ *Home, e home.Entity, _ *data) []effect {
		return does(e, func(e *home.Entity) { fanRuns(e, percentage) })
	}
}

// fanStep is a service that goes steps up or down.
func fanStep(steps int) service {
	return func(_ *Home, e home.Entity, _ *data) []effect {
		return does(e, func(e *home.Entity) {
			step := int(attribute(*e, "percentage_step", 10))
			fanRuns(e, min(100, max(0, int(attribute(*e, "percentage", 0))+steps*step)))
		})
	}
}

func fanRuns(e *home.Entity, percentage int) {
	e.State = "on"
	if percentage == 0 {
		e.State = "off"
	}
	e.Attributes["percentage"] = percentage
}

func fanOscillate(_ *Home, e home.Entity, d *data) []effect {
	on, ok := d.flag("oscillating")
	d.need("oscillating", ok, "true or false")
	return sets(e, "oscillating", on)
}

func fanDirection(_ *Home, e home.Entity, d *data) []effect {
	direction, ok := d.choice("direction", "forward", "reverse")
	d.need("direction", ok, "forward or reverse")
	return sets(e, "direction", direction)
}
