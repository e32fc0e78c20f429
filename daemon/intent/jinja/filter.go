package jinja

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

type filterFunc func(r *rendering, v any, args values) (any, error)

var filters map[string]filterFunc

func init() { // map refers to filters itself
	filters = map[string]filterFunc{
		"abs":        filterAbs,
		"capitalize": onText(capitalize),
		"count":      filterLength,
		"default":    filterDefault,
		"first":      filterFirst,
		"float":      filterFloat,
		"int":        filterInt,
		"join":       func(r *rendering, v any, args values) (any, error) { return r.join(v, display(args.or(0, "d", ""))) },
		"last":       filterLast,
		"length":     filterLength,
		"list":       filterList,
		"lower":      onText(lower),
		"map":        filterMap,
		"reject":     choose(false, false),
		"rejectattr": choose(true, false),
		"replace":    func(r *rendering, v any, args values) (any, error) { return r.replace(display(v), args) },
		"round":      filterRound,
		"select":     choose(false, true),
		"selectattr": choose(true, true),
		"sort":       filterSort,
		"string":     onText(func(s string) string { return s }),
		"title":      onText(titleFilter),
		"trim":       func(_ *rendering, v any, args values) (any, error) { return strip(display(v), args, true, true), nil },
		"upper":      onText(upper),
	}
}

func (f filter) eval(r *rendering) (any, error) {
	input, err := f.input.eval(r)
	if err != nil {
		return nil, err
	}
	args, err := f.arguments.eval(r)
	if err != nil {
		return nil, err
	}
	if err := r.step(1); err != nil {
		return nil, at(f.offset, err)
	}
	value, err := f.filterFunc(r, input, args)
	if err != nil {
		return nil, at(f.offset, fmt.Errorf("%s: %w", f.name, err))
	}
	return value, nil
}

func onText(f func(string) string) filterFunc {
	return func(r *rendering, v any, _ values) (any, error) { return r.limited(f(display(v))) }
}

func filterAbs(_ *rendering, v any, _ values) (any, error) {
	f, integer, ok := number(v)
	switch {
	case !ok:
		return nil, fmt.Errorf("%s is not a number", typeName(v))
	case integer:
		return int(math.Abs(f)), nil
	}
	return math.Abs(f), nil
}

func filterDefault(_ *rendering, v any, args values) (any, error) {
	_, missing := v.(undefined)
	if missing || truth(args.or(1, "boolean", false)) && !truth(v) {
		return args.or(0, "default_value", ""), nil
	}
	return v, nil
}

func filterLength(_ *rendering, v any, _ values) (any, error) { return length(v) }

// items are the elements of v; each is a step of the rendering.
func (r *rendering) items(v any) ([]any, error) {
	items, ok := elements(v)
	if !ok {
		return nil, fmt.Errorf("%s is not a list", typeName(v))
	}
	return items, r.step(len(items))
}

func filterFirst(r *rendering, v any, _ values) (any, error) {
	items, err := r.items(v)
	return element(&list{items}, 0), err
}

func filterLast(r *rendering, v any, _ values) (any, error) {
	items, err := r.items(v)
	return element(&list{items}, -1), err
}

func filterList(r *rendering, v any, _ values) (any, error) {
	items, err := r.items(v)
	return &list{slices.Clone(items)}, err
}

// parseFloat is Python's float(): it reads numbers and strings, not what is undefined.
func parseFloat(v any) (float64, bool) {
	if s, ok := v.(string); ok {
		f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		return f, err == nil && !strings.ContainsAny(s, "xXpP_")
	}
	f, _, ok := number(v)
	return f, ok
}

func filterFloat(_ *rendering, v any, args values) (any, error) {
	if u, missing := v.(undefined); missing {
		return nil, u.fault()
	}
	if f, ok := parseFloat(v); ok {
		return f, nil
	}
	return args.or(0, "default", 0.0), nil
}

func filterInt(_ *rendering, v any, args values) (any, error) {
	if u, missing := v.(undefined); missing {
		return nil, u.fault()
	}
	if f, ok := parseFloat(v); ok && math.Abs(f) <= 1<<53 {
		return int(f), nil
	}
	return args.or(0, "default", 0), nil
}

