package command

import (
	"slices"
	"strings"
	"unicode"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// maxAround is how many words stand around the name of what is left out: "the lights in the".
const maxAround = 4

// Except reads a sentence that leaves something out of what it asks for: "turn off all lights except the desk lamp and the
// kitchen". What stands after one of the words in excepts, which are in lower case, must name something, a room or a
// floor; words at its end may belong to the sentence before: "mach alle Lichter außer in der Küche aus". The result is nil
// when this is no such sentence, or when nothing is left of it.
func Except(sentence string, excepts, joins []string, read func(string) []intent.Result, in Input) []Part {
	words := strings.Fields(sentence)
	if len(words) > maxWords {
		return nil
	}
	s := splitter{words: words, read: read, in: in, known: map[string][]intent.Result{}}
	s.findJoins(excepts)
	for _, except := range s.joins {
		if except[0] == except[1] { // a comma
			continue
		}
		for tail := len(words); tail > except[1] && tail >= len(words)-maxTail; tail-- {
			whole := trimmed(slices.Concat(words[:except[0]], words[tail:]))
			part, ok := s.part(whole, in.Before)
			if !ok || part.err != nil {
				continue
			}
			if part.leaveOut(words[except[1]:tail], joins, in.Home) {
				part.Text = trimmed(words)
				return []Part{part}
			}
		}
	}
	return nil
}

// trimmed are words as a sentence without punctuation at its end.
func trimmed(words []string) string { return strings.Trim(strings.Join(words, " "), " ,.!?¿¡") }

// leaveOut drops the calls to what the words name. It is false when a part of them names nothing, or nothing is left.
func (p *Part) leaveOut(words, joins []string, s *home.Snapshot) bool {
	things := splitter{words: words}
	things.findJoins(joins)
	left, from := slices.Clone(p.Calls), 0
	for _, join := range append(things.joins, [2]int{len(words), len(words)}) {
		name, meant := p.namedBy(trimmed(words[from:join[0]]), s)
		if from = join[1]; name == "" {
			return false
		}
		p.Spared = append(p.Spared, name)
		left = slices.DeleteFunc(left, func(c home.Call) bool { return slices.Contains(meant, c.Entity) })
	}
	p.Calls = left
	return len(left) > 0
}

// namedBy are the entities of the calls that words name, or that are where they name. The longest name counts: the bedroom
// lamp is not all that is in the bedroom.
func (p *Part) namedBy(words string, s *home.Snapshot) (name string, meant []home.EntityID) {
	said := spaced(words)
	consider := func(id home.EntityID, names ...string) {
		for _, n := range names {
			around := len(strings.Fields(said)) - len(strings.Fields(spaced(n)))
			if n == "" || len(n) < len(name) || around > maxAround || !strings.Contains(said, spaced(n)) {
				continue
			}
			if len(n) > len(name) {
				name, meant = n, nil
			}
			meant = append(meant, id)
		}
	}
	for _, c := range p.Calls {
		e, _ := s.Entity(c.Entity)
		area, _ := s.Area(e.Area)
		floor, _ := s.Floor(area.Floor)
		for _, names := range [][]string{{e.Name}, e.Aliases, {area.Name}, area.Aliases, {floor.Name}, floor.Aliases} {
			consider(c.Entity, names...)
		}
	}
	return name, meant
}

// spaced is a text to look for words in, with a space around each: "l'entrée" has an article.
func spaced(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return unicode.IsSpace(r) || r == '\'' || r == '’' })
	return " " + strings.Join(words, " ") + " "
}
