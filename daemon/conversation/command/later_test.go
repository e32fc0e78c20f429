package command_test

import (
	"testing"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

func TestSensible(t *testing.T) {
	with := func(slot, text string) intent.Result {
		return intent.Result{Slots: map[string]intent.Slot{slot: {Value: text, Text: text}}}
	}
	for _, c := range []struct {
		name string
		r    intent.Result
		want bool
	}{
		{"no words of the speaker's own", intent.Result{Intent: "HassTurnOn"}, true},
		{"a command put off", with("conversation_command", "open the door"), true},
		{"a command put off twice", with("conversation_command", "open the door at 7"), false},
		{"a fact put off", with("conversation_command", "he gets up"), false},
		{"a long title", with("search_query", "the curious incident of the dog in the night-time"), true},
		{"a sentence for a title", with("search_query", "il y avait un bogue dans l'interface, donc la version 2 a tout changé"), false},
	} {
		got := command.Sensible([]intent.Result{c.r}, home.NewSnapshot(nil, nil, nil), func(s string) command.Sense {
			return map[string]command.Sense{"open the door": command.Plain, "open the door at 7": command.Timed}[s]
		})
		if len(got) == 1 != c.want {
			t.Errorf("%s: kept is %v", c.name, !c.want)
		}
	}
}

// Where people are is asked of a home that knows people, and about places.
func TestSensiblePlaces(t *testing.T) {
	nobody := home.NewSnapshot(nil, nil, nil)
	anna := home.NewSnapshot([]home.Entity{
		{ID: "person.anna", Name: "Anna", State: "St Mary's Primary School", Exposed: true},
		{ID: "zone.club", Name: "The Old Golf Club", State: "0", Exposed: true},
	}, nil, nil)
	for _, c := range []struct {
		house *home.Snapshot
		place string
		want  bool
	}{
		{anna, "work", true},
		{anna, "home", true},
		{anna, "st mary's primary school", true},
		{anna, "the old golf club", true},
		{anna, "coming to visit", false},
		{nobody, "home", false},
	} {
		r := intent.Result{Intent: "HassGetState", Slots: map[string]intent.Slot{
			"domain": {Value: "person"}, "state": {Value: c.place, Text: c.place},
		}}
		if got := command.Sensible([]intent.Result{r}, c.house, nil); len(got) == 1 != c.want {
			t.Errorf("%q: kept is %v", c.place, !c.want)
		}
	}
}

// What is said to be no title is not searched for, now or later, unless only a second command would tell so and it
// means nothing.
func TestNoTitle(t *testing.T) {
	search := intent.Result{Intent: "HassMediaSearchAndPlay", Slots: map[string]intent.Slot{"search_query": {Text: "jazz and so on"}}}
	denied := intent.Result{Intent: "HearthNoTitle"}
	second := intent.Result{Intent: "HearthNoTitle", Slots: map[string]intent.Slot{"conversation_command": {Value: "so on", Text: "so on"}}}
	turnOn := intent.Result{Intent: "HassTurnOn"}
	for _, c := range []struct {
		name    string
		results []intent.Result
		sense   command.Sense // of the second command
		want    int
		meant   bool
	}{
		{"a title", []intent.Result{search}, command.Nonsense, 1, true},
		{"no title", []intent.Result{search, denied}, command.Nonsense, 0, false},
		{"no title, but something else", []intent.Result{turnOn, search, denied}, command.Nonsense, 1, true},
		{"a title with an and", []intent.Result{search, second}, command.Nonsense, 1, true},
		{"a second command", []intent.Result{search, second}, command.Plain, 0, true},
		{"a second command with a time", []intent.Result{search, second}, command.Timed, 0, true},
	} {
		if got := command.Meant(c.results); got != c.meant {
			t.Errorf("%s: meant is %v", c.name, got)
		}
		got := command.Sensible(c.results, home.NewSnapshot(nil, nil, nil), func(string) command.Sense { return c.sense })
		if len(got) != c.want {
			t.Errorf("%s: %d readings, want %d", c.name, len(got), c.want)
		}
	}
}
