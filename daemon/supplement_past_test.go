package daemon

import (
	"testing"

	"hearth/daemon/intent"
)

// TestPastSentences has each language ask about the past.
func TestPastSentences(t *testing.T) {
	names := deviceNames()
	names.Entities = append(names.Entities, intent.Name{ID: "person.anna", Names: []string{"Anna"}, Context: map[string]string{"domain": "person"}})
	for language, cases := range map[string][]struct{ said, intent, state string }{
		"en": {
			{"when was the x cover last opened", "HearthWhenLast", "open"},
			{"when did x cover last close", "HearthWhenLast", "closed"},
			{"when was the last time the x fan was on", "HearthWhenLast", "on"},
			{"when did somebody last turn off the x siren", "HearthWhenLast", "off"},
			{"when did Anna come home", "HearthWhenLast", "home"},
			{"when did Anna leave the house", "HearthWhenLast", "not_home"},
			{"how long has the x climate been on", "HearthSinceWhen", "on"},
			{"since when is x cover open", "HearthSinceWhen", "open"},
			{"how long has Anna been away", "HearthSinceWhen", "not_home"},
			{"why did you turn on the x fan", "HearthWhy", "on"},
			{"why did you turn the x fan off", "HearthWhy", "off"},
			{"who unlocked x cover", "HearthWhy", "unlocked"},
			{"why is the x fan on", "HearthWhy", ""},
		},
		"de": {
			{"wann wurde x cover zuletzt geöffnet", "HearthWhenLast", "open"},
			{"wann war die x fan das letzte Mal an", "HearthWhenLast", "on"},
			{"wann ist Anna nach Hause gekommen", "HearthWhenLast", "home"},
			{"seit wann ist die x climate an", "HearthSinceWhen", "on"},
			{"wie lange läuft x vacuum schon", "HearthSinceWhen", "on"},
			{"seit wann ist Anna weg", "HearthSinceWhen", "not_home"},
			{"warum hast du x fan ausgeschaltet", "HearthWhy", "off"},
			{"wer hat x cover aufgemacht", "HearthWhy", "open"},
			{"warum hast du x fan verstellt", "HearthWhy", ""},
		},
		"fr": {
			{"quand x cover a été ouvert pour la dernière fois", "HearthWhenLast", "open"},
			{"quand est-ce qu'on a éteint x fan pour la dernière fois", "HearthWhenLast", "off"},
			{"quand Anna est-elle rentrée", "HearthWhenLast", "home"},
			{"depuis quand x climate est allumé", "HearthSinceWhen", "on"},
			{"depuis combien de temps x cover est-il ouvert", "HearthSinceWhen", "open"},
			{"pourquoi as-tu éteint x fan", "HearthWhy", "off"},
			{"qui a ouvert x cover", "HearthWhy", "open"},
			{"pourquoi as-tu réglé x fan", "HearthWhy", ""},
		},
		"es": {
			{"cuándo se abrió x cover por última vez", "HearthWhenLast", "open"},
			{"cuándo se ha apagado por última vez x fan", "HearthWhenLast", "off"},
			{"cuándo llegó Anna a casa", "HearthWhenLast", "home"},
			{"desde cuándo está encendido x climate", "HearthSinceWhen", "on"},
			{"cuánto tiempo lleva x cover abierto", "HearthSinceWhen", "open"},
			{"por qué has encendido x fan", "HearthWhy", "on"},
			{"quién apagó x fan", "HearthWhy", "off"},
			{"por qué cerraste x cover", "HearthWhy", "closed"},
			{"por qué está encendido x fan", "HearthWhy", ""},
		},
		"nl": {
			{"wanneer is x cover voor het laatst geopend", "HearthWhenLast", "open"},
			{"wanneer stond x fan het laatst aan", "HearthWhenLast", "on"},
			{"wanneer kwam Anna thuis", "HearthWhenLast", "home"},
			{"hoe lang staat x climate al aan", "HearthSinceWhen", "on"},
			{"sinds wanneer is x cover dicht", "HearthSinceWhen", "closed"},
			{"waarom heb je x fan aangezet", "HearthWhy", "on"},
			{"wie heeft x cover gesloten", "HearthWhy", "closed"},
			{"waarom heb je x fan veranderd", "HearthWhy", ""},
		},
	} {
		h := supplementedLanguage(t, language).Home(names)
		for _, c := range cases {
			results := h.Recognize(c.said, intent.Where{})
			if len(results) == 0 {
				t.Errorf("%s: not understood: %q", language, c.said)
				continue
			}
			if r := results[0]; r.Intent != c.intent || r.Slots["state"].String() != c.state || r.Slots["name"].String() == "" {
				t.Errorf("%s: %q: %s of %q, %q", language, c.said, r.Intent, r.Slots["name"], r.Slots["state"])
			}
		}
	}
}
