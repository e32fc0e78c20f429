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

// ListProof is the call whose response shows whether a call on a to-do list was done. Ok is false for calls that no
// list can prove so.
func ListProof(c home.Call) (look home.Call, proves func(response map[string]any) (evidence string, met bool), ok bool) {
	wanted := map[string]struct {
		status   []string
		there    bool
		evidence string
	}{
		"todo.add_item":    {[]string{"needs_action"}, true, "the list shows it"},
		"todo.update_item": {[]string{"completed"}, true, "the list shows it as done"},
		"todo.remove_item": {[]string{"needs_action", "completed"}, false, "the list no longer shows it"},
	}
	item, _ := c.Data["item"].(string)
	want, ok := wanted[c.Name()]
	if !ok || item == "" || c.Service == "update_item" && c.Data["status"] != "completed" {
		return look, nil, false
	}
	look = home.Call{Domain: "todo", Service: "get_items", Entity: c.Entity, Data: map[string]any{"status": want.status}}
	return look, func(response map[string]any) (string, bool) {
		shown := (&Fetch{Calls: []home.Call{look}}).own(response)
		if _, answers := shown["items"]; !answers {
			return "", false
		}
		there := slices.ContainsFunc(Objects(shown, "items"), func(i map[string]any) bool {
			summary, _ := i["summary"].(string)
			return named(item, summary, nil)
		})
		return want.evidence, there == want.there
	}, true
}
