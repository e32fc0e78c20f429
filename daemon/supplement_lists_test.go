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
