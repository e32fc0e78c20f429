package jinja

import (
	"fmt"
	"slices"
	"strings"
)

// A rendering is one run of a template.
type rendering struct {
	given  Vars
	global scope
	scope  *scope
	out    strings.Builder
	steps  int
	calls  int
}

// A scope holds the variables of the template, of one turn of a loop, or of one call of a macro.
// What is set inside {% if %} stays in the scope around it.
type scope struct {
	vars  []binding
	outer *scope
}

type binding struct {
	name  string
	value any
}

func (s *scope) set(name string, value any) {
	for i := range s.vars {
		if s.vars[i].name == name {
			s.vars[i].value = value
			return
		}
	}
	s.vars = append(s.vars, binding{name, value})
}

func (r *rendering) lookup(name string) any {
	for s := r.scope; s != nil; s = s.outer {
		for i := range s.vars {
			if s.vars[i].name == name {
				return s.vars[i].value
			}
		}
	}
	if value, ok := r.given[name]; ok {
		return value
	}
	if value, ok := globals[name]; ok {
		return value
	}
	return undefined(name)
}

// step counts what a rendering does, so that it ends.
func (r *rendering) step(n int) error {
	if r.steps += n; r.steps > maxSteps {
		return fmt.Errorf("%w: more than %d steps", ErrBounds, maxSteps)
	}
	return nil
}

func (r *rendering) run(body []statement) error {
	for _, s := range body {
		if err := r.step(1); err != nil {
			return err
		}
		if err := s.run(r); err != nil {
			return err
		}
	}
	return nil
}

func (t text) run(r *rendering) error { return r.write(string(t)) }

func (r *rendering) write(s string) error {
	if r.out.Len()+len(s) > maxText {
		return fmt.Errorf("%w: more than %d bytes of text", ErrBounds, maxText)
	}
	r.out.WriteString(s)
	return nil
}

// captured runs statements and takes what they write.
func (r *rendering) captured(body []statement) (string, error) {
	var before strings.Builder
	before, r.out = r.out, before
	err := r.run(body)
	written := r.out.String()
	r.out = before
	return written, err
}

func (o output) run(r *rendering) error {
	value, err := o.value.eval(r)
	if err != nil {
		return at(o.offset, err)
	}
	return at(o.offset, r.write(display(value)))
}

func (b branch) run(r *rendering) error {
	yes, err := b.condition.eval(r)
	if err != nil {
		return at(b.offset, err)
	}
	if truth(yes) {
		return r.run(b.then)
	}
	return r.run(b.otherwise)
}

func (a assign) run(r *rendering) error {
	value, err := a.value.eval(r)
	if err != nil {
		return at(a.offset, err)
	}
	if a.field != "" {
		ns, ok := r.lookup(a.targets[0]).(*namespace)
		if !ok {
			return at(a.offset, fmt.Errorf("%s is not a namespace", a.targets[0]))
		}
		ns.fields[a.field] = value
		return nil
	}
	return at(a.offset, r.bind(a.targets, value))
}

// bind sets one variable, or as many as the value has elements.
func (r *rendering) bind(targets []string, value any) error {
	if len(targets) == 1 {
		r.scope.set(targets[0], value)
		return nil
	}
	items, _ := elements(value)
	if len(items) != len(targets) {
		return fmt.Errorf("%d values for %d variables", len(items), len(targets))
	}
	for i, target := range targets {
		r.scope.set(target, items[i])
	}
	return nil
}

func (c capture) run(r *rendering) error {
	outer := r.scope
	r.scope = &scope{outer: outer}
	written, err := r.captured(c.body)
	r.scope = outer
	outer.set(c.target, written)
	return at(c.offset, err)
}

func (m macro) run(r *rendering) error {
	r.scope.set(m.name, &definedMacro{m, r.scope})
	return nil
}

func (l loop) run(r *rendering) error {
	items, err := l.items(r)
	if err != nil {
		return at(l.offset, err)
	}
	if len(items) == 0 {
		return r.run(l.otherwise)
	}
	outer := r.scope
	inner := &scope{outer: outer}
	r.scope = inner
	defer func() { r.scope = outer }()
	state := &loopState{items: items}
	for state.at = range items {
		inner.vars = append(inner.vars[:0], binding{"loop", state})
		if err := r.bind(l.targets, items[state.at]); err != nil {
			return at(l.offset, err)
		}
		if err := r.run(l.body); err != nil {
			return err
		}
	}
	return nil
}

// items are what the loop runs over: those that its condition lets through.
func (l loop) items(r *rendering) ([]any, error) {
	over, err := l.over.eval(r)
	if err != nil {
		return nil, err
	}
	items, ok := elements(over)
	if !ok {
		return nil, fmt.Errorf("%s cannot be looped over", typeName(over))
	}
	if l.condition == nil {
		return slices.Clone(items), r.step(len(items)) // the body may append to the list
	}
	outer := r.scope
	r.scope = &scope{outer: outer}
	defer func() { r.scope = outer }()
	var kept []any
	for _, item := range items {
		if err := r.bind(l.targets, item); err != nil {
			return nil, err
		}
		yes, err := l.condition.eval(r)
		if err != nil {
			return nil, err
		}
		if truth(yes) {
			kept = append(kept, item)
		}
	}
	return kept, nil
}

// loopState is the variable "loop".
type loopState struct {
	items []any
	at    int
}

func (l *loopState) String() string { return fmt.Sprintf("<LoopContext %d/%d>", l.at+1, len(l.items)) }

