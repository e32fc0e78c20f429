package conversation_test

import (
	"slices"
	"testing"

	"hearth/daemon/conversation"
)

// TestSeveral asks for more than one thing in a sentence: each is done and told.
func TestSeveral(t *testing.T) {
	inHome(t, func(r *rig) {
		turn := r.say("turn on the kitchen ceiling and the attic light")
		if turn.Reply != "Done: Kitchen Ceiling and Attic Light." || turn.Intent != "HearthSeveral" || turn.DecidedBy != conversation.ByGrammar {
			t.Errorf("%q, intent %q, decided by %q", turn.Reply, turn.Intent, turn.DecidedBy)
		}
		if parts := []string{"turn on the kitchen ceiling", "turn on the attic light"}; !slices.Equal(turn.Slots["parts"].([]string), parts) {
			t.Errorf("taken apart to %q", turn.Slots["parts"])
		}
		if r.plans.len() > 0 {
			t.Error("it was learned")
		}
		if turn = r.say("undo that"); turn.Reply != "Put back: Attic Light and Kitchen Ceiling." {
			t.Errorf("undone: %q", turn.Reply)
		}
		if turn = r.say("turn on the kitchen ceiling and the porch light"); turn.Reply != "Done: Kitchen Ceiling. Porch Light cannot be reached." {
			t.Errorf("one of two: %q", turn.Reply)
		}
		if turn = r.say("turn on the porch light and what time is it"); turn.Reply != "Turned on the light. Porch Light cannot be reached." {
			t.Errorf("what was asked is answered all the same: %q", turn.Reply)
		}
		if turn = r.say("turn on the kitchen ceiling and why did you do that"); turn.DecidedBy == conversation.ByGrammar {
			t.Errorf("what is asked about the conversation stands alone: %+v", turn)
		}
	})
}

// TestSeveralWaitForAYes does nothing of it before that, and neither for a no.
func TestSeveralWaitForAYes(t *testing.T) {
	inHome(t, func(r *rig) {
		const said = "turn on the kitchen ceiling and unlock the front door"
		turn := r.say(said)
		if turn.Asks != conversation.AsksConfirmation || r.state("light.kitchen_ceiling") != "off" {
			t.Errorf("%q, the light is %s", turn.Reply, r.state("light.kitchen_ceiling"))
		}
		if r.say("no"); r.state("light.kitchen_ceiling") != "off" {
			t.Error("done for a no")
		}
		r.say(said)
		if turn = r.say("yes"); turn.Reply != "Done: Kitchen Ceiling and Front Door." || r.state("lock.front_door") != "unlocked" {
			t.Errorf("%q, the door is %s", turn.Reply, r.state("lock.front_door"))
		}
	})
}

// TestSeveralInARoom asks for the room once, for all that is to be done.
func TestSeveralInARoom(t *testing.T) {
	inHome(t, func(r *rig) {
		turn := r.say("turn on the lights and turn on the attic light")
		if turn.Asks != conversation.AsksRoom || len(turn.Steps) > 0 {
			t.Errorf("%q with %+v", turn.Reply, turn.Steps)
		}
		if turn = r.say("in the kitchen"); len(turn.Steps) != 3 || turn.Failure != "" {
			t.Errorf("%q with %+v", turn.Reply, turn.Steps)
		}
	})
}