// filterRound rounds halves to even, as Python does, of the number's exact decimal value.
func filterRound(_ *rendering, v any, args values) (any, error) {
	f, integer, ok := number(v)
	precision, isInt := args.or(0, "precision", 0).(int)
	switch method := args.or(1, "method", "common"); {
	case !ok || !isInt || precision < 0 || precision > 15:
		return nil, fmt.Errorf("%s cannot be rounded to %s digits", typeName(v), display(args.or(0, "precision", 0)))
	case method == "ceil":
		return math.Ceil(f*math.Pow10(precision)) / math.Pow10(precision), nil
	case method == "floor":
		return math.Floor(f*math.Pow10(precision)) / math.Pow10(precision), nil
	case method != "common":
		return nil, errors.New("the method is not common, ceil or floor")
	case integer:
		return int(f), nil
	}
	return strconv.ParseFloat(strconv.FormatFloat(f, 'f', precision, 64), 64)
}

// path follows "a.b" into a value.
func path(v any, attribute any) any {
	for part := range strings.SplitSeq(display(attribute), ".") {
		if i, err := strconv.Atoi(part); err == nil {
			v = lookup(v, i)
		} else {
			v = lookup(v, part)
		}
	}
	return v
}

// filterMap takes an attribute of each item, or sends each through another filter.
func filterMap(r *rendering, v any, args values) (any, error) {
	items, err := r.items(v)
	if err != nil {
		return nil, err
	}
	mapped := make([]any, len(items))
	attribute, byAttribute := args.get(math.MaxInt, "attribute")
	inner, byFilter := filters[display(args.or(0, "", ""))]
	for i, item := range items {
		switch {
		case byAttribute:
			mapped[i] = path(item, attribute)
		case byFilter:
			mapped[i], err = inner(r, item, values{positional: args.positional[1:]})
		default:
			err = errors.New("it needs an attribute or the name of a filter")
		}
		if err != nil {
			return nil, err
		}
	}
	return &list{mapped}, nil
}

// filterSort compares strings without case, as Jinja does.
func filterSort(r *rendering, v any, args values) (any, error) {
	items, err := r.items(v)
	if err != nil {
		return nil, err
	}
	attribute, byAttribute := args.get(2, "attribute")
	sensitive := truth(args.or(1, "case_sensitive", false))
	keys := make([]any, len(items))
	order := make([]int, len(items))
	for i, item := range items {
		if order[i] = i; byAttribute {
			item = path(item, attribute)
		}
		if s, ok := item.(string); ok && !sensitive {
			item = lower(s)
		}
		keys[i] = item
	}
	sign := 1
	if truth(args.or(0, "reverse", false)) {
		sign = -1
	}
	var fault error
	slices.SortStableFunc(order, func(a, b int) int {
		c, err := r.compare(keys[a], keys[b])
		fault = errors.Join(fault, err)
		return sign * c
	})
	sorted := make([]any, len(items))
	for i, from := range order {
		sorted[i] = items[from]
	}
	return &list{sorted}, fault
}

// choose is select, reject, selectattr and rejectattr: the items, or the items an attribute of
// which, that pass a test, or are true when none is named.
func choose(byAttribute, keep bool) filterFunc {
	return func(r *rendering, v any, args values) (any, error) {
		items, err := r.items(v)
		if err != nil {
			return nil, err
		}
		rest := args.positional
		var attribute any
		if byAttribute {
			if len(rest) == 0 {
				return nil, errors.New("it needs an attribute")
			}
			attribute, rest = rest[0], rest[1:]
		}
		passes := func(_ *rendering, v any, _ values) (bool, error) { return truth(v), nil }
		if len(rest) > 0 {
			named, ok := tests[display(rest[0])]
			if !ok {
				return nil, fmt.Errorf("there is no test %q", display(rest[0]))
			}
			passes, rest = named, rest[1:]
		}
		chosen := make([]any, 0, len(items))
		for _, item := range items {
			tested := item
			if byAttribute {
				tested = path(item, attribute)
			}
			yes, err := passes(r, tested, values{positional: rest})
			if err != nil {
				return nil, err
			}
			if yes == keep {
				chosen = append(chosen, item)
			}
		}
		return &list{chosen}, nil
	}
}
