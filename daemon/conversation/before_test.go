package conversation_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
)

func TestWhatWasSpokenOfIsForgotten(t *testing.T) {
	inHome(t, func(r *rig) {
		r.say("turn on the kitchen ceiling")
		time.Sleep(4 * time.Minute)
		r.say("what did you do") // speaks of nothing, and does not make it last longer
		time.Sleep(59 * time.Second)
		if turn := r.say("turn it off"); len(turn.Steps) != 1 || r.state("light.kitchen_ceiling") != "off" {
			t.Errorf("before five minutes are over: %+v", turn)
		}
		time.Sleep(5 * time.Minute)
		r.model.answer.Reply = "Which lamp?"
		if turn := r.say("and the desk lamp"); turn.Reply != "Which lamp?" {
			t.Errorf("a model is asked what is meant: %q", turn.Reply)
		}
		r.model.err = &conversation.ModelError{Fault: conversation.ModelAbsent, Err: errors.New("nobody listens")}
		turn := r.say("and the desk lamp")
		if len(turn.Steps) > 0 || turn.Failure != conversation.NotUnderstood || !strings.HasPrefix(turn.Reply, "I do not know what you mean") {
			t.Errorf("after five minutes: %q, %+v", turn.Reply, turn.Steps)
		}
	})
}

// What refers to something else each time is never learned, and what it objects to is unlearned.
func TestReferencesAreNotLearned(t *testing.T) {
	inHome(t, func(r *rig) {
		r.say("turn on the kitchen ceiling")
		r.say("and the desk lamp")
		r.say("turn it off")
		if n := r.plans.len(); n != 1 {
			t.Errorf("%d plans are learned, want that of the first sentence", n)
		}
		r.say("turn on the kitchen ceiling")
		turn := r.say("no i meant the desk lamp")
		if n := r.plans.len(); n != 0 || r.state("light.desk_lamp") != "on" || !strings.HasSuffix(turn.Reply, "I will look at that sentence anew.") {
			t.Errorf("%d plans after a correction, %q", n, turn.Reply)
		}
	})
}

func TestWhatWasAskedAboutIsReferredTo(t *testing.T) {
	inHome(t, func(r *rig) {
		r.say("turn on the kitchen ceiling")
		r.say("why is the desk lamp on")
		if turn := r.say("turn it off"); len(turn.Steps) != 1 || turn.Steps[0].Entity != "light.desk_lamp" {
			t.Errorf("it is %+v", turn.Steps)
		}
	})
}

// A question is answered before anything refers to what it asks about.
func TestWhatWasNotDoneIsNotReferredTo(t *testing.T) {
	inHome(t, func(r *rig) {
		r.say("turn on the kitchen ceiling")
		r.say("unlock the front door")
		if turn := r.say("turn it off"); len(turn.Steps) != 1 || turn.Steps[0].Entity != "light.kitchen_ceiling" {
			t.Errorf("it is %+v", turn.Steps)
		}
	})
}
