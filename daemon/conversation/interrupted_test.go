package conversation_test

import (
	"context"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// A severed home loses the connection in the middle of its first call.
type severed struct {
	conversation.Home
	obeys bool // it had handed the call on
	calls int
}

func (s *severed) Call(ctx context.Context, call home.Call) (map[string]any, error) {
	s.calls++
	if s.calls > 1 {
		return nil, home.ErrDisconnected
	}
	if s.obeys {
		_, _ = s.Home.Call(ctx, call) // whoever called does not hear of it
	}
	return nil, home.ErrInterrupted
}

// TestALostConnectionIsNotTakenForANo: what the home shows afterwards decides, and without it nothing is claimed.
func TestALostConnectionIsNotTakenForANo(t *testing.T) {
	inHome(t, func(r *rig) {
		home := &severed{Home: r.home, obeys: true}
		r.whole.Home = home
		turn := r.say("turn on the kitchen ceiling")
		if s := turn.Steps[0]; s.Outcome != conversation.Confirmed || home.calls != 1 {
			r.t.Errorf("a light that went on: %+v after %d calls", s, home.calls)
		}
	})
	inHome(t, func(r *rig) {
		home := &severed{Home: r.home}
		r.whole.Home = home
		turn := r.say("turn on the kitchen ceiling")
		if s := turn.Steps[0]; s.Outcome != conversation.Failed || turn.Reply != "I have no connection to the home." || home.calls != 2 {
			r.t.Errorf("a light that stayed off: %+v, %q after %d calls", s, turn.Reply, home.calls)
		}
		if turn.Total < float64((10 * time.Second).Milliseconds()) {
			r.t.Errorf("the home was given %v ms to come back", turn.Total)
		}
	})
	inHome(t, func(r *rig) {
		home := &severed{Home: r.home}
		r.whole.Home = home
		turn := r.say("turn on the garden lights") // which report nothing
		if s := turn.Steps[0]; s.Outcome != conversation.Failed || home.calls != 1 {
			r.t.Errorf("a light that reports nothing: %+v after %d calls", s, home.calls)
		}
	})
}
