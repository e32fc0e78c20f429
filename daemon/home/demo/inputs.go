package demo

import (
	"strconv"
	"time"

	"hearth/daemon/home"
)

// inputs are the services of helpers and of buttons.
func inputs() map[string]service {
	all := onOff("input_boolean")
	for _, domain := range []string{"button", "input_button"} {
		all[domain+".press"] = func(_ *Home, e home.Entity, _ *data) []effect {
			return does(e, func(e *home.Entity) { e.State = timestamp() })
		}
	}
	for _, domain := range []string{"number", "input_number"} {
		all[domain+".set_value"] = setValue
	}
	for _, domain := range []string{"select", "input_select"} {
		all[domain+".select_option"] = func(_ *Home, e home.Entity, d *data) []effect {
			option, ok := d.choice("option", texts(e.Attributes["options"])...)
			d.need("option", ok, "one of the entity's options")
			return does(e, func(e *home.Entity) { e.State = option })
		}
	}
	return all
}

func setValue(_ *Home, e home.Entity, d *data) []effect {
	value, ok := d.number("value", attribute(e, "min", 0), attribute(e, "max", 100))
	d.need("value", ok, "a number")
	return does(e, func(e *home.Entity) { e.State = strconv.FormatFloat(value, 'f', -1, 64) })
}

func satellites() map[string]service {
	const speaking = 2 * time.Second
	return map[string]service{"assist_satellite.announce": func(h *Home, e home.Entity, d *data) []effect {
		_, ok := d.text("message")
		d.need("message", ok, "text")
		d.ignore("preannounce")
		starts, ends := reaches("responding")(h, e, d), reaches("idle")(h, e, d)
		ends[0].after = speaking
		return append(starts, ends...)
	}}
}

// timestamp is the state of what has none but the moment it was last used.
func timestamp() string { return time.Now().UTC().Format(time.RFC3339Nano) }
