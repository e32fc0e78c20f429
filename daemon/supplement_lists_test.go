package daemon

import (
	"testing"

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
