package command

import "hearth/daemon/home"

// fanSetSpeed sets the speed of fans in percent.
func fanSetSpeed(q request) (Command, error) {
	percent, err := q.percent("percentage")
	if err != nil {
		return Command{}, err
	}
	targets, err := q.targets(want{domains: []string{"fan"}, can: feature(fanSpeed)})
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call {
		return call(e, "set_percentage", map[string]any{"percentage": percent})
	}), nil
}
