package undo

import "hearth/daemon/home"

// light turns a light off again, or on as it was: as bright, of the same colour or temperature, with its effect.
func light(c change) ([]home.Call, Reason) {
	if !c.stateChanged() && !c.differs("brightness", "color_mode", "color_temp_kelvin", "rgb_color", "effect") {
		return nil, ""
	}
	if c.before.State == "off" {
		return []home.Call{c.back("turn_off", nil)}, ""
	}
	data := map[string]any{}
	give := func(field, attribute string) {
		if was := c.before.Attributes[attribute]; was != nil {
			data[field] = was
		}
	}
	give("brightness", "brightness")
	switch c.before.Attributes["color_mode"] {
	case "color_temp":
		give("color_temp_kelvin", "color_temp_kelvin")
	case "hs", "rgb", "xy": // each is reported as red, green and blue too, which the confirmation compares
		give("rgb_color", "rgb_color")
	case "rgbw":
		give("rgbw_color", "rgbw_color")
	case "rgbww":
		give("rgbww_color", "rgbww_color")
	}
	switch {
	case hasEffect(c.before):
		give("effect", "effect")
	case hasEffect(c.after):
		data["effect"] = "off"
	}
	return []home.Call{c.back("turn_on", data)}, ""
}

func hasEffect(e home.Entity) bool {
	effect, _ := e.Attributes["effect"].(string)
	return effect != "" && effect != "off" && effect != "None"
}

// differs tells whether any of the attributes is another one now.
func (c change) differs(attributes ...string) bool {
	for _, attribute := range attributes {
		if !near(c.before.Attributes[attribute], c.after.Attributes[attribute], 0) {
			return true
		}
	}
	return false
}
