package doctor

import (
	"slices"
	"strings"
	"testing"

	"hearth/daemon/config"
	"hearth/daemon/home"
)

func lamp(id, area string, names ...string) home.Entity {
	return home.Entity{ID: home.EntityID("light." + id), Area: area, Name: names[0], Aliases: names[1:], Exposed: true}
}

func TestNamesThatCollide(t *testing.T) {
	hidden := lamp("hidden", "kitchen", "Lamp")
	hidden.Exposed = false
	h := home.NewSnapshot([]home.Entity{
		lamp("a", "kitchen", "Lamp"), lamp("b", "kitchen", "Ceiling", "  lamp!"), lamp("c", "hall", "Lamp"), hidden,
		lamp("d", "", "Spot"), lamp("e", "", "SPOT"), lamp("f", "hall", "Bulb", "bulb"), lamp("g", "hall", "💡"), lamp("h", "hall", "!"),
	}, []home.Area{{ID: "kitchen", Name: "Kitchen"}, {ID: "hall", Name: "Hall"}}, nil)
	want := []string{`"Lamp" in Kitchen: light.a, light.b`, `"Spot" in no area: light.d, light.e`}
	if f := colliding(h); f == nil || !slices.Equal(f.Items, want) {
		t.Errorf("got %+v, want %q", f, want)
	}
}

func TestNamesThatCannotBeSaid(t *testing.T) {
	for name, want := range map[string]string{
		"💡✨":                             "has no letters",
		"...":                            "has no letters",
		"\u200f\u200b":                   "has no letters",
		"42":                             "is a number only",
		"٤٢":                             "is a number only",
		strings.Repeat("very ", 20):      "is longer than 60",
		"Lamp 💡":                         "",
		"лампа":                          "",
		"שלום":                           "",
		`"Quoted" Lamp`:                  "",
		"TV 2":                           "",
		strings.Repeat("é", longestName): "",
	} {
		if got := faultOf([]string{name}); (got == "") != (want == "") || !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	if got := faultOf([]string{"💡", "bulb"}); got != "" {
		t.Errorf("an alias that can be said does: got %q", got)
	}
}

func TestAHomeWithoutFaultsHasNoWarnings(t *testing.T) {
	e := &examination{Config: config.Default()}
	e.Room = "kitchen"
	door := home.Entity{ID: "lock.door", Name: "Door", Area: "kitchen", Exposed: true}
	h := home.NewSnapshot([]home.Entity{lamp("a", "kitchen", "Lamp"), door}, []home.Area{{ID: "kitchen", Name: "Kitchen"}}, nil)
	for _, f := range e.contents(h) {
		if f.Level != OK {
			t.Errorf("%+v", f)
		}
	}
	if f := e.critical(h); f == nil || len(f.Items) != 1 || !strings.Contains(f.Items[0], "lock.door") {
		t.Errorf("critical: %+v", f)
	}
}

func TestAHomeThatNothingCanBeSaidTo(t *testing.T) {
	e := &examination{Config: config.Default()}
	hidden := lamp("a", "", "Lamp")
	hidden.Exposed = false
	f := e.contents(home.NewSnapshot([]home.Entity{hidden}, nil, nil))
	if len(f) != 1 || f[0].Level != Problem || !strings.Contains(f[0].Message, "none of its 1 entit") {
		t.Errorf("got %+v", f)
	}
}

func TestScriptsThatCannotBeLookedInto(t *testing.T) {
	e := &examination{Config: config.Default()}
	e.Gate.Harmless = []string{"script.harmless"}
	script := func(id string, runs []home.EntityID, exposed bool) home.Entity {
		return home.Entity{ID: home.EntityID(id), Name: "Say", Exposed: exposed, Runs: runs}
	}
	h := home.NewSnapshot([]home.Entity{
		lamp("a", "kitchen", "Lamp"), script("script.read", []home.EntityID{}, true), script("script.unread", nil, true),
		script("automation.unread", nil, true), script("script.harmless", nil, true), script("script.hidden", nil, false),
	}, nil, nil)
	want := []string{`automation.unread "Say"`, `script.unread "Say"`}
	if f := e.unread(h); f == nil || f.Level != OK || !slices.Equal(slices.Sorted(slices.Values(f.Items)), want) {
		t.Errorf("got %+v, want %q", f, want)
	}
}
