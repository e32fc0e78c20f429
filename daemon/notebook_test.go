package daemon

import (
	"errors"
	"strings"
	"testing"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
)

// An account sees and changes what is its person's and the household's, the owner's all of it.
func TestNotebooks(t *testing.T) {
	d := rememberingDaemon(t, "en")
	d.cfg.People = []config.Person{{Name: "Anna", User: "1001"}, {Name: "Ben", User: "1002"}}
	d.people = map[int]string{1001: "Anna", 1002: "Ben"}
	ctx := t.Context()
	add := func(user int, f conversation.Fact) conversation.Fact {
		t.Helper()
		f, err := d.notebook(user).Add(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	bens := add(1002, conversation.Fact{Text: "Ben's  own.", Person: "Ben"})
	add(0, conversation.Fact{Text: "Anna's own", Person: "Anna"})
	add(7, conversation.Fact{Text: "everybody's"})
	add(0, conversation.Fact{Likes: conversation.Warmth, Value: 20.5, Room: "bedroom"})
	for user, want := range map[int]string{
		0:    "I like it at 20.5 degrees, everybody's, Anna's own, Ben's own",
		1001: "I like it at 20.5 degrees, everybody's, Anna's own",
		1002: "I like it at 20.5 degrees, everybody's, Ben's own",
		7:    "I like it at 20.5 degrees, everybody's",
	} {
		facts, err := d.notebook(user).Facts(ctx)
		var texts []string
		for _, f := range facts {
			texts = append(texts, f.Text)
		}
		if got := strings.Join(texts, ", "); got != want || err != nil {
			t.Errorf("account %d sees %q, %v, want %q", user, got, err, want)
		}
	}
	d.cfg.Gate.PIN = config.NewSecret("4711")
	long := conversation.Fact{Text: strings.Repeat("long ", 100)}
	for what, err := range map[string]error{
		"another's to correct": errOf(d.notebook(1001).Correct(ctx, bens.ID, "Anna was here")),
		"another's to delete":  errOf(d.notebook(7).Delete(ctx, bens.ID)),
		"another to forget":    d.notebook(1001).Forget(ctx, "Ben"),
		"the household":        d.notebook(1001).Forget(ctx, ""),
		"for another":          errOf(d.notebook(1001).Add(ctx, conversation.Fact{Text: "x", Person: "Ben"})),
		"for nobody":           errOf(d.notebook(0).Add(ctx, conversation.Fact{Text: "x", Person: "Carl"})),
		"of no room":           errOf(d.notebook(0).Add(ctx, conversation.Fact{Text: "x", Room: "moon"})),
		"of no kind":           errOf(d.notebook(0).Add(ctx, conversation.Fact{Text: "x", Likes: "noise"})),
		"too warm":             errOf(d.notebook(0).Add(ctx, conversation.Fact{Text: "x", Likes: conversation.Warmth, Value: 1000})),
		"empty":                errOf(d.notebook(0).Add(ctx, conversation.Fact{Text: " . "})),
		"too long":             errOf(d.notebook(0).Add(ctx, long)),
		"the PIN":              errOf(d.notebook(0).Add(ctx, conversation.Fact{Text: "it is 47 11"})),
		"the PIN in words":     errOf(d.notebook(0).Correct(ctx, bens.ID, "it is four seven one one")),
	} {
		if refused := (*conversation.InputError)(nil); !errors.As(err, &refused) || refused.Remedy == "" || strings.Contains(err.Error(), "11") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if f, err := d.notebook(1002).Correct(ctx, bens.ID, "Ben's other"); err != nil || f.Text != "Ben's other" {
		t.Errorf("%+v, %v", f, err)
	}
	if err := d.notebook(1002).Forget(ctx, "Ben"); err != nil {
		t.Error(err)
	}
	if facts, err := d.notebook(0).Facts(ctx); err != nil || len(facts) != 3 {
		t.Errorf("left are %d, %v", len(facts), err)
	}
}

func errOf(_ conversation.Fact, err error) error { return err }

// Without a daemon a PIN is known by its digits alone.
func TestStoredNotebook(t *testing.T) {
	d := rememberingDaemon(t, "en")
	cfg := config.Default()
	cfg.Gate.Code = config.NewSecret("4711")
	n, err := OpenNotebook(cfg, d.store, d.plans)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Add(t.Context(), conversation.Fact{Text: "the code is 4-7-1-1"}); err == nil {
		t.Error("a code is kept")
	}
	if f, err := n.Add(t.Context(), conversation.Fact{Text: "it is 21 today", Room: "anywhere"}); err != nil || f.ID == "" {
		t.Errorf("%+v, %v", f, err)
	}
}
