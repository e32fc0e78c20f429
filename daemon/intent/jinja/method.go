package jinja

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// method calls a method of one of Python's types; known is false when v has no such method.
func (r *rendering) method(v any, name string, args values) (value any, known bool, err error) {
	switch v := v.(type) {
	case string:
		return r.stringMethod(v, name, args)
	case *dict, map[string]any:
		return r.dictMethod(v, name, args)
	case *list:
		switch item := args.or(0, "object", nil); name {
		case "append":
			v.items = append(v.items, item)
			return nil, true, nil
		case "index":
			if i := slices.IndexFunc(v.items, func(v any) bool { return r.equal(v, item) }); i >= 0 {
				return i, true, nil
			}
			return nil, true, fmt.Errorf("the list has no %s", display(item))
		}
	case float64:
		if name == "is_integer" {
			return v == math.Trunc(v), true, nil
		}
	case dictType:
		if name == "fromkeys" {
			value, err := v.fromKeys(r, args)
			return value, true, err
		}
	}
	return nil, false, nil
}

func (r *rendering) stringMethod(s, name string, args values) (value any, known bool, err error) {
	if err := r.step(len(s) / stepBytes); err != nil {
		return nil, true, err
	}
	text := func(name string) string { return display(args.or(0, name, "")) }
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
		return anyOf(args.or(0, "prefix", nil), func(p string) bool { return strings.HasPrefix(s, p) }), true, nil
	case "endswith":
		return anyOf(args.or(0, "suffix", nil), func(p string) bool { return strings.HasSuffix(s, p) }), true, nil
	case "removeprefix":
		return strings.TrimPrefix(s, text("prefix")), true, nil
	case "removesuffix":
		return strings.TrimSuffix(s, text("suffix")), true, nil
	case "find":
		return find(s, text("sub")), true, nil
	case "count":
		return strings.Count(s, text("sub")), true, nil
	case "zfill":
		value, err = zeroFill(s, args.or(0, "width", nil))
	case "isdigit", "isnumeric", "isdecimal":
		return consistsOf(s, unicode.IsDigit), true, nil
	case "isalpha":
		return consistsOf(s, unicode.IsLetter), true, nil
	case "isalnum":
		return consistsOf(s, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }), true, nil
	case "isspace":
		return consistsOf(s, unicode.IsSpace), true, nil
	case "islower":
		return s == lower(s) && s != upper(s), true, nil
	case "isupper":
		return s == upper(s) && s != lower(s), true, nil
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

// anyOf tells whether one of several strings, or the only one, is as f wants it.
func anyOf(v any, f func(string) bool) bool {
	if s, ok := v.(string); ok {
		return f(s)
	}
	items, _ := elements(v)
	return slices.ContainsFunc(items, func(item any) bool { return f(display(item)) })
}

// find is the position of a part of a string in code points, -1 when it is not there.
func find(s, part string) int {
	i := strings.Index(s, part)
	if i < 0 {
		return -1
	}
	return utf8.RuneCountInString(s[:i])
}

func consistsOf(s string, f func(rune) bool) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool { return !f(c) }) < 0
}

// zeroFill puts zeros before a number that is a string, behind its sign.
func zeroFill(s string, width any) (any, error) {
	n, ok := width.(int)
	if !ok || n > maxText {
		return nil, fmt.Errorf("%s is no width", typeName(width))
	}
	sign := ""
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = s[:1], s[1:]
	}
	return sign + strings.Repeat("0", max(n-len(sign)-utf8.RuneCountInString(s), 0)) + s, nil
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
	limit, isInt := args.or(1, "maxsplit", -1).(int)
	if !isInt || limit < 0 {
		limit = len(s)
	}
	parts := fields(s, limit)
	if ok {
		parts = strings.SplitN(s, separator, limit+1)
	}
	items := make([]any, len(parts))
	for i, part := range parts {
		items[i] = part
	}
	return &list{items}, r.step(len(items))
}

// fields are the words of a text; what follows the first limit of them is one.
func fields(s string, limit int) []string {
	var found []string
	for s = strings.TrimSpace(s); s != "" && len(found) < limit; s = strings.TrimLeftFunc(s, unicode.IsSpace) {
		end := strings.IndexFunc(s, unicode.IsSpace)
		if end < 0 {
			end = len(s)
		}
		found, s = append(found, s[:end]), s[end:]
	}
	if s != "" {
		found = append(found, s)
	}
	return found
}

func (r *rendering) join(v any, separator string) (any, error) {
	items, err := r.items(v)
	if err != nil {
		return nil, err
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

func (r *rendering) dictMethod(v any, name string, args values) (value any, known bool, err error) {
	keys, _ := elements(v)
	switch name {
	case "get":
		value := lookup(v, args.or(0, "key", nil))
		if _, missing := value.(undefined); missing {
			value = args.or(1, "default", nil)
		}
		return value, true, nil
	case "keys":
		return &list{keys}, true, r.step(len(keys))
	case "values", "items":
		made := make([]any, len(keys))
		for i, key := range keys {
			if made[i] = lookup(v, key); name == "items" {
				made[i] = &list{[]any{key, made[i]}}
			}
		}
		return &list{made}, true, r.step(len(keys))
	}
	return nil, false, nil
}
