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
		"comma":      onText(decimalComma),
		"count":      filterLength,
		"d":          filterDefault,
		"default":    filterDefault,
		"dictsort":   filterDictSort,
		"first":      filterFirst,
		"float":      filterFloat,
		"format":     func(r *rendering, v any, args values) (any, error) { return r.printf(display(v), args) },
		"groupby":    filterGroupBy,
		"int":        filterInt,
		"items":      filterItems,
		"join":       filterJoin,
		"last":       filterLast,
		"length":     filterLength,
		"list":       filterList,
		"lower":      onText(lower),
		"map":        filterMap,
		"max":        filterExtreme(1),
		"min":        filterExtreme(-1),
		"reject":     choose(false, false),
		"rejectattr": choose(true, false),
		"replace":    func(r *rendering, v any, args values) (any, error) { return r.replace(display(v), args) },
		"reverse":    filterReverse,
		"round":      filterRound,
		"select":     choose(false, true),
		"selectattr": choose(true, true),
		"sort":       filterSort,
		"string":     onText(func(s string) string { return s }),
		"sum":        filterSum,
		"title":      onText(titleFilter),
		"trim":       func(_ *rendering, v any, args values) (any, error) { return strip(display(v), args, true, true), nil },
		"unique":     filterUnique,
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

// decimalComma is a number, which a unit may follow, with a comma; other text, such as an address or a version, is as it
// was. Jinja has no such filter.
func decimalComma(s string) string {
	number, _, _ := strings.Cut(s, " ")
	if _, err := strconv.ParseFloat(strings.TrimSuffix(number, "%"), 64); err != nil {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
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

func filterJoin(r *rendering, v any, args values) (any, error) {
	if attribute, ok := args.get(1, "attribute"); ok {
		items, err := r.items(v)
		if err != nil {
			return nil, err
		}
		v = &list{attributes(items, attribute, undefined("an attribute"))}
	}
	return r.join(v, display(args.or(0, "d", "")))
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
	case !ok || !isInt || precision < -15 || precision > 15:
		return nil, fmt.Errorf("%s cannot be rounded to %s digits", typeName(v), display(args.or(0, "precision", 0)))
	case method == "ceil":
		return math.Ceil(f*math.Pow10(precision)) / math.Pow10(precision), nil
	case method == "floor":
		return math.Floor(f*math.Pow10(precision)) / math.Pow10(precision), nil
	case method != "common":
		return nil, errors.New("the method is not common, ceil or floor")
	case precision < 0:
		unit := math.Pow10(-precision)
		if f = math.RoundToEven(f/unit) * unit; !integer {
			return f, nil
		}
		return int(f), nil
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

// attributes are an attribute of each item, or something else where there is none.
func attributes(items []any, attribute, fallback any) []any {
	found := make([]any, len(items))
	for i, item := range items {
		found[i] = path(item, attribute)
		if _, missing := found[i].(undefined); missing {
			found[i] = fallback
		}
	}
	return found
}

// filterMap takes an attribute of each item, or sends each through another filter.
func filterMap(r *rendering, v any, args values) (any, error) {
	items, err := r.items(v)
	if err != nil {
		return nil, err
	}
	if attribute, ok := args.get(math.MaxInt, "attribute"); ok {
		fallback := args.or(math.MaxInt, "default", undefined("an item's "+display(attribute)))
		return &list{attributes(items, attribute, fallback)}, nil
	}
	inner, ok := filters[display(args.or(0, "", ""))]
	if !ok {
		return nil, errors.New("it needs an attribute or the name of a filter")
	}
	mapped := make([]any, len(items))
	for i, item := range items {
		if mapped[i], err = inner(r, item, values{args.positional[1:], args.names, args.named}); err != nil {
			return nil, err
		}
	}
	return &list{mapped}, nil
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
