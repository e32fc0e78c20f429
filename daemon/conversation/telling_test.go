package conversation_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
)

// A listener notes what it is told.
type listener struct {
	said   strings.Builder
	pieces int
	done   int
}

func (l *listener) StageDone(*conversation.Turn, string, time.Duration, error) {}
func (l *listener) TurnDone(*conversation.Turn)                                { l.done++ }

func (l *listener) Words(_ *conversation.Turn, sequence int, text string) {
	if sequence == l.pieces {
		l.said.WriteString(text)
	}
	l.pieces++
}

func TestOnlyTheAskerIsToldWhatHeAskedFor(t *testing.T) {
	inHome(t, func(r *rig) {
		mine := &listener{}
		turn, err := r.Telling(mine).Say(r.t.Context(), "", "turn on the kitchen ceiling")
		if err != nil {
			t.Fatal(err)
		}
		r.say("turn off the kitchen ceiling") // through the same channel, by somebody else
		if mine.done != 1 || mine.said.String() != turn.Reply {
			t.Errorf("told of %d turns, and %q instead of %q", mine.done, mine.said.String(), turn.Reply)
		}
	})
}

// The words of a model are handed on as they come. One that fails half way leaves a sentence that says so, and what was
// heard is what is kept.
func TestAReplyIsToldAsItIsWritten(t *testing.T) {
	for name, test := range map[string]struct {
		model  model
		pieces int
		begins string
	}{
		"to its end": {model{words: []string{"It", " scatters", " light."}, answer: conversation.ModelAnswer{Reply: "It scatters light."}}, 3, "It scatters light."},
		"half way":   {model{words: []string{"It", " scat"}, err: errors.New("the connection broke")}, 3, "It scat "},
	} {
		t.Run(name, func(t *testing.T) {
			inHome(t, func(r *rig) {
				*r.model = test.model
				mine := &listener{}
				turn, err := r.Telling(mine).Say(r.t.Context(), "", "why is the sky blue")
				if err != nil {
					t.Fatal(err)
				}
				if got := mine.said.String(); mine.pieces != test.pieces || !strings.HasPrefix(got, test.begins) || got != turn.Reply {
					t.Errorf("%d pieces, %q; the reply is %q", mine.pieces, got, turn.Reply)
				}
			})
		})
	}
}
