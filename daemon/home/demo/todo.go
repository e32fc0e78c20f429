package demo

import (
	"slices"
	"strconv"
	"strings"

	"hearth/daemon/home"
)

// An item of a to-do list. Its list's state is how many items need action.
type item struct {
	UID     string
	Summary string
	Status  string
}

// WithItems puts items on a list; those that are done are the completed ones.
func WithItems(list home.EntityID, open, done []string) Option {
	return func(h *Home) {
		var items []item
		for _, summary := range open {
			items = append(items, newItem(items, summary))
		}
		for _, summary := range done {
			i := newItem(items, summary)
			i.Status = completed
			items = append(items, i)
		}
		h.items[list] = items
	}
}

const (
	needsAction = "needs_action"
	completed   = "completed"
)

func todos() map[string]service {
	return map[string]service{
		"todo.add_item":               todoAdd,
		"todo.remove_item":            todoRemove,
		"todo.update_item":            todoUpdate,
		"todo.remove_completed_items": todoRemoveCompleted,
	}
}

// edits is an effect on the items of a list.
func (h *Home) edits(e home.Entity, edit func([]item) []item) []effect {
	return does(e, func(e *home.Entity) {
		h.items[e.ID] = edit(slices.Clone(h.items[e.ID]))
		open := 0
		for _, i := range h.items[e.ID] {
			if i.Status == needsAction {
				open++
			}
		}
		e.State = strconv.Itoa(open)
	})
}

func todoAdd(h *Home, e home.Entity, d *data) []effect {
	summary, ok := d.text("item")
	d.need("item", ok, "text")
	d.ignore("due_date", "due_datetime", "description")
	return h.edits(e, func(items []item) []item { return append(items, newItem(items, summary)) })
}

// newItem gives an item an identifier that its list has not used.
func newItem(items []item, summary string) item {
	last := 0
	for _, i := range items {
		n, _ := strconv.Atoi(i.UID)
		last = max(last, n)
	}
	return item{UID: strconv.Itoa(last + 1), Summary: summary, Status: needsAction}
}

func todoRemove(h *Home, e home.Entity, d *data) []effect {
	summaries := d.texts("item")
	d.need("item", len(summaries) > 0, "text, or a list of it")
	for _, summary := range summaries {
		h.find(e, d, summary)
	}
	return h.edits(e, func(items []item) []item {
		for _, summary := range summaries { // the first of those that are called so, as Home Assistant does
			if at := slices.IndexFunc(items, func(i item) bool { return i.is(summary) }); at >= 0 {
				items = slices.Delete(items, at, at+1)
			}
		}
		return items
	})
}

func todoUpdate(h *Home, e home.Entity, d *data) []effect {
	summary, ok := d.text("item")
	d.need("item", ok, "text")
	name, renames := d.text("rename")
	status, changes := d.choice("status", needsAction, completed)
	d.ignore("due_date", "due_datetime", "description")
	if ok {
		h.find(e, d, summary)
	}
	return h.edits(e, func(items []item) []item {
		at := slices.IndexFunc(items, func(i item) bool { return i.is(summary) })
		if at >= 0 && renames {
			items[at].Summary = name
		}
		if at >= 0 && changes {
			items[at].Status = status
		}
		return items
	})
}

func todoRemoveCompleted(h *Home, e home.Entity, _ *data) []effect {
	return h.edits(e, func(items []item) []item {
		return slices.DeleteFunc(items, func(i item) bool { return i.Status == completed })
	})
}

// find refuses a call about an item that is not on the list.
func (h *Home) find(e home.Entity, d *data, summary string) {
	if !slices.ContainsFunc(h.items[e.ID], func(i item) bool { return i.is(summary) }) {
		d.refuse("item", summary, "an item of "+e.Name)
	}
}

// is tells whether a call means this item, by its summary or its identifier.
func (i item) is(name string) bool { return strings.EqualFold(i.Summary, name) || i.UID == name }

// todoItems answers todo.get_items.
func todoItems(h *Home, e home.Entity, d *data) any {
	wanted := d.texts("status")
	answer := []any{}
	for _, i := range h.items[e.ID] {
		if len(wanted) == 0 && i.Status == needsAction || slices.Contains(wanted, i.Status) {
			answer = append(answer, map[string]any{"uid": i.UID, "summary": i.Summary, "status": i.Status})
		}
	}
	return map[string]any{"items": answer}
}
