package command

import (
	"slices"

	"hearth/daemon/home"
)

// A Service is something that one device can be asked for: what its domain has, what the device supports, and in the
// words and within the bounds that the device tells.
type Service struct {
	Name   string // without the domain: "set_temperature"
	Fields []Field
}

// A FieldKind is what a field's value is.
type FieldKind string

// The kinds, as JSON schemas call them.
const (
	Whole  FieldKind = "integer"
	Number FieldKind = "number"
	Text   FieldKind = "string" // one of Choices, where there are any
	Flag   FieldKind = "boolean"
)

// A Field is one value of a service's data.
type Field struct {
	Name     string
	Kind     FieldKind
	Min, Max float64 // of a number, both included
	Choices  []string
	Required bool
	list     bool // the value is sent as a list of one
}

// Services are what a device can be asked for, those of its domain that a voice has a use for. They are what Build
// makes calls of. The gate has the last word.
func Services(s *home.Snapshot, e home.Entity) []Service {
	var all []Service
	toggling := togglings[e.Domain()]
	for _, on := range []bool{true, false} {
		name, bit := toggling.service(on)
		special := slices.ContainsFunc(offered[e.Domain()], func(o offer) bool { return o.service == name })
		if name != "" && !special && (bit == 0 || feature(bit)(e)) {
			all = append(all, Service{Name: name})
		}
	}
	for _, o := range offered[e.Domain()] {
		if o.can == nil || o.can(e) {
			all = append(all, Service{o.service, o.fields(s, e)})
		}
	}
	for _, c := range choices {
		if words := Words(e.Attributes[c.attribute]); c.domain == e.Domain() && len(words) > 0 {
			all = append(all, Service{c.service, []Field{choiceOf(c.field, words...)}})
		}
	}
	return all
}

// An offer is a service of a domain that is more than on and off.
type offer struct {
	service string
	can     capability // every device of the domain when nil
	with    func(s *home.Snapshot, e home.Entity) []Field
}

func (o offer) fields(s *home.Snapshot, e home.Entity) []Field {
	if o.with == nil {
		return nil
	}
	return o.with(s, e)
}

// fields are the same for every device.
func fields(all ...Field) func(*home.Snapshot, home.Entity) []Field {
	return func(*home.Snapshot, home.Entity) []Field { return all }
}

func percentOf(name string) Field { return Field{Name: name, Kind: Whole, Max: 100, Required: true} }
func textOf(name string) Field    { return Field{Name: name, Kind: Text, Required: true} }
func flagOf(name string) Field    { return Field{Name: name, Kind: Flag, Required: true} }
func choiceOf(name string, words ...string) Field {
	return Field{Name: name, Kind: Text, Choices: words, Required: true}
}

// between is a number within two attributes of the device, where it has them, and else within the given bounds.
func between(f Field, low, high string) func(*home.Snapshot, home.Entity) []Field {
	return func(_ *home.Snapshot, e home.Entity) []Field {
		bounded := f
		least, ok := home.Number(e.Attributes[low])
		most, known := home.Number(e.Attributes[high])
		if ok && known && least <= most {
			bounded.Min, bounded.Max = least, most
		}
		return []Field{bounded}
	}
}

var (
	degrees  = between(Field{Name: "temperature", Kind: Number, Min: -50, Max: 250, Required: true}, "min_temp", "max_temp")
	moisture = between(percentOf("humidity"), "min_humidity", "max_humidity")
	setTo    = []offer{{"set_value", nil, between(Field{Name: "value", Kind: Number, Min: -1e9, Max: 1e9, Required: true}, "min", "max")}}
)

// colorNames are those of the colors of CSS that people say.
var colorNames = []string{"red", "orange", "yellow", "green", "cyan", "blue", "purple", "magenta", "pink", "white", "turquoise", "gold"}

// shining are the fields of light.turn_on that the light has a use for.
func shining(_ *home.Snapshot, e home.Entity) []Field {
	var all []Field
	if dims(e) {
		all = append(all, Field{Name: "brightness_pct", Kind: Whole, Max: 100})
	}
	if shines("color_temp", "hs", "rgb", "rgbw", "rgbww", "xy")(e) {
		all = append(all, between(Field{Name: "color_temp_kelvin", Kind: Whole, Min: 1000, Max: 10000}, "min_color_temp_kelvin", "max_color_temp_kelvin")(nil, e)...)
	}
	if shines("hs", "rgb", "rgbw", "rgbww", "xy")(e) {
		all = append(all, Field{Name: "color_name", Kind: Text, Choices: colorNames})
	}
	return all
}

