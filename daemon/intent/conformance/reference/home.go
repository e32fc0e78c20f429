package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hearth/daemon/intent"
)

// domains are those that the published templates ask for, and some that none does.
var domains = []string{
	"light", "switch", "cover", "fan", "climate", "media_player", "sensor", "binary_sensor", "lock", "vacuum",
	"scene", "script", "todo", "valve", "person", "weather", "lawn_mower", "button", "siren",
}

// A naming makes names of a language's own words, so that they are in its script and get in the way of its
// templates. Some end in a number.
type naming struct {
	words  []string
	spaces bool
	rng    *rand.Rand
}

func newNaming(v vocabulary, rng *rand.Rand) naming {
	n := naming{spaces: v.Spaces, rng: rng}
	for _, w := range v.Words {
		first, _ := utf8.DecodeRuneInString(w)
		last, _ := utf8.DecodeLastRuneInString(w)
		if unicode.IsLetter(first) && !unicode.IsPunct(last) && !strings.ContainsAny(w, "()") {
			n.words = append(n.words, w)
		}
	}
	return n
}

// name has at most so many words.
func (n naming) name(most int) string {
	var said []string
	for range 1 + n.rng.IntN(most) {
		said = append(said, n.words[n.rng.IntN(len(n.words))])
	}
	separator := ""
	if n.spaces {
		separator = " "
	}
	name := strings.Join(said, separator)
	if n.rng.IntN(8) == 0 {
		name += fmt.Sprint(separator, 1+n.rng.IntN(20))
	}
	return name
}

// home is one of so many entities, some with an alias, and a tenth as many areas. Some share their names.
func (n naming) home(entities int) intent.Names {
	var names intent.Names
	for i := range entities {
		domain := domains[i%len(domains)]
		e := intent.Name{
			ID: fmt.Sprintf("%s.e%d", domain, i), Names: []string{n.name(3)},
			Context: map[string]string{"domain": domain},
		}
		switch n.rng.IntN(12) {
		case 0, 1:
			e.Names = append(e.Names, n.name(2))
		case 2:
			if i > 0 {
				e.Names[0] = names.Entities[n.rng.IntN(i)].Names[0]
			}
		}
		names.Entities = append(names.Entities, e)
	}
	names.Areas = n.places("area", 4+entities/10)
	names.Floors = n.places("floor", 3)
	for _, places := range [][]intent.Name{names.Areas, names.Floors} {
		places[1].Names[0] = names.Entities[n.rng.IntN(entities)].Names[0]
	}
	return names
}

func (n naming) places(kind string, count int) []intent.Name {
	places := make([]intent.Name, 0, count)
	for i := range count {
		places = append(places, intent.Name{ID: fmt.Sprint(kind, i), Names: []string{n.name(2)}})
	}
	return places
}

// areaOf is what the home calls the area with an ID, "" when there is none.
func areaOf(names intent.Names, id string) string {
	i := slices.IndexFunc(names.Areas, func(n intent.Name) bool { return n.ID == id })
	if i < 0 {
		return id
	}
	return names.Areas[i].Names[0]
}
