package jinja

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// equal is ==. Like all that may take long it counts steps; without any left nothing is equal.
func (r *rendering) equal(a, b any) bool {
	if r.step(1) != nil {
		return false
	}
	if x, _, ok := number(a); ok {
		y, _, ok := number(b)
		return ok && x == y
	}
	switch x := a.(type) {
	case nil:
		return b == nil
	case undefined:
		_, ok := b.(undefined)
		return ok
	case string:
		if o, ok := b.(Object); ok {
			return o.String() == x
		}
		return b == a
	case Object:
		return x.String() == display(b)
	case *dict, map[string]any:
		return r.equalDicts(a, b)
	}
	x, _ := elements(a)
	switch b.(type) {
	case *list, []any:
		y, _ := elements(b)
		return slices.EqualFunc(x, y, r.equal)
	}
	return false
}

func (r *rendering) equalDicts(a, b any) bool {
	switch b.(type) {
	case *dict, map[string]any:
	default:
		return false
	}
	x, _ := elements(a)
	y, _ := elements(b)
	return len(x) == len(y) && !slices.ContainsFunc(x, func(key any) bool { return !r.equal(lookup(a, key), lookup(b, key)) })
}

// compare orders numbers, strings and lists; anything else has no order.
func (r *rendering) compare(a, b any) (int, error) {
	if err := r.step(1); err != nil {
		return 0, err
	}
	if x, _, ok := number(a); ok {
		if y, _, ok := number(b); ok {
			return cmp.Compare(x, y), nil
		}
	}
	if x, ok := a.(string); ok {
		if y, ok := b.(string); ok {
			return strings.Compare(x, y), nil
		}
	}
	if x, ok := a.(*list); ok {
		if y, ok := b.(*list); ok {
			return r.compareLists(x.items, y.items)
		}
	}
	return 0, fmt.Errorf("%s cannot be compared with %s", typeName(a), typeName(b))
}

func (r *rendering) compareLists(a, b []any) (int, error) {
	for i := range min(len(a), len(b)) {
		if c, err := r.compare(a[i], b[i]); c != 0 || err != nil {
			return c, err
		}
	}
	return cmp.Compare(len(a), len(b)), nil
}

// contains is Python's "item in container".
func (r *rendering) contains(container, item any) (bool, error) {
	switch c := container.(type) {
	case string:
		s, ok := item.(string)
		if !ok {
			return false, fmt.Errorf("%s cannot be looked for in a string", typeName(item))
		}
		return strings.Contains(c, s), r.step(len(c) / stepBytes)
	case *dict, map[string]any:
		_, missing := lookup(c, item).(undefined)
		return !missing, nil
	}
	items, ok := elements(container)
	if !ok {
		return false, fmt.Errorf("nothing can be in %s", typeName(container))
	}
	return slices.ContainsFunc(items, func(v any) bool { return r.equal(v, item) }), nil
}

// calculate is a binary operator on two values.
func (r *rendering) calculate(operator string, a, b any) (any, error) {
	if operator == "~" {
		return r.limited(display(a) + display(b))
	}
	x, xi, xok := number(a)
	y, yi, yok := number(b)
	if xok && yok {
		if xi && yi {
			return integers(operator, int(x), int(y))
		}
		return floats(operator, x, y)
	}
	switch operator {
	case "+":
		return r.sum(a, b)
	case "*":
		return r.repeat(a, b)
	case "%":
		if s, ok := a.(string); ok {
			return r.printf(s, printfArguments(b))
		}
	}
	return nil, fmt.Errorf("%s %s %s cannot be calculated", typeName(a), operator, typeName(b))
}

func (r *rendering) sum(a, b any) (any, error) {
	if x, ok := a.(string); ok {
		if y, ok := b.(string); ok {
			return r.limited(x + y)
		}
	}
	if x, ok := a.(*list); ok {
		if y, ok := b.(*list); ok {
			if err := r.step(len(x.items) + len(y.items)); err != nil {
				return nil, err
			}
			return &list{slices.Concat(x.items, y.items)}, nil
		}
	}
	return nil, fmt.Errorf("%s + %s cannot be calculated", typeName(a), typeName(b))
}

// repeat is a string or a list so many times.
func (r *rendering) repeat(a, b any) (any, error) {
	if _, ok := a.(int); ok {
		a, b = b, a
	}
	n, ok := b.(int)
	n = max(n, 0)
	switch v := a.(type) {
	case string:
		if ok && len(v)*min(n, maxText) > maxText {
			return nil, fmt.Errorf("%w: %d times a text of %d bytes", ErrBounds, n, len(v))
		}
		if ok {
			return r.limited(strings.Repeat(v, min(n, maxText)))
		}
	case *list:
		if ok {
			if err := r.step(len(v.items) * min(n, maxSteps)); err != nil {
				return nil, err
			}
			return &list{slices.Repeat(v.items, min(n, maxSteps))}, nil
		}
	}
	return nil, fmt.Errorf("%s * %s cannot be calculated", typeName(a), typeName(b))
}

// printfArguments are the values to the right of string % values: one, several, or named ones.
func printfArguments(v any) values {
	switch v := v.(type) {
	case *list:
		return values{positional: v.items}
	case *dict:
		named := values{}
		for _, key := range v.keys {
			named.names, named.named = append(named.names, display(key)), append(named.named, lookup(v, key))
		}
		return named
	}
	return values{positional: []any{v}}
}

// limited is a text that was made on the way; long ones count as several steps.
func (r *rendering) limited(s string) (any, error) {
	if len(s) > maxText {
		return nil, fmt.Errorf("%w: a text of %d bytes", ErrBounds, len(s))
	}
	return s, r.step(len(s) / stepBytes)
}

var errZero = errors.New("division by zero")

// integers calculates with whole numbers up to 2^53, the largest that are exact as a float64 too.
func integers(operator string, a, b int) (any, error) {
	if b == 0 && (operator == "//" || operator == "%") {
		return nil, errZero
	}
	switch operator {
	case "//":
		return int(math.Floor(float64(a) / float64(b))), nil
	case "%":
		return ((a % b) + b) % b, nil
	case "/":
		return floats(operator, float64(a), float64(b))
	}
	f, err := floats(operator, float64(a), float64(b))
	if err != nil || operator == "**" && b < 0 {
		return f, err
	}
	if whole := f.(float64); math.Abs(whole) <= 1<<53 {
		return int(whole), nil
	}
	return nil, fmt.Errorf("%w: the number %v", ErrBounds, f)
}

func floats(operator string, a, b float64) (any, error) {
	switch operator {
	case "+":
		return a + b, nil
	case "-":
		return a - b, nil
	case "*":
		return a * b, nil
	case "**":
		return math.Pow(a, b), nil
	}
	if b == 0 {
		return nil, errZero
	}
	switch operator {
	case "/":
		return a / b, nil
	case "//":
		return math.Floor(a / b), nil
	}
	return a - b*math.Floor(a/b), nil // "%"
}
