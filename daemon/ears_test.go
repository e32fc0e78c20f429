package daemon

import (
	"slices"
	"testing"

	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

// TestGrammarFollowsNames has the grammar of a home whose names change accept what a new one would.
func TestGrammarFollowsNames(t *testing.T) {
	templates := english(t)
	ears, names := &ears{}, namesOf(demo.New().Snapshot())
	light := slices.IndexFunc(names.Entities, func(n intent.Name) bool { return n.Context["domain"] == "light" })
	for _, name := range []string{"Port light", "Harbour light", "Port light"} {
		names.Entities = slices.Clone(names.Entities)
		names.Entities[light].Names = []string{name}
		b, err := ears.grammar(templates, names)
		if err != nil {
			t.Fatal(err)
		}
		g, err := intent.UnmarshalGrammar(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, said := range []string{"Port light", "Harbour light"} {
			if got := g.Accepts("turn on the " + said); got != (said == name) {
				t.Errorf("named %s: %q is heard: %v", name, said, got)
			}
		}
	}
}
