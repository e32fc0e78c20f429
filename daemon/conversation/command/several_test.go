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

// What one part lacks is asked for beside what another lacks, and each is given its own.
func TestTogether(t *testing.T) {
	todo := func(id string) Part {
		change := home.Call{Domain: "todo", Service: "remove_item", Entity: home.EntityID(id), Data: map[string]any{"item": "eggs"}}
		look := home.Call{Domain: "todo", Service: "get_items", Entity: home.EntityID(id)}
		return Part{Command: Command{Calls: []home.Call{change}, Fetch: &Fetch{Calls: []home.Call{look}, fill: fillItem}}}
	}
	asks := Part{Command: Command{Fetch: &Fetch{Calls: []home.Call{{Domain: "todo", Entity: "todo.c"}}, apply: applyItems}}}
	lamp := Part{Command: Command{Calls: []home.Call{{Domain: "light", Service: "turn_on", Entity: "light.a"}}}}
	list := func(summary string) map[string]any {
		return map[string]any{"items": []any{map[string]any{"summary": summary, "status": "needs_action"}}}
	}
	response := map[string]any{"todo.a": list("Eggs"), "todo.b": list("EGGS"), "todo.c": list("bread")}
	parts := []Part{todo("todo.a"), lamp, todo("todo.b"), asks}
	f := Together(parts)
	if f == nil || len(f.Calls) != 3 {
		t.Fatalf("it asks for %+v", f)
	}
	for part, want := range map[int]any{0: "Eggs", 1: nil, 2: "EGGS"} {
		if filled, err := f.Fill(parts[part].Calls[0], response); err != nil || filled.Data["item"] != want {
			t.Errorf("part %d: %+v, %v, want %v", part, filled, err, want)
		}
	}
	if f.Apply(&intent.ResponseData{}, response); len(parts[3].Answer.Items) != 1 || parts[3].Answer.Items[0] != "bread" || parts[0].Answer.Items != nil {
		t.Errorf("answers %+v", parts[3].Answer.Items)
	}
	if f := Together([]Part{lamp}); f != nil {
		t.Errorf("a lamp lacks %+v", f)
	}
	alone := Together([]Part{lamp, todo("todo.a")}) // of which the response is told alone
	if filled, err := alone.Fill(todo("todo.a").Calls[0], response); err != nil || filled.Data["item"] != "Eggs" {
		t.Errorf("one list beside a lamp: %+v, %v", filled, err)
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
