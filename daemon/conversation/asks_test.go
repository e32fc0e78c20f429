package conversation_test

import (
	"testing"
	"time"

	"hearth/audio"
	"hearth/daemon/conversation"
)

// TestAskingTellsUntilWhen has whoever listens know how long an answer may take.
func TestAskingTellsUntilWhen(t *testing.T) {
	inHome(t, func(r *rig) {
		turn := r.say("unlock the front door")
		if got := time.Until(turn.AsksUntil); turn.Asks != conversation.AsksConfirmation || got <= 14*time.Second || got > 15*time.Second {
			r.t.Errorf("asks %q for another %v", turn.Asks, got)
		}
		if turn = r.say("yes"); !turn.AsksUntil.IsZero() {
			r.t.Errorf("an answer asks until %v", turn.AsksUntil)
		}
		r.heard = conversation.Heard{Recogniser: "test", Verdict: conversation.Reject}
		turn, err := r.Hear(r.t.Context(), "", audio.Clip{Format: audio.Speech, Samples: make([]int16, 16000)})
		if got := time.Until(turn.AsksUntil); err != nil || turn.Asks != conversation.AsksRepeat || got <= 14*time.Second || got > 15*time.Second {
			r.t.Errorf("after noise it asks %q for another %v, %v", turn.Asks, got, err)
		}
	})
}
