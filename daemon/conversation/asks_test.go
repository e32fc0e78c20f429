package conversation_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"hearth/audio"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/gate"
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

// A talker is a voice that takes a second to say a word.
type talker struct{}

func (talker) Speak(_ context.Context, text string) (audio.Clip, error) {
	return audio.Clip{Format: audio.Speech, Samples: make([]int16, len(strings.Fields(text))*audio.Speech.Rate)}, nil
}

// A notebook keeps facts until the test ends.
type notebook struct{ facts []conversation.Fact }

func (n *notebook) Facts(context.Context, ...string) ([]conversation.Fact, error) {
	return n.facts, nil
}
func (n *notebook) SaveFact(_ context.Context, f conversation.Fact) error {
	n.facts = append(n.facts, f)
	return nil
}
func (n *notebook) DeleteFacts(context.Context, ...string) error { return nil }
func (n *notebook) ForgetPerson(context.Context, string) error   { return nil }

// A question that is spoken waits from when it has been heard: nobody agrees to what he has not heard to its end.
func TestAQuestionIsHeardToItsEnd(t *testing.T) {
	long := map[string]any{"text": strings.Repeat("so ", 40) + "it is"}
	unlocked := func(r *rig) func() bool { return func() bool { return r.state("lock.front_door") == "unlocked" } }
	for name, test := range map[string]struct {
		said, answer string
		begin        func(r *rig) (done func() bool)
	}{
		"a yes":  {unlock, "yes", unlocked},
		"a PIN":  {unlock, "1234", func(r *rig) func() bool { return unlocked(r.withPIN(gate.Options{})) }},
		"a room": {"turn on the lights", "in the kitchen", func(r *rig) func() bool { return func() bool { return r.state("light.kitchen_counter") == "on" } }},
		"an errand": {"write to anna", "yes", func(r *rig) func() bool {
			m := r.withErrand(long)
			return func() bool { return len(m.done) == 1 }
		}},
		"what is remembered": {"remember how it is", "yes", func(r *rig) func() bool {
			n := &notebook{}
			r.whole.Memory = n
			r.model.answer.Calls = []home.Call{{Domain: "memory", Service: "remember", Entity: "memory", Data: long}}
			return func() bool { return len(n.facts) == 1 }
		}},
	} {
		for late, early := range map[string]time.Duration{"in time": time.Second, "too late": 0} {
			t.Run(name+", "+late, func(t *testing.T) {
				inHome(t, func(r *rig) {
					done := test.begin(r)
					r.whole.Voice = talker{}
					var heard time.Duration
					aloud := r.Aloud(func(_ conversation.Failure, clip audio.Clip) { heard += clip.Duration() })
					asked, err := aloud.Say(r.t.Context(), "", test.said)
					wait := time.Until(asked.AsksUntil)
					if err != nil || asked.Asks == "" || heard == 0 || wait != heard+15*time.Second {
						t.Errorf("asks %q and waits for %s, of which it speaks %s, %v", asked.Asks, wait, heard, err)
					}
					time.Sleep(heard + 15*time.Second - early)
					if _, err := aloud.Say(r.t.Context(), "", test.answer); err != nil || done() != (early > 0) {
						t.Errorf("done: %t, %v", done(), err)
					}
				})
			})
		}
	}
}

// What nobody hears takes no time, and what was heard while the rest was written takes none any more.
func TestOnlyWhatIsStillToBeHeardTakesTime(t *testing.T) {
	inHome(t, func(r *rig) {
		r.whole.Voice = talker{}
		if asked := r.say(unlock); time.Until(asked.AsksUntil) != 15*time.Second {
			t.Errorf("unheard, it waits for %s", time.Until(asked.AsksUntil))
		}
		k := &notebook{}
		r.whole.Memory = k
		words := make(chan string)
		r.whole.Model = writer{words: words, calls: []home.Call{{Domain: "memory", Service: "remember", Entity: "memory", Data: map[string]any{"text": "it is so"}}}}
		turn := make(chan *conversation.Turn)
		go func() {
			asked, _ := r.Aloud(func(conversation.Failure, audio.Clip) {}).Say(r.t.Context(), "", "remember how it is")
			turn <- asked
		}()
		words <- "I see how it is. "
		time.Sleep(10 * time.Second)
		close(words)
		asked := <-turn
		_, question, _ := strings.Cut(asked.Reply, "is. ")
		spoken := time.Duration(len(strings.Fields(question))) * time.Second
		if wait := time.Until(asked.AsksUntil); asked.Asks != conversation.AsksConsent || wait != spoken+15*time.Second {
			t.Errorf("asks %q and waits for %s: %q", asked.Asks, wait, asked.Reply)
		}
	})
}
