package command_test

import (
	"testing"

	"hearth/daemon/conversation/command"
	"hearth/daemon/intent"
)

func TestSensible(t *testing.T) {
	later := func(text string) intent.Result {
		return intent.Result{Slots: map[string]intent.Slot{"conversation_command": {Value: text, Text: text}}}
	}
	now := intent.Result{Intent: "HassTurnOn"}
	got := command.Sensible([]intent.Result{later("he gets up"), now, later("open the door")}, func(s string) bool { return s == "open the door" })
	if len(got) != 2 || got[0].Intent != now.Intent || got[1].Slots["conversation_command"].Text != "open the door" {
		t.Errorf("got %+v", got)
	}
}
