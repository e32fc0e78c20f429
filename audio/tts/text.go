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
