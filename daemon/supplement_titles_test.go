package daemon

import (
	"slices"
	"testing"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// playsFor is what each language says that might be a search for media, and what is searched for; "" when it is none.
var playsFor = map[string]map[string]string{
	"en": {
		"play jazz":                                  "jazz",
		"play The Lamp by Ella":                      "The Lamp by Ella",
		"play the next episode of Lost":              "the next episode of Lost",
		"play jazz and turn off the kitchen light":   "",
		"play rock and roll":                         "rock and roll",
		"play Simon and Garfunkel":                   "Simon and Garfunkel",
		"play the next song":                         "",
		"play the kitchen light and the living room": "the kitchen light and the living room",
	},
	"de": {
		"spiel Jazz":             "Jazz",
		"spiele Die Lampe":       "Die Lampe",
		"spiel weiter":           "",
		"spiel das nächste Lied": "",
		"spiel Jazz und schalte das Küchenlicht aus":  "",
		"spiele Element of Crime und Sven Regener ab": "Element of Crime und Sven Regener",
	},
	"fr": {
		"mets du jazz":                         "jazz",
		"mets la radio":                        "la radio",
		"mets de la musique":                   "la musique",
		"joue les Beatles":                     "les Beatles",
		"mets les Beatles":                     "les Beatles",
		"joue La lampe":                        "La lampe",
		"mets la vie en rose":                  "la vie en rose",
		"lance le dernier album de Stromae":    "le dernier album de Stromae",
		"mets son dernier album":               "son dernier album",
		"mets le volume très bas":              "",
		"mets le chauffage plus fort":          "",
		"mets la lumière verte du fond":        "",
		"mets un minuteur":                     "",
		"lance la machine à café":              "",
		"mets la table":                        "",
		"mets la table à 19 heures":            "",
		"mets le four à 180 degrés":            "",
		"mets la cuisine au calme":             "",
		"mets le lampadaire dehors":            "",
		"mais la lumière est belle":            "",
		"mets ton manteau":                     "",
		"mets un rappel pour demain":           "",
		"mets du jazz et éteins le lampadaire": "",
		"mets Simon et Garfunkel":              "Simon et Garfunkel",
		"mets la chanson suivante":             "",
	},
	"es": {
		"pon jazz":                           "jazz",
		"pon la radio":                       "la radio",
		"pon la vida es bella":               "la vida es bella",
		"reproduce La lámpara":               "La lámpara",
		"pon un temporizador":                "",
		"pon el volumen muy bajo":            "",
		"pon la mesa":                        "",
		"pon la mesa a las 8":                "",
		"pon la lavadora":                    "",
		"pon el horno a 180 grados":          "",
		"pon la cocina a oscuras":            "",
		"pon la lámpara de pie fuera":        "",
		"pon tu abrigo":                      "",
		"pon un recordatorio para mañana":    "",
		"pon jazz y apaga la lámpara de pie": "",
		"pon Simon y Garfunkel":              "Simon y Garfunkel",
		"pon la siguiente canción":           "",
	},
	"nl": {
		"speel jazz":                            "jazz",
		"speel De lamp":                         "De lamp",
		"speel verder":                          "",
		"speel het volgende nummer":             "",
		"speel jazz en doe het keukenlicht uit": "",
		"speel Nick en Simon":                   "Nick en Simon",
	},
}

// TestTitles searches media for titles only.
func TestTitles(t *testing.T) {
	house := home.NewSnapshot([]home.Entity{
		{ID: "light.kitchen", Name: "Kitchen Light", Aliases: []string{"Küchenlicht", "keukenlicht"}, Exposed: true, Area: "kitchen"},
		{ID: "light.lamp", Name: "Floor Lamp", Aliases: []string{"lampadaire", "lámpara de pie"}, Exposed: true, Area: "kitchen"},
		{ID: "media_player.radio", Name: "Speaker", Exposed: true, Area: "kitchen"},
	}, []home.Area{{ID: "kitchen", Name: "Kitchen", Aliases: []string{"cuisine", "cocina"}}}, nil)
	for language, cases := range playsFor {
		h := supplementedLanguage(t, language).Home(namesOf(house))
		recognise := func(s string) []intent.Result { return h.Recognize(s, intent.Where{Area: "kitchen"}) }
		for said, want := range cases {
			results := command.Sensible(recognise(said), house, func(s string) command.Sense { return command.SenseOf(recognise(s)) })
			if got := searchedFor(results); got != want {
				t.Errorf("%s: %q searches for %q, want %q", language, said, got, want)
			}
		}
	}
}

// searchedFor is the longest thing that one of the readings searches for, be it later.
func searchedFor(results []intent.Result) (query string) {
	for _, r := range results {
		text := r.Slots["search_query"].Text
		if later := r.Slots["conversation_command"].Text; later != "" {
			text = later
		}
		if len(text) > len(query) {
			query = text
		}
	}
	return query
}

// What only takes a reading away, or apart, is no intent that a turn can have.
func TestReadingsOfReadingsAreNoIntents(t *testing.T) {
	l := language{current: understanding{Language: supplementedLanguage(t, "fr")}}
	if names := l.intents(); slices.Contains(names, command.NoTitle) || slices.Contains(names, command.Ware) || !slices.Contains(names, "HassMediaSearchAndPlay") {
		t.Errorf("intents are %v", names)
	}
}
