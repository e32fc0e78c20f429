package command

import (
	"maps"
	"slices"

	"hearth/daemon/home"
)

// lightSet sets brightness, color or color temperature; a light that is off is turned on by it.
func lightSet(q request) (Command, error) {
	data, can, err := q.lightData()
	if err != nil {
		return Command{}, err
	}
	targets, err := q.targets(want{domains: []string{"light"}, can: can})
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call { return call(e, "turn_on", maps.Clone(data)) }), nil
}

// lightData is the data of light.turn_on, and what a light must be able to do for it.
func (q request) lightData() (map[string]any, capability, error) {
	data := map[string]any{}
	var needs []capability
	if q.has("brightness") {
		percent, err := q.percent("brightness")
		if err != nil {
			return nil, nil, err
		}
		data["brightness_pct"] = percent
		needs = append(needs, dims)
	}
	if q.has("color") {
		data["color_name"] = q.Slots["color"].Color()
		needs = append(needs, shines("hs", "rgb", "rgbw", "rgbww", "xy"))
	}
	if q.has("temperature") {
		kelvin, err := q.number("temperature")
		if err != nil {
			return nil, nil, err
		}
		data["color_temp_kelvin"] = int(kelvin)
		needs = append(needs, shines("color_temp", "hs", "rgb", "rgbw", "rgbww", "xy"))
	}
	if len(data) == 0 {
		return nil, nil, errorf(ErrBadSlot, "%s sets nothing", q.Intent)
	}
	return data, all(needs...), nil
}

// dims is the capability of more than on and off.
func dims(e home.Entity) bool {
	modes := Words(e.Attributes["supported_color_modes"])
	return len(modes) == 0 || slices.ContainsFunc(modes, func(m string) bool { return m != "onoff" && m != "unknown" })
}

// shines is the capability of one of these color modes. Home Assistant turns a color temperature into
// a color for a light that has only colors.
func shines(modes ...string) capability {
	return func(e home.Entity) bool {
		have := Words(e.Attributes["supported_color_modes"])
		return len(have) == 0 || slices.ContainsFunc(have, func(m string) bool { return slices.Contains(modes, m) })
	}
}
