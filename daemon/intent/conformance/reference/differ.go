package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"hearth/daemon/intent"
)

// A differ tells the engine and the reference the same sentences of one language and notes where they differ.
type differ struct {
	python   *python
	language *intent.Language
	spaces   bool // the language writes them between words
	out      io.Writer
	show     int           // differences to print of each class
	record   *json.Encoder // takes what both agree upon, as turns; nil for no record

	sentences int
	counts    map[class]int
	explained int
}

// entitiesPerHome and sentencesPerHome: small homes, of which a run has many.
const (
	entitiesPerHome  = 40
	sentencesPerHome = 50
)

// run draws so many sentences from the templates, in homes of their own, and distorts each once.
func (d *differ) run(v vocabulary, seed uint64, count int) error {
	rng := rand.New(rand.NewPCG(seed, 0))
	naming, distorter := newNaming(v, rng), newDistorter(d.language.Code, v, rng)
	for ; count > 0; count -= sentencesPerHome {
		names := naming.home(entitiesPerHome)
		if err := d.python.home(names); err != nil {
			return err
		}
		if err := d.note(turn{Names: &names}); err != nil {
			return err
		}
		home := d.language.Home(names)
		sentences, err := d.python.draw(rng.Uint64(), min(count, sentencesPerHome))
		if err != nil {
			return err
		}
		for _, s := range sentences {
			if err := d.say(s, home, names, rng); err != nil {
				return err
			}
			s = drawn{Text: distorter.distort(s.Text)}
			if err := d.say(s, home, names, rng); err != nil {
				return err
			}
		}
	}
	return nil
}

// say tells both a sentence, four times of five in an area that is known.
func (d *differ) say(s drawn, home *intent.Home, names intent.Names, rng *rand.Rand) error {
	id, area := "", ""
	if rng.IntN(5) > 0 {
		id = names.Areas[0].ID
		area = areaOf(names, id)
	}
	want, err := d.python.recognize(s.Text, area)
	if err != nil {
		return err
	}
	got := read(home, s.Text, id)
	d.sentences++
	c := compare(want, got)
	if c == same {
		return d.note(turn{Text: s.Text, Area: id, Want: want})
	}
	explained, err := d.explains(s, want, got, area)
	if explained || err != nil {
		d.explained++
		return err
	}
	d.counts[c]++
	if d.counts[c] <= d.show {
		fmt.Fprintf(d.out, "%s: %q in %q: %s\n\treference: %v\n\tengine:    %v\n", d.language.Code, s.Text, area, c, want, got)
	}
	return nil
}

// A turn is a line of a record: a home to move to, or a sentence said in it and how it must be read.
type turn struct {
	Names *intent.Names `json:",omitempty"`
	Text  string        `json:",omitempty"`
	Area  string        `json:",omitempty"` // ID
	Want  reading       `json:",omitzero"`
}

func (d *differ) note(t turn) error {
	if d.record == nil {
		return nil
	}
	return d.record.Encode(t)
}

// explains tells whether a difference is the reference's doing: it does not read the sentence as it reads one
// that says the same, or not at all though it was drawn from its own template.
//
//   - A dash for a space is matched or not by where the template's rules begin and end, and words matched so do
//     not count as literal text. Number words with a dash are only those that it would write so.
//   - Skip words are removed where they belong to the sentence, too; in languages without spaces the one behind
//     a skip word stays and stops the match.
//   - After a wildcard, numbers in words are not seen when digits follow anywhere, nor the same one twice;
//     but they are found inside other words.
//   - An entity called "Lamp 2" is no "lamp two".
//   - An alternative without words, "(a|)", matches nothing, though "[a]" does.
//   - Capitals are compared in two ways, which do not agree on the Turkish İ and I and the Greek Σ.
//   - Number words with a comma ("naoi míle, seacht gcéad") are never found, since the sentence has lost it.
func (d *differ) explains(s drawn, want, got reading, area string) (bool, error) {
	asDrawn := s.Intent != "" && s.Intent == got.Intent && s.Combination == got.Combination
	if asDrawn && want.Intent == "" || d.spaces && insideWord(s.Text, want) {
		return true, nil
	}
	variants, err := d.python.variants(s.Text)
	if err != nil {
		return false, err
	}
	for _, text := range append(variants, asWritten(s.Text, got)) {
		if text == s.Text {
			continue
		}
		other, err := d.python.recognize(text, area)
		if err != nil {
			return false, err
		}
		if c := compare(other.lower(), got.lower()); c == same || c == texts {
			return true, nil
		}
	}
	return false, nil
}

// insideWord tells whether a number was found inside a word.
func insideWord(text string, r reading) bool {
	text = strings.ToLower(text)
	for _, slot := range r.Slots {
		if _, isNumber := slot.Value.(float64); !isNumber || slot.Text == "" {
			continue
		}
		before, _, found := strings.Cut(text, strings.ToLower(slot.Text))
		last, _ := utf8.DecodeLastRuneInString(before)
		if found && unicode.IsLetter(last) {
			return true
		}
	}
	return false
}

// asWritten is a sentence with the numbers and names that were found in it as they are written.
func asWritten(text string, r reading) string {
	text = strings.ToLower(strings.ReplaceAll(text, ",", ""))
	for _, slot := range r.Slots {
		written := fmt.Sprint(slot.Value)
		switch n := slot.Value.(type) {
		case int:
			written = fmt.Sprint(max(n, -n))
		case float64:
			written = fmt.Sprint(math.Abs(n))
		}
		said := strings.ToLower(slot.Text)
		if at := strings.LastIndex(text, said); at >= 0 && said != "" {
			text = text[:at] + written + text[at+len(said):]
		}
	}
	return text
}

// differences are those that nothing explains.
func (d *differ) differences() int {
	n := 0
	for _, c := range d.counts {
		n += c
	}
	return n
}
