package intent

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml/ast"
)

// file reads a whole file.
func (r *customReader) read(n ast.Node, f *customFile) {
	r.section(n,
		key{"language", func(n ast.Node) { f.language, _ = r.phrase(n) }},
		key{"intents", func(n ast.Node) { f.blocks = r.intents(n) }},
		key{"lists", func(n ast.Node) { f.lists = r.lists(n) }},
		key{"expansion_rules", func(n ast.Node) { f.rules = r.rules(n) }},
		key{"skip_words", func(n ast.Node) { f.skipWords = texts(r.phrases(n)) }},
		key{"settings", func(n ast.Node) {
			r.section(n,
				key{"ignore_whitespace", func(n ast.Node) { ignore := r.flag(n); f.ignoreWhitespace = &ignore }},
				key{"filter_with_regex", func(ast.Node) {}}) // the reference ignores it too
		}},
		key{"responses", func(n ast.Node) {
			r.section(n,
				key{"intents", func(n ast.Node) {
					f.responses = map[string]map[string]phrase{}
					r.entries(n, "a section of intents", func(name string, _, n ast.Node) { f.responses[name] = r.rules(n) })
				}},
				key{"errors", func(n ast.Node) { f.errors = r.rules(n) }})
		}})
}

// rules reads a mapping of texts.
func (r *customReader) rules(n ast.Node) map[string]phrase {
	all := map[string]phrase{}
	r.entries(n, "a section of names and texts", func(name string, _, value ast.Node) {
		if p, ok := r.phrase(value); ok {
			all[name] = p
		}
	})
	return all
}

func texts(phrases []phrase) []string {
	all := make([]string, len(phrases))
	for i, p := range phrases {
		all[i] = p.text
	}
	return all
}

func (r *customReader) intents(n ast.Node) []ownBlock {
	var all []ownBlock
	r.entries(n, "a section of intents", func(name string, _, value ast.Node) {
		r.section(value, key{"data", func(n ast.Node) {
			r.list(n, func(item ast.Node) {
				all = append(all, ownBlock{intent: name, blockFile: r.block(item)})
			})
		}})
	})
	return all
}

func (r *customReader) block(n ast.Node) blockFile {
	var b blockFile
	var domains []any
	var inferred phrase
	r.section(n,
		key{"sentences", func(n ast.Node) { b.Sentences = r.phrases(n) }},
		key{"slots", func(n ast.Node) { b.Slots = r.values(n) }},
		key{"response", func(n ast.Node) { b.Response, _ = r.phrase(n) }},
		key{"requires_context", func(n ast.Node) { b.Requires = r.context(n) }},
		key{"excludes_context", func(n ast.Node) { b.Excludes = r.context(n) }},
		key{"metadata", func(n ast.Node) { b.Metadata = r.values(n) }},
		key{"lists", func(n ast.Node) { b.Lists = r.lists(n) }},
		key{"expansion_rules", func(n ast.Node) { b.Rules = r.rules(n) }},
		key{"required_keywords", func(n ast.Node) { b.Keywords = texts(r.phrases(n)) }},
		// The layout of 2026 says these two instead of the context and the slot that they stand for.
		key{"name_domains", func(n ast.Node) {
			for _, p := range r.phrases(n) {
				domains = append(domains, p.text)
			}
		}},
		key{"inferred_domain", func(n ast.Node) { inferred, _ = r.phrase(n) }},
		key{"settings", func(n ast.Node) { r.section(n, key{"filter_with_regex", func(ast.Node) {}}) }})
	switch {
	case len(domains) > 0:
		b.Requires = withKey(b.Requires, "domain", domains)
	case inferred.text != "":
		b.Slots = withKey(b.Slots, "domain", inferred.text)
	}
	if len(b.Sentences) == 0 && n != nil {
		r.fault(n, "this block has no sentences", "sentences: a list of templates")
	}
	return b
}

// withKey adds a value to a mapping that may be nil.
func withKey(m map[string]any, name string, value any) map[string]any {
	if m == nil {
		m = map[string]any{}
	}
	m[name] = value
	return m
}