// Attr is what templates can ask of the loop they are in.
func (l *loopState) Attr(name string) (any, bool) {
	switch name {
	case "first":
		return l.at == 0, true
	case "last":
		return l.at == len(l.items)-1, true
	case "index":
		return l.at + 1, true
	case "index0":
		return l.at, true
	case "revindex":
		return len(l.items) - l.at, true
	case "revindex0":
		return len(l.items) - l.at - 1, true
	case "length":
		return len(l.items), true
	case "previtem":
		return element(&list{l.items}, max(l.at, 1)-1), l.at > 0
	case "nextitem":
		return element(&list{l.items}, l.at+1), l.at+1 < len(l.items)
	}
	return nil, false
}

func (c constant) eval(*rendering) (any, error) { return c.value, nil }

func (n name) eval(r *rendering) (any, error) { return r.lookup(n.name), at(n.offset, r.step(1)) }

func (l listOf) eval(r *rendering) (any, error) {
	items, err := r.all(l)
	return &list{items}, err
}

func (r *rendering) all(expressions []expression) ([]any, error) {
	if err := r.step(len(expressions)); err != nil || len(expressions) == 0 {
		return nil, err
	}
	values := make([]any, len(expressions))
	for i, e := range expressions {
		var err error
		if values[i], err = e.eval(r); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func (d dictOf) eval(r *rendering) (any, error) {
	made := &dict{values: make(map[any]any, len(d.keys))}
	for i, key := range d.keys {
		k, err := key.eval(r)
		if err != nil {
			return nil, err
		}
		value, err := d.values[i].eval(r)
		if err != nil {
			return nil, err
		}
		made.set(k, value)
	}
	return made, at(d.offset, r.step(len(d.keys)))
}

func (a attribute) eval(r *rendering) (any, error) {
	of, err := a.of.eval(r)
	if err != nil {
		return nil, err
	}
	switch of := of.(type) {
	case undefined:
		return nil, at(a.offset, of.fault())
	case *dict, map[string]any, Object, *namespace:
		return lookup(of, a.name), nil
	}
	return undefined(typeName(of) + "'s " + a.name), nil
}

func (i index) eval(r *rendering) (any, error) {
	of, err := i.of.eval(r)
	if err != nil {
		return nil, err
	}
	key, err := i.key.eval(r)
	if err != nil {
		return nil, err
	}
	if u, ok := of.(undefined); ok {
		return nil, at(i.offset, u.fault())
	}
	if s, ok := of.(string); ok {
		return element(s, key), at(i.offset, r.step(len(s)/stepBytes))
	}
	return lookup(of, key), nil
}

func (s slice) eval(r *rendering) (any, error) {
	of, err := s.of.eval(r)
	if err != nil {
		return nil, err
	}
	n, err := length(of)
	if _, missing := of.(undefined); missing || err != nil {
		return nil, at(s.offset, fmt.Errorf("%s cannot be sliced", typeName(of)))
	}
	from, err := s.bound(r, s.from, 0, n)
	if err != nil {
		return nil, err
	}
	to, err := s.bound(r, s.to, n, n)
	if err != nil {
		return nil, err
	}
	return part(of, from, max(from, to), true), at(s.offset, r.step(n/stepBytes))
}

// bound is one end of a slice, from 0 to length.
func (s slice) bound(r *rendering, e expression, fallback, length int) (int, error) {
	if e == nil {
		return fallback, nil
	}
	value, err := e.eval(r)
	if err != nil {
		return 0, err
	}
	i, ok := value.(int)
	if !ok {
		return 0, at(s.offset, fmt.Errorf("%s is no position", typeName(value)))
	}
	if i < 0 {
		i += length
	}
	return min(max(i, 0), length), nil
}

func (u unary) eval(r *rendering) (any, error) {
	value, err := u.operand.eval(r)
	if err != nil {
		return nil, err
	}
	if u.operator == "not" {
		return !truth(value), nil
	}
	f, integer, ok := number(value)
	if !ok {
		return nil, at(u.offset, fmt.Errorf("%s has no sign", typeName(value)))
	}
	if u.operator == "-" {
		f = -f
	}
	if integer {
		return int(f), nil
	}
	return f, nil
}

func (b binary) eval(r *rendering) (any, error) {
	left, err := b.left.eval(r)
	if err != nil {
		return nil, err
	}
	right, err := b.right.eval(r)
	if err != nil {
		return nil, err
	}
	value, err := r.calculate(b.operator, left, right)
	return value, at(b.offset, err)
}

func (b both) eval(r *rendering) (any, error) {
	left, err := b.left.eval(r)
	if err != nil || truth(left) == b.or {
		return left, err
	}
	return b.right.eval(r)
}

func (c comparison) eval(r *rendering) (any, error) {
	left, err := c.first.eval(r)
	if err != nil {
		return nil, err
	}
	for i, operator := range c.operators {
		right, err := c.operands[i].eval(r)
		if err != nil {
			return nil, err
		}
		holds, err := r.compares(operator, left, right)
		if !holds || err != nil {
			return false, at(c.offset, err)
		}
		left = right
	}
	return true, nil
}

func (r *rendering) compares(operator string, a, b any) (bool, error) {
	switch operator {
	case "==":
		return r.equal(a, b), r.step(0)
	case "!=":
		return !r.equal(a, b), r.step(0)
	case "in":
		return r.contains(b, a)
	case "not in":
		found, err := r.contains(b, a)
		return !found, err
	}
	order, err := r.compare(a, b)
	switch operator {
	case "<":
		return order < 0, err
	case "<=":
		return order <= 0, err
	case ">":
		return order > 0, err
	}
	return order >= 0, err
}

func (c conditional) eval(r *rendering) (any, error) {
	yes, err := c.condition.eval(r)
	if err != nil {
		return nil, err
	}
	if truth(yes) {
		return c.then.eval(r)
	}
	return c.otherwise.eval(r)
}
