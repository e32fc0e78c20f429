package daemon

import (
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

const (
	later = "later"         // one thing, to be done later, with all that the sentence says
	never = "not in pieces" // and not as one sentence either
)

// TestSeveralThings says sentences that ask for more than one thing in the simulated house: what they are taken apart to.
func TestSeveralThings(t *testing.T) {
	for code, sentences := range map[string]map[string]string{
		"en": {
			"turn on the desk lamp and the bed light":                        "turn on the desk lamp | turn on the bed light",
			"turn off the desk lamp, the bed light and the counter lights":   "turn off the desk lamp | turn off the bed light | turn off the counter lights",
			"turn off the lights and the tv, and then lock the front door":   "turn off the lights | turn off the tv | lock the front door",
			"turn off the lights and close the living room curtains":         "turn off the lights | close the living room curtains",
			"turn on the lights in the kitchen and the living room":          "turn on the lights in the kitchen | turn on the lights in the living room",
			"turn the desk lamp and the bed light off":                       "turn the desk lamp off | turn the bed light off",
			"turn the desk lamp on and the bed light off":                    "turn the desk lamp on | the bed light off",
			"turn on the living room lamp and make it red":                   "turn on the living room lamp | make it red",
			"turn on the desk lamp and make it red":                          "! no fitting target: feature_not_supported",
			"turn on the coffee maker and tell me the time":                  "turn on the coffee maker | tell me the time",
			"unlock the front door and the back door":                        "unlock the front door | unlock the back door",
			"set a timer for ten minutes and turn off the lights":            "set a timer for ten minutes | turn off the lights",
			"turn on the lights and set a pizza timer for five minutes":      "turn on the lights | set a pizza timer for five minutes",
			"turn on the lights and set a timer for five minutes":            "turn on the lights | set a timer for five minutes",
			"wake me up at 7 and at 7:30":                                    "wake me up at 7 | wake me up at 7:30",
			"add salt and pepper to the shopping list and turn off the tv":   "add salt and pepper to the shopping list | turn off the tv",
			"good night and turn off the desk lamp":                          "good night | turn off the desk lamp",
			"is the desk lamp on and the bed light off":                      "is the desk lamp on | is the bed light off",
			"is the front door locked and the back door":                     "is the front door locked | is the back door locked",
			"turn the desk lamp on and the bed light":                        "turn the desk lamp on | turn the bed light on",
			"turn on the desk lamp at 9 and the bed light":                   "turn on the desk lamp at 9 | turn on the bed light at 9",
			"what is the weather tomorrow and turn on the tv":                "what is the weather tomorrow | turn on the tv",
			"turn on the lights and set them to 50 percent":                  "turn on the lights | set them to 50 percent",
			"what is the weather tomorrow":                                   later,
			"in ten minutes turn off the lights and lock the front door":     later,
			"turn off the lights and lock the front door in ten minutes":     later,
			"turn on the desk lamp and turn off the desk lamp at 9":          "turn on the desk lamp | turn off the desk lamp at 9",
			"turn the desk lamp on at 7 and off at 8":                        "turn the desk lamp on at 7 | turn the desk lamp off at 8",
			"turn on the desk lamp at 7 and turn off the desk lamp at 8":     "turn on the desk lamp at 7 | turn off the desk lamp at 8",
			"at 7 turn on the desk lamp and at 8 turn off the bed light":     "at 7 turn on the desk lamp | at 8 turn off the bed light",
			"turn on the desk lamp at 7 every day and the bed light at 8":    "turn on the desk lamp at 7 every day | turn on the bed light at 8 every day",
			"turn on the desk lamp at 7 and the bed light at 8 every day":    "turn on the desk lamp at 7 every day | turn on the bed light at 8 every day",
			"turn on the desk lamp at 7 every day and lock the door at 8":    never,
			"wake me up at 7 every weekday and at 9 on saturday":             "wake me up at 7 every weekday | wake me up at 9 on saturday",
			"in 5 minutes turn on the desk lamp in 10 minutes":               never,
			"when the front door opens, turn on the tv in 10 minutes":        later,
			"wake me up at 7 and turn on the lights":                         never, // now, or at seven
			"turn off the tv in ten minutes and lock the front door":         never,
			"set the bed light to red and the bed light to blue":             never,
			"turn off the lights and wake me up at 7":                        "turn off the lights | wake me up at 7",
			"remind me to call mum at 6 and turn off the lights":             never, // perhaps to be reminded of
			"turn the lights on and off":                                     never,
			"turn on the bed light and off":                                  never,
			"turn on the desk lamp and turn off the desk lamp":               never,
			"is the desk lamp on and turn off the bed light":                 never, // as it was, or as it is then
			"turn off the bed light and is the desk lamp on":                 never,
			"do not turn on the lights and close the living room curtains":   never,
			"turn on the lights and say something nice":                      never,
			"turn on the tv and the tv and the tv and the tv and the tv and": never,
			"add milk to the shopping list and eggs":                         "add milk to the shopping list | add eggs to the shopping list",
			"play some jazz and brighten the lights":                         "play some jazz | brighten the lights",
			"in ten minutes dim the lights":                                  later,
			"play the album, to hear it":                                     later,
			"Stop, stop!":                                                    never, // who says it twice means it once
			"and":                                                            never, "and and": never, ",": never, "turn on the lights and": never, "and turn on the lights": never,
		},
		"de": {
			"schalte das Licht in der Kitchen und im Living Room aus": "schalte das Licht in der Kitchen aus | schalte das Licht im Living Room aus",
			"schalte die Desk Lamp und das Bed Light ein":             "schalte die Desk Lamp ein | schalte das Bed Light ein",
			"mach die Desk Lamp aus und das Bed Light an":             "mach die Desk Lamp aus | das Bed Light an",
			"mach das Licht aus und dann schließe die Garage Door":    "mach das Licht aus | schließe die Garage Door",
		},
		"fr": {
			"allume la Desk Lamp et la Bed Light":           "allume la Desk Lamp | allume la Bed Light",
			"éteins la Desk Lamp puis ferme la Garage Door": "éteins la Desk Lamp | ferme la Garage Door",
		},
		"es": {
			"enciende la Desk Lamp y la Bed Light":             "enciende la Desk Lamp | enciende la Bed Light",
			"apaga la Desk Lamp y luego cierra la Garage Door": "apaga la Desk Lamp | cierra la Garage Door",
		},
		"nl": {
			"doe de Desk Lamp en de Bed Light aan":         "doe de Desk Lamp aan | doe de Bed Light aan",
			"doe de Desk Lamp uit en sluit de Garage Door": "doe de Desk Lamp uit | sluit de Garage Door",
		},
	} {
		takeApart := takesApart(t, code)
		for said, want := range sentences {
			if got := takeApart(said); got != want {
				t.Errorf("%s: %q: %q, want %q", code, said, got, want)
			}
		}
	}
}

// takesApart reads sentences as a conversation does, in the simulated house.
func takesApart(t *testing.T, code string) func(said string) string {
	phrases, err := conversation.LoadPhrases(code)
	if err != nil {
		t.Fatal(err)
	}
	house := demo.New().Snapshot()
	language := supplementedLanguage(t, code).Home(namesOf(house))
	in := command.Input{Home: house, Room: "kitchen", Now: time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)}
	recognise := func(s string) []intent.Result { return language.Recognize(s, intent.Where{Area: in.Room}) }
	several := func(s string) ([]command.Part, error) {
		return command.Several(s, phrases.Joins, func(s string) []intent.Result {
			return command.Sensible(recognise(s), house, func(s string) command.Sense { return command.SenseOf(recognise(s)) })
		}, in)
	}
	sense := func(s string) command.Sense {
		parts, _ := several(s)
		return max(command.SenseOf(recognise(s)), command.SenseOfParts(parts))
	}
	return func(said string) string {
		whole := command.Sensible(recognise(said), house, sense)
		if len(whole) > 0 && whole[0].Intent != command.Incomplete {
			return later
		}
		parts, err := several(said)
		var texts []string
		for _, p := range parts {
			texts = append(texts, p.Text)
		}
		switch {
		case err != nil:
			return "! " + err.Error()
		case parts == nil:
			return never
		}
		return strings.Join(texts, " | ")
	}
}
