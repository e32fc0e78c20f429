package jinja

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// undefined is the value of what does not exist: it is false, prints nothing and is an empty list,
// but has no attributes and cannot be calculated with. It holds what it would have been.
type undefined string

func (u undefined) fault() error { return fmt.Errorf("%s is not defined", string(u)) }

// A list can be appended to by the template that made it; a caller's []any cannot.
type list struct{ items []any }

// A dict keeps the order in which its keys were written.
type dict struct {
	keys   []any
	values map[any]any // by hashed key
}

func (d *dict) get(key any) (any, bool) {
	value, ok := d.values[hashed(key)]
	return value, ok
}

func (d *dict) set(key, value any) {
	k := hashed(key)
	if _, ok := d.values[k]; !ok {
		d.keys = append(d.keys, key)
	}
	d.values[k] = value
}

// hashed makes keys that are equal in Python equal in Go. Keys that Python would refuse match nothing.
func hashed(key any) any {
	switch k := key.(type) {
	case bool:
		return asInt(k)
	case float64:
		if k == math.Trunc(k) && math.Abs(k) < 1<<53 {
			return int(k)
		}
	case string, int, nil:
	case Object:
		return k.String()
	default:
		return &key
	}
	return key
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func truth(v any) bool {
	switch v := v.(type) {
	case nil, undefined:
		return false
	case bool:
		return v
	case int:
		return v != 0
	case float64:
		return v != 0
	case string:
		return v != ""
	}
	if items, ok := elements(v); ok {
		return len(items) > 0
	}
	return true
}

// elements are what a loop over the value sees; ok is false when it cannot be looped over.
func elements(v any) (items []any, ok bool) {
	switch v := v.(type) {
	case *list:
		return v.items, true
	case []any:
		return v, true
	case *group:
		return []any{v.key, v.items}, true
	case *dict:
		return v.keys, true
	case map[string]any:
		for _, key := range sortedKeys(v) {
			items = append(items, key)
		}
		return items, true
	case string:
		for _, c := range v {
			items = append(items, string(c))
		}
		return items, true
	case undefined:
		return nil, true
	}
	return nil, false
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// length counts code points, items or keys.
func length(v any) (int, error) {
	switch v := v.(type) {
	case string:
		return utf8.RuneCountInString(v), nil
	case map[string]any:
		return len(v), nil
	}
	if items, ok := elements(v); ok {
		return len(items), nil
	}
	return 0, fmt.Errorf("%s has no length", typeName(v))
}

// display is Python's str().
func display(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	var b strings.Builder
	show(&b, v, maxShown)
	return b.String()
}

// maxShown is how many levels of lists within lists are shown; Python shows a list within itself so.
const maxShown = 20

// show writes a value, and gives up once the text is too long to be used.
func show(b *strings.Builder, v any, levels int) {
	switch v := v.(type) {
	case string:
		b.WriteString(v)
	case nil:
		b.WriteString("None")
	case undefined:
	case bool:
		b.WriteString([]string{"False", "True"}[asInt(v)])
	case int:
		b.WriteString(strconv.Itoa(v))
	case float64:
		b.WriteString(displayFloat(v))
	case fmt.Stringer:
		b.WriteString(v.String())
	default:
		showAll(b, v, levels-1)
	}
}

func showAll(b *strings.Builder, v any, levels int) {
	items, ok := elements(v)
	if !ok || levels == 0 {
		b.WriteString("...")
		return
	}
	keyed := false
	switch v.(type) {
	case *dict, map[string]any:
		keyed = true
	}
	b.WriteByte("[{"[asInt(keyed)])
	for i, item := range items {
		if b.Len() > maxText {
			return
		}
		if i > 0 {
			b.WriteString(", ")
		}
		quote(b, item, levels)
		if keyed {
			b.WriteString(": ")
			quote(b, lookup(v, item), levels)
		}
	}
	b.WriteByte("]}"[asInt(keyed)])
}

// quote is Python's repr(): how a value looks inside a list.
func quote(b *strings.Builder, v any, levels int) {
	s, ok := v.(string)
	switch {
	case !ok:
		show(b, v, levels)
	case strings.Contains(s, "'") && !strings.Contains(s, `"`):
		b.WriteString(`"` + s + `"`)
	default:
		b.WriteString("'" + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "'", `\'`) + "'")
	}
}

// displayFloat is Python's repr(float): the shortest digits that read back as the same number.
func displayFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strings.ToLower(strconv.FormatFloat(f, 'g', -1, 64)), "+")
	case f != 0 && (math.Abs(f) < 1e-4 || math.Abs(f) >= 1e16):
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func typeName(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case undefined:
		return string(v) + ", which is not defined,"
	case bool:
		return "a boolean"
	case int:
		return "an integer"
	case float64:
		return "a float"
	case string:
		return "a string"
	case *dict, map[string]any:
		return "a dictionary"
	case *list, []any:
		return "a list"
	}
	return "an object"
}

// number tells whether v is one for Python, where booleans are numbers; integer whether it is whole.
func number(v any) (f float64, integer, ok bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true, true
	case bool:
		return float64(asInt(v)), true, true
	case float64:
		return v, false, true
	}
	return 0, false, false
}

// lookup is container[key]; undefined when there is no such thing.
func lookup(container, key any) any {
	switch c := container.(type) {
	case *dict:
		if value, ok := c.get(key); ok {
			return value
		}
	case map[string]any:
		if value, ok := c[display(key)]; ok {
			return value
		}
	case Object:
		if value, ok := c.Attr(display(key)); ok {
			return value
		}
	case *namespace:
		if value, ok := c.fields[display(key)]; ok {
			return value
		}
	default:
		return element(container, key)
	}
	return undefined(typeName(container) + "'s " + display(key))
}

// element is container[i] of a list or a string, counted from the end when i is negative.
func element(container, key any) any {
	if i, ok := key.(int); ok {
		n, _ := length(container)
		if i < 0 {
			i += n
		}
		if i >= 0 && i < n {
			return part(container, i, i+1, false)
		}
	}
	return undefined(typeName(container) + "'s element " + display(key))
}

// part is container[from:to] of a list or a string, or without a slice the one element there.
func part(container any, from, to int, slice bool) any {
	if s, ok := container.(string); ok {
		return string([]rune(s)[from:to])
	}
	items, _ := elements(container)
	if !slice {
		return items[from]
	}
	return &list{slices.Clone(items[from:to])}
}
