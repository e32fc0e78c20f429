package command

import (
	"slices"
	"testing"

	"hearth/daemon/home"
)

func TestLists(t *testing.T) {
	check(t, []sentence{
		{name: "add", intent: "HassListAddItem", combination: "name_item",
			slots: attributes{"name": "Chores", "item": "wash the car"}, calls: []string{`todo.add_item todo.chores {"item":"wash the car"}`}},
		{name: "add to the shopping list", intent: "HassShoppingListAddItem", combination: "item_only",
			slots: attributes{"item": "milk"}, calls: []string{`todo.add_item todo.shopping_list {"item":"milk"}`}},
		{name: "check off", intent: "HassListCompleteItem", combination: "name_item",
			slots: attributes{"name": "Chores", "item": "wash the car"},
			calls: []string{`todo.update_item todo.chores {"item":"wash the car","status":"completed"}`}},
		{name: "check off the shopping list", intent: "HassShoppingListCompleteItem", combination: "item_only",
			slots: attributes{"item": "milk"}, calls: []string{`todo.update_item todo.shopping_list {"item":"milk","status":"completed"}`}},
		{name: "remove", intent: "HassListRemoveItem", combination: "name_item",
			slots: attributes{"name": "Chores", "item": "wash the car"}, calls: []string{`todo.remove_item todo.chores {"item":"wash the car"}`}},
		{name: "no such list", intent: "HassListAddItem", combination: "name_item",
			slots: attributes{"name": "Wishes", "item": "a pony"}, err: "no_entity"},
		{name: "nothing to add", intent: "HassListAddItem", combination: "name_item",
			slots: attributes{"name": "Chores", "item": "  "}, err: ErrBadSlot.Error()},
	})
}

func TestAnItemIsFoundHoweverItIsWritten(t *testing.T) {
	s := testHome()
	c, err := Build(read(s, "HassListRemoveItem", "name_item", "item_deleted", attributes{"name": "Chores", "item": "wash the car"}), Input{Home: s})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := lines(c.Fetch.Calls), []string{`todo.get_items todo.chores {"status":["needs_action","completed"]}`}; !slices.Equal(got, want) {
		t.Fatalf("fetch %v, want %v", got, want)
	}
	response := map[string]any{"todo.chores": map[string]any{"items": []any{
		map[string]any{"summary": "Wash the dog", "uid": "1"}, map[string]any{"summary": "Wash The Car", "uid": "2"},
	}}}
	call, err := c.Fetch.Fill(c.Calls[0], response)
	if got, want := lines([]home.Call{call}), []string{`todo.remove_item todo.chores {"item":"Wash The Car"}`}; err != nil || !slices.Equal(got, want) {
		t.Errorf("call %v, %v, want %v", got, err, want)
	}
	if said := c.Calls[0].Data["item"]; said != "wash the car" {
		t.Errorf("filling changed the command itself: %v", said)
	}
	delete(response, "todo.chores")
	if _, err := c.Fetch.Fill(c.Calls[0], response); keyOf(err) != ErrNothingFound.Error() {
		t.Errorf("an item that is not there: %v, want ErrNothingFound", err)
	}
}

func TestAHomeWithoutAShoppingList(t *testing.T) {
	lists := []home.Entity{{ID: "todo.a", Name: "A", Exposed: true}, {ID: "todo.b", Name: "B", Exposed: true}}
	for count, want := range map[int]string{0: "no_domain", 1: "", 2: "no_entity"} {
		s := home.NewSnapshot(slices.Clone(lists[:count]), nil, nil)
		_, err := Build(read(s, "HassShoppingListAddItem", "item_only", "item_added", attributes{"item": "milk"}), Input{Home: s})
		if key := keyOf(err); key != want {
			t.Errorf("with %d lists: error %q (%v), want %q", count, key, err, want)
		}
	}
}
