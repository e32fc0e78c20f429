package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hearth/daemon/conversation"
)

// notes is a memory of one account, which refuses what has no text.
type notes struct{ facts []conversation.Fact }

func (n *notes) Facts(context.Context) ([]conversation.Fact, error) { return n.facts, nil }

func (n *notes) Add(_ context.Context, f conversation.Fact) (conversation.Fact, error) {
	if f.Text == "" {
		return f, &conversation.InputError{Field: "text", Value: "empty", Remedy: "write something"}
	}
	f.ID = "id/" + f.Text
	n.facts = append(n.facts, f)
	return f, nil
}

func (n *notes) Correct(_ context.Context, id, text string) (conversation.Fact, error) {
	return n.change(id, func(i int) { n.facts[i].Text = text })
}

func (n *notes) Delete(_ context.Context, id string) (conversation.Fact, error) {
	return n.change(id, func(i int) { n.facts = slices.Delete(n.facts, i, i+1) })
}

func (n *notes) change(id string, f func(i int)) (was conversation.Fact, err error) {
	i := slices.IndexFunc(n.facts, func(f conversation.Fact) bool { return f.ID == id })
	if i < 0 {
		return was, &conversation.InputError{Field: "id", Value: id, Remedy: "look again"}
	}
	was = n.facts[i]
	f(i)
	return was, nil
}

func (n *notes) Forget(_ context.Context, person string) error {
	n.facts = slices.DeleteFunc(n.facts, func(f conversation.Fact) bool { return f.Person == person })
	return nil
}

func TestMemoryOverTheSocket(t *testing.T) {
	o := options(t)
	kept := &notes{}
	user := 0
	o.Memory = func(u int) Memory { user = u; return kept }
	_, c, _ := start(t, o)
	ctx := t.Context()
	f, err := c.Add(ctx, conversation.Fact{Text: "bins", Person: "Anna", Likes: conversation.Warmth, Value: 21})
	if err != nil || f.ID != "id/bins" || f.Value != 21 || user == Unknown {
		t.Errorf("added %+v for account %d, %v", f, user, err)
	}
	if _, err := c.Correct(ctx, f.ID, "boxes"); err != nil {
		t.Error(err)
	}
	if facts, err := c.Facts(ctx); err != nil || len(facts) != 1 || facts[0].Text != "boxes" || facts[0].Person != "Anna" {
		t.Errorf("there are %+v, %v", facts, err)
	}
	for name, err := range map[string]error{
		"no text":     second(c.Add(ctx, conversation.Fact{})),
		"no such one": second(c.Delete(ctx, "other")),
	} {
		if refused := (*RequestError)(nil); !errors.As(err, &refused) || refused.Status != http.StatusUnprocessableEntity || refused.Remedy == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if f, err := c.Delete(ctx, f.ID); err != nil || f.Text != "boxes" || len(kept.facts) != 0 {
		t.Errorf("deleted %+v, %v", f, err)
	}
	kept.facts = []conversation.Fact{{Person: "Anna"}, {Person: ""}}
	if err := c.Forget(ctx, ""); err != nil || len(kept.facts) != 1 || kept.facts[0].Person != "Anna" {
		t.Errorf("left are %+v, %v", kept.facts, err)
	}
}

func second(_ conversation.Fact, err error) error { return err }

// What cannot be read is not repeated, and nobody is forgotten by a slip.
func TestMemoryRefuses(t *testing.T) {
	o := options(t)
	o.Memory = func(int) Memory { return &notes{} }
	_, c, _ := start(t, o)
	for _, x := range []struct{ method, path, body, field string }{
		{http.MethodPost, "/v1/memory", `{"text": "my secret"`, "body"},
		{http.MethodPost, "/v1/memory", `{"txt": "my secret"}`, "body"},
		{http.MethodPut, "/v1/memory/a", `my secret`, "body"},
		{http.MethodDelete, "/v1/memory", "", "person"},
		{http.MethodPost, "/v1/memory", `{"text": "` + strings.Repeat("my secret ", 10000) + `"}`, "body"},
	} {
		err := c.do(t.Context(), x.method, x.path, "application/json", strings.NewReader(x.body), &struct{}{})
		if refused := (*RequestError)(nil); !errors.As(err, &refused) || refused.Field != x.field || strings.Contains(err.Error()+refused.Value, "secret") {
			t.Errorf("%s %s: %v", x.method, x.path, err)
		}
	}
}
