package jinja

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"
)

// method calls a method of one of Python's types; known is false when v has no such method.
func (r *rendering) method(v any, name string, args values) (value any, known bool, err error) {
	switch v := v.(type) {
	case string:
		return r.stringMethod(v, name, args)
	case *dict, map[string]any:
		return dictMethod(v, name, args)
	case *list:
		if name == "append" {
			v.items = append(v.items, args.or(0, "object", nil))
			return nil, true, nil
		}
	case float64:
		if name == "is_integer" {
			return v == math.Trunc(v), true, nil
		}
	case dictType:
		if name == "fromkeys" {
			value, err := v.fromKeys(args)
			return value, true, err
		}
	}
	return nil, false, nil
}

func (r *rendering) stringMethod(s, name string, args values) (value any, known bool, err error) {
	if err := r.step(len(s) / stepBytes); err != nil {
		return nil, true, err
	}
	text := func(i int, name string) string { return display(args.or(i, name, "")) }
	switch name {
	case "lower":
		return lower(s), true, nil
	case "upper":
		return upper(s), true, nil
	case "capitalize":
		return capitalize(s), true, nil
	case "title":
		return title(s), true, nil
	case "strip":
		return strip(s, args, true, true), true, nil
	case "lstrip":
		return strip(s, args, true, false), true, nil
	case "rstrip":
		return strip(s, args, false, true), true, nil
	case "startswith":
		return strings.HasPrefix(s, text(0, "prefix")), true, nil
	case "endswith":
		return strings.HasSuffix(s, text(0, "suffix")), true, nil
	case "isdigit":
		return s != "" && strings.IndexFunc(s, func(c rune) bool { return !unicode.IsDigit(c) }) < 0, true, nil
	case "replace":
		value, err = r.replace(s, args)
	case "split":
		value, err = r.split(s, args)
	case "join":
		value, err = r.join(args.or(0, "iterable", nil), s)
	case "format":
		value, err = r.format(s, args)
	default:
		return nil, false, nil
	}
	return value, true, err
}

func strip(s string, args values, left, right bool) string {
	in := unicode.IsSpace
	if chars, ok := args.or(0, "chars", nil).(string); ok {
		in = func(c rune) bool { return strings.ContainsRune(chars, c) }
	}
	if left {
		s = strings.TrimLeftFunc(s, in)
	}
	if right {
		s = strings.TrimRightFunc(s, in)
	}
	return s
}

func (r *rendering) replace(s string, args values) (any, error) {
	old, new := display(args.or(0, "old", "")), display(args.or(1, "new", ""))
	count, ok := args.or(2, "count", -1).(int)
	if !ok {
		count = -1
	}
	if grown := len(s) + (strings.Count(s, old))*len(new); grown > maxText {
		return nil, fmt.Errorf("%w: a text of up to %d bytes", ErrBounds, grown)
	}
	return r.limited(strings.Replace(s, old, new, count))
}

func (r *rendering) split(s string, args values) (any, error) {
	separator, ok := args.or(0, "sep", nil).(string)
	if ok && separator == "" {
		return nil, errors.New("split needs a separator that is not empty")
	}
	parts := strings.Fields(s)
	if ok {
		parts = strings.Split(s, separator)
	}
	items := make([]any, len(parts))
	for i, part := range parts {
		items[i] = part
	}
	return &list{items}, r.step(len(items))
}

func (r *rendering) join(v any, separator string) (any, error) {
	items, ok := elements(v)
	if !ok {
		return nil, fmt.Errorf("%s cannot be joined", typeName(v))
	}
	var b strings.Builder
	for i, item := range items {
		if i > 0 {
			b.WriteString(separator)
		}
		if show(&b, item, maxShown); b.Len() > maxText {
			break
		}
	}
	return r.limited(b.String())
}

func dictMethod(v any, name string, args values) (value any, known bool, err error) {
	keys, _ := elements(v)
	switch name {
	case "get":
		value := lookup(v, args.or(0, "key", nil))
		if _, missing := value.(undefined); missing {
			value = args.or(1, "default", nil)
		}
		return value, true, nil
	case "keys":
		return &list{keys}, true, nil
	case "values", "items":
		made := make([]any, len(keys))
		for i, key := range keys {
			if made[i] = lookup(v, key); name == "items" {
				made[i] = &list{[]any{key, made[i]}}
			}
		}
		return &list{made}, true, nil
	}
	return nil, false, nil
}
