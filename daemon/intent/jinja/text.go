package jinja

import (
	"fmt"
	"strconv"
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

// format is str.format for the fields that templates use: {}, {0}, {name}, {0:02d}, {:.1f}.
func (r *rendering) format(s string, args values) (any, error) {
	var b strings.Builder
	for field := 0; s != ""; {
		open := strings.IndexAny(s, "{}")
		if open < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:open])
		if s = s[open:]; len(s) > 1 && s[0] == s[1] { // {{ and }}
			b.WriteByte(s[0])
			s = s[2:]
			continue
		}
		end := strings.IndexByte(s, '}')
		if end < 1 {
			return nil, fmt.Errorf("a brace of the format %q has no other", s)
		}
		key, spec, _ := strings.Cut(s[1:end], ":")
		if key == "" {
			key = strconv.Itoa(field)
			field++
		}
		shown, err := formatField(key, spec, args)
		if err != nil {
			return nil, err
		}
		b.WriteString(shown)
		s = s[end+1:]
	}
	return r.limited(b.String())
}

func formatField(key, spec string, args values) (string, error) {
	position, err := strconv.Atoi(key)
	if err != nil {
		position = len(args.positional)
	}
	value, ok := args.get(position, key)
	if !ok {
		return "", fmt.Errorf("format has no argument %q", key)
	}
	if spec == "" {
		return display(value), nil
	}
	return formatValue(value, spec)
}

// formatValue does [0][width][.precision][d|f|s].
func formatValue(value any, spec string) (string, error) {
	verb := spec[len(spec)-1]
	digits := strings.TrimRight(spec, "dfs")
	width, precision, dotted := strings.Cut(digits, ".")
	w, werr := strconv.Atoi("0" + width)
	p, perr := strconv.Atoi("0" + precision)
	f, integer, isNumber := number(value)
	switch {
	case werr != nil || perr != nil || w > 100 || p > 100 || len(spec)-len(digits) > 1:
	case verb == 's' || !isNumber && verb != 'd' && verb != 'f':
		return fmt.Sprintf("%-*s", w, display(value)), nil
	case integer && !dotted && verb != 'f':
		return fmt.Sprintf("%"+digits+"d", int(f)), nil
	case isNumber && verb != 'd':
		if !dotted {
			p = 6
		}
		return fmt.Sprintf("%"+width+"."+strconv.Itoa(p)+"f", f), nil
	}
	return "", fmt.Errorf("format cannot show %s as %q", typeName(value), spec)
}
