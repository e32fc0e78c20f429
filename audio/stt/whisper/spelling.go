package whisper

import (
	"slices"
	"strings"
	"unicode/utf8"

	"hearth/audio/stt"
)

// Whisper writes sentences as people do, with capitals and punctuation; a grammar holds their normal
// form. A speller finds the tokens that spell a way through the grammar.
type speller struct {
	grammar stt.Grammar
	root    *branch             // all tokens of text
	runes   map[int][]rune      // each token's normal form
	seen    map[int32][]advance // from states that are not free; see next
}

// An advance is a token that the grammar lets through: the state it leads to and the text it adds.
type advance struct {
	token int
	state int32
	text  string
}

// A branch is a node of the tree of all tokens' normal forms.
type branch struct {
	runes  []rune // sorted
	kids   []*branch
	tokens []int // that end here
}

// maxSeen bounds how many states' tokens a speller remembers.
const maxSeen = 1 << 14

func newSpeller(g stt.Grammar, words map[int][]rune, tree *branch) *speller {
	return &speller{grammar: g, root: tree, runes: words, seen: map[int32][]advance{}}
}

// normalForms are the tokens of text in lower case. Tokens that are not whole runes are left out: no
// English word is spelled with them.
func (m *model) normalForms() map[int][]rune {
	words := make(map[int][]rune, m.End)
	for id, text := range m.tokens[:m.End] {
		if text == "" || !utf8.ValidString(text) || slices.Contains(m.Suppress, id) {
			continue
		}
		words[id] = []rune(strings.ToLower(text))
	}
	return words
}

// plant makes the tree of all tokens.
func plant(words map[int][]rune) *branch {
	root := &branch{}
	for id, runes := range words {
		b := root
		for _, r := range runes {
			b = b.grow(r)
		}
		b.tokens = append(b.tokens, id)
	}
	return root
}

func (b *branch) grow(r rune) *branch {
	i, ok := slices.BinarySearch(b.runes, r)
	if !ok {
		b.runes = slices.Insert(b.runes, i, r)
		b.kids = slices.Insert(b.kids, i, &branch{})
	}
	return b.kids[i]
}

// next are all tokens that may follow in a state that is not free.
func (s *speller) next(state int32) []advance {
	if found, ok := s.seen[state]; ok {
		return found
	}
	var found []advance
	s.climb(s.root, state, "", &found)
	if len(s.seen) >= maxSeen {
		clear(s.seen)
	}
	s.seen[state] = found
	return found
}

func (s *speller) climb(b *branch, state int32, text string, found *[]advance) {
	for _, token := range b.tokens {
		*found = append(*found, advance{token, state, text})
	}
	for i, r := range b.runes {
		s.read(state, r, func(state int32, said string) { s.climb(b.kids[i], state, text+said, found) })
	}
}

// spell lists the ways that one token can take from a state.
func (s *speller) spell(state int32, token int) (found []advance) {
	var walk func(state int32, runes []rune, text string)
	walk = func(state int32, runes []rune, text string) {
		if len(runes) == 0 {
			found = append(found, advance{token, state, text})
			return
		}
		s.read(state, runes[0], func(state int32, said string) { walk(state, runes[1:], text+said) })
	}
	if runes := s.runes[token]; len(runes) > 0 {
		walk(state, runes, "")
	}
	return found
}

// read follows one rune that Whisper may write, in each way that the grammar may take it.
func (s *speller) read(state int32, r rune, then func(state int32, said string)) {
	taken := s.follow(state, string(r), then)
	switch {
	case r == ' ' || r == '\'' || r == '’':
		if !taken { // "never mind" for nevermind, "what's" for whats
			then(state, "")
		}
	case r == '-':
		if !taken && !s.follow(state, " ", then) {
			then(state, "")
		}
	case r == '%':
		if !taken {
			s.follow(state, " percent", then)
		}
	case r == '°':
		if !taken {
			s.follow(state, " degrees", then)
		}
	case strings.ContainsRune(".,!?;:\"", r): // "21.5" and "on."
		then(state, "")
	}
}

// follow takes the grammar through all of text, or does nothing.
func (s *speller) follow(state int32, text string, then func(state int32, said string)) bool {
	for _, r := range text {
		if state = s.grammar.Step(state, r); state < 0 {
			return false
		}
	}
	then(state, text)
	return true
}
