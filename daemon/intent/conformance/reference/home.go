package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"hearth/daemon/intent"
)

// domains are those that the published templates ask for, and one that none does.
var domains = []string{
	"light", "switch", "cover", "fan", "climate", "media_player", "sensor", "binary_sensor", "lock", "vacuum",
	"scene", "script", "todo", "valve", "person", "weather", "lawn_mower", "button", "siren",
}

// drawHome makes a home whose names are words of the language, so that they are in its script and get
// in the way of its templates.
func drawHome(words []string, rng *rand.Rand) intent.Names {
	var names intent.Names
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		return strings.ContainsFunc(w, unicode.IsPunct) && !strings.ContainsAny(w, "-'_")
	})
	name := func(most int) string {
		var said []string
		for range 1 + rng.IntN(most) {
			said = append(said, words[rng.IntN(len(words))])
		}
		if rng.IntN(8) == 0 {
			said = append(said, fmt.Sprint(1+rng.IntN(20)))
		}
		return strings.Join(said, " ")
	}
	for i := range 2 * len(domains) {
		domain := domains[i%len(domains)]
		n := intent.Name{
			ID: fmt.Sprintf("%s.e%d", domain, i), Names: []string{name(3)},
			Context: map[string]string{"domain": domain},
		}
		if rng.IntN(6) == 0 {
			n.Names = append(n.Names, name(2))
		}
		names.Entities = append(names.Entities, n)
	}
	for i := range 6 {
		names.Areas = append(names.Areas, intent.Name{ID: fmt.Sprint("area", i), Names: []string{name(2)}})
	}
	for i := range 3 {
		names.Floors = append(names.Floors, intent.Name{ID: fmt.Sprint("floor", i), Names: []string{name(2)}})
	}
	return names
}

// here is the area of the home that the speaker is in.
func here(names intent.Names) intent.Name { return names.Areas[0] }
