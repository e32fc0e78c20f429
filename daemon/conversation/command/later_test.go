package command_test

import (
	"testing"

	"hearth/daemon/conversation/command"
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
		{"a fact put off", with("conversation_command", "he gets up"), false},
		{"a long title", with("search_query", "the curious incident of the dog in the night-time"), true},
		{"a sentence for a title", with("search_query", "il y avait un bogue dans l'interface, donc la version 2 a tout changé"), false},
	} {
		got := command.Sensible([]intent.Result{c.r}, func(s string) bool { return s == "open the door" })
		if len(got) == 1 != c.want {
			t.Errorf("%s: kept is %v", c.name, !c.want)
		}
	}
}
