package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// A messenger does errands, and notes them.
type messenger struct {
	done []string
	err  error
}

func (m *messenger) Run(_ context.Context, call home.Call) (string, error) {
	m.done = append(m.done, fmt.Sprint(call.Service, call.Data))
	return "the server mail took it", m.err
}

// withErrand gives the rig a model that plans an errand whatever is said.
func (r *rig) withErrand(data map[string]any) *messenger {
	m := &messenger{}
	r.whole.Errands = m
	*r.model = model{answer: conversation.ModelAnswer{Model: "scripted", Calls: []home.Call{conversation.ErrandCall("mail.send", data)}}}
	return m
}

var letter = map[string]any{"to": "Anna\u202e", "text": "I am late.\nBring bread", "copies": 2}

func TestAnErrandIsDoneAfterAYes(t *testing.T) {
	inHome(t, func(r *rig) {
		m := r.withErrand(letter)
		asked := r.say("write to anna")
		if asked.Asks != conversation.AsksConfirmation || len(m.done) != 0 ||
			asked.Reply != "Shall I really do that: mail.send (copies: 2, text: I am late. Bring bread, to: Anna)? Say yes or no." {
			r.t.Fatalf("asks %q: %q; done %q", asked.Asks, asked.Reply, m.done)
		}
		turn := r.say("yes")
		if len(m.done) != 1 || turn.Steps[0].Outcome != conversation.Sent || turn.Steps[0].Evidence != "the server mail took it" {
			r.t.Errorf("done %q, %+v", m.done, turn.Steps)
		}
		if strings.HasPrefix(turn.Reply, "Done") || !strings.Contains(turn.Reply, "cannot see whether it worked") {
			r.t.Errorf("reply %q", turn.Reply)
		}
		if audit := turn.Audit(); len(audit) != 1 || audit[0].Verdict != conversation.AuditVerdict(conversation.Sent) {
			r.t.Errorf("the audit has %+v", audit)
		}
		if r.plans.len() != 0 {
			r.t.Error("it was learned")
		}
		if undone := r.say("undo that"); !strings.Contains(undone.Reply, "cannot be undone: mail.send") || len(m.done) != 1 {
			r.t.Errorf("undone: %q", undone.Reply)
		}
	})
}

func TestAnErrandThatIsNotDone(t *testing.T) {
	for name, test := range map[string]struct {
		data    map[string]any
		program bool
		answer  string
		failure conversation.Failure // of the first turn
	}{
		"after a no":           {letter, false, "no", ""},
		"after something else": {letter, false, "turn on the kitchen ceiling", ""},
		"of a program":         {letter, true, "yes", conversation.NotAllowed},
		"too long":             {map[string]any{"text": strings.Repeat("and so on ", 100)}, false, "yes", conversation.NotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			inHome(t, func(r *rig) {
				m := r.withErrand(test.data)
				channel := r.Channel
				if test.program {
					channel = channel.Unattended()
				}
				for i, text := range []string{"write to anna", test.answer} {
					turn, err := channel.Say(r.t.Context(), "", text)
					if err != nil || i == 0 && turn.Failure != test.failure {
						r.t.Errorf("%q: %q, %v", text, turn.Failure, err)
					}
				}
				if len(m.done) != 0 {
					r.t.Errorf("done %q", m.done)
				}
			})
		})
	}
}

func TestAnErrandThatFails(t *testing.T) {
	inHome(t, func(r *rig) {
		m := r.withErrand(letter)
		m.err = errors.New("no server offers it now")
		r.say("write to anna")
		if turn := r.say("yes"); turn.Failure != conversation.StepFailed || turn.Steps[0].Evidence != "no server offers it now" {
			r.t.Errorf("%+v", turn)
		}
		r.whole.Errands = nil
		if turn := r.say("write to anna"); turn.Failure != conversation.NotAllowed {
			r.t.Errorf("without anybody to send: %+v", turn)
		}
	})
}

// A program cannot name an errand as a call.
func TestACallIsNoErrand(t *testing.T) {
	inHome(t, func(r *rig) {
		r.withErrand(nil)
		var input *conversation.InputError
		if _, err := r.Do(r.t.Context(), "", home.Call{Domain: "errand", Service: "send", Entity: "errand.none"}); !errors.As(err, &input) {
			r.t.Errorf("got %v", err)
		}
	})
}
