package jinja

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Precedence, loosest first, as Jinja has it: if-else, or, and, not, comparison, + and -, ~,
// * / // %, **, sign, then filters and tests, which bind to what is directly before them.

func (p *parser) expression() (expression, error) {
	leave, err := p.deeper()
	if err != nil {
		return nil, err
	}
	defer leave()
	then, err := p.or()
	for err == nil && p.skip(tokenName, "if") {
		c := conditional{then: then}
		if c.condition, err = p.or(); err != nil {
			break
		}
		c.otherwise = constant{undefined("the value of an if without else")}
		if p.skip(tokenName, "else") {
			c.otherwise, err = p.expression()
		}
		then = c
	}
	return then, err
}

// tuple reads one expression, or several with commas between them as a list.
func (p *parser) tuple() (expression, error) {
	first, err := p.expression()
	if err != nil || !p.is(tokenOperator, ",") {
		return first, err
	}
	items := listOf{first}
	for p.skip(tokenOperator, ",") {
		if p.peek().kind == tokenClose || p.is(tokenOperator, ")") {
			break
		}
		item, err := p.expression()
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

func (p *parser) or() (expression, error) {
	left, err := p.and()
	for err == nil && p.skip(tokenName, "or") {
		var right expression
		right, err = p.and()
		left = both{left, right, true}
	}
	return left, err
}

func (p *parser) and() (expression, error) {
	left, err := p.not()
	for err == nil && p.skip(tokenName, "and") {
		var right expression
		right, err = p.not()
		left = both{left, right, false}
	}
	return left, err
}

func (p *parser) not() (expression, error) {
	offset := p.peek().offset
	if !p.skip(tokenName, "not") {
		return p.comparison()
	}
	leave, err := p.deeper()
	if err != nil {
		return nil, err
	}
	defer leave()
	operand, err := p.not()
	return unary{offset, "not", operand}, err
}

func (p *parser) comparison() (expression, error) {
	first, err := p.sum()
	c := comparison{offset: p.peek().offset, first: first}
	for err == nil {
		operator, ok := p.comparator()
		if !ok {
			break
		}
		var operand expression
		operand, err = p.sum()
		c.operators, c.operands = append(c.operators, operator), append(c.operands, fold(operand))
	}
	if len(c.operators) == 0 {
		return first, err
	}
	return c, err
}

func (p *parser) comparator() (operator string, ok bool) {
	switch t := p.peek(); {
	case t.kind == tokenOperator && slices.Contains([]string{"==", "!=", "<", "<=", ">", ">="}, t.text),
		p.is(tokenName, "in"):
		return p.next().text, true
	case p.is(tokenName, "not") && p.tokens[p.pos+1].kind == tokenName && p.tokens[p.pos+1].text == "in":
		p.pos += 2
		return "not in", true
	}
	return "", false
}

// chain reads operators of one precedence, from left to right.
func (p *parser) chain(operand func() (expression, error), operators ...string) (expression, error) {
	left, err := operand()
	for err == nil && p.peek().kind == tokenOperator && slices.Contains(operators, p.peek().text) {
		t := p.next()
		var right expression
		right, err = operand()
		left = binary{t.offset, t.text, left, right}
	}
	return left, err
}

func (p *parser) sum() (expression, error)     { return p.chain(p.concat, "+", "-") }
func (p *parser) concat() (expression, error)  { return p.chain(p.product, "~") }
func (p *parser) product() (expression, error) { return p.chain(p.power, "*", "/", "//", "%") }
func (p *parser) power() (expression, error)   { return p.chain(p.signed, "**") }

func (p *parser) signed() (expression, error) {
	e, err := p.sign()
	if err != nil {
		return nil, err
	}
	return p.filters(e)
}

func (p *parser) sign() (expression, error) {
	t := p.peek()
	if t.kind != tokenOperator || t.text != "-" && t.text != "+" {
		e, err := p.primary()
		if err != nil {
			return nil, err
		}
		return p.postfix(e)
	}
	leave, err := p.deeper()
	if err != nil {
		return nil, err
	}
	defer leave()
	p.pos++
	operand, err := p.sign()
	return unary{t.offset, t.text, operand}, err
}

func (p *parser) primary() (expression, error) {
	switch t := p.next(); {
	case t.kind == tokenName:
		return identifier(t), nil
	case t.kind == tokenString:
		value := t.text
		for p.peek().kind == tokenString {
			value += p.next().text
		}
		return constant{value}, nil
	case t.kind == tokenInt:
		n, err := strconv.Atoi(strings.ReplaceAll(t.text, "_", ""))
		return constant{n}, at(t.offset, err)
	case t.kind == tokenFloat:
		f, err := strconv.ParseFloat(strings.ReplaceAll(t.text, "_", ""), 64)
		return constant{f}, at(t.offset, err)
	case t == token{tokenOperator, "(", t.offset}:
		return p.parenthesised()
	case t == token{tokenOperator, "[", t.offset}:
		items, err := p.items("]")
		return listOf(items), err
	case t == token{tokenOperator, "{", t.offset}:
		return p.dict(t.offset)
	case t.kind != tokenEnd:
		p.pos--
	}
	return nil, p.unexpected("a value")
}

func identifier(t token) expression {
	switch t.text {
	case "true", "True":
		return constant{true}
	case "false", "False":
		return constant{false}
	case "none", "None":
		return constant{nil}
	}
	return name{t.offset, t.text}
}

func (p *parser) parenthesised() (expression, error) {
	if p.skip(tokenOperator, ")") {
		return listOf{}, nil
	}
	e, err := p.tuple()
	if err != nil {
		return nil, err
	}
	return e, p.expect(tokenOperator, ")")
}

// items reads expressions up to a closing bracket.
func (p *parser) items(end string) ([]expression, error) {
	var items []expression
	for !p.skip(tokenOperator, end) {
		item, err := p.expression()
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		if !p.is(tokenOperator, end) {
			if err := p.expect(tokenOperator, ","); err != nil {
				return nil, err
			}
		}
	}
	return items, nil
}

func (p *parser) dict(offset int) (expression, error) {
	d := dictOf{offset: offset}
	for !p.skip(tokenOperator, "}") {
		key, err := p.expression()
		if err != nil {
			return nil, err
		}
		if err := p.expect(tokenOperator, ":"); err != nil {
			return nil, err
		}
		value, err := p.expression()
		if err != nil {
			return nil, err
		}
		d.keys, d.values = append(d.keys, key), append(d.values, value)
		if !p.is(tokenOperator, "}") {
			if err := p.expect(tokenOperator, ","); err != nil {
				return nil, err
			}
		}
	}
	return fold(d), nil
}

// fold makes a literal whose parts are all constant into one constant, so that it is built once.
// Only for values that no template can change: dictionaries, and lists that are only looked into.
func fold(e expression) expression {
	var parts []expression
	switch literal := e.(type) {
	case listOf:
		parts = literal
	case dictOf:
		parts = slices.Concat(literal.keys, literal.values)
	default:
		return e
	}
	for _, part := range parts {
		if _, ok := part.(constant); !ok {
			return e
		}
	}
	value, err := e.eval(&rendering{})
	if err != nil { // reported when the template is rendered
		return e
	}
	return constant{value}
}

// postfix reads the attributes, subscripts and calls behind a value.
func (p *parser) postfix(e expression) (expression, error) {
	var err error
	for err == nil && p.peek().kind == tokenOperator {
		offset := p.peek().offset
		switch {
		case p.skip(tokenOperator, "."):
			if p.peek().kind != tokenName {
				return nil, p.unexpected("a name")
			}
			e = attribute{offset, e, p.next().text}
		case p.skip(tokenOperator, "["):
			e, err = p.subscript(offset, e)
		case p.skip(tokenOperator, "("):
			c := call{offset: offset, callee: e}
			c.arguments, err = p.arguments()
			e = c
		default:
			return e, nil
		}
	}
	return e, err
}

// subscript reads what follows an opening bracket: a key, or from:to:step of which each may be left out.
func (p *parser) subscript(offset int, of expression) (expression, error) {
	var parts [3]expression
	for i := range parts {
		if !p.is(tokenOperator, ":") && !p.is(tokenOperator, "]") {
			var err error
			if parts[i], err = p.expression(); err != nil {
				return nil, err
			}
		}
		if p.is(tokenOperator, "]") && i == 0 {
			p.pos++
			if parts[0] == nil {
				p.pos--
				return nil, p.unexpected("a value")
			}
			return index{offset, of, parts[0]}, nil
		}
		if i == len(parts)-1 || !p.skip(tokenOperator, ":") {
			break
		}
	}
	return slice{offset, of, parts[0], parts[1], parts[2]}, p.expect(tokenOperator, "]")
}

// arguments reads what follows an opening parenthesis.
func (p *parser) arguments() (arguments, error) {
	var a arguments
	for !p.skip(tokenOperator, ")") {
		keyword := ""
		if next := p.tokens[min(p.pos+1, len(p.tokens)-1)]; p.peek().kind == tokenName && next.kind == tokenOperator && next.text == "=" {
			keyword = p.next().text
			p.pos++
		}
		value, err := p.expression()
		if err != nil {
			return a, err
		}
		if keyword == "" {
			a.positional = append(a.positional, value)
		} else {
			a.names, a.named = append(a.names, keyword), append(a.named, value)
		}
		if !p.is(tokenOperator, ")") {
			if err := p.expect(tokenOperator, ","); err != nil {
				return a, err
			}
		}
	}
	return a, nil
}

// filters reads the filters and tests behind a value.
func (p *parser) filters(e expression) (expression, error) {
	var err error
	for err == nil {
		switch {
		case p.skip(tokenOperator, "|"):
			e, err = p.filter(e)
		case p.skip(tokenName, "is"):
			e, err = p.test(e)
		default:
			return e, nil
		}
	}
	return e, err
}

func (p *parser) filter(input expression) (expression, error) {
	f := filter{offset: p.peek().offset, input: input}
	var err error
	if f.name, err = p.word(); err != nil {
		return nil, err
	}
	var ok bool
	if f.filterFunc, ok = filters[f.name]; !ok {
		return nil, at(f.offset, fmt.Errorf("there is no filter %q", f.name))
	}
	if p.skip(tokenOperator, "(") {
		f.arguments, err = p.arguments()
	}
	return f, err
}

func (p *parser) test(input expression) (expression, error) {
	t := test{negate: p.skip(tokenName, "not"), offset: p.peek().offset, input: input}
	var err error
	if t.name, err = p.word(); err != nil {
		return nil, err
	}
	var ok bool
	if t.testFunc, ok = tests[t.name]; !ok {
		return nil, at(t.offset, fmt.Errorf("there is no test %q", t.name))
	}
	switch next := p.peek(); {
	case p.skip(tokenOperator, "("):
		t.arguments, err = p.arguments()
	case next.kind == tokenString, next.kind == tokenInt, next.kind == tokenFloat, p.is(tokenOperator, "["),
		next.kind == tokenName && !slices.Contains([]string{"else", "or", "and", "if", "is", "in", "not"}, next.text):
		var argument expression
		if argument, err = p.primary(); err == nil {
			argument, err = p.postfix(argument)
		}
		t.positional = []expression{argument}
	}
	return t, err
}