// context reads requires_context or excludes_context: for each name a value, a list of values, or where a
// value goes.
func (r *customReader) context(n ast.Node) map[string]any {
	all := map[string]any{}
	r.entries(n, "a section of names and values", func(name string, _, value ast.Node) {
		switch opened := r.open(value).(type) {
		case *ast.MappingNode, *ast.MappingValueNode:
			entry := map[string]any{}
			r.section(opened,
				key{"value", func(n ast.Node) { entry["value"] = r.value(n, 0) }},
				key{"slot", func(n ast.Node) { entry["slot"] = r.value(n, 0) }})
			all[name] = entry
		default:
			all[name] = r.value(value, 0)
		}
	})
	return all
}

func (r *customReader) lists(n ast.Node) map[string]listFile {
	all := map[string]listFile{}
	r.entries(n, "a section of lists", func(name string, at, value ast.Node) {
		if slices.Contains(homeLists[:], name) {
			r.fault(at, fmt.Sprintf("the list {%s} is what the home calls its things", name), "another name for a list of your own")
			return
		}
		if l, ok := r.oneList(at, value); ok {
			all[name] = l
		}
	})
	return all
}

func (r *customReader) oneList(at, n ast.Node) (listFile, bool) {
	l := listFile{at: r.placeOf(at)}
	r.section(n,
		key{"values", func(n ast.Node) {
			r.list(n, func(item ast.Node) {
				if v, ok := r.listValue(item); ok {
					l.Values = append(l.Values, v)
				}
			})
		}},
		key{"range", func(n ast.Node) { l.rangeKeys = r.rangeKeys(n) }},
		key{"wildcard", func(n ast.Node) { l.Wildcard = r.flag(n) }})
	kinds := 0
	for _, given := range []bool{len(l.Values) > 0, l.rangeKeys != nil, l.Wildcard} {
		if given {
			kinds++
		}
	}
	if kinds != 1 {
		r.fault(at, "this list is none, or several kinds at once", "one of values, range, wildcard: true")
	}
	return l, kinds == 1
}

// listValue reads a text, or a section of in, out, context and metadata.
func (r *customReader) listValue(n ast.Node) (valueFile, bool) {
	var v valueFile
	opened := r.open(n)
	if _, ok := written(opened); ok {
		p, ok := r.phrase(opened)
		v.In = p
		if !isTemplate(p.text) {
			v.Out = p.text
		}
		return v, ok
	}
	ok := false
	before := len(r.faults)
	r.section(opened,
		key{"in", func(n ast.Node) { v.In, ok = r.phrase(n) }},
		key{"out", func(n ast.Node) { v.Out = r.value(n, 0) }},
		key{"context", func(n ast.Node) { v.Context = r.values(n) }},
		key{"metadata", func(n ast.Node) { v.Metadata = r.values(n) }})
	if !ok && len(r.faults) == before && n != nil {
		r.fault(n, "this value does not say what is said", "in: text")
	}
	return v, ok
}

// rangeKeys reads what a range gives of the keys that rangeFile has in JSON.
func (r *customReader) rangeKeys(n ast.Node) map[string]any {
	all := map[string]any{}
	whole := func(name string) key {
		return key{name, func(n ast.Node) {
			if v, ok := r.value(n, 0).(int); ok && v >= -maxNumber && v <= maxNumber {
				all[name] = v
				return
			}
			r.fault(n, "this is no whole number", fmt.Sprintf("%d to %d", -maxNumber, maxNumber))
		}}
	}
	word := func(name string, accepted ...string) key {
		return key{name, func(n ast.Node) {
			p, ok := r.phrase(n)
			if ok && !slices.Contains(accepted, p.text) {
				r.fault(n, fmt.Sprintf("%q is not accepted", p.text), oneOf(p.text, accepted))
				return
			}
			all[name] = p.text
		}}
	}
	flag := func(name string) key { return key{name, func(n ast.Node) { all[name] = r.flag(n) }} }
	r.section(n, whole("from"), whole("to"), whole("step"),
		word("type", "number", "percentage", "temperature"), word("fractions", "halves", "tenths"),
		key{"multiplier", func(n ast.Node) {
			switch v := r.value(n, 0).(type) {
			case int, float64:
				all["multiplier"] = v
			default:
				r.fault(n, "this is no number", "a number such as 0.5 or -1")
			}
		}},
		flag("digits"), flag("words"))
	return all
}
