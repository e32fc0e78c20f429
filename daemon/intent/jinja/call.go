package jinja

import (
	"errors"
	"fmt"
	"slices"
)

// values are evaluated arguments.
type values struct {
	positional []any
	names      []string
	named      []any
}

func (a arguments) eval(r *rendering) (values, error) {
	positional, err := r.all(a.positional)
	if err != nil {
		return values{}, err
	}
	named, err := r.all(a.named)
	return values{positional, a.names, named}, err
}

// get is the argument at a position or of a name.
func (v values) get(position int, name string) (any, bool) {
	if position < len(v.positional) {
		return v.positional[position], true
	}
	if i := slices.Index(v.names, name); i >= 0 {
		return v.named[i], true
	}
	return nil, false
}

// or is an argument, or something else when it was not given.
func (v values) or(position int, name string, fallback any) any {
	if value, ok := v.get(position, name); ok {
		return value
	}
	return fallback
}

// namespace is what namespace(...) makes: a thing whose fields any block may set.
type namespace struct{ fields map[string]any }

// globals are the functions that templates find without being given them.
var globals = map[string]any{
	"namespace": builtin(makeNamespace),
	"dict":      dictType{},
	"range":     builtin(makeRange),
}

type builtin func(*rendering, values) (any, error)

func makeNamespace(_ *rendering, args values) (any, error) {
	ns := &namespace{make(map[string]any, len(args.names))}
	for i, name := range args.names {
		ns.fields[name] = args.named[i]
	}
	return ns, nil
}

// makeRange is range(end), range(start, end) or range(start, end, step): all the numbers, each a step of the rendering.
func makeRange(r *rendering, args values) (any, error) {
	bounds := [3]int{0, 0, 1}
	for i, v := range args.positional {
		n, ok := v.(int)
		if !ok || i == len(bounds) {
			return nil, errors.New("range needs one to three whole numbers")
		}
		bounds[i] = n
	}
	if len(args.positional) == 1 {
		bounds[0], bounds[1] = 0, bounds[0]
	}
	from, to, step := bounds[0], bounds[1], bounds[2]
	if len(args.positional) == 0 || step == 0 {
		return nil, errors.New("range needs one to three whole numbers, and a step that is not 0")
	}
	numbers := &list{}
	for i := from; i < to && step > 0 || i > to && step < 0; i += step {
		if err := r.step(1); err != nil {
			return nil, err
		}
		numbers.items = append(numbers.items, i)
	}
	return numbers, nil
}

// dictType is Python's type dict, of which templates use dict.fromkeys.
type dictType struct{}

func (dictType) fromKeys(r *rendering, args values) (any, error) {
	keys, err := r.items(args.or(0, "iterable", nil))
	if err != nil {
		return nil, err
	}
	d := &dict{values: make(map[any]any, len(keys))}
	for _, key := range keys {
		d.set(key, args.or(1, "value", nil))
	}
	return d, nil
}

// definedMacro is a macro together with the scope that it was defined in.
type definedMacro struct {
	macro
	scope *scope
}

func (c call) eval(r *rendering) (any, error) {
	if err := r.step(1); err != nil {
		return nil, at(c.offset, err)
	}
	if a, ok := c.callee.(attribute); ok {
		return c.method(r, a)
	}
	callee, err := c.callee.eval(r)
	if err != nil {
		return nil, err
	}
	args, err := c.arguments.eval(r)
	if err != nil {
		return nil, err
	}
	value, err := r.call(callee, args)
	return value, at(c.offset, err)
}

// method calls a method of Python's types, or a function that is an attribute.
func (c call) method(r *rendering, a attribute) (any, error) {
	of, err := a.of.eval(r)
	if err != nil {
		return nil, err
	}
	if u, ok := of.(undefined); ok {
		return nil, at(a.offset, u.fault())
	}
	args, err := c.arguments.eval(r)
	if err != nil {
		return nil, err
	}
	value, known, err := r.method(of, a.name, args)
	if !known {
		value, err = r.call(lookup(of, a.name), args)
	}
	return value, at(a.offset, err)
}

func (r *rendering) call(callee any, args values) (any, error) {
	switch f := callee.(type) {
	case Func:
		return f(args.positional)
	case builtin:
		return f(r, args)
	case *definedMacro:
		return r.expand(f, args)
	case undefined:
		return nil, f.fault()
	}
	return nil, fmt.Errorf("%s cannot be called", typeName(callee))
}

// expand runs a macro; what it writes is its value.
func (r *rendering) expand(m *definedMacro, args values) (any, error) {
	if r.calls++; r.calls > maxCalls {
		return nil, fmt.Errorf("%w: more than %d macros inside one another", ErrBounds, maxCalls)
	}
	caller := r.scope
	defer func() { r.scope = caller; r.calls-- }()
	r.scope = &scope{outer: m.scope}
	for i, parameter := range m.parameters {
		value, ok := args.get(i, parameter)
		if !ok && m.defaults[i] != nil {
			var err error
			if value, err = m.defaults[i].eval(r); err != nil {
				return nil, err
			}
		} else if !ok {
			value = undefined(parameter)
		}
		r.scope.set(parameter, value)
	}
	return r.captured(m.body)
}
