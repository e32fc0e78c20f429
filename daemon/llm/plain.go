package llm

import (
	"strings"
	"unicode"
)

// maxName is how many runes of a name or a state the model is told.
const maxName = 60

// plain makes a name or a state of anybody's such that it stays what it is in a prompt: data on one line. Nothing of it
// can end the line or the quotes around it, run the other way, or look like the marks that models are trained with.
func plain(text string) string { return plainly(text, maxName) }

// plainly is plain for a text of so many runes.
func plainly(text string, most int) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r == '"', r == '`', r == '\\':
			r = '\''
		case r == '<', r == '{', r == '[':
			r = '('
		case r == '>', r == '}', r == ']':
			r = ')'
		case r == '|', !unicode.IsPrint(r), r == unicode.ReplacementChar:
			continue
		}
		if n == most {
			return b.String() + "…"
		}
		if space {
			b.WriteByte(' ')
			n++
		}
		b.WriteRune(r)
		n, space = n+1, false
	}
	return b.String()
}

// quoted is a name as the model is told it.
func quoted(text string) string { return `"` + plain(text) + `"` }

// stated is a state: bare when it is one of Home Assistant's words or a number, and else in quotes.
func stated(text string) string {
	for _, r := range text {
		if r > unicode.MaxASCII || !unicode.IsLower(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_.-:", r) {
			return quoted(text)
		}
	}
	if text == "" || len(text) > maxName {
		return quoted(text)
	}
	return text
}
