package intent

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Words are the words of a text as names and sentences are compared loosely: folded, without accents, and apart where
// anything but letters and digits stands between them ("l'éclairage" is l and eclairage).
func Words(text string) []string {
	return strings.FieldsFunc(bare(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// bare is the text folded and without accents. What has only ASCII, as most has, is not decomposed.
func bare(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	if !isASCII(text) {
		text = norm.NFD.String(text)
	}
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ß':
			b.WriteString("ss")
		default:
			b.WriteRune(fold(r))
		}
	}
	return b.String()
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}
