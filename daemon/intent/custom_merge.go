package intent

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"hearth/daemon/intent/jinja"
)

// clone is a copy to which sentences can be added.
func (f *languageFile) clone() *languageFile {
	c := *f
	c.own, c.SkipWords = slices.Clone(f.own), slices.Clone(f.SkipWords)
	c.Lists, c.Rules = copyOf(f.Lists), copyOf(f.Rules)
	c.Responses.Errors = copyOf(f.Responses.Errors)
	c.Responses.Intents = copyOf(f.Responses.Intents)
	for name, responses := range c.Responses.Intents {
		c.Responses.Intents[name] = maps.Clone(responses)
	}
	return &c
}

// copyOf is a copy of a map, and never nil.
func copyOf[V any](m map[string]V) map[string]V {
	c := make(map[string]V, len(m))
	maps.Copy(c, m)
	return c
}

// add merges one file of an owner's into the language.
func (f *languageFile) add(own *customFile, custom bool) Faults {
	if p := own.language; p.text != "" && p.text != f.Language {
		return Faults{p.at.fault(fmt.Sprintf("the language is %q, but this is among the sentences for %q", p.text, f.Language), "language: "+f.Language)}
	}
	maps.Copy(f.Rules, own.rules)
	faults := addLists(f.Lists, own.lists)
	f.SkipWords = append(f.SkipWords, own.skipWords...)
	if own.ignoreWhitespace != nil {
		f.Settings.IgnoreWhitespace = *own.ignoreWhitespace
	}
	for intent, responses := range own.responses {
		for key, response := range responses {
			faults = append(faults, f.respond(intent, key, response)...)
		}
	}
	for key, response := range own.errors {
		faults = append(faults, f.apologize(key, response)...)
	}
	for _, b := range own.blocks {
		b.custom = custom
		lists := b.Lists
		b.Lists, b.Rules = map[string]listFile{}, copyOf(b.Rules)
		faults = append(faults, addLists(b.Lists, lists)...)
		f.own = append(f.own, b)
	}
	return faults
}

// addLists adds the values of an owner's lists to those of the same name, lays their ranges over them, or
// replaces them by wildcards.
func addLists(to, own map[string]listFile) Faults {
	var faults Faults
	for name, list := range own {
		merged := listFile{at: list.at, Wildcard: list.Wildcard}
		switch {
		case list.rangeKeys != nil:
			merged.Range = to[name].Range.over(list.rangeKeys)
			if problem := faultyRange(merged.Range, list.rangeKeys, to[name].Range != nil); problem != "" {
				faults = append(faults, list.at.fault(problem, "from and to, and a step above 0"))
				continue
			}
		case !list.Wildcard:
			merged.Values = slices.Concat(to[name].Values, list.Values)
		}
		to[name] = merged
	}
	return faults
}

// over is a copy of the range, which may be nil, with some of its keys replaced.
func (r *rangeFile) over(keys map[string]any) *rangeFile {
	var merged rangeFile
	if r != nil {
		merged = *r
	}
	raw, err := json.Marshal(keys)
	if err == nil {
		err = json.Unmarshal(raw, &merged)
	}
	if err != nil {
		return nil // the reader of the file lets no such keys pass
	}
	return &merged
}

func faultyRange(r *rangeFile, keys map[string]any, published bool) string {
	for _, end := range []string{"from", "to"} {
		if _, given := keys[end]; !given && !published {
			return fmt.Sprintf("the range has no %q", end)
		}
	}
	if r == nil {
		return "the range cannot be read"
	}
	if _, err := newRange(r); err != nil {
		return err.Error()
	}
	return ""
}

// respond sets the response of an intent, unless it is no template.
func (f *languageFile) respond(intent, key string, response phrase) Faults {
	if _, err := jinja.Parse(key, response.text); err != nil {
		return Faults{response.faultOf(err)}
	}
	if f.Responses.Intents[intent] == nil {
		f.Responses.Intents[intent] = map[string]string{}
	}
	f.Responses.Intents[intent][key] = response.text
	return nil
}

// apologize sets one of the language's error responses.
func (f *languageFile) apologize(key string, response phrase) Faults {
	if _, ok := f.Responses.Errors[key]; !ok {
		return Faults{response.at.fault(fmt.Sprintf("%q is no error that is answered", key),
			oneOf(key, slices.Sorted(maps.Keys(f.Responses.Errors))))}
	}
	if _, err := jinja.Parse(key, response.text); err != nil {
		return Faults{response.faultOf(err)}
	}
	f.Responses.Errors[key] = response.text
	return nil
}
