package confirm

import (
	"math"

	"hearth/daemon/home"
)

var fans = map[string]rule{
	"fan.turn_on":         both(becomes("on"), both(fanSpeed, equals("preset_mode", "preset_mode", "preset"))),
	"fan.set_percentage":  fanSpeed,
	"fan.increase_speed":  quantity{attribute: "percentage", label: "speed", show: percent}.grows(+1, 100),
	"fan.decrease_speed":  quantity{attribute: "percentage", label: "speed", show: percent}.grows(-1, 0),
	"fan.set_preset_mode": equals("preset_mode", "preset_mode", "preset"),
	"fan.oscillate":       equals("oscillating", "oscillating", "oscillating"),
	"fan.set_direction":   equals("direction", "direction", "direction"),
}

// fanSpeed is met at the speed asked for, or at the next one that the fan has: Home Assistant rounds up.
func fanSpeed(call home.Call, before home.Entity) condition {
	asked, ok := home.Number(call.Data["percentage"])
	if !ok {
		return nil
	}
	if asked == 0 {
		return becomes("off")(call, before)
	}
	speed := quantity{attribute: "percentage", label: "speed", tolerance: 1, show: percent}
	exact, next := speed.near(asked, before), speed.near(nextSpeed(asked, before), before)
	return func(now home.Entity) (string, bool) {
		if sees, met := next(now); met {
			return sees, met
		}
		return exact(now)
	}
}

func nextSpeed(asked float64, fan home.Entity) float64 {
	step, ok := home.Number(fan.Attributes["percentage_step"])
	if !ok || step <= 0 {
		return asked
	}
	return min(100, math.Ceil(asked/step-1e-9)*step)
}
