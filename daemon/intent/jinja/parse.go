package jinja

import (
	"fmt"
	"slices"
)

// A parser reads tokens by recursive descent; expressions are in expression.go.
type parser struct {
	tokens []token
	pos    int
	depth  int
}

func parse(tokens []token) ([]statement, error) {
	p := &parser{tokens: tokens}
	return p.statements()
}

func (p *parser) peek() token { return p.tokens[p.pos] }

// next takes a token; the last one, the end, is never passed.
func (p *parser) next() token {
	t := p.tokens[p.pos]
	if t.kind != tokenEnd {
		p.pos++
	}
	return t
}

func (p *parser) is(k kind, text string) bool { return p.peek().kind == k && p.peek().text == text }

func (p *parser) skip(k kind, text string) bool {
	if !p.is(k, text) {
		return false
	}
	p.pos++
	return true
}

func (p *parser) expect(k kind, text string) error {
	if !p.skip(k, text) {
		return p.unexpected(fmt.Sprintf("%q", text))
	}
	return nil
}

func (p *parser) word() (string, error) {
	if p.peek().kind != tokenName {
		return "", p.unexpected("a name")
	}
	return p.next().text, nil
}

func (p *parser) unexpected(wanted string) error {
	got := fmt.Sprintf("%q", p.peek().text)
	if p.peek().kind == tokenEnd {
		got = "the end"
	}
	return at(p.peek().offset, fmt.Errorf("%s is expected here, not %s", wanted, got))
}

// deeper counts nesting; call the function it returns when leaving.
func (p *parser) deeper() (leave func(), err error) {
	if p.depth++; p.depth > maxDepth {
		return nil, at(p.peek().offset, fmt.Errorf("%w: more than %d levels of nesting", ErrBounds, maxDepth))
	}
	return func() { p.depth-- }, nil
}

// block reads the end of a tag, and statements up to a tag that starts with one of the words, which
// it leaves there.
func (p *parser) block(until ...string) ([]statement, error) {
	leave, err := p.deeper()
	if err != nil {
		return nil, err
	}
	defer leave()
	p.skip(tokenOperator, ":") // as in {% else: %}
	if err := p.expect(tokenClose, "%}"); err != nil {
		return nil, err
	}
	return p.statements(until...)
}

// statements reads up to one of the words in a tag, or to the end when there are none.
func (p *parser) statements(until ...string) ([]statement, error) {
	var body []statement
	for {
		switch t := p.next(); t.kind {
		case tokenText:
			body = append(body, text(t.text))
		case tokenOutput:
			value, err := p.expression()
			if err != nil {
				return nil, err
			}
			if err := p.expect(tokenClose, "}}"); err != nil {
				return nil, err
			}
			body = append(body, output{t.offset, value})
		case tokenTag:
			if slices.Contains(until, p.peek().text) {
				return body, nil
			}
			s, err := p.statement()
			if err != nil {
				return nil, err
			}
			body = append(body, s)
		default: // the end
			if len(until) == 0 {
				return body, nil
			}
			return nil, p.unexpected("{% " + until[len(until)-1] + " %}")
		}
	}
}

// body reads a block and the tag that ends it.
func (p *parser) body(end string) ([]statement, error) {
	body, err := p.block(end)
	if err != nil {
		return nil, err
	}
	return body, p.endTag(end)
}

func (p *parser) endTag(end string) error {
	if err := p.expect(tokenName, end); err != nil {
		return err
	}
	return p.expect(tokenClose, "%}")
}

func (p *parser) statement() (statement, error) {
	offset := p.peek().offset
	keyword, err := p.word()
	if err != nil {
		return nil, err
	}
	switch keyword {
	case "if":
		return p.branch(offset)
	case "for":
		return p.loop(offset)
	case "set":
		return p.set(offset)
	case "macro":
		return p.macro(offset)
	case "do":
		value, err := p.expression()
		if err != nil {
			return nil, err
		}
		return do{offset, value}, p.expect(tokenClose, "%}")
	case "break":
		return leave{offset, errBreak}, p.expect(tokenClose, "%}")
	case "continue":
		return leave{offset, errContinue}, p.expect(tokenClose, "%}")
	}
	return nil, at(offset, fmt.Errorf("{%% %s %%} is not known here", keyword))
}

// branch reads what follows "if" or "elif".
func (p *parser) branch(offset int) (statement, error) {
	leave, err := p.deeper()
	if err != nil {
		return nil, err
	}
	defer leave()
	b := branch{offset: offset}
	if b.condition, err = p.expression(); err != nil {
		return nil, err
	}
	if b.then, err = p.block("elif", "else", "endif"); err != nil {
		return nil, err
	}
	switch {
	case p.skip(tokenName, "elif"):
		nested, err := p.branch(p.peek().offset)
		b.otherwise = []statement{nested}
		return b, err
	case p.skip(tokenName, "else"):
		b.otherwise, err = p.body("endif")
		return b, err
	}
	return b, p.endTag("endif")
}

func (p *parser) loop(offset int) (statement, error) {
	l := loop{offset: offset}
	var err error
	if l.targets, err = p.targets(); err != nil {
		return nil, err
	}
	if err = p.expect(tokenName, "in"); err != nil {
		return nil, err
	}
	if l.over, err = p.or(); err != nil { // not a conditional: its "if" is the loop's
		return nil, err
	}
	if p.skip(tokenName, "if") {
		if l.condition, err = p.expression(); err != nil {
			return nil, err
		}
	}
	if l.body, err = p.block("else", "endfor"); err != nil {
		return nil, err
	}
	if p.skip(tokenName, "else") {
		l.otherwise, err = p.body("endfor")
		return l, err
	}
	return l, p.endTag("endfor")
}

// targets are the names before "in" or "=".
func (p *parser) targets() ([]string, error) {
	var targets []string
	for {
		target, err := p.word()
		if err != nil {
			return nil, err
		}
		if targets = append(targets, target); !p.skip(tokenOperator, ",") {
			return targets, nil
		}
	}
}

func (p *parser) set(offset int) (statement, error) {
	s := assign{offset: offset}
	var err error
	if s.targets, err = p.targets(); err != nil {
		return nil, err
	}
	if p.skip(tokenOperator, ".") {
		if s.field, err = p.word(); err != nil {
			return nil, err
		}
	}
	if s.field == "" && len(s.targets) == 1 && p.is(tokenClose, "%}") {
		body, err := p.body("endset")
		return capture{offset, s.targets[0], body}, err
	}
	if err = p.expect(tokenOperator, "="); err != nil {
		return nil, err
	}
	if s.value, err = p.tuple(); err != nil {
		return nil, err
	}
	return s, p.expect(tokenClose, "%}")
}

func (p *parser) macro(offset int) (statement, error) {
	m := macro{offset: offset}
	var err error
	if m.name, err = p.word(); err != nil {
		return nil, err
	}
	if err = p.expect(tokenOperator, "("); err != nil {
		return nil, err
	}
	for !p.skip(tokenOperator, ")") {
		if err = p.parameter(&m); err != nil {
			return nil, err
		}
	}
	m.body, err = p.body("endmacro")
	return m, err
}

func (p *parser) parameter(m *macro) error {
	parameter, err := p.word()
	if err != nil {
		return err
	}
	var fallback expression
	if p.skip(tokenOperator, "=") {
		if fallback, err = p.expression(); err != nil {
			return err
		}
	}
	m.parameters, m.defaults = append(m.parameters, parameter), append(m.defaults, fallback)
	if !p.is(tokenOperator, ")") {
		return p.expect(tokenOperator, ",")
	}
	return nil
}
