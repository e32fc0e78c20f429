package conversation_test

import (
	"context"
	"errors"
	"strings"
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

// A hasty home's caller goes away while the call is under way.
type hasty struct {
	conversation.Home
	leave context.CancelFunc
	obeys bool
}

func (h *hasty) Call(ctx context.Context, call home.Call) (map[string]any, error) {
	h.leave()
	if h.obeys {
		_, _ = h.Home.Call(context.WithoutCancel(ctx), call)
		time.Sleep(time.Second)
	}
	return nil, context.Cause(ctx)
}

// TestWhoGoesLeavesADoubt: that nobody waited for it to be done is not that it failed.
func TestWhoGoesLeavesADoubt(t *testing.T) {
	for obeys, want := range map[bool]conversation.Outcome{true: conversation.Confirmed, false: conversation.Failed} {
		inHome(t, func(r *rig) {
			ctx, cancel := context.WithCancel(r.t.Context())
			r.whole.Home = &hasty{Home: r.home, leave: cancel, obeys: obeys}
			turn, err := r.Say(ctx, "", "turn on the kitchen ceiling")
			if !errors.Is(err, context.Canceled) {
				r.t.Fatal(err)
			}
			if s := turn.Steps[0]; s.Outcome != want || strings.Contains(turn.Reply, "do not know whether it happened") == obeys {
				r.t.Errorf("%+v, %q", s, turn.Reply)
			}
		})
	}
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
