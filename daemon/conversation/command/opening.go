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

// setTilt turns the slats of covers to a tilt from 0, closed, to 100.
func setTilt(q request) (Command, error) {
	tilt, err := q.percent("tilt")
	if err != nil {
		return Command{}, err
	}
	targets, err := q.targets(want{domains: []string{"cover"}, can: tilts(tilt)})
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call {
		switch {
		case feature(tiltPosition)(e):
			return call(e, "set_cover_tilt_position", map[string]any{"tilt_position": tilt})
		case tilt == 0:
			return call(e, "close_cover_tilt", nil)
		}
		return call(e, "open_cover_tilt", nil)
	}), nil
}

// tilts is the capability of turning slats that far.
func tilts(tilt int) capability {
	switch tilt {
	case 0:
		return feature(tiltClose | tiltPosition)
	case 100:
		return feature(tiltOpen | tiltPosition)
	}
	return feature(tiltPosition)
}
