package daemon

import (
	"slices"
	"strings"
	"testing"
)

// What a sentence leaves out is left alone, and what names nothing is not guessed at.
func TestAllBut(t *testing.T) {
	for language, said := range map[string][]struct{ sentence, spared, done string }{
		"en": {
			{"turn on all the lights upstairs except the bed light", "light.bed_light", "light.bedroom_ceiling light.mirror_light light.night_light light.attic_light"},
			{"turn off all lights except for the kitchen and the desk lamp", "light.kitchen_ceiling light.kitchen_counter light.desk_lamp", "light.bed_light light.office_ceiling"},
			{"turn on all lights, but not upstairs", "light.bed_light light.bedroom_ceiling", "light.kitchen_ceiling light.desk_lamp"},
			{"lock all the doors apart from the back door", "lock.back_door", "lock.front_door"},
			{"turn off all lights except the moon", "", ""},
			{"turn off all lights except when i am home", "", ""},
			{"turn off the desk lamp except the desk lamp", "", ""},
			{"turn off all lights except the kitchen and lock the front door", "", ""},
			{"are all the lights off except in the kitchen", "", ""},
			{"turn off all lights except", "", ""},
		},
		"de": {
			{"mach alle Lichter außer in Kitchen aus", "light.kitchen_ceiling light.kitchen_counter", "light.bed_light"},
			{"mach alle Lichter aus, aber nicht in Kitchen", "light.kitchen_ceiling light.kitchen_counter", "light.bed_light"},
		},
		"fr": {{"éteins toutes les lumières sauf dans Kitchen et Desk Lamp", "light.kitchen_ceiling light.desk_lamp", "light.bed_light"}},
		"es": {{"apaga todas las luces menos Kitchen", "light.kitchen_ceiling light.kitchen_counter", "light.bed_light"}},
		"nl": {{"doe alle lampen behalve in Kitchen uit", "light.kitchen_ceiling light.kitchen_counter", "light.bed_light"}},
	} {
		talk := sayingTo(t, language)
		for _, s := range said {
			turn := talk(s.sentence)
			var done []string
			for _, step := range turn.Steps {
				done = append(done, string(step.Entity))
			}
			has := func(entity string) bool { return slices.Contains(done, entity) }
			lacks := func(entity string) bool { return !has(entity) }
			if slices.ContainsFunc(strings.Fields(s.spared), has) || slices.ContainsFunc(strings.Fields(s.done), lacks) || s.done == "" && done != nil {
				t.Errorf("%s: %q: %v, want %q and not %q", language, s.sentence, done, s.done, s.spared)
			}
		}
	}
}
