package command

import (
	"slices"
	"strings"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// shoppingList is the entity of Home Assistant's own shopping list.
const shoppingList home.EntityID = "todo.shopping_list"

func addItem(q request) (Command, error) {
	todo, item, err := q.todo(todoCreate)
	if err != nil {
		return Command{}, err
	}
	return act([]home.Entity{todo}, func(e home.Entity) home.Call {
		return call(e, "add_item", map[string]any{"item": item})
	}), nil
}

func completeItem(q request) (Command, error) {
	return q.changeItem("update_item", todoUpdate, map[string]any{"status": "completed"}, "needs_action")
}

func removeItem(q request) (Command, error) {
	return q.changeItem("remove_item", todoDelete, nil, "needs_action", "completed")
}

// changeItem calls service for the item that is called so, among those with one of these statuses. The
// list is asked first, since Home Assistant finds an item only by its exact summary.
func (q request) changeItem(service string, bit int, data map[string]any, statuses ...string) (Command, error) {
	todo, item, err := q.todo(bit)
	if err != nil {
		return Command{}, err
	}
	change := call(todo, service, map[string]any{"item": item})
	for key, value := range data {
		change.Data[key] = value
	}
	c := Command{Calls: []home.Call{change}, Answer: about([]home.Entity{todo})}
	c.Fetch = &Fetch{Calls: []home.Call{call(todo, "get_items", map[string]any{"status": statuses})}, fill: fillItem}
	return c, nil
}

// fillItem replaces the item as it was said by the summary as it is on the list.
func fillItem(c home.Call, response map[string]any) (home.Call, error) {
	said, _ := c.Data["item"].(string)
	for _, item := range Objects(response, "items") {
		if summary, _ := item["summary"].(string); named(said, summary, nil) {
			data := map[string]any{}
			for key, value := range c.Data {
				data[key] = value
			}
			data["item"] = summary
			c.Data = data
			return c, nil
		}
	}
	return c, errorf(ErrNothingFound, "%q on %s", said, c.Entity)
}

// todo is the list that the sentence means, and the item.
func (q request) todo(bit int) (home.Entity, string, error) {
	item := q.text("item")
	if item == "" {
		return home.Entity{}, "", errorf(ErrBadSlot, "item of %s is empty", q.Intent)
	}
	lists, err := q.targets(want{domains: []string{"todo"}, can: feature(bit)})
	if err != nil {
		return home.Entity{}, "", err
	}
	if q.has("name") {
		return lists[0], item, nil
	}
	e, err := q.list(lists)
	return e, item, err
}

// list is the one that is meant when none is named: that of tasks, or the one for shopping.
func (q request) list(lists []home.Entity) (home.Entity, error) {
	if q.text("list") == "tasks" {
		return tasks(lists)
	}
	return shopping(lists)
}

// taskWords are in the names of lists of tasks.
var taskWords = []string{"task", "todo", "to-do", "to do", "chore", "aufgabe", "tâche", "à faire", "tarea", "pendiente", "taak", "taken"}

// tasks is the only list that is not for shopping, else the only one that is called so.
func tasks(lists []home.Entity) (home.Entity, error) {
	lists = keep(lists, func(e home.Entity) bool { return !strings.Contains(string(e.ID), "shopping") })
	called := keep(lists, func(e home.Entity) bool { return isCalled(e, taskWords...) })
	switch {
	case len(lists) == 1:
		return lists[0], nil
	case len(called) == 1:
		return called[0], nil
	case len(lists) == 0:
		return home.Entity{}, &TargetError{"no_entity", map[string]any{"entity": "tasks"}}
	}
	return home.Entity{}, &TargetError{"duplicate_targets", map[string]any{}}
}

// isCalled tells whether a name of the entity holds one of the words.
func isCalled(e home.Entity, words ...string) bool {
	return slices.ContainsFunc(append([]string{e.Name}, e.Aliases...), func(name string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(strings.ToLower(name), word) })
	})
}

// shopping is the list for shopping: Home Assistant's own, one that is called so, or the only one.
func shopping(lists []home.Entity) (home.Entity, error) {
	tests := []func(e home.Entity) bool{
		func(e home.Entity) bool { return e.ID == shoppingList },
		func(e home.Entity) bool { return strings.Contains(string(e.ID), "shopping") },
		func(home.Entity) bool { return len(lists) == 1 },
	}
	for _, test := range tests {
		if i := slices.IndexFunc(lists, test); i >= 0 {
			return lists[i], nil
		}
	}
	return home.Entity{}, &TargetError{"no_entity", map[string]any{"entity": "shopping list"}}
}

// getList answers with the items of a list that are not done.
func getList(q request) (Command, error) {
	lists, err := q.targets(want{domains: []string{"todo"}})
	if err != nil {
		return Command{}, err
	}
	todo := lists[0]
	if !q.has("name") {
		if todo, err = q.list(lists); err != nil {
			return Command{}, err
		}
	}
	c := Command{Answer: about([]home.Entity{todo})}
	c.Fetch = &Fetch{Calls: []home.Call{call(todo, "get_items", map[string]any{"status": []string{"needs_action"}})}, apply: applyItems}
	return c, nil
}

func applyItems(answer *intent.ResponseData, response map[string]any) {
	for _, item := range Objects(response, "items") {
		if summary, _ := item["summary"].(string); summary != "" {
			answer.Items = append(answer.Items, summary)
		}
	}
}

// ListProof is the call that shows what a list has of an item, and what tells from its responses before and after a call
// on the list whether that was done. An item may have been there before, so that those of its name are counted. Ok is
// false for calls that no list can prove so.
func ListProof(c home.Call) (look home.Call, proves func(before, after map[string]any) (evidence string, met bool), ok bool) {
	statuses, ok := map[string][]string{
		"todo.add_item":    {"needs_action"},
		"todo.update_item": {"completed"},
		"todo.remove_item": {"needs_action", "completed"},
	}[c.Name()]
	item, _ := c.Data["item"].(string)
	if !ok || item == "" || c.Service == "update_item" && c.Data["status"] != "completed" {
		return look, nil, false
	}
	look = home.Call{Domain: "todo", Service: "get_items", Entity: c.Entity, Data: map[string]any{"status": statuses}}
	return look, func(before, after map[string]any) (string, bool) {
		was, known := countItems(look, before, item)
		is, answers := countItems(look, after, item)
		switch {
		case !answers:
			return "", false
		case c.Service == "update_item":
			return "the list shows it as done", is > 0
		case !known:
			return "", false
		case c.Service == "add_item" && was > 0:
			return "the list shows it once more", is > was
		case c.Service == "add_item":
			return "the list shows it", is > 0
		case is > 0:
			return "the list shows it once less", is < was
		}
		return "the list no longer shows it", is < was
	}, true
}

// countItems counts those of a name in the response to a look at the list. Known is false when it has not answered.
func countItems(look home.Call, response map[string]any, item string) (n int, known bool) {
	shown := (&Fetch{Calls: []home.Call{look}}).own(response)
	_, known = shown["items"]
	for _, i := range Objects(shown, "items") {
		if summary, _ := i["summary"].(string); named(item, summary, nil) {
			n++
		}
	}
	return n, known
}
