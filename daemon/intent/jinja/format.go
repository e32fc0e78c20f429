package jinja

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// format is str.format: {}, {0}, {name}, {0.key}, {name[key]}, {!r}, each with a layout behind a colon.
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
		if key == "" || key[0] == '!' {
			key = strconv.Itoa(field) + key
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

// into takes the brackets and points apart that lead into a value.
var into = strings.NewReplacer("[", ".", "]", "")

func formatField(key, spec string, args values) (string, error) {
	key, conversion, _ := strings.Cut(key, "!")
	name, rest, nested := strings.Cut(into.Replace(key), ".")
	position, err := strconv.Atoi(name)
	if err != nil {
		position = len(args.positional)
	}
	value, ok := args.get(position, name)
	if !ok {
		return "", fmt.Errorf("format has no argument %q", name)
	}
	if nested {
		value = path(value, rest)
	}
	if conversion == "r" {
		var b strings.Builder
		quote(&b, value, maxShown)
		value = b.String()
	}
	if spec == "" {
		return display(value), nil
	}
	l, ok := parseLayout(spec)
	if !ok {
		return "", fmt.Errorf("format cannot read the layout %q", spec)
	}
	return l.show(value)
}

// A layout is how one value is shown: Python's format specification.
type layout struct {
	fill      string
	align     byte   // '<', '>', '^', '=' for zeros behind the sign; 0 as the value has it
	sign      string // "+", " " or "-"
	width     int
	thousands string
	precision int // -1 when it is not given
	verb      byte
}

var layoutPattern = regexp.MustCompile(`^(?:(.)?([<>=^]))?([-+ ]?)#?(0?)(\d{0,3})([,_]?)(?:\.(\d{1,2}))?([bdeEfFgGosxX%]?)$`)

func parseLayout(spec string) (layout, bool) {
	m := layoutPattern.FindStringSubmatch(spec)
	if m == nil {
		return layout{}, false
	}
	l := layout{fill: cmp.Or(m[1], " "), sign: m[3], thousands: m[6], precision: -1}
	if m[2] != "" {
		l.align = m[2][0]
	} else if m[4] != "" {
		l.fill, l.align = "0", '='
	}
	l.width, _ = strconv.Atoi(m[5])
	if m[7] != "" {
		l.precision, _ = strconv.Atoi(m[7])
	}
	if m[8] != "" {
		l.verb = m[8][0]
	}
	return l, true
}

func (l layout) show(value any) (string, error) {
	f, integer, ok := number(value)
	_, text := value.(string)
	switch {
	case l.verb == 's' || l.verb == 0 && (text || !ok):
		return l.text(display(value)), nil
	case !ok || !integer && strings.IndexByte("bdoxX", l.verb) >= 0:
		return "", fmt.Errorf("format cannot show %s with the code %q", typeName(value), string(l.verb))
	}
	sign := ""
	if f < 0 || math.Signbit(f) {
		sign = "-"
	} else if l.sign != "-" {
		sign = l.sign
	}
	return l.padded(sign, l.digits(math.Abs(f), integer), '>'), nil
}

// text cuts a string to the precision.
func (l layout) text(s string) string {
	if l.precision >= 0 && utf8.RuneCountInString(s) > l.precision {
		s = string([]rune(s)[:l.precision])
	}
	return l.padded("", s, '<')
}

// digits are those of a number that is not negative.
func (l layout) digits(f float64, integer bool) string {
	precision := l.precision
	if precision < 0 {
		precision = 6
	}
	var s string
	switch l.verb {
	case 'b', 'o', 'x', 'X':
		s = strconv.FormatInt(int64(f), map[byte]int{'b': 2, 'o': 8, 'x': 16, 'X': 16}[l.verb])
	case '%':
		s = strconv.FormatFloat(100*f, 'f', precision, 64) + "%"
	case 'e', 'f', 'g', 'E', 'F', 'G':
		s = strconv.FormatFloat(f, l.verb|0x20, precision, 64)
	default:
		s = l.plain(f, integer)
	}
	if l.verb == 'X' || l.verb == 'E' || l.verb == 'G' {
		s = strings.ToUpper(s)
	}
	return l.grouped(s)
}

// plain is a number without a code.
func (l layout) plain(f float64, integer bool) string {
	switch {
	case integer:
		return strconv.FormatInt(int64(f), 10)
	case l.precision < 0:
		return displayFloat(f)
	}
	s := strconv.FormatFloat(f, 'g', max(l.precision, 1), 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

// grouped puts the separator between thousands.
func (l layout) grouped(s string) string {
	if l.thousands == "" {
		return s
	}
	end := strings.IndexAny(s, ".e%")
	if end < 0 {
		end = len(s)
	}
	for i := end - 3; i > 0; i -= 3 {
		s = s[:i] + l.thousands + s[i:]
	}
	return s
}

// padded fills up to the width, unless the layout says otherwise on the side that align leaves free.
func (l layout) padded(sign, s string, align byte) string {
	missing := l.width - utf8.RuneCountInString(sign+s)
	if missing <= 0 {
		return sign + s
	}
	switch fill := strings.Repeat(l.fill, missing); cmp.Or(l.align, align) {
	case '<':
		return sign + s + fill
	case '^':
		left := missing / 2 * len(l.fill)
		return fill[:left] + sign + s + fill[left:]
	case '=':
		return sign + fill + s
	default:
		return fill + sign + s
	}
}

var verbPattern = regexp.MustCompile(`%(?:\((\w+)\))?([-+ 0#]*)(\d{0,3})(?:\.(\d{1,2}))?([a-zA-Z%])`)

// printf is Python's string % values: %s, %d, %05.1f, %(name)s.
func (r *rendering) printf(s string, args values) (any, error) {
	var fault error
	next := 0
	shown := verbPattern.ReplaceAllStringFunc(s, func(found string) string {
		m := verbPattern.FindStringSubmatch(found)
		if m[5] == "%" {
			return "%"
		}
		position := next
		if m[1] != "" {
			position = len(args.positional)
		} else {
			next++
		}
		value, ok := args.get(position, m[1])
		if !ok {
			fault = fmt.Errorf("there is no value for %s", found)
			return ""
		}
		text, err := printfLayout(m).show(printfValue(value, m[5]))
		fault = errors.Join(fault, err)
		return text
	})
	if fault == nil && next < len(args.positional) && len(args.names) == 0 {
		fault = fmt.Errorf("%d values for %d places of the format", len(args.positional), next)
	}
	if fault != nil {
		return nil, fault
	}
	return r.limited(shown)
}

// printfLayout is the layout of a match of verbPattern.
func printfLayout(m []string) layout {
	l := layout{fill: " ", align: '>', precision: -1, verb: m[5][0]}
	for _, flag := range m[2] {
		switch flag {
		case '-':
			l.fill, l.align = " ", '<'
		case '0':
			if l.align == '>' {
				l.fill, l.align = "0", '='
			}
		case '+', ' ':
			l.sign = string(flag)
		}
	}
	l.width, _ = strconv.Atoi(m[3])
	if m[4] != "" {
		l.precision, _ = strconv.Atoi(m[4])
	}
	switch l.verb {
	case 'i', 'u':
		l.verb = 'd'
	case 'r':
		l.verb = 's'
	}
	return l
}

// printfValue makes the value one that the code can show: %d cuts fractions off.
func printfValue(value any, code string) any {
	switch f, ok := value.(float64); {
	case ok && strings.ContainsAny(code, "diu"):
		return int(f)
	case code == "r":
		var b strings.Builder
		quote(&b, value, maxShown)
		return b.String()
	}
	return value
}
