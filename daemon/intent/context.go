package intent

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// A requirement is one entry of a block's requires_context or excludes_context.
type requirement struct {
	key    string
	values []string // nil: any value will do
	slot   string   // the context's value goes into this slot, "" for none
}

// parseRequirements reads {"domain": ["light"], "area": {"slot": true}}.
func parseRequirements(raw map[string]any) []requirement {
	rs := make([]requirement, 0, len(raw))
	for key, v := range raw {
		r := requirement{key: key}
		if m, ok := v.(map[string]any); ok {
			switch slot := m["slot"].(type) {
			case string:
				r.slot = slot
			case bool:
				if slot {
					r.slot = key
				}
			}
			v = m["value"]
		}
		r.values = contextValues(v)
		rs = append(rs, r)
	}
	sort.Slice(rs, func(i, j int) bool { return rs[i].key < rs[j].key })
	return rs
}

func contextValues(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		values := make([]string, 0, len(v))
		for _, item := range v {
			values = append(values, fmt.Sprint(item))
		}
		return values
	}
	return []string{fmt.Sprint(v)}
}

// parseContext reads the context of a list's value.
func parseContext(raw map[string]any) map[string]string {
	if len(raw) == 0 {
		return nil
	}
	context := make(map[string]string, len(raw))
	for key, v := range raw {
		if m, ok := v.(map[string]any); ok {
			v = m["value"]
		}
		context[key] = fmt.Sprint(v)
	}
	return context
}

// A filter is what a block asks of the values of its lists. Keys that a value's context does not have
// pass; whether they are there at all is asked at the end of the match.
type filter struct {
	requires, excludes []requirement
}

func (f filter) key() string {
	var b strings.Builder
	for _, r := range f.requires {
		fmt.Fprintf(&b, "+%q%q", r.key, r.values)
	}
	for _, r := range f.excludes {
		fmt.Fprintf(&b, "-%q%q", r.key, r.values)
	}
	return b.String()
}

func (f filter) passes(context map[string]string) bool {
	for _, r := range f.requires {
		if v, ok := context[r.key]; ok && r.values != nil && !slices.Contains(r.values, v) {
			return false
		}
	}
	return notExcluded(f.excludes, context)
}

func notExcluded(excludes []requirement, context map[string]string) bool {
	for _, r := range excludes {
		if v, ok := context[r.key]; ok && slices.Contains(r.values, v) {
			return false
		}
	}
	return true
}

// filterOf keeps what can tell values apart.
func filterOf(b *block) filter {
	f := filter{excludes: b.excludes}
	for _, r := range b.requires {
		if r.values != nil {
			f.requires = append(f.requires, requirement{key: r.key, values: r.values})
		}
	}
	return f
}
