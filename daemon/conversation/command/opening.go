package command

import "hearth/daemon/home"

// setPosition moves covers and valves to a position from 0, closed, to 100.
func setPosition(q request) (Command, error) {
	position, err := q.percent("position")
	if err != nil {
		return Command{}, err
	}
	targets, err := q.targets(want{domains: []string{"cover", "valve"}, can: feature(openingPosition)})
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call {
		return call(e, "set_"+e.Domain()+"_position", map[string]any{"position": position})
	}), nil
}
