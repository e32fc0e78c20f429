package command

import (
	"slices"
	"strings"

	"hearth/daemon/home"
)

// A choice is a setting that a kind of device has, of words that the device itself lists.
type choice struct {
	domain    string
	attribute string // lists the words
	service   string
	field     string // of the service's data
}

// choices are in the order in which a word that stands in several lists is looked for.
var choices = []choice{
	{"select", "options", "select_option", "option"},
	{"input_select", "options", "select_option", "option"},
	{"climate", "hvac_modes", "set_hvac_mode", "hvac_mode"},
	{"climate", "preset_modes", "set_preset_mode", "preset_mode"},
	{"climate", "fan_modes", "set_fan_mode", "fan_mode"},
	{"climate", "swing_modes", "set_swing_mode", "swing_mode"},
	{"fan", "preset_modes", "set_preset_mode", "preset_mode"},
	{"humidifier", "available_modes", "set_mode", "mode"},
	{"water_heater", "operation_list", "set_operation_mode", "operation_mode"},
	{"media_player", "source_list", "select_source", "source"},
	{"media_player", "sound_mode_list", "select_sound_mode", "sound_mode"},
	{"vacuum", "fan_speed_list", "set_fan_speed", "fan_speed"},
}

// setOption sets a device to one of the words that it knows.
func setOption(q request) (Command, error) {
	option := q.text("option")
	if option == "" {
		return Command{}, errorf(ErrBadSlot, "option of %s is empty", q.Intent)
	}
	domains := make([]string, len(choices))
	for i, c := range choices {
		domains[i] = c.domain
	}
	targets, err := q.targets(want{domains: domains})
	if err != nil {
		return Command{}, err
	}
	e := targets[0]
	for _, c := range choices {
		if word, ok := c.word(e, option); ok {
			return act(targets[:1], func(e home.Entity) home.Call { return call(e, c.service, map[string]any{c.field: word}) }), nil
		}
	}
	known := options(e)
	if len(known) == 0 {
		return Command{}, &TargetError{Key: "feature_not_supported"}
	}
	return Command{}, &OptionError{e.Name, q.said("option"), known}
}

// word is the device's own spelling of a word that was said.
func (c choice) word(e home.Entity, said string) (string, bool) {
	if e.Domain() != c.domain {
		return "", false
	}
	words := Words(e.Attributes[c.attribute])
	i := slices.IndexFunc(words, func(word string) bool { return strings.EqualFold(readable(word), readable(said)) })
	if i < 0 {
		return "", false
	}
	return words[i], true
}

// options are all words that the device can be set to, as people read them.
func options(e home.Entity) (all []string) {
	for _, c := range choices {
		if c.domain == e.Domain() {
			for _, word := range Words(e.Attributes[c.attribute]) {
				if word = readable(word); !slices.Contains(all, word) {
					all = append(all, word)
				}
			}
		}
	}
	return all
}

// readable turns "ludicrous_speed" into words.
func readable(word string) string {
	return strings.Join(strings.FieldsFunc(word, func(r rune) bool { return r == '_' || r == '-' || r == ' ' }), " ")
}
