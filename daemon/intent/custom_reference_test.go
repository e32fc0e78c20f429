package intent

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

// TestCustomAsTheReference merges testdata/merged/*.yaml into published.json and compares what is understood with
// readings.json, which readings.py made of the same files with Home Assistant's own merging and matcher.
func TestCustomAsTheReference(t *testing.T) {
	var home struct {
		Names [][2]string
		Areas []string
		Area  string
	}
	var readings []struct {
		Text, Intent string
		Custom       bool
		Slots        map[string]any
	}
	for name, into := range map[string]any{"case.json": &home, "readings.json": &readings} {
		raw, err := os.ReadFile("testdata/merged/" + name)
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var names Names
	for _, n := range home.Names {
		names.Entities = append(names.Entities, Name{ID: n[0], Names: n[:1], Context: map[string]string{"domain": n[1]}})
	}
	for _, a := range home.Areas {
		names.Areas = append(names.Areas, Name{ID: a, Names: []string{a}})
	}
	h := mergedLanguage(t, "a.yaml", "b.yaml").Home(names)
	for _, want := range readings {
		var best Result
		if rs := h.Recognize(want.Text, Where{Area: home.Area}); len(rs) > 0 {
			best = rs[0]
		}
		slots := map[string]any{}
		for name, s := range best.Slots {
			slots[name] = s.Value
			if n, ok := s.Value.(int); ok {
				slots[name] = float64(n) // as JSON has them
			}
		}
		if best.Intent != want.Intent || best.Custom != want.Custom || !reflect.DeepEqual(slots, want.Slots) {
			t.Errorf("%q: %s %v %v, the reference has %s %v %v", want.Text, best.Intent, best.Custom, slots, want.Intent, want.Custom, want.Slots)
		}
	}
}

func mergedLanguage(t *testing.T, files ...string) *Language {
	t.Helper()
	l, err := Load("testdata/merged/published.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []*Custom
	for _, name := range files {
		text, err := os.ReadFile("testdata/merged/" + name)
		if err != nil {
			t.Fatal(err)
		}
		c, faults := ParseCustom(name, text)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		all = append(all, c)
	}
	l, faults := l.WithCustom(all...)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return l
}
