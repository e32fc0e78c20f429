package config

import (
	"maps"
	"slices"
	"strings"
)

// actionable are the domains that a call can change, each with its device classes where Home Assistant
// names them. A word outside it in gate.critical would protect nothing, so it is a fault.
// Source: https://developers.home-assistant.io/docs/core/entity
var actionable = map[string][]string{
	"alarm_control_panel": nil,
	"automation":          nil,
	"button":              {"identify", "restart", "update"},
	"climate":             nil,
	"cover": {"awning", "blind", "curtain", "damper", "door", "garage", "gate", "shade", "shutter",
		"window"},
	"fan":           nil,
	"humidifier":    {"dehumidifier", "humidifier"},
	"input_boolean": nil,
	"input_button":  nil,
	"input_number":  nil,
	"input_select":  nil,
	"lawn_mower":    nil,
	"light":         nil,
	"lock":          nil,
	"media_player":  {"receiver", "speaker", "tv"},
	"number":        nil,
	"scene":         nil,
	"script":        nil,
	"select":        nil,
	"siren":         nil,
	"switch":        {"outlet", "switch"},
	"todo":          nil,
	"vacuum":        nil,
	"valve":         {"gas", "water"},
	"water_heater":  nil,
}

func (k *checker) critical(field, value string) {
	domain, class, hasClass := strings.Cut(value, ".")
	classes, known := actionable[domain]
	switch {
	case !known:
		k.fault(field, value, "names no domain that can be acted on", suggest(domain, slices.Sorted(maps.Keys(actionable))))
	case hasClass && classes == nil:
		k.fault(field, value, "is not accepted: "+domain+" has no device classes", domain)
	case hasClass && !slices.Contains(classes, class):
		k.fault(field, value, "names no device class of "+domain, suggest(class, classes))
	}
}
