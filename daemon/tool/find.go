package tool

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hearth/daemon/home"
)

// find gives the exposed entities that fit best what they are called by, the best first: an ID, or words of name,
// aliases, area and kind. Words that fit nothing are passed over, so that "the kitchen window" finds a window. It gives
// none when no word fits.
func find(s *home.Snapshot, called string, accept func(home.Entity) bool) []home.Entity {
	if e, ok := s.Entity(home.EntityID(strings.TrimSpace(called))); ok && e.Exposed && accept(e) {
		return []home.Entity{e}
	}
	asked := words(called)
	type candidate struct {
		home.Entity
		points float64
	}
	var all []candidate
	for _, e := range s.Entities {
		if !e.Exposed || !accept(e) {
			continue
		}
		if points := fit(s, e, asked); points > 0 {
			all = append(all, candidate{e, points})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.points, a.points) })
	var found []home.Entity
	for _, c := range all {
		if c.points*2 < all[0].points { // far behind the best
			break
		}
		found = append(found, c.Entity)
	}
	return found
}

// fit counts the words that an entity is called by: those of its name most, and more when all of the name was said.
func fit(s *home.Snapshot, e home.Entity, asked []string) float64 {
	best := 0.0
	for _, name := range append([]string{e.Name}, e.Aliases...) {
		own := words(name)
		n := 0
		for _, w := range own {
			if slices.ContainsFunc(asked, func(a string) bool { return alike(a, w) }) {
				n++
			}
		}
		points := 2 * float64(n)
		if n > 0 && n == len(own) {
			points += 2
		}
		best = max(best, points)
	}
	area, _ := s.Area(e.Area)
	around := append(words(area.Name), words(strings.Join(area.Aliases, " "))...)
	around = append(around, words(strings.ReplaceAll(e.Domain()+" "+e.DeviceClass, "_", " "))...)
	for _, a := range asked {
		if slices.ContainsFunc(around, func(w string) bool { return alike(a, w) }) {
			best++
		}
	}
	return best
}

// alike passes over the end of a word, which tells one from several in the languages of Europe.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	short := min(len(a), len(b))
	return short >= 4 && max(len(a), len(b))-short <= 2 && a[:short] == b[:short]
}

// words are those of a text in lower case and without accents, less the ones that tell nothing apart.
func words(text string) []string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(text))
	split := strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return slices.DeleteFunc(split, func(w string) bool { return len(w) < 2 || slices.Contains(small, w) })
}

// small are words of the five languages that stand beside names.
var small = []string{
	"the", "in", "on", "at", "of", "my", "all", "is", "are", "der", "die", "das", "den", "dem", "im", "am", "le", "la", "les", "de", "du", "des",
	"el", "los", "las", "en", "het", "een", "op", "un", "una", "une", "ein", "eine", "an",
}
