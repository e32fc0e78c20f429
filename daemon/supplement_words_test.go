package daemon

import (
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

// What people say for turn on, lock, open and half of it, and to Hearth itself.
func TestOtherWords(t *testing.T) {
	const kitchen = "light.turn_on kitchen_ceiling, light.turn_on kitchen_counter"
	now := time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)
	saidInTheKitchen(t, command.Input{Now: now}, map[string]string{
		"put the desk lamp on":               "light.turn_on desk_lamp",
		"flip the lights on":                 kitchen,
		"put on the kitchen lights":          kitchen,
		"power off the TV":                   "media_player.turn_off tv",
		"start the coffee maker":             "switch.turn_on coffee_maker",
		"stop the radio":                     "media_player.media_stop kitchen_speaker",
		"start the robot":                    "vacuum.start robot_vacuum",
		"lock all the doors":                 "lock.lock back_door, lock.lock front_door",
		"lock the door":                      "lock.lock back_door",
		"unlock all the doors":               "",
		"do not unlock the front door":       "",
		"open the bedroom blinds halfway":    "cover.set_cover_position bedroom_blinds",
		"open all the blinds upstairs":       "cover.open_cover bedroom_blinds",
		"open the garage":                    "cover.open_cover garage_door",
		"turn on the sprinkler":              "valve.open_valve sprinkler",
		"everything off":                     "light.turn_off kitchen_ceiling, light.turn_off kitchen_counter, media_player.turn_off kitchen_speaker",
		"turn everything off in the bedroom": "light.turn_off bed_light, light.turn_off bedroom_ceiling, media_player.turn_off bedroom_speaker",
		"play the next song":                 "media_player.media_next_track kitchen_speaker",
		"turn off the music":                 "media_player.media_pause kitchen_speaker",
		"volume to fifty":                    "media_player.volume_set kitchen_speaker",
		"set the scene dinner time":          "scene.turn_on dinner_time",
		"what's the date tomorrow":           "November 29th, 2026",
		"what day is it today":               "Saturday",
		"when does the sun set":              "", // nothing here knows
		"hello":                              "Hello.",
		"hey hearth turn off the bed light":  "light.turn_off bed_light",
		"can I have the bed light on":        "light.turn_on bed_light",
		"good morning":                       "script.turn_on good_morning",
		"thank you very much":                "You are welcome.",
		"put milk on the shopping list":      "todo.add_item shopping_list",
		"put the car into the garage":        "",
	})
	knows := []home.Entity{{ID: "sun.sun", Attributes: map[string]any{"next_rising": "2026-11-29T06:41:00+00:00", "next_setting": "2026-11-28T15:12:00+00:00"}}}
	saidInTheKitchen(t, command.Input{Now: now, Home: home.NewSnapshot(knows, nil, nil)}, map[string]string{
		"when does the sun set": "The sun sets at 15:12",
		"what time is sunrise":  "The sun rises tomorrow at 06:41",
	})
}

// What is turned on for a while is turned off again by a sentence that is understood.
func TestForAWhile(t *testing.T) {
	house := demo.New().Snapshot()
	language := supplementedLanguage(t, "en").Home(namesOf(house))
	recognise := func(said string) []intent.Result { return language.Recognize(said, intent.Where{Area: "kitchen"}) }
	in := command.Input{Home: house, Room: "kitchen", Now: time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)}
	opposite := map[string]string{"turn_on": "turn_off", "turn_off": "turn_on"}
	for said, length := range map[string]int{
		"turn on the ceiling fan for 20 minutes":         1200,
		"turn on the kitchen lights for five minutes":    300,
		"turn the lights off for half an hour":           1800,
		"for an hour turn off the coffee maker":          3600,
		"turn on the lights in the bathroom for an hour": 3600,
	} {
		results := recognise(said)
		if len(results) == 0 {
			t.Errorf("not understood: %q", said)
			continue
		}
		cmd, err := command.Build(results[0], in)
		if err != nil || len(cmd.Timers) != 1 || len(cmd.Calls) < 2 {
			t.Errorf("%q: %+v, %v", said, cmd.Calls, err)
			continue
		}
		now, later := cmd.Calls[:len(cmd.Calls)-1], cmd.Calls[len(cmd.Calls)-1]
		text, _ := later.Data["command"].(string)
		then, err := command.Build(recognise(text)[0], in)
		if err != nil || later.Data["seconds"] != length || len(then.Calls) != len(now) {
			t.Errorf("%q: %+v, then %q, %+v, %v", said, now, text, then.Calls, err)
			continue
		}
		for i, c := range now {
			if then.Calls[i].Entity != c.Entity || then.Calls[i].Service != opposite[c.Service] {
				t.Errorf("%q: %+v, then %q, %+v", said, now, text, then.Calls)
			}
		}
	}
	if opened := recognise("unlock the front door for five minutes"); len(opened) > 0 {
		t.Errorf("a door is unlocked for a while: %+v", slices.Collect(maps.Keys(opened[0].Slots)))
	}
}

