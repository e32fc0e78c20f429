package conversation_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

// A noticeboard is a home with a to-do list that shows what it was told, and does not count it. When lost, it only says that
// it did as told.
type noticeboard struct {
	*demo.Home
	items []string
	lost  bool
	slow  bool // what it was told shows the second time it is looked at after that
	late  func()
}

func (h *noticeboard) Call(_ context.Context, call home.Call) (map[string]any, error) {
	item, _ := call.Data["item"].(string)
	at := slices.IndexFunc(h.items, func(other string) bool { return strings.EqualFold(item, other) })
	switch {
	case call.Service == "get_items":
		if h.late != nil {
			defer func(late func()) { late() }(h.late)
			h.late = nil
		}
		items := []any{}
		for _, summary := range h.items {
			items = append(items, map[string]any{"summary": summary})
		}
		return map[string]any{string(call.Entity): map[string]any{"items": items}}, nil
	case h.lost:
	case h.slow:
		h.slow = false
		h.late = func() { _, _ = h.Call(context.Background(), call) }
	case call.Service == "add_item":
		h.items = append(h.items, item)
	default:
		h.items = slices.Delete(h.items, at, at+1)
	}
	return nil, nil
}

// What is on a list already may be put there once more, and taken off once: the list tells whether it was.
func TestTheSameItemTwice(t *testing.T) {
	for _, c := range []struct {
		service, item string
		items         []string
		lost, slow    bool
		want          string
	}{
		{"add_item", "milk", []string{"Milk"}, false, false, "the list shows it once more"},
		{"add_item", "milk", []string{"Milk"}, true, false, ""},
		{"add_item", "tea", []string{"Milk"}, false, false, "the list shows it"},
		{"remove_item", "milk", []string{"milk", "tea", "milk"}, false, false, "the list shows it once less"},
		{"remove_item", "milk", []string{"milk", "tea", "milk"}, true, false, ""},
		{"remove_item", "tea", []string{"milk", "tea"}, false, false, "the list no longer shows it"},
		{"remove_item", "tea", []string{"milk", "tea"}, false, true, "the list no longer shows it"},
		{"add_item", "tea", []string{"milk", "tea"}, false, true, "the list shows it once more"},
	} {
		inHome(t, func(r *rig) {
			r.whole.Home = &noticeboard{Home: r.home, items: slices.Clone(c.items), lost: c.lost, slow: c.slow}
			r.model.answer = conversation.ModelAnswer{Model: "m", Calls: []home.Call{
				{Domain: "todo", Service: c.service, Entity: "todo.shopping_list", Data: map[string]any{"item": c.item}},
			}}
			turn := r.say("see to the list")
			if len(turn.Steps) != 1 {
				t.Fatalf("%+v", turn)
			}
			s := turn.Steps[0]
			if confirmed := s.Outcome == conversation.Confirmed; confirmed != (c.want != "") || confirmed && s.Evidence != c.want {
				t.Errorf("%s %s of %v, lost %v: %s, %q, want %q", c.service, c.item, c.items, c.lost, s.Outcome, s.Evidence, c.want)
			}
		})
	}
}
