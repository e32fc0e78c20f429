package daemon

import (
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
)

// Things of the household that are put on a list together are an item each; what is no such thing stays whole.
func TestWaresAreItemsOfTheirOwn(t *testing.T) {
	for code, sentences := range map[string]map[string]string{
		"en": {
			"add milk and eggs to the shopping list":                                        "milk | eggs",
			"Add milk, some more Eggs, and the bread to my shopping list.":                  "milk | eggs | bread",
			"please put olive oil and vinegar on the groceries":                             "olive oil | vinegar",
			"add yogurt and mayo to the shopping list":                                      "yoghurt | mayonnaise",
			"put milk, eggs, bread, butter, cheese, ham, tea and salt on the shopping list": "milk | eggs | bread | butter | cheese | ham | tea | salt",
			"add milk, eggs and tea to the shopping list and turn off the tv":               "milk | eggs | tea | media_player.turn_off",
			"turn off the tv and add milk and eggs to the shopping list":                    "media_player.turn_off | milk | eggs",
			"add milk to the shopping list":                                                 "milk",
			"add the milk to the shopping list":                                             "the milk",
			"add macaroni and cheese to the shopping list":                                  "macaroni and cheese",
			"add salt and vinegar crisps to the shopping list":                              "salt and vinegar crisps",
			"add milk and macaroni and cheese to the shopping list":                         "milk and macaroni and cheese",
			"add milk chocolate to the shopping list":                                       "milk chocolate",
			"add milk and milk to the shopping list":                                        "milk and milk",
			"add milk and to the shopping list":                                             "milk and",
			"put wash the car and eggs on my chores":                                        "wash the car and eggs",
			"we need milk and eggs":                                                         "milk | eggs",
			"milk":                                                                          "", "some milk": "", "in ten minutes milk": "",
		},
		"de": {
			"setz Milch und Eier auf die Einkaufsliste":                 "Milch | Eier",
			"füge Milch, die Eier und den Käse zur Einkaufsliste hinzu": "Milch | Eier | Käse",
			"setz Schwarzbrot und Eier auf die Einkaufsliste":           "Schwarzbrot und Eier",
			"Milch": "",
		},
		"fr": {
			"ajoute du lait et des œufs à la liste de courses":            "lait | œufs",
			"ajoute de l'huile, du sel et les œufs à la liste de courses": "huile | sel | œufs",
			"ajoute du thon et des câpres à la liste de courses":          "thon et des câpres",
			"du lait": "",
		},
		"es": {
			"añade leche y huevos a la lista de la compra":                "leche | huevos",
			"añade la leche, los huevos y el pan a la lista de la compra": "leche | huevos | pan",
			"añade arroz y alcaparras a la lista de la compra":            "arroz y alcaparras",
			"la leche": "",
		},
		"nl": {
			"zet melk en eieren op de boodschappenlijst":               "melk | eieren",
			"zet melk, de eieren en nog brood op de boodschappenlijst": "melk | eieren | brood",
			"zet melk en kappertjes op de boodschappenlijst":           "melk en kappertjes",
			"de melk": "",
		},
	} {
		d := quietDaemon(t, code, demo.New(demo.WithPace(0)))
		for said, want := range sentences {
			turn, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", said)
			if err != nil {
				t.Fatal(err)
			}
			if got := itemsOf(turn); got != want {
				t.Errorf("%s: %q: %q, want %q", code, said, got, want)
			}
		}
	}
}

// itemsOf are the items that a turn has put on lists, and what else it has called.
func itemsOf(turn *conversation.Turn) string {
	var all []string
	for _, s := range turn.Steps {
		item, ok := s.Data["item"].(string)
		if !ok {
			item = s.Call.Name()
		}
		all = append(all, item)
	}
	return strings.Join(all, " | ")
}

// What was put on a list together is told and taken back together.
func TestWaresAreUndoneTogether(t *testing.T) {
	house := demo.New(demo.WithPace(0))
	d := quietDaemon(t, "en", house)
	for _, c := range [][2]string{
		{"add oranges and tea to the shopping list", "Added oranges. Added tea."},
		{"what is on my shopping list", "On the list: Milk, Eggs, Bread, oranges, tea"},
		{"undo that", "Put back: Shopping List."},
		{"what is on my shopping list", "On the list: Milk, Eggs, Bread"},
	} {
		turn, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", c[0])
		if err != nil {
			t.Fatal(err)
		}
		if turn.Reply != c[1] {
			t.Errorf("%q: %q, want %q", c[0], turn.Reply, c[1])
		}
	}
}
