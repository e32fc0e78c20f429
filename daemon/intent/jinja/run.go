package jinja

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

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
		switch err := r.run(l.body); {
		case errors.Is(err, errBreak):
			return nil
		case err != nil && !errors.Is(err, errContinue):
			return err
		}
	}
	return nil
}

// errBreak and errContinue end one turn of a loop. They are faults where there is no loop.
var (
	errBreak    = errors.New("there is no loop to break")
	errContinue = errors.New("there is no loop to continue")
)

func (l leave) run(*rendering) error { return at(l.offset, l.how) }

func (d do) run(r *rendering) error {
	_, err := d.value.eval(r)
	return at(d.offset, err)
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
	case "cycle":
		return Func(func(args []any) (any, error) {
			if len(args) == 0 {
				return nil, errors.New("cycle needs what to go through")
			}
			return args[l.at%len(args)], nil
		}), true
	case "previtem":
		return element(&list{l.items}, max(l.at, 1)-1), l.at > 0
	case "nextitem":
		return element(&list{l.items}, l.at+1), l.at+1 < len(l.items)
	}
	return nil, false
}
