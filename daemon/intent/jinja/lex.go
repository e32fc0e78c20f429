package jinja

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind uint8

const (
	tokenEnd      kind = iota
	tokenText          // literal text between tags
	tokenOutput        // {{
	tokenTag           // {%
	tokenClose         // }} or %}
	tokenName          // a word, "in" and "not" as well
	tokenString        // text is the value, without quotes and escapes
	tokenInt           // digits
	tokenFloat         // digits with a point between them
	tokenOperator      // anything else: "==", "|", "("
)

type token struct {
	kind   kind
	text   string
	offset int // bytes
}

// operators, longest first.
var operators = []string{"**", "==", "!=", ">=", "<=", "//", "+", "-", "*", "/", "%", "~", "<", ">", "=",
	"(", ")", "[", "]", "{", "}", ",", ":", ".", "|"}

// A lexer cuts a template into tokens and takes away the whitespace that "-" beside a tag swallows.
type lexer struct {
	source string
	pos    int
	tokens []token
}

func lex(source string) ([]token, error) {
	// Jinja drops one line end at the very end of a template.
	source = strings.TrimSuffix(strings.TrimSuffix(source, "\n"), "\r")
	l := &lexer{source: source}
	trim := false
	for l.pos < len(source) {
		open := l.nextTag()
		l.text(source[l.pos:open], trim, strings.HasPrefix(source[min(open+2, len(source)):], "-"))
		if l.pos = open; open == len(source) {
			break
		}
		var err error
		if trim, err = l.tag(); err != nil {
			return nil, err
		}
	}
	l.add(tokenEnd, "", len(source))
	return l.tokens, nil
}

func (l *lexer) add(k kind, text string, offset int) {
	l.tokens = append(l.tokens, token{k, text, offset})
}

// nextTag is the offset of the next {{, {% or {#, or of the end.
func (l *lexer) nextTag() int {
	for i := l.pos; i+1 < len(l.source); i++ {
		if l.source[i] == '{' && strings.IndexByte("{%#", l.source[i+1]) >= 0 {
			return i
		}
	}
	return len(l.source)
}

func (l *lexer) text(text string, trimLeft, trimRight bool) {
	if trimLeft {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
	}
	if trimRight {
		text = strings.TrimRightFunc(text, unicode.IsSpace)
	}
	if text != "" {
		l.add(tokenText, strings.ReplaceAll(text, "\r\n", "\n"), l.pos)
	}
}

// tag reads one tag, comments too, and tells whether the whitespace after it goes.
func (l *lexer) tag() (trim bool, err error) {
	start := l.pos
	open := l.source[start : start+2]
	l.pos += 2
	if l.pos < len(l.source) && (l.source[l.pos] == '-' || l.source[l.pos] == '+') {
		l.pos++
	}
	if open == "{#" {
		end := strings.Index(l.source[l.pos:], "#}")
		if end < 0 {
			return false, at(start, fmt.Errorf("the comment is not closed"))
		}
		l.pos += end + 2
		return end > 0 && l.source[l.pos-3] == '-', nil
	}
	k, closing := tokenOutput, "}}"
	if open == "{%" {
		k, closing = tokenTag, "%}"
	}
	l.add(k, open, start)
	return l.inside(start, closing)
}

// inside reads the tokens of a tag up to its end.
func (l *lexer) inside(start int, closing string) (trim bool, err error) {
	nested := 0 // open brackets: "}}" may close two dictionaries
	for {
		l.pos += len(l.source[l.pos:]) - len(strings.TrimLeftFunc(l.source[l.pos:], unicode.IsSpace))
		rest := l.source[l.pos:]
		if rest == "" {
			return false, at(start, fmt.Errorf("the tag is not closed with %s", closing))
		}
		if cut, ok := strings.CutPrefix(rest, "-"); nested == 0 && strings.HasPrefix(cut, closing) {
			l.add(tokenClose, closing, l.pos)
			l.pos += len(rest) - len(cut) + 2
			return ok, nil
		}
		if err := l.token(rest); err != nil {
			return false, at(l.pos, err)
		}
		switch l.tokens[len(l.tokens)-1] {
		case token{tokenOperator, "{", l.pos - 1}, token{tokenOperator, "(", l.pos - 1}, token{tokenOperator, "[", l.pos - 1}:
			nested++
		case token{tokenOperator, "}", l.pos - 1}, token{tokenOperator, ")", l.pos - 1}, token{tokenOperator, "]", l.pos - 1}:
			nested--
		}
	}
}

// token reads one token at the start of rest, which is not empty.
func (l *lexer) token(rest string) error {
	first, _ := utf8.DecodeRuneInString(rest)
	switch {
	case first == '"' || first == '\'':
		return l.quoted(rest)
	case first >= '0' && first <= '9':
		l.number(rest)
		return nil
	case first == '_' || unicode.IsLetter(first):
		end := strings.IndexFunc(rest, func(c rune) bool { return c != '_' && !unicode.In(c, unicode.L, unicode.N, unicode.M) })
		if end < 0 {
			end = len(rest)
		}
		l.take(tokenName, rest[:end], end)
		return nil
	}
	for _, op := range operators {
		if strings.HasPrefix(rest, op) {
			l.take(tokenOperator, op, len(op))
			return nil
		}
	}
	return fmt.Errorf("unexpected %q", first)
}

func (l *lexer) take(k kind, text string, length int) {
	l.add(k, text, l.pos)
	l.pos += length
}

var numberPattern = regexp.MustCompile(`^\d+(?:_\d+)*(\.\d+(?:_\d+)*)?([eE][+-]?\d+)?`)

func (l *lexer) number(rest string) {
	m := numberPattern.FindStringSubmatch(rest)
	kind := tokenInt
	if m[1] != "" || m[2] != "" {
		kind = tokenFloat
	}
	l.take(kind, m[0], len(m[0]))
}

// quoted reads a string literal with Python's usual escapes.
func (l *lexer) quoted(rest string) error {
	quote := rest[0]
	end := 1
	for end < len(rest) && rest[end] != quote {
		if rest[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(rest) {
		return fmt.Errorf("the string is not closed")
	}
	value := rest[1:end]
	if strings.IndexByte(value, '\\') >= 0 {
		value = unescape(value)
	}
	l.take(tokenString, value, end+1)
	return nil
}

// unescape resolves backslashes; an escape that Python does not know stays as it is.
func unescape(s string) string {
	var b strings.Builder
	for s != "" {
		if s[0] != '\\' || len(s) < 2 {
			b.WriteByte(s[0])
			s = s[1:]
			continue
		}
		if s[1] == '\'' || s[1] == '"' {
			b.WriteByte(s[1])
			s = s[2:]
			continue
		}
		c, _, tail, err := strconv.UnquoteChar(s, 0)
		if err != nil {
			c, tail = '\\', s[1:]
		}
		b.WriteRune(c)
		s = tail
	}
	return b.String()
}