// rooms are the home's areas, one of which a vacuum may be sent to.
func rooms(s *home.Snapshot, _ home.Entity) []Field {
	area := Field{Name: "cleaning_area_id", Kind: Text, Required: true, list: true}
	for _, a := range s.Areas {
		area.Choices = append(area.Choices, a.ID)
	}
	return []Field{area}
}

// offered are the services of a domain besides on and off and the words that a device lists.
var offered = map[string][]offer{
	"light": {{"turn_on", nil, shining}},
	"fan": {
		{"set_percentage", feature(fanSpeed), fields(percentOf("percentage"))},
		{"oscillate", feature(fanOscillates), fields(flagOf("oscillating"))},
		{"set_direction", feature(fanDirections), fields(choiceOf("direction", "forward", "reverse"))},
	},
	"humidifier": {{"set_humidity", nil, moisture}},
	"cover": {
		{"stop_cover", feature(openingStop), nil},
		{"set_cover_position", feature(openingPosition), fields(percentOf("position"))},
		{"open_cover_tilt", reports(tiltOpen), nil},
		{"close_cover_tilt", reports(tiltClose), nil},
		{"set_cover_tilt_position", reports(tiltPosition), fields(percentOf("tilt_position"))},
	},
	"valve": {
		{"stop_valve", feature(openingStop), nil},
		{"set_valve_position", feature(openingPosition), fields(percentOf("position"))},
	},
	"climate": {
		{"set_temperature", heats, degrees},
		{"set_humidity", moistens, moisture},
	},
	"water_heater": {{"set_temperature", heats, degrees}},
	"media_player": {
		{"media_play", feature(mediaPlay | mediaPause), nil},
		{"media_pause", feature(mediaPause), nil},
		{"media_stop", feature(mediaStop), nil},
		{"media_next_track", feature(mediaNext), nil},
		{"media_previous_track", feature(mediaPrevious), nil},
		{"volume_up", feature(mediaVolumeUp | mediaVolumeSet), nil},
		{"volume_down", feature(mediaVolumeUp | mediaVolumeSet), nil},
		{"volume_set", feature(mediaVolumeSet), fields(Field{Name: "volume_level", Kind: Number, Max: 1, Required: true})},
		{"volume_mute", feature(mediaMute), fields(flagOf("is_volume_muted"))},
		{"play_media", searches, fields(textOf(searchQuery))},
	},
	"vacuum": {
		{"pause", feature(vacuumPause), nil},
		{"stop", feature(vacuumStop), nil},
		{"locate", feature(vacuumLocate), nil},
		{"clean_area", reports(vacuumCleanArea), rooms},
	},
	"lawn_mower": {{"pause", feature(mowerPause), nil}},
	"alarm_control_panel": {
		{"alarm_arm_away", feature(armings["away"].bit), nil},
		{"alarm_arm_home", feature(armings["home"].bit), nil},
		{"alarm_arm_night", feature(armings["night"].bit), nil},
		{"alarm_arm_vacation", feature(armings["vacation"].bit), nil},
		{"alarm_disarm", nil, nil},
	},
	"number":       setTo,
	"input_number": setTo,
	"todo": {
		{"add_item", feature(todoCreate), fields(textOf("item"))},
		{"update_item", feature(todoUpdate), fields(textOf("item"), choiceOf("status", "completed"))},
		{"remove_item", feature(todoDelete), fields(textOf("item"))},
	},
	"assist_satellite": {{"announce", feature(satelliteAnnounce), fields(textOf("message"))}},
	"camera":           {{"snapshot", nil, nil}},
}

// searches is the capability of finding what to play.
var searches = all(reports(mediaPlayMedia), reports(mediaSearch))

// reports is feature without the benefit of the doubt, for what few devices can.
func reports(bits int) capability {
	return func(e home.Entity) bool { return e.Attributes["supported_features"] != nil && feature(bits)(e) }
}
