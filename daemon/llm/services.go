package llm

import "slices"

// A service is what the model may ask of the entities of a domain. Names, fields and ranges are Home
// Assistant's (homeassistant/components/<domain>/services.yaml).
type service struct {
	name   string
	fields []field
}

// A field is one value of a service's data.
type field struct {
	name     string
	kind     string // of JSON schema: "integer", "number", "string", "boolean"
	min, max float64
	choices  []string // of a string; nil for free text
	required bool
}

var (
	percentage = func(name string) field {
		return field{name: name, kind: "integer", max: 100, required: true}
	}
	degrees = field{name: "temperature", kind: "number", min: -50, max: 250, required: true} // °C or °F, as the home has it
)

func plain(names ...string) []service {
	bare := make([]service, len(names))
	for i, name := range names {
		bare[i].name = name
	}
	return bare
}

func with(name string, fields ...field) service { return service{name, fields} }

// services are those a voice has a use for, by domain. The gate has the last word.
var services = map[string][]service{
	"light": append(plain("turn_off"), with("turn_on",
		field{name: "brightness_pct", kind: "integer", max: 100},
		field{name: "color_temp_kelvin", kind: "integer", min: 1000, max: 10000},
		field{name: "color_name", kind: "string", choices: []string{
			"red", "orange", "yellow", "green", "cyan", "blue", "purple", "magenta", "pink", "white", "turquoise", "gold",
		}})),
	"switch":        plain("turn_on", "turn_off"),
	"input_boolean": plain("turn_on", "turn_off"),
	"siren":         plain("turn_on", "turn_off"),
	"fan":           append(plain("turn_on", "turn_off"), with("set_percentage", percentage("percentage"))),
	"humidifier":    append(plain("turn_on", "turn_off"), with("set_humidity", percentage("humidity"))),
	"cover":         append(plain("open_cover", "close_cover", "stop_cover"), with("set_cover_position", percentage("position"))),
	"valve":         append(plain("open_valve", "close_valve"), with("set_valve_position", percentage("position"))),
	"lock":          plain("lock", "unlock"),
	"climate": append(plain("turn_on", "turn_off"), with("set_temperature", degrees),
		with("set_hvac_mode", field{name: "hvac_mode", kind: "string", required: true, choices: []string{
			"off", "heat", "cool", "heat_cool", "auto", "dry", "fan_only",
		}})),
	"water_heater": append(plain("turn_on", "turn_off"), with("set_temperature", degrees)),
	"media_player": append(plain("turn_on", "turn_off", "media_play", "media_pause", "media_stop",
		"media_next_track", "media_previous_track", "volume_up", "volume_down"),
		with("volume_set", field{name: "volume_level", kind: "number", max: 1, required: true}),
		with("volume_mute", field{name: "is_volume_muted", kind: "boolean", required: true})),
	"vacuum":       plain("start", "pause", "stop", "return_to_base"),
	"lawn_mower":   plain("start_mowing", "pause", "dock"),
	"scene":        plain("turn_on"),
	"script":       plain("turn_on"),
	"button":       plain("press"),
	"input_button": plain("press"),
	"todo":         {with("add_item", field{name: "item", kind: "string", required: true})},
}

// find is the service of that name in a domain.
func find(domain, name string) (service, bool) {
	i := slices.IndexFunc(services[domain], func(s service) bool { return s.name == name })
	if i < 0 {
		return service{}, false
	}
	return services[domain][i], true
}