// Thanks are answered, and what was not heard is asked for, in each language.
func TestThanksAndWhatWasSaid(t *testing.T) {
	for language, cases := range map[string]struct {
		answer         string
		thanks, repeat []string
	}{
		"en": {"You are welcome.", []string{"thank you", "thanks a lot"}, []string{"say that again", "what did you just say?", "can you repeat that"}},
		"de": {"Gern geschehen.", []string{"danke", "Danke schön!", "dankeschön", "vielen Dank", "ich danke dir"},
			[]string{"wie bitte?", "sag das noch mal", "was hast du gesagt?", "was hast du gerade gesagt", "kannst du das noch einmal sagen", "wiederhole das bitte"}},
		"fr": {"Je vous en prie.", []string{"merci", "merci beaucoup", "je te remercie"},
			[]string{"répète", "tu peux répéter ?", "peux-tu répéter", "qu'est-ce que tu as dit ?", "tu as dit quoi", "répète ce que tu as dit"}},
		"es": {"De nada.", []string{"gracias", "muchas gracias", "muchísimas gracias"},
			[]string{"repite", "¿qué has dicho?", "¿puedes repetir?", "repítelo", "dilo otra vez", "qué dijiste"}},
		"nl": {"Graag gedaan.", []string{"bedankt", "dank je", "dank je wel", "dankjewel"},
			[]string{"wat zei je?", "herhaal dat", "zeg dat nog eens", "kun je dat herhalen", "wat heb je gezegd"}},
	} {
		l := supplementedLanguage(t, language)
		h := l.Home(namesOf(demo.New().Snapshot()))
		for _, said := range cases.thanks {
			results := h.Recognize(said, intent.Where{Area: "kitchen"})
			if len(results) == 0 {
				t.Errorf("%s: not understood: %q", language, said)
				continue
			}
			if got, err := l.Respond(results[0], intent.ResponseData{}); got != cases.answer || err != nil {
				t.Errorf("%s: %q: %q, %v", language, said, got, err)
			}
		}
		for _, said := range cases.repeat {
			if results := h.Recognize(said, intent.Where{Area: "kitchen"}); len(results) == 0 || results[0].Intent != "HearthRepeat" {
				t.Errorf("%s: %q: %+v", language, said, results)
			}
		}
	}
}

// A number that is said has the comma of its language, in published responses and in Hearth's own.
func TestNumbersHaveTheirComma(t *testing.T) {
	point, comma := regexp.MustCompile(`\d\.\d`), regexp.MustCompile(`\d,\d`)
	for language, said := range map[string][]string{
		"de": {"stell Thermostat auf 21.5 Grad", "wie warm ist es in Bedroom", "wie ist das Wetter", "was ist Outdoor Temperature"},
		"fr": {"mets le thermostat à 21 degrés et demi", "quelle est la température du thermostat", "quel temps fait-il", "quelle est la valeur de Outdoor Temperature"},
		"es": {"cuál es la temperatura de Bedroom", "qué tiempo hace", "cuál es el estado de Outdoor Temperature"},
		"nl": {"zet thermostat op 21.5 graden", "hoe warm is het in Bedroom", "wat voor weer is het", "wat is Outdoor Temperature"},
	} {
		d := quietDaemon(t, language, demo.New(demo.WithPace(0)))
		for _, s := range said {
			turn, err := d.Conversation.Through("test").Say(t.Context(), "bedroom", s)
			if err != nil || point.MatchString(turn.Reply) || !comma.MatchString(turn.Reply) {
				t.Errorf("%s: %q: %q, %v", language, s, turn.Reply, err)
			}
		}
	}
}
