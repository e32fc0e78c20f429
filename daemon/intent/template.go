package intent

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Template is one sentence template of the hassil language, parsed.
//
//	turn on [the] {name}            literal text, an optional, a list
//	(set|change) {brightness}       alternatives
//	({color};in [the] {area})       a permutation: its items in any order
//	{0..100,5:percent} <in> \{      a range, a rule, an escaped brace
//
// Text keeps its spaces: a space stands for the boundary between two words, so that words may be put
// together from parts ("light[s]").
type Template struct {
	Text string
	root expr
}

// A TemplateError says where a template is wrong.
type TemplateError struct {
	File     string // "" when the template came from no file
	Place    string // what holds the template: "HassTurnOn block 3 sentence 2", "rule <in>"
	Template string
	Line     int // in Template, from 1
	Column   int // in runes, from 1
	Problem  string

	at *place // of the template, when it is an owner's
}

func (e *TemplateError) Error() string {
	var where []string
	for _, s := range []string{e.File, e.Place} {
		if s != "" {
			where = append(where, s)
		}
	}
	at := fmt.Sprintf("line %d column %d of %q", e.Line, e.Column, e.Template)
	return strings.Join(append(where, at, e.Problem), ": ")
}

// exprKind tells the expressions of a template apart.
type exprKind uint8

const (
	exprText        exprKind = iota
	exprSequence             // items one after the other
	exprAlternative          // one of items
	exprPermutation          // items in any order
	exprList                 // {name:slot}
	exprRule                 // <name>
)

// expr is a node of a parsed template.
type expr struct {
	kind    exprKind
	text    string // exprText
	items   []expr // groups
	name    string // of the list or rule
	slot    string // of the list
	capture bool   // the list's text is for the response only: {list:@slot}
	apart   bool   // a space follows the list
	at      int    // byte offset in the template
}

// maxNesting bounds how deep groups may lie in each other, and with it the parser's stack.
const maxNesting = 100

// maxPermutation bounds a permutation's items: its states are the sets of items still to come.
const maxPermutation = 10

// Parse parses one template. The error is a *TemplateError.
func Parse(text string) (*Template, error) {
	p := parser{text: text}
	if !utf8.ValidString(text) {
		return nil, p.fail(0, "not valid UTF-8")
	}
	start := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
	p.end = len(strings.TrimRightFunc(text, unicode.IsSpace))
	p.pos = min(start, p.end)
	root, err := p.group(0, 0)
	if err != nil {
		return nil, err
	}
	return &Template{Text: text, root: root}, nil
}

// isTemplate tells whether a list's value uses the template language.
func isTemplate(text string) bool { return strings.ContainsAny(text, `(){}<>[]|@`) }

type parser struct {
	text string
	pos  int
	end  int
}

func (p *parser) fail(at int, problem string) *TemplateError {
	before := p.text[:min(at, len(p.text))]
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return &TemplateError{Template: p.text, Line: line, Column: column, Problem: problem}
}

// group parses up to the closing delimiter, or to the end of the template when there is none. A group
// with "|" becomes an alternative and with ";" a permutation; the later separator takes what stands
// before it as its first item.
func (p *parser) group(closing byte, depth int) (expr, error) {
	open := p.pos
	if depth > maxNesting {
		return expr{}, p.fail(open, fmt.Sprintf("groups are nested deeper than %d", maxNesting))
	}
	done := expr{kind: exprSequence, at: open} // sequence, or what the separators made of it
	last := &done                              // sequence that takes the next item
	for p.pos < p.end {
		c := p.text[p.pos]
		switch c {
		case closing:
			p.pos++
			return padPermutation(done), nil
		case '|', ';':
			kind := exprAlternative
			if c == ';' {
				kind = exprPermutation
			}
			if done.kind != kind {
				done = expr{kind: kind, items: []expr{padPermutation(done)}, at: open}
			}
			done.items = append(done.items, expr{kind: exprSequence, at: p.pos + 1})
			last = &done.items[len(done.items)-1]
			if kind == exprPermutation && len(done.items) > maxPermutation {
				return expr{}, p.fail(p.pos, fmt.Sprintf("a permutation has more than %d items", maxPermutation))
			}
			p.pos++
		default:
			item, err := p.item(c, depth)
			if err != nil {
				return expr{}, err
			}
			last.items = append(last.items, item)
		}
	}
	if closing != 0 {
		return expr{}, p.fail(open-1, fmt.Sprintf("no %q closes this group", closing))
	}
	return padPermutation(done), nil
}

// padPermutation puts spaces around a permutation's items: their order decides who stands beside whom.
func padPermutation(e expr) expr {
	if e.kind != exprPermutation {
		return e
	}
	for i, item := range e.items {
		space := expr{kind: exprText, text: " ", at: item.at}
		e.items[i] = expr{kind: exprSequence, items: []expr{space, item, space}, at: item.at}
	}
	return e
}

func (p *parser) item(c byte, depth int) (expr, error) {
	at := p.pos
	switch c {
	case '(':
		p.pos++
		return p.group(')', depth+1)
	case '[':
		p.pos++
		e, err := p.group(']', depth+1)
		if e.kind != exprAlternative {
			e = expr{kind: exprAlternative, items: []expr{e}, at: at}
		}
		e.items = append(e.items, expr{kind: exprText, at: at})
		return e, err
	case '{':
		body, err := p.reference('}')
		if err != nil {
			return expr{}, err
		}
		return p.list(body, at)
	case '<':
		body, err := p.reference('>')
		return expr{kind: exprRule, name: body, at: at}, err
	case ')', ']', '}', '>':
		return expr{}, p.fail(at, fmt.Sprintf("%q closes nothing; write \\%c for the character itself", c, c))
	}
	return expr{kind: exprText, text: p.literal(), at: at}, nil
}

// reference parses the name between { } or < >.
func (p *parser) reference(closing byte) (string, error) {
	at := p.pos
	var b strings.Builder
	for p.pos++; p.pos < p.end; p.pos++ {
		c := p.text[p.pos]
		if c == '\\' && p.pos+1 < p.end {
			p.pos++
			b.WriteByte(p.text[p.pos])
			continue
		}
		if c == closing {
			p.pos++
			if b.Len() == 0 {
				return "", p.fail(at, "the name is missing")
			}
			return b.String(), nil
		}
		b.WriteByte(c)
	}
	return "", p.fail(at, fmt.Sprintf("no %q closes this name", closing))
}

// list takes the parts of {list:slot}, {list:@capture} and {@list} apart.
func (p *parser) list(body string, at int) (expr, error) {
	e := expr{kind: exprList, at: at, apart: p.pos < p.end && unicode.IsSpace(rune(p.text[p.pos]))}
	name, slot, hasSlot := strings.Cut(body, ":")
	if !hasSlot {
		name, e.capture = strings.CutPrefix(name, "@")
		slot = name
	} else if rest, ok := strings.CutPrefix(slot, "@"); ok {
		slot, e.capture = rest, true
	}
	if name == "" || slot == "" {
		return expr{}, p.fail(at, "the name of the list or of its slot is missing")
	}
	e.name, e.slot = name, slot
	return e, nil
}

// literal reads text up to the next special character and removes its escapes.
func (p *parser) literal() string {
	var b strings.Builder
	for p.pos < p.end {
		c := p.text[p.pos]
		if strings.IndexByte(`()[]{}<>|;`, c) >= 0 {
			break
		}
		if c == '\\' && p.pos+1 < p.end {
			p.pos++
			c = p.text[p.pos]
		}
		b.WriteByte(c)
		p.pos++
	}
	return b.String()
}
