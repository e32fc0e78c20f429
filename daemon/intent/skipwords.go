package intent

import (
	"slices"
	"strings"
)

// skipWords are said without meaning ("please"). They are tried as part of the sentence first.
type skipWords struct {
	words    [][]rune // normalised phrases, the longest first
	anywhere bool     // also inside what looks like a word, in languages that write no spaces
}

func newSkipWords(source *languageFile) skipWords {
	s := skipWords{anywhere: source.Settings.IgnoreWhitespace}
	for _, w := range source.SkipWords {
		if folded := foldTemplate(strings.TrimSpace(w)); len(folded) > 0 {
			s.words = append(s.words, folded)
		}
	}
	slices.SortStableFunc(s.words, func(a, b []rune) int { return len(b) - len(a) })
	return s
}

// at is the length of the skip word that begins at i, 0 when there is none.
func (s skipWords) at(text []rune, i int) int {
	if !s.boundary(text, i) {
		return 0
	}
	for _, w := range s.words {
		if s.fits(text, i, w) {
			return len(w)
		}
	}
	return 0
}

// fits tells whether text goes on with a skip word at i.
func (s skipWords) fits(text []rune, i int, w []rune) bool {
	end := i + len(w)
	return end <= len(text) && equalFolded(text[i:end], w) && (s.anywhere || end == len(text) || !isWord(text[end]))
}

// boundary tells whether a skip word may begin at i.
func (s skipWords) boundary(text []rune, i int) bool {
	return s.anywhere || i == 0 || !isWord(text[i-1])
}

func equalFolded(text, folded []rune) bool {
	return slices.EqualFunc(text, folded, func(a, b rune) bool { return fold(a) == b })
}

// found tells whether the sentence holds any.
func (s skipWords) found(text []rune) bool {
	for i := range text {
		if s.at(text, i) > 0 {
			return true
		}
	}
	return false
}

// removeAll removes them wherever they stand.
func (s skipWords) removeAll(text []rune) []rune {
	out := make([]rune, 0, len(text))
	for i := 0; i < len(text); {
		n := s.at(text, i)
		r := ' '
		if n == 0 {
			r, n = text[i], 1
		}
		if r != ' ' || len(out) == 0 || out[len(out)-1] != ' ' {
			out = append(out, r)
		}
		i += n
	}
	return trimBreaks(out)
}

// removeLess removes them as removeAll does, but of the last one before the sentence only the shortest that it begins with:
// "please tell me" may be "please" before what begins with "tell me".
func (s skipWords) removeLess(text []rune) []rune {
	last, rest := text, text
	for n := s.at(rest, 0); n > 0; n = s.at(rest, 0) {
		last, rest = rest, trimBreaks(rest[n:])
	}
	for _, w := range slices.Backward(s.words) {
		if s.fits(last, 0, w) {
			return s.removeAll(trimBreaks(last[len(w):]))
		}
	}
	return s.removeAll(last)
}

// trimBreaks removes what stood between a sentence and the skip words around it.
func trimBreaks(runes []rune) []rune {
	for len(runes) > 0 && isBreak(runes[0]) {
		runes = runes[1:]
	}
	for len(runes) > 0 && isBreak(runes[len(runes)-1]) {
		runes = runes[:len(runes)-1]
	}
	return runes
}

// removeStart removes them at the start, removeEnd at the end, each as often as they stand there.
func (s skipWords) removeStart(text []rune) []rune {
	for {
		n := s.at(text, 0)
		if n == 0 {
			return text
		}
		text = trimBreaks(text[n:])
	}
}

func (s skipWords) removeEnd(text []rune) []rune {
	for found := true; found; {
		found = false
		for _, w := range s.words {
			start := len(text) - len(w)
			if start >= 0 && equalFolded(text[start:], w) && s.boundary(text, start) {
				text, found = trimBreaks(text[:start]), true
				break
			}
		}
	}
	return text
}
