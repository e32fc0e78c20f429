package demo

import (
	"math"
	"slices"

	"golang.org/x/image/colornames"

	"hearth/daemon/home"
)

func lights() map[string]service {
	return map[string]service{
		"light.turn_on":  lightOn,
		"light.turn_off": lightOff,
		"light.toggle":   toggles(lightOff, lightOn, "on"),
	}
}

func lightOn(h *Home, e home.Entity, d *data) []effect {
	d.number("transition", 0, 6553)
	level, dims := brightness(h, e, d)
	color := lightColor(e, d)
	if dims && level == 0 {
		return lightOff(h, e, d)
	}
	return does(e, func(e *home.Entity) {
		e.State = "on"
		if supports(*e, "onoff") {
			return
		}
		e.Attributes["brightness"] = level
		if e.Attributes["color_mode"] == nil {
			ownColor(e)
		}
		color(e)
	})
}

// lightOff forgets what only a burning light has, as Home Assistant does, but the bulb remembers.
func lightOff(h *Home, e home.Entity, d *data) []effect {
	d.number("transition", 0, 6553)
	return does(e, func(e *home.Entity) {
		e.State = "off"
		if level, ok := e.Attributes["brightness"].(int); ok {
			h.brightness[e.ID] = level
		}
		for _, attribute := range []string{"brightness", "color_mode", "rgb_color", "color_temp_kelvin"} {
			delete(e.Attributes, attribute)
		}
	})
}

// brightness is the level to come, 0 to 255. It tells too whether the call asked for one.
func brightness(h *Home, e home.Entity, d *data) (level int, asked bool) {
	level = 255
	if last, ok := h.brightness[e.ID]; ok {
		level = last
	}
	level = int(attribute(e, "brightness", float64(level)))
	if n, ok := d.whole("brightness", 0, 255); ok {
		level, asked = n, true
	}
	if percent, ok := d.number("brightness_pct", 0, 100); ok {
		level, asked = int(math.Round(percent*255/100)), true
	}
	if step, ok := d.number("brightness_step_pct", -100, 100); ok {
		if e.State == "off" {
			level = 0
		}
		level, asked = min(255, max(0, level+int(math.Round(step*255/100)))), true
	}
	if asked && supports(e, "onoff") {
		d.lacks("brightness")
	}
	return level, asked
}

// lightColor reads a colour in any of the forms a call may give it.
func lightColor(e home.Entity, d *data) (apply func(*home.Entity)) {
	apply = func(*home.Entity) {}
	if name, ok := d.text("color_name"); ok {
		c, known := colornames.Map[name]
		if !known {
			d.refuse("color_name", name, "a CSS color name")
		}
		apply = rgb(e, d, int(c.R), int(c.G), int(c.B))
	}
	if value, ok := d.take("rgb_color"); ok {
		r, g, b, valid := channels(value)
		if !valid {
			d.refuse("rgb_color", value, "three numbers from 0 to 255")
		}
		apply = rgb(e, d, r, g, b)
	}
	if kelvin, ok := d.number("color_temp_kelvin", 1000, 20000); ok {
		warmest, coldest := attribute(e, "min_color_temp_kelvin", 2000), attribute(e, "max_color_temp_kelvin", 6500)
		apply = temperature(e, d, int(min(coldest, max(warmest, kelvin)))) // bulbs do what they can
	}
	return apply
}

func rgb(e home.Entity, d *data, r, g, b int) func(*home.Entity) {
	if !supports(e, "rgb") {
		d.lacks("color")
	}
	return func(e *home.Entity) {
		e.Attributes["color_mode"], e.Attributes["rgb_color"] = "rgb", []int{r, g, b}
		delete(e.Attributes, "color_temp_kelvin")
	}
}

func temperature(e home.Entity, d *data, kelvin int) func(*home.Entity) {
	if !supports(e, "color_temp") {
		d.lacks("color_temp_kelvin")
	}
	return func(e *home.Entity) {
		e.Attributes["color_mode"], e.Attributes["color_temp_kelvin"] = "color_temp", kelvin
		delete(e.Attributes, "rgb_color")
	}
}

// ownColor is the light that a bulb gives when nobody asked for another.
func ownColor(e *home.Entity) {
	e.Attributes["color_mode"] = "brightness"
	if supports(*e, "color_temp") {
		e.Attributes["color_mode"], e.Attributes["color_temp_kelvin"] = "color_temp", 2700
	}
}

func supports(e home.Entity, mode string) bool {
	return slices.Contains(texts(e.Attributes["supported_color_modes"]), mode)
}

// channels reads red, green and blue.
func channels(value any) (r, g, b int, ok bool) {
	var list []any
	switch v := value.(type) {
	case []any:
		list = v
	case []int:
		for _, n := range v {
			list = append(list, n)
		}
	}
	if len(list) != 3 {
		return 0, 0, 0, false
	}
	var channel [3]int
	for i, element := range list {
		n, isNumber := home.Number(element)
		if !isNumber || !(0 <= n && n <= 255) {
			return 0, 0, 0, false
		}
		channel[i] = int(n)
	}
	return channel[0], channel[1], channel[2], true
}
