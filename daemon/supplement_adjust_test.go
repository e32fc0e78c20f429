package daemon

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

// calledFor is what the first reading that can be carried out calls, with its data, or why the first one cannot be.
func calledFor(results []intent.Result, in command.Input) string {
	why := ""
	for _, r := range results {
		cmd, err := command.Build(r, in)
		if err != nil {
			if why == "" {
				why = err.Error()
			}
			continue
		}
		var calls []string
		for _, c := range cmd.Calls {
			data, _ := json.Marshal(c.Data)
			_, object, _ := strings.Cut(string(c.Entity), ".")
			calls = append(calls, c.Service+" "+object+" "+string(data))
		}
		return strings.Join(calls, ", ")
	}
	return why
}

// What is lit, warm, loud or turns is turned up and down in English, by a step or by as much as is said.
func TestTurnedUpAndDown(t *testing.T) {
	house := demo.New().Snapshot()
	lit := slices.Clone(house.Entities)
	for i, e := range lit {
		switch e.ID {
		case "light.kitchen_ceiling", "light.living_room_lamp":
			lit[i].State, lit[i].Attributes = "on", map[string]any{"brightness": 127.5}
		case "fan.ceiling_fan":
			lit[i].State, lit[i].Attributes = "on", maps.Clone(e.Attributes)
			lit[i].Attributes["percentage"] = 50
		}
	}
	in := command.Input{Home: home.NewSnapshot(lit, house.Areas, house.Floors), Room: "kitchen"}
	language := supplementedLanguage(t, "en").Home(namesOf(in.Home))
	const noHeating = "no fitting target: no_domain_in_area area=Kitchen domain=climate"
	for said, want := range map[string]string{
		"dim the lights":                                      `turn_on kitchen_ceiling {"brightness_pct":30}`,
		"turn up the kitchen lights a bit":                    `turn_on kitchen_ceiling {"brightness_pct":60}`,
		"increase brightness by 10 percent":                   `turn_on kitchen_ceiling {"brightness_pct":60}`,
		"brighten the living room by 30 percent":              `turn_on living_room_lamp {"brightness_pct":80}`,
		"turn the living room lamp down":                      `turn_on living_room_lamp {"brightness_pct":30}`,
		"dim the desk lamp":                                   "no fitting target: entity_wrong_state state=on",
		"make the lights brighter upstairs":                   `turn_on bed_light {"brightness_pct":20}, turn_on bedroom_ceiling {"brightness_pct":20}, turn_on night_light {"brightness_pct":20}`,
		"turn the heating down by two degrees":                `set_temperature thermostat {"temperature":19}`,
		"turn up the thermostat by 1.5 degrees":               `set_temperature thermostat {"temperature":22.5}`,
		"turn up the thermostat by 90 degrees":                `set_temperature thermostat {"temperature":30}`,
		"set the thermostat to warmer":                        `set_temperature thermostat {"temperature":22}`,
		"raise the temperature by two degrees":                noHeating,
		"raise the temperature in the bedroom by two degrees": `set_temperature bedroom_radiator {"temperature":20}`,
		"make the bedroom two degrees cooler":                 `set_temperature bedroom_radiator {"temperature":16}`,
		"set the thermostat to minus 5":                       "Thermostat can only be set from 7 to 30",
		"set the thermostat to 50 degrees":                    "Thermostat can only be set from 7 to 30",
		"set the bedroom to 19 degrees":                       `set_temperature bedroom_radiator {"temperature":19}`,
		"set the bedroom to 19":                               `turn_on bed_light {"brightness_pct":19}, turn_on bedroom_ceiling {"brightness_pct":19}`,
		"set the heater in the bedroom to 19":                 `set_temperature bedroom_radiator {"temperature":19}`,
		"set the thermostat to eco":                           `set_preset_mode thermostat {"preset_mode":"eco"}`,
		"turn off the heating upstairs":                       "turn_off bedroom_radiator null",
		"turn off the radiator in the bedroom":                "turn_off bedroom_radiator null",
		"turn off all the radiators":                          "turn_off bedroom_radiator null, turn_off thermostat null",
		"turn off the radiator":                               noHeating,
		"turn the radio down a bit":                           `volume_set kitchen_speaker {"volume_level":0.35}`,
		"turn the ceiling fan up":                             `set_percentage ceiling_fan {"percentage":75}`,
		"turn down the fan in the living room":                `set_percentage ceiling_fan {"percentage":25}`,
		"set the ceiling fan to high":                         `set_percentage ceiling_fan {"percentage":100}`,
		"set the ceiling fan to speed 2":                      `set_percentage ceiling_fan {"percentage":50}`,
		"set the ceiling fan to speed 9":                      "Ceiling Fan can only be set from 1 to 4",
		"fan speed to max in the living room":                 `set_percentage ceiling_fan {"percentage":100}`,
		"lower the kids room shutter":                         "close_cover kids_room_shutter null",
		"raise the roof":                                      "",
	} {
		if got := calledFor(language.Recognize(said, intent.Where{Area: in.Room}), in); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

// Who is cold or hot says how the room should be, whatever was spoken of before; who tells more of it does not.
func TestWhoIsColdWantsItWarmer(t *testing.T) {
	const warmer, cooler = `set_temperature bedroom_radiator {"temperature":19}`, `set_temperature bedroom_radiator {"temperature":17}`
	house := demo.New().Snapshot()
	in := command.Input{Home: house, Room: "bedroom", Before: &command.Before{Entities: []home.EntityID{"climate.thermostat"}}}
	for language, cases := range map[string][][2]string{
		"en": {{"I am cold", warmer}, {"I'm freezing", warmer}, {"we are too cold", warmer}, {"I'm too warm", cooler}, {"I am hot", cooler},
			{"it is too cold in here", warmer}, {"I am warm", ""}, {"I am not cold", ""}, {"I am cold as ice", ""}, {"are you cold", ""}},
		"de": {{"mir ist kalt", warmer}, {"mir ist zu kalt", warmer}, {"mir ist hier echt kalt", warmer}, {"uns ist kalt", warmer}, {"ich friere", warmer},
			{"mir ist zu warm", cooler}, {"mir ist heiß", cooler}, {"es ist zu kalt hier", warmer}, {"mir ist warm", ""}, {"mir ist nicht kalt", ""}},
		"fr": {{"j'ai froid", warmer}, {"j'ai trop chaud", cooler}, {"j'ai chaud", cooler}, {"on a froid", warmer}, {"je gèle", warmer},
			{"il fait trop froid ici", warmer}, {"j'ai froid aux yeux", ""}, {"je n'ai pas froid", ""}},
		"es": {{"tengo frío", warmer}, {"tengo mucho frío", warmer}, {"tengo calor", cooler}, {"me estoy helando", warmer},
			{"hace demasiado frío aquí", warmer}, {"no tengo frío", ""}, {"tengo frío en los pies", ""}},
		"nl": {{"ik heb het koud", warmer}, {"ik heb het te warm", cooler}, {"ik heb het warm", cooler}, {"we hebben het koud", warmer},
			{"het is te koud hier", warmer}, {"het is hier te koud", warmer}, {"ik heb het niet koud", ""}, {"ik heb het koud gehad", ""}},
	} {
		h := supplementedLanguage(t, language).Home(namesOf(house))
		for _, c := range cases {
			if got := calledFor(h.Recognize(c[0], intent.Where{Area: in.Room}), in); got != c[1] {
				t.Errorf("%s: %q: %q, want %q", language, c[0], got, c[1])
			}
		}
	}
}
