package whisper

import (
	"strings"
	"unicode/utf8"

	"hearth/audio/stt"
)

// Whisper writes sentences as people do, with capitals and punctuation; a grammar holds their normal
// form. A speller takes tokens through the grammar.
type speller struct {
	grammar stt.Grammar
	forms   [][]rune // normal form of each token, nil for those that are not said
	said    []rune   // scratch
	one     [1]rune  // scratch
}

// An advance is one way through the grammar that a token spells.
type advance struct {
	state int32
	text  string // what it adds to the sentence's normal form
}

// normalForms are the tokens of text in lower case. Tokens that are not whole runes are left out: no
// English word is spelled with them.
func (m *model) normalForms() [][]rune {
	forms := make([][]rune, m.End)
	for id, text := range m.tokens[:m.End] {
		if utf8.ValidString(text) && !m.silent[id] {
			forms[id] = []rune(strings.ToLower(text))
		}
	}
	return forms
}

// spell finds where a token leads from a state, in at most two ways: a full stop may be part of "21.5" or
// be said by nobody, and "never mind" may be "nevermind". Most tokens lead nowhere, which costs two steps.
func (s *speller) spell(state int32, token int) (found []advance) {
	runes := s.forms[token]
	if len(runes) == 0 {
		return nil
	}
	if runes[0] == ' ' || isMark(runes[0]) {
		found = s.walk(state, runes[1:], nil)
		if next := s.grammar.Step(state, runes[0]); next >= 0 {
			found = append(found, s.walk(next, runes[1:], runes[:1])...)
		}
		return found
	}
	return s.walk(state, runes, nil)
}

// isMark is punctuation that may end a part of a sentence.
func isMark(r rune) bool { return strings.ContainsRune(".,!?;:\"", r) }

// walk follows runes after what was said of the token before.
func (s *speller) walk(state int32, runes, said []rune) []advance {
	said = append(s.said[:0], said...)
	for _, r := range runes {
		next, spelled := s.read(state, r)
		if next < 0 {
			return nil
		}
		state, said = next, append(said, spelled...)
	}
	s.said = said
	return []advance{{state, string(said)}}
}

// weigh is the log weight of text in the grammar.
func (s *speller) weigh(state int32, text string) (sum float64) {
	for _, r := range text {
		sum += s.grammar.Weight(state, r)
		state = s.grammar.Step(state, r)
	}
	return sum
}

// read takes one rune as the grammar has it, or as it may have it instead.
func (s *speller) read(state int32, r rune) (next int32, spelled []rune) {
	s.one[0] = r
	if next = s.grammar.Step(state, r); next >= 0 {
		return next, s.one[:]
	}
	instead, ok := substitutes[r]
	if !ok && !isMark(r) {
		return next, nil
	}
	for _, spelled := range instead {
		if next := s.follow(state, spelled); next >= 0 {
			return next, spelled
		}
	}
	if r == '%' || r == '°' {
		return -1, nil
	}
	return state, nil // not said: "never mind" for nevermind, "what's" for whats
}

// substitutes are how a grammar may have what Whisper writes as one rune.
var substitutes = map[rune][][]rune{
	' ': nil, '\'': nil, '’': {[]rune("'")}, '-': {[]rune(" ")},
	'%': {[]rune(" percent")}, '°': {[]rune(" degrees")}, '&': {[]rune("and")},
}

func (s *speller) follow(state int32, runes []rune) int32 {
	for _, r := range runes {
		if state = s.grammar.Step(state, r); state < 0 {
			break
		}
	}
	return state
}
