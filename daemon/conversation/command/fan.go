package command

import (
	"math"

	"hearth/daemon/home"
)

var fans = []string{"fan"}

// fanSetSpeed sets the speed of fans in percent, or to one of their own speeds: by its number in the slot level, or to
// the one that is next to the percentage in the slot speed, for "fast" and "slow" are no figures.
func fanSetSpeed(q request) (Command, error) {
	if q.has("level") {
		return fanSetLevel(q)
	}
	said := "percentage"
	if q.has("speed") {
		said = "speed"
	}
	percent, err := q.percent(said)
	if err != nil {
		return Command{}, err
	}
	targets, err := q.targets(want{domains: fans, can: feature(fanSpeed)})
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call {
		to := percent
		if said == "speed" {
			to = speedPercent(e, max(math.Round(float64(percent)/speedStep(e)), 1))
		}
		return call(e, "set_percentage", map[string]any{"percentage": to})
	}), nil
}

// fanSetLevel sets a fan to one of its speeds: "level 2" of four is 50 percent.
func fanSetLevel(q request) (Command, error) {
	level, err := q.number("level")
	if err != nil {
		return Command{}, err
	}
	targets, err := q.targets(want{domains: fans, can: all(feature(fanSpeed), func(e home.Entity) bool { return speedStep(e) >= fewSpeeds })})
	if err != nil {
		return Command{}, err
	}
	for _, e := range targets {
		if most := math.Round(100 / speedStep(e)); level < 1 || level > most {
			return Command{}, &RangeError{e.Name, 1, most}
		}
	}
	return act(targets, func(e home.Entity) home.Call {
		return call(e, "set_percentage", map[string]any{"percentage": speedPercent(e, level)})
	}), nil
}

// fewSpeeds is the least step, in percent, between speeds that people count.
const fewSpeeds = 10

// speedStep is how far one speed of a fan is from the next, in percent.
func speedStep(e home.Entity) float64 {
	step, _ := home.Number(e.Attributes["percentage_step"])
	return min(max(step, 1), 100)
}

// speedPercent is the speed of that number, of which the last one is all that a fan can.
func speedPercent(e home.Entity, level float64) int {
	if step := speedStep(e); level < math.Round(100/step) {
		return int(math.Round(level * step))
	}
	return 100
}

// steppedFan is the call that makes a fan so much faster or slower, and at least by one of its speeds. Slower is not off.
func steppedFan(e home.Entity, by float64) (home.Call, bool) {
	percent, known := home.Number(e.Attributes["percentage"])
	if e.State != "on" {
		percent, known = 0, by > 0
	}
	step := speedStep(e)
	levels := math.Copysign(max(math.Round(math.Abs(by)/step), 1), by)
	level := max(math.Round(percent/step)+levels, 1)
	return call(e, "set_percentage", map[string]any{"percentage": speedPercent(e, level)}), known && feature(fanSpeed)(e)
}

// fanOscillate lets fans swing to and fro, or stops that.
func fanOscillate(q request) (Command, error) {
	targets, err := q.targets(want{domains: fans, can: feature(fanOscillates)})
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call {
		return call(e, "oscillate", map[string]any{"oscillating": q.text("state") != "off"})
	}), nil
}

// fanDirection turns fans in the direction that was said, or else in the other one.
func fanDirection(q request) (Command, error) {
	targets, err := q.targets(want{domains: fans, can: feature(fanDirections)})
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call {
		direction := q.text("direction")
		if direction == "" {
			if direction = "reverse"; e.Attributes["direction"] == "reverse" {
				direction = "forward"
			}
		}
		return call(e, "set_direction", map[string]any{"direction": direction})
	}), nil
}
