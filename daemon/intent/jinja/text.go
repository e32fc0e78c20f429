package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// lower, upper, capitalize and title are Python's: Unicode's full case mappings, a final sigma
// included, in no particular language.

func lower(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	return cases.Lower(language.Und).String(s)
}

func upper(s string) string {
	if ascii(s) {
		return strings.ToUpper(s)
	}
	return cases.Upper(language.Und).String(s)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func capitalize(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	if ascii(s[:size]) {
		return strings.ToUpper(s[:size]) + lower(s[size:])
	}
	return cases.Title(language.Und, cases.NoLower).String(s[:size]) + lower(s[size:])
}

// title is str.title(): every letter that follows none begins a word.
func title(s string) string {
	return words(s, func(c rune) bool { return !unicode.IsLetter(c) })
}

// titleFilter is Jinja's filter, for which words begin after spaces, hyphens and opening brackets.
func titleFilter(s string) string {
	return words(s, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune("-({[<", c) })
}

func words(s string, separates func(rune) bool) string {
	var b strings.Builder
	for s != "" {
		end := strings.IndexFunc(s, separates)
		if end < 0 {
			end = len(s)
		}
		b.WriteString(capitalize(s[:end]))
		_, size := utf8.DecodeRuneInString(s[end:])
		b.WriteString(s[end : end+size])
		s = s[end+size:]
	}
	return b.String()
}
