package jinja

import "fmt"

type testFunc func(r *rendering, v any, args values) (bool, error)

var tests = map[string]testFunc{
	"boolean":     is(func(v any) bool { _, ok := v.(bool); return ok }),
	"defined":     is(func(v any) bool { _, missing := v.(undefined); return !missing }),
	"undefined":   is(func(v any) bool { _, missing := v.(undefined); return missing }),
	"divisibleby": func(_ *rendering, v any, args values) (bool, error) { return divisible(v, args.or(0, "num", nil)) },
	"even":        func(_ *rendering, v any, _ values) (bool, error) { return divisible(v, 2) },
	"odd": func(_ *rendering, v any, _ values) (bool, error) {
		even, err := divisible(v, 2)
		return !even && err == nil, err
	},
	"false":    is(func(v any) bool { return v == false }),
	"true":     is(func(v any) bool { return v == true }),
	"float":    is(func(v any) bool { _, ok := v.(float64); return ok }),
	"integer":  is(func(v any) bool { _, ok := v.(int); return ok }),
	"number":   is(func(v any) bool { _, _, ok := number(v); return ok }),
	"in":       func(r *rendering, v any, args values) (bool, error) { return r.contains(args.or(0, "seq", nil), v) },
	"iterable": is(func(v any) bool { _, ok := elements(v); return ok }),
	"sequence": is(func(v any) bool { _, ok := elements(v); return ok }),
	"lower":    is(func(v any) bool { s := display(v); return s == lower(s) && s != upper(s) }),
	"upper":    is(func(v any) bool { s := display(v); return s == upper(s) && s != lower(s) }),
	"mapping":  is(isMapping),
	"none":     is(func(v any) bool { return v == nil }),
	"string":   is(func(v any) bool { _, ok := v.(string); return ok }),
}

func init() {
	for operator, names := range map[string][]string{
		"==": {"==", "eq", "equalto"}, "!=": {"!=", "ne"},
		"<": {"<", "lt", "lessthan"}, "<=": {"<=", "le"}, ">": {">", "gt", "greaterthan"}, ">=": {">=", "ge"},
	} {
		for _, name := range names {
			tests[name] = func(r *rendering, v any, args values) (bool, error) {
				return r.compares(operator, v, args.or(0, "other", nil))
			}
		}
	}
}

func is(f func(v any) bool) testFunc {
	return func(_ *rendering, v any, _ values) (bool, error) { return f(v), nil }
}

func divisible(v, by any) (bool, error) {
	n, nok := v.(int)
	d, dok := by.(int)
	if !nok || !dok || d == 0 {
		return false, fmt.Errorf("%s cannot be divided by %s without a rest", typeName(v), typeName(by))
	}
	return n%d == 0, nil
}

func isMapping(v any) bool {
	switch v.(type) {
	case *dict, map[string]any:
		return true
	}
	return false
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
