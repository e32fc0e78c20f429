package command

import (
	"strings"
	"testing"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// Of two calls for one thing the second may complete the first, or take it back.
func TestContradict(t *testing.T) {
	colour := func(rgb ...any) map[string]any { return map[string]any{"rgb_color": rgb} }
	for _, c := range []struct {
		first, second string
		before, after map[string]any
		want          bool
	}{
		{"turn_on", "turn_off", nil, nil, true},
		{"turn_on", "turn_on", nil, colour(1, 2, 3), false},
		{"turn_on", "turn_on", colour(1, 2, 3), colour(1, 2, 3), false},
		{"turn_on", "turn_on", colour(1, 2, 3), colour(1, 2, 4), true},
		{"turn_on", "turn_on", colour(1, 2, 3), nil, true},
		{"turn_on", "set_temperature", nil, map[string]any{"temperature": 21.0}, false},
		{"turn_off", "set_temperature", nil, map[string]any{"temperature": 21.0}, true},
		{"lock", "unlock", nil, nil, true},
	} {
		first := home.Call{Domain: "light", Service: c.first, Entity: "light.a", Data: c.before}
		second := home.Call{Domain: "light", Service: c.second, Entity: "light.a", Data: c.after}
		if got := contradict(first, second); got != c.want {
			t.Errorf("%s %v, %s %v: %v", c.first, c.before, c.second, c.after, got)
		}
	}
}

// FuzzSeveral takes any sentence apart, for a reader that understands whatever is short.
func FuzzSeveral(f *testing.F) {
	for _, said := range []string{"a b and c d", "a, b, and then c", "and", ", ,", "a and a", "and and and and and and and and"} {
		f.Add(said)
	}
	f.Fuzz(func(t *testing.T, said string) {
		reads := 0
		parts, err := Several(said, []string{"and", "and then"}, func(text string) []intent.Result {
			if reads++; len(strings.Fields(text)) > 3 {
				return nil
			}
			return []intent.Result{{Intent: "HassGetCurrentTime", Text: text}}
		}, Input{})
		if reads > maxReadings || err != nil || len(parts) == 1 {
			t.Errorf("%d reads, %d parts, %v", reads, len(parts), err)
		}
		for _, p := range parts {
			if strings.TrimSpace(p.Text) == "" {
				t.Errorf("an empty part in %+v", parts)
			}
		}
	})
}
