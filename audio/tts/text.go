package tts

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes text fit for an engine: valid UTF-8, no control characters, not too long, and empty when
// there is no letter, digit or symbol that could be said.
func clean(text string) string {
	var b strings.Builder
	said := false
	runes := 0
	for _, r := range text {
		if runes++; runes > longestText {
			break
		}
		if r == utf8.RuneError {
			continue
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			r = ' '
		}
		said = said || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r)
		b.WriteRune(r)
	}
	if !said {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// Sentences splits a reply so that its first sentence can be spoken while the rest is still being made.
// A sentence ends at ., ! or ? before a space (not after a single letter or a title, as in "Dr."), at the
// same marks of Chinese and Japanese, and at the end of a line. Joined, the sentences hold the whole text
// but for the space between them.
func Sentences(text string) []string {
	var sentences []string
	start := 0
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		if r == utf8.RuneError || !endsSentence(text[start:i], r, text[end:]) {
			continue
		}
		if s := strings.TrimSpace(text[start:end]); s != "" {
			sentences = append(sentences, s)
		}
		start = end
	}
	if s := strings.TrimSpace(text[start:]); s != "" {
		sentences = append(sentences, s)
	}
	return sentences
}

func endsSentence(before string, mark rune, after string) bool {
	switch mark {
	case '\n', '。', '！', '？':
		return true
	case '!', '?', '.':
		next, _ := utf8.DecodeRuneInString(after)
		return unicode.IsSpace(next) && (mark != '.' || !abbreviated(before))
	}
	return false
}

// abbreviated tells whether the text ends with a word after which a full stop ends nothing.
func abbreviated(text string) bool {
	word := text[strings.LastIndexFunc(text, unicode.IsSpace)+1:]
	switch word {
	case "Dr", "Mr", "Mrs", "Ms", "St", "No", "approx", "e.g", "i.e", "vs":
		return true
	}
	r, size := utf8.DecodeRuneInString(word)
	return size == len(word) && unicode.IsLetter(r)
}
