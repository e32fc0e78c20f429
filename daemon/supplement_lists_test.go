package daemon

import (
	"testing"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

// An item is what stands behind its article; a list may be asked about one thing.
func TestItemsOfLists(t *testing.T) {
	house := demo.New().Snapshot()
	english := supplementedLanguage(t, "en")
	in := command.Input{Home: house, Room: "kitchen"}
	for said, want := range map[string]string{
		"remove the eggs from my list":                 `update_item shopping_list {"item":"eggs","status":"completed"}`,
		"remove the eggs from the groceries":           `remove_item shopping_list {"item":"eggs"}`,
		"take milk off the shopping list":              `remove_item shopping_list {"item":"milk"}`,
		"check off bread":                              `update_item shopping_list {"item":"bread","status":"completed"}`,
		"tick off the flour":                           `update_item shopping_list {"item":"flour","status":"completed"}`,
		"mark the milk as bought":                      `update_item shopping_list {"item":"milk","status":"completed"}`,
		"mark sweep the floor as done on the chores":   `update_item chores {"item":"sweep the floor","status":"completed"}`,
		"check off the stairs from my chores list":     `update_item chores {"item":"stairs","status":"completed"}`,
		"add the eggs to my shopping list":             `add_item shopping_list {"item":"the eggs"}`,
		"put the car into the garage on my to-do list": `add_item chores {"item":"the car into the garage"}`,
	} {
		if got := calledFor(english.Home(namesOf(house)).Recognize(said, intent.Where{Area: in.Room}), in); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
	for said, want := range map[string]string{"is there any milk on the list": "Yes", "do we have flour on the shopping list": "No"} {
		r := english.Home(namesOf(house)).Recognize(said, intent.Where{Area: in.Room})[0]
		if got, err := english.Respond(r, intent.ResponseData{Items: []string{"Eggs", "Milk"}}); got != want || err != nil || r.Intent != "HearthGetList" {
			t.Errorf("%q: %s, %q, %v, want %q", said, r.Intent, got, err, want)
		}
	}
}

// What runs is asked about in many words, and a timer may be turned off.
func TestTimersAskedAbout(t *testing.T) {
	pizza := command.Timer{ID: "p", Kind: command.Countdown, Name: "pizza", Length: 12 * time.Minute, Left: 5 * time.Minute}
	saidInTheKitchen(t, command.Input{Timers: []command.Timer{pizza}}, map[string]string{
		"what timers do I have":                              "5 minutes left.",
		"are any timers running":                             "5 minutes left.",
		"list my timers":                                     "5 minutes left.",
		"how long is left":                                   "5 minutes left.",
		"how long on the pizza timer":                        "5 minutes left.",
		"when is my pizza timer done":                        "5 minutes left.",
		"how long on the soup timer":                         "", // there is none
		"turn off the timer":                                 "timer.cancel p",
		"clear the pizza timer":                              "timer.cancel p",
		"cancel my timers":                                   "timer.cancel p",
		"turn off the sprinkler":                             "valve.close_valve sprinkler",
		"how long is the living room":                        "",
		"when is my pizza done":                              "5 minutes left.",
		"set the lights to red and a timer for five minutes": "", // no timer is called so
		"when is the living room lamp on":                    "",
	})
	saidInTheKitchen(t, command.Input{}, map[string]string{"what timers do I have": "No timers.", "how long is left": "No timers."})
}

// What the home runs out of goes on the shopping list; what nobody buys does not.
func TestWhatIsNeededIsBought(t *testing.T) {
	house := demo.New().Snapshot()
	in := command.Input{Home: house, Room: "kitchen"}
	for language, cases := range map[string][][2]string{
		"en": {{"we need toilet paper", "toilet paper"}, {"we need some more milk", "milk"}, {"we need to buy yogurt", "yoghurt"}, {"we are out of milk", "milk"},
			{"we're running low on coffee", "coffee"}, {"we have run out of eggs", "eggs"}, {"there is no bread left", "bread"}, {"we don't have any butter", "butter"},
			{"we need to talk", ""}, {"we need help", ""}, {"we are out of time", ""}, {"do we need milk", ""}, {"we do not need milk", ""},
			{"we need milk for the cake he said", ""}, {"we need", ""}},
		"de": {{"wir brauchen Milch", "Milch"}, {"wir brauchen noch klopapier", "Toilettenpapier"}, {"wir haben keine Eier mehr", "Eier"}, {"die Butter ist alle", "Butter"},
			{"es ist kein Brot mehr da", "Brot"}, {"uns ist der Kaffee ausgegangen", "Kaffee"}, {"wir müssen Mehl kaufen", "Mehl"},
			{"wir brauchen Hilfe", ""}, {"wir brauchen keine Milch", ""}, {"brauchen wir Milch", ""}, {"wir haben keine Zeit mehr", ""}},
		"fr": {{"il faut du lait", "lait"}, {"on n'a plus de lait", "lait"}, {"il nous faut des œufs", "œufs"}, {"il n'y a plus d'huile", "huile"},
			{"on a besoin de papier toilette", "papier toilette"}, {"il faut acheter de la farine", "farine"}, {"il ne reste plus de café", "café"},
			{"il faut du courage", ""}, {"on n'a plus de temps", ""}, {"il faut parler", ""}, {"faut-il du lait", ""}},
		"es": {{"necesitamos leche", "leche"}, {"no queda leche", "leche"}, {"no quedan huevos", "huevos"}, {"hace falta papel higiénico", "papel higiénico"},
			{"se ha acabado el café", "café"}, {"hay que comprar pan", "pan"}, {"nos hemos quedado sin azúcar", "azúcar"},
			{"necesitamos ayuda", ""}, {"no queda tiempo", ""}, {"no necesitamos leche", ""}},
		"nl": {{"we hebben melk nodig", "melk"}, {"de melk is op", "melk"}, {"we hebben geen wc-papier meer", "wc-papier"}, {"de eieren zijn bijna op", "eieren"},
			{"er is geen brood meer", "brood"}, {"we moeten boter kopen", "boter"},
			{"we hebben hulp nodig", ""}, {"het is op", ""}, {"we hebben geen tijd meer", ""}, {"we hebben geen melk nodig", ""}},
	} {
		h := supplementedLanguage(t, language).Home(namesOf(house))
		for _, c := range cases {
			want := c[1]
			if want != "" {
				want = `add_item shopping_list {"item":"` + want + `"}`
			}
			if got := calledFor(h.Recognize(c[0], intent.Where{Area: in.Room}), in); got != want {
				t.Errorf("%s: %q: %q, want %q", language, c[0], got, want)
			}
		}
	}
}
