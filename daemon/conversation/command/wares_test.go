package command

import (
	"slices"
	"strings"
	"testing"

	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

// An item is taken apart when each part of it is a ware and the whole is none.
func TestWares(t *testing.T) {
	s := demo.New().Snapshot()
	wares := []string{"milk", "eggs", "macaroni and cheese", "macaroni", "cheese"}
	recognise := func(text string) []intent.Result {
		name := strings.ReplaceAll(strings.ToLower(text), "some ", "")
		if !slices.Contains(wares, name) {
			return nil
		}
		return []intent.Result{{Intent: "HassNevermind"}, {Intent: Ware, Slots: map[string]intent.Slot{"item": {Value: name, Text: name}}}}
	}
	for _, c := range []struct{ intent, item, sentence, want string }{
		{"HassShoppingListAddItem", "milk and eggs", "add milk and eggs to it", "add milk to it: milk | add eggs to it: eggs"},
		{"HassShoppingListAddItem", "Milk some eggs and Cheese", "add Milk, some eggs, and Cheese!", "add Milk!: milk | add some eggs!: eggs | add Cheese!: cheese"},
		{"HassShoppingListAddItem", "milk and eggs", "milk; and; eggs", "milk; and; eggs: milk | milk; and; eggs: eggs"}, // however it is written
		{"HassShoppingListAddItem", "macaroni and cheese", "add macaroni and cheese", ""},
		{"HassShoppingListAddItem", "milk eggs", "add milk eggs", ""},
		{"HassShoppingListAddItem", "milk and caviar", "add milk and caviar", ""},
		{"HassShoppingListAddItem", "milk and some milk", "add milk and some milk", ""},
		{"HassShoppingListAddItem", "and", "add and", ""},
		{"HassShoppingListAddItem", "milk and" + strings.Repeat(" some", 50) + " eggs", "add it", ""},
		{"HassShoppingListAddItem", "", "add", ""},
		{"HassListAddItem", "milk and eggs", "add milk and eggs", ""}, // to no list
		{"HassShoppingListCompleteItem", "milk and eggs", "take milk and eggs off", ""},
	} {
		r := intent.Result{Intent: c.intent, Slots: map[string]intent.Slot{"item": {Value: c.item, Text: c.item}}}
		if c.intent == "HassListAddItem" {
			r.Slots["name"] = intent.Slot{Value: "Nowhere", Text: "Nowhere"}
		}
		var parts []string
		for _, p := range Wares(r, c.sentence, []string{"and"}, recognise, Input{Home: s}) {
			item, _ := p.Calls[0].Data["item"].(string)
			parts = append(parts, p.Text+": "+item)
		}
		if got := strings.Join(parts, " | "); got != c.want {
			t.Errorf("%q: %q, want %q", c.sentence, got, c.want)
		}
		if r.Slots["item"].Text != c.item {
			t.Errorf("%q: its reading was changed", c.sentence)
		}
	}
}

// The name of a ware by itself means nothing.
func TestAWareIsNoSentence(t *testing.T) {
	results := []intent.Result{{Intent: Ware}}
	if Meant(results) || len(Sensible(results, demo.New().Snapshot(), nil)) > 0 {
		t.Error("it is taken for a sentence")
	}
}
