package command

import "hearth/daemon/home"

var fans = []string{"fan"}

// fanSetSpeed sets the speed of fans in percent.
func fanSetSpeed(q request) (Command, error) {
	percent, err := q.percent("percentage")
	if err != nil {
		return Command{}, err
	}
	targets, err := q.targets(want{domains: fans, can: feature(fanSpeed)})
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call {
		return call(e, "set_percentage", map[string]any{"percentage": percent})
	}), nil
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
