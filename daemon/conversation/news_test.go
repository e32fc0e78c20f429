package conversation_test

import (
	"context"
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home/gate"
)

// follow runs a turn for a sentence and returns what was told of it.
func (r *rig) follow(text string) (heard []string, words string, end conversation.News) {
	run := func(ctx context.Context, told conversation.Observer) (*conversation.Turn, error) {
		return r.Telling(told).Say(ctx, "", text)
	}
	for news := range conversation.Follow(r.t.Context(), run) {
		switch {
		case news.Over:
			end = news
		case news.Heard != nil:
			heard = append(heard, news.Heard.Text)
		default:
			words += news.Words
		}
	}
	return heard, words, end
}

func TestATurnIsFollowed(t *testing.T) {
	inHome(t, func(r *rig) {
		*r.model = model{words: []string{"It", " scatters."}, answer: conversation.ModelAnswer{Reply: "It scatters."}}
		heard, words, end := r.follow("why is the sky blue")
		if len(heard) != 1 || heard[0] != "why is the sky blue" || words != "It scatters." {
			t.Errorf("heard %q, words %q", heard, words)
		}
		if end.Turn == nil || end.Turn.Reply != words || len(r.history.turns) != 1 {
			t.Errorf("the end is %+v, with %d turns in the history", end, len(r.history.turns))
		}
		if _, _, end := r.follow(" "); end.Err == nil || end.Turn != nil {
			t.Errorf("of an empty sentence: %+v", end)
		}
	})
}

// A PIN is told to nobody, not even to whoever follows its turn.
func TestAFollowerIsToldNoPIN(t *testing.T) {
	inHome(t, func(r *rig) {
		r.withPIN(gate.Options{})
		r.follow("unlock the front door")
		heard, words, end := r.follow("1234")
		if strings.Contains(strings.Join(heard, "")+words, "1234") || len(heard) != 1 || end.Turn.Failure != "" {
			t.Errorf("heard %q, words %q, failure %q", heard, words, end.Turn.Failure)
		}
		if heard, _, _ := r.follow("1234"); strings.Contains(strings.Join(heard, ""), "1234") {
			t.Errorf("that nobody asked for: heard %q", heard)
		}
	})
}

// Whoever no longer listens ends the turn, which is waited for.
func TestAFollowerMayStop(t *testing.T) {
	inHome(t, func(r *rig) {
		ended := false
		run := func(ctx context.Context, told conversation.Observer) (*conversation.Turn, error) {
			told.Words(&conversation.Turn{}, 0, "One")
			<-ctx.Done()
			ended = true
			return nil, ctx.Err()
		}
		for range conversation.Follow(r.t.Context(), run) {
			break
		}
		if !ended {
			t.Error("the turn goes on")
		}
	})
}

// Conversations of one channel have questions of their own. What they may try in all does not grow with their number.
func TestConversationsOfOneChannel(t *testing.T) {
	inHome(t, func(r *rig) {
		r.withPIN(gate.Options{})
		one, other := r.Within("one"), r.Within("other")
		say := func(c conversation.Channel, text string) *conversation.Turn {
			turn, err := c.Say(r.t.Context(), "", text)
			if err != nil {
				t.Fatal(err)
			}
			return turn
		}
		say(one, "unlock the front door")
		if turn := say(other, "1234"); len(turn.Steps) != 0 || r.state("lock.front_door") != "locked" {
			t.Errorf("the other's PIN opened it: %+v", turn)
		}
		for _, talk := range []string{"a", "b", "c"} {
			say(r.Within(talk), "unlock the front door")
			say(r.Within(talk), "4321")
		}
		if turn := say(r.Within("e"), "unlock the front door"); turn.Failure != conversation.NotAllowed || turn.Asks != "" {
			t.Errorf("after three wrong PINs in as many conversations: asks %q: %q", turn.Asks, turn.Reply)
		}
	})
}
