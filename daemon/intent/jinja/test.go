package jinja

import "fmt"

type testFunc func(r *rendering, v any, args values) (bool, error)

var tests = map[string]testFunc{
	"defined":   func(_ *rendering, v any, _ values) (bool, error) { _, missing := v.(undefined); return !missing, nil },
	"undefined": func(_ *rendering, v any, _ values) (bool, error) { _, missing := v.(undefined); return missing, nil },
	"none":      func(_ *rendering, v any, _ values) (bool, error) { return v == nil, nil },
	"number":    func(_ *rendering, v any, _ values) (bool, error) { _, _, ok := number(v); return ok, nil },
	"string":    func(_ *rendering, v any, _ values) (bool, error) { _, ok := v.(string); return ok, nil },
	"equalto":   func(r *rendering, v any, args values) (bool, error) { return r.equal(v, args.or(0, "other", nil)), nil },
	"in":        func(r *rendering, v any, args values) (bool, error) { return r.contains(args.or(0, "seq", nil), v) },
}

func (t test) eval(r *rendering) (any, error) {
	input, err := t.input.eval(r)
	if err != nil {
		return nil, err
	}
	args, err := t.arguments.eval(r)
	if err != nil {
		return nil, err
	}
	yes, err := t.testFunc(r, input, args)
	if err != nil {
		return nil, at(t.offset, fmt.Errorf("is %s: %w", t.name, err))
	}
	return yes != t.negate, nil
}
