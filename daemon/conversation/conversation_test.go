package conversation_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/audio"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/home/gate"
)

// A rig is a conversation in the simulated home, with stores in memory and a language of a few sentences.
type rig struct {
	conversation.Channel
	whole   *conversation.Conversation
	t       *testing.T
	home    *demo.Home
	plans   *memory[conversation.LearnedPlan]
	history *history
	model   *model
	heard   conversation.Heard
}

// inHome runs a test in a simulated home, on simulated time.
func inHome(t *testing.T, test func(r *rig)) { inGuardedHome(t, nil, test) }

// inGuardedHome is inHome with more that is critical.
func inGuardedHome(t *testing.T, critical []gate.Target, test func(r *rig)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		r := &rig{t: t, home: demo.New(), plans: newMemory[conversation.LearnedPlan](), history: &history{}, model: &model{}}
		var running sync.WaitGroup
		running.Go(func() { r.home.Run(ctx) })
		defer running.Wait()
		defer stop()
		r.whole = conversation.New(conversation.Options{
			Home: r.home, Gate: mustGate(t, critical...), Recogniser: r, Model: r.model,
			Plans: r.plans, Contexts: newStored[conversation.Context](), History: r.history, Past: r.history, Chronicle: r.home,
			Understanding: func() conversation.Understanding { return language }, Phrases: phrases(t, "en"),
			Log: slog.New(slog.DiscardHandler), Language: "en",
			ConfirmWithin: 15 * time.Second, ModelTimeout: 30 * time.Second,
		})
		r.Channel = r.whole.Through("test")
		test(r)
	})
}

func mustGate(t *testing.T, critical ...gate.Target) *gate.Gate {
	g, err := gate.New(gate.Options{Critical: append(gate.DefaultCritical(), critical...)}, newRegistry())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func newRegistry() *prometheus.Registry { return prometheus.NewRegistry() }

func phrases(t *testing.T, language string) *conversation.Phrases {
	p, err := conversation.LoadPhrases(language)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (r *rig) say(text string) *conversation.Turn {
	r.t.Helper()
	turn, err := r.Say(r.t.Context(), "", text)
	if err != nil {
		r.t.Fatalf("say %q: %v", text, err)
	}
	return turn
}

func (r *rig) state(id home.EntityID) string {
	e, _ := r.home.Snapshot().Entity(id)
	return e.State
}

// Transcribe makes the rig its own recogniser: it hears what the test wrote into heard.
func (r *rig) Transcribe(context.Context, audio.Clip) (conversation.Heard, error) {
	return r.heard, nil
}

func TestConfirmedActionAndLearnedPlan(t *testing.T) {
	inHome(t, func(r *rig) {
		first := r.say("Turn on the kitchen ceiling!")
		if first.DecidedBy != conversation.ByGrammar || first.Reply != "Turned on the light" {
			r.t.Errorf("first time: decided by %q, reply %q", first.DecidedBy, first.Reply)
		}
		if s := first.Steps[0]; s.Outcome != conversation.Confirmed || s.Service != "light.turn_on" || !strings.Contains(s.Evidence, "on") {
			r.t.Errorf("step: %+v", s)
		}
		if r.state("light.kitchen_ceiling") != "on" {
			r.t.Error("the light is not on")
		}
		if again := r.say("turn on the kitchen ceiling"); again.DecidedBy != conversation.ByPlan || again.Intent != "HassTurnOn" {
			r.t.Errorf("second time: decided by %q, intent %q", again.DecidedBy, again.Intent)
		}
		r.say("that's wrong")
		if third := r.say("turn on the kitchen ceiling"); third.DecidedBy != conversation.ByGrammar {
			r.t.Errorf("after a correction: decided by %q", third.DecidedBy)
		}
	})
}

func TestOptimisticDeviceIsSentNotDone(t *testing.T) {
	inHome(t, func(r *rig) {
		turn := r.say("turn on the garden lights")
		if turn.Steps[0].Outcome != conversation.Sent || !strings.Contains(turn.Reply, "Garden Lights, but cannot see") {
			r.t.Errorf("step %+v, reply %q", turn.Steps[0], turn.Reply)
		}
		if r.plans.len() != 0 {
			r.t.Error("an unconfirmed run was learned")
		}
	})
}

func TestFlakyDeviceIsTriedAgain(t *testing.T) {
	inHome(t, func(r *rig) {
		turn := r.say("turn on the attic light")
		if s := turn.Steps[0]; s.Outcome != conversation.Confirmed || !strings.Contains(s.Evidence, "second try") {
			r.t.Errorf("step: %+v", s)
		}
	})
}

func TestOfflineDeviceIsNamed(t *testing.T) {
	inHome(t, func(r *rig) {
		turn := r.say("turn on the porch light")
		if turn.Steps[0].Outcome != conversation.Failed || turn.Failure != conversation.StepFailed {
			r.t.Errorf("step %+v, failure %q", turn.Steps[0], turn.Failure)
		}
		if turn.Reply != "Porch Light cannot be reached." {
			r.t.Errorf("reply %q", turn.Reply)
		}
		if r.plans.len() != 0 {
			r.t.Error("a failed run was learned")
		}
	})
}

func TestLockWaitsForAYes(t *testing.T) {
	inHome(t, func(r *rig) {
		asked := r.say("unlock the front door")
		if asked.Asks != conversation.AsksConfirmation || r.state("lock.front_door") != "locked" {
			r.t.Fatalf("asks %q, lock %s", asked.Asks, r.state("lock.front_door"))
		}
		if asked.Reply != "Shall I unlock Front Door? Say yes or no." || asked.Steps[0].Outcome != conversation.Refused {
			r.t.Errorf("reply %q, step %+v", asked.Reply, asked.Steps[0])
		}
		done := r.say("Yes, please.")
		if done.Steps[0].Outcome != conversation.Confirmed || r.state("lock.front_door") != "unlocked" {
			r.t.Errorf("step %+v, lock %s", done.Steps[0], r.state("lock.front_door"))
		}
		if again := r.say("unlock the front door"); again.Asks != conversation.AsksConfirmation {
			r.t.Error("the second time, it did not ask")
		}
	})
}

func TestNoAndLateAndUnrelatedAnswersDoNothing(t *testing.T) {
	for name, answer := range map[string]func(r *rig){
		"no":        func(r *rig) { r.say("no") },
		"too late":  func(r *rig) { time.Sleep(15 * time.Second); r.say("yes") },
		"unrelated": func(r *rig) { r.say("turn on the kitchen ceiling"); r.say("yes") },
		"elsewhere": func(r *rig) { r.Say(r.t.Context(), "kitchen", "yes") },
		"by others": func(r *rig) { r.whole.Through("other").Say(r.t.Context(), "", "yes") },
	} {
		t.Run(name, func(t *testing.T) {
			inHome(t, func(r *rig) {
				r.say("unlock the front door")
				answer(r)
				if r.state("lock.front_door") != "locked" {
					r.t.Errorf("the door is %s", r.state("lock.front_door"))
				}
			})
		})
	}
}

func TestMissingRoomIsAskedFor(t *testing.T) {
	inHome(t, func(r *rig) {
		if turn := r.say("turn on the lights"); turn.Asks != conversation.AsksRoom || len(turn.Steps) != 0 {
			r.t.Fatalf("asks %q, steps %v", turn.Asks, turn.Steps)
		}
		turn := r.say("In the kitchen, please")
		if len(turn.Steps) != 2 || r.state("light.kitchen_counter") != "on" {
			r.t.Errorf("steps %+v", turn.Steps)
		}
		r.say("turn on the lights")
		if turn := r.say("No."); turn.Reply != "All right, I leave it." {
			r.t.Errorf("after a no: %q", turn.Reply)
		}
		r.say("turn on the lights")
		if turn := r.say("turn on the kitchen ceiling"); len(turn.Steps) != 1 {
			r.t.Errorf("a sentence of its own was taken for the room: %+v", turn.Steps)
		}
	})
}

func TestUnclearSpeechIsAskedAbout(t *testing.T) {
	inHome(t, func(r *rig) {
		r.heard = conversation.Heard{Text: "turn on the kitchen ceiling", Confidence: -0.5, Recogniser: "test", Verdict: conversation.Ask}
		turn, err := r.Hear(r.t.Context(), "", audio.Clip{Format: audio.Speech})
		if err != nil || turn.Reply != "Did you say: turn on the kitchen ceiling?" || r.state("light.kitchen_ceiling") != "off" {
			r.t.Fatalf("reply %q, light %s, err %v", turn.Reply, r.state("light.kitchen_ceiling"), err)
		}
		r.heard = conversation.Heard{Free: "Turn on the kitchen ceiling.", Recogniser: "test", Verdict: conversation.Open}
		turn, err = r.Hear(r.t.Context(), "", audio.Clip{Format: audio.Speech})
		if err != nil || turn.Asks != conversation.AsksConfirmation || r.state("light.kitchen_ceiling") != "off" {
			r.t.Errorf("what the grammar cannot vouch for: asks %q, light %s, err %v", turn.Asks, r.state("light.kitchen_ceiling"), err)
		}
		r.heard = conversation.Heard{Recogniser: "test", Verdict: conversation.Reject}
		if turn, _ = r.Hear(r.t.Context(), "", audio.Clip{Format: audio.Speech}); turn.Failure != conversation.NotHeard || turn.Asks != conversation.AsksRepeat {
			r.t.Errorf("noise: %+v", turn)
		}
	})
}

// A door does not open for what may have been a yes; the question stays until it is answered.
func TestUnclearAnswersLeaveTheQuestionOpen(t *testing.T) {
	inHome(t, func(r *rig) {
		hear := func(text string, verdict conversation.Verdict) *conversation.Turn {
			r.heard = conversation.Heard{Text: text, Free: text, Recogniser: "test", Verdict: verdict}
			turn, err := r.Hear(r.t.Context(), "", audio.Clip{Format: audio.Speech})
			if err != nil {
				r.t.Fatal(err)
			}
			return turn
		}
		r.say("unlock the front door")
		for _, verdict := range []conversation.Verdict{conversation.Ask, conversation.Open, conversation.Reject} {
			if turn := hear("yes", verdict); turn.Asks != conversation.AsksRepeat || r.state("lock.front_door") != "locked" {
				r.t.Fatalf("%v: asks %q, lock %s", verdict, turn.Asks, r.state("lock.front_door"))
			}
		}
		if turn := hear("yes", conversation.Act); r.state("lock.front_door") != "unlocked" {
			r.t.Errorf("reply %q, lock %s", turn.Reply, r.state("lock.front_door"))
		}
	})
}

func TestModelActsThroughTheSameGate(t *testing.T) {
	inHome(t, func(r *rig) {
		r.model.answer = conversation.ModelAnswer{Reply: "Done, the lock is open!", Calls: []home.Call{{Domain: "lock", Service: "unlock", Entity: "lock.front_door"}}}
		if turn := r.say("let the visitors in"); turn.Asks != conversation.AsksConfirmation || r.state("lock.front_door") != "locked" {
			r.t.Errorf("asks %q, lock %s", turn.Asks, r.state("lock.front_door"))
		}
		r.model.answer = conversation.ModelAnswer{Reply: "All done", Calls: []home.Call{{Domain: "light", Service: "turn_on", Entity: "light.porch_light"}}}
		if turn := r.say("make the porch friendlier"); strings.Contains(turn.Reply, "done") || turn.DecidedBy != conversation.ByModel {
			r.t.Errorf("reply %q, decided by %q", turn.Reply, turn.DecidedBy)
		}
		r.model.err = &conversation.ModelError{Fault: conversation.ModelAbsent, Err: errors.New("nobody listens")}
		if turn := r.say("why is the sky blue"); turn.Failure != conversation.NoModel || !strings.Contains(turn.Reply, "language model") {
			r.t.Errorf("failure %q, reply %q", turn.Failure, turn.Reply)
		}
	})
}

func TestWhatWasNotDoneIsTold(t *testing.T) {
	call := func(domain, service, object string) home.Call {
		return home.Call{Domain: domain, Service: service, Entity: home.EntityID(domain + "." + object)}
	}
	for _, test := range []struct {
		calls []home.Call
		reply string
	}{
		{[]home.Call{call("light", "turn_on", "desk_lamp"), call("light", "turn_on", "hallway_light"), call("light", "turn_on", "garden_lights"),
			call("light", "turn_on", "porch_light"), call("switch", "turn_off", "freezer")},
			"Done: Desk Lamp and Hallway Light. I sent it to Garden Lights, but cannot see whether it worked. Porch Light cannot be reached. Sorry: no_entity_exposed."},
		{[]home.Call{call("switch", "turn_off", "freezer"), call("lock", "unlock", "office_safe")}, "Sorry: no_entity_exposed."},
		{[]home.Call{call("light", "turn_on", "disco")}, "Sorry: no_entity."},
		{[]home.Call{call("light", "explode", "desk_lamp")}, "I may not do that with Desk Lamp."},
		{[]home.Call{call("lock", "unlock", "front_door"), call("lock", "unlock", "back_door")}, "Shall I unlock Front Door and Back Door? Say yes or no."},
		{[]home.Call{call("lock", "unlock", "front_door"), call("cover", "open_cover", "garage_door")},
			"Shall I really do that: Front Door and Garage Door? Say yes or no."},
	} {
		inHome(t, func(r *rig) {
			r.model.answer = conversation.ModelAnswer{Calls: test.calls}
			if turn := r.say("do what I mean"); turn.Reply != test.reply {
				r.t.Errorf("%v: %q, want %q", test.calls, turn.Reply, test.reply)
			}
		})
	}
}

func TestModelPlanIsLearned(t *testing.T) {
	inHome(t, func(r *rig) {
		r.model.answer = conversation.ModelAnswer{Calls: []home.Call{{Domain: "light", Service: "turn_on", Entity: "light.desk_lamp"}}}
		r.say("i want to write a letter")
		r.model.err = errors.New("the model must not be asked again")
		if turn := r.say("I want to write a letter."); turn.DecidedBy != conversation.ByPlan || turn.Steps[0].Outcome != conversation.Confirmed {
			r.t.Errorf("decided by %q, steps %+v", turn.DecidedBy, turn.Steps)
		}
	})
}

func TestBadInput(t *testing.T) {
	inHome(t, func(r *rig) {
		for field, call := range map[string]func() (*conversation.Turn, error){
			"text":  func() (*conversation.Turn, error) { return r.Say(r.t.Context(), "", "\xff\xfe") },
			"room":  func() (*conversation.Turn, error) { return r.Say(r.t.Context(), "moon", "hello") },
			"audio": func() (*conversation.Turn, error) { return r.Hear(r.t.Context(), "", audio.Clip{}) },
		} {
			_, err := call()
			var input *conversation.InputError
			if !errors.As(err, &input) || input.Field != field || input.Remedy == "" {
				r.t.Errorf("%s: %v", field, err)
			}
		}
		for _, text := range []string{" ", strings.Repeat("a", 100_000)} {
			if _, err := r.Say(r.t.Context(), "", text); err == nil {
				r.t.Errorf("%d bytes of text were taken", len(text))
			}
		}
	})
}

func TestTurnsOfOneSessionFollowEachOther(t *testing.T) {
	inHome(t, func(r *rig) {
		var turns sync.WaitGroup
		for range 8 {
			turns.Go(func() { r.say("turn on the kitchen ceiling") })
		}
		turns.Wait()
		for i, turn := range r.history.turns[1:] {
			if turn.At.Before(r.history.turns[i].At) {
				r.t.Error("turns overlap")
			}
		}
		if len(r.history.turns) != 8 {
			r.t.Errorf("%d turns recorded", len(r.history.turns))
		}
	})
}

func TestStorageTroubleDoesNotStopTheAnswer(t *testing.T) {
	inHome(t, func(r *rig) {
		r.history.err = errors.New("disk full")
		if turn := r.say("turn on the kitchen ceiling"); turn.Reply != "Turned on the light" || turn.Failure != "" {
			r.t.Errorf("reply %q, failure %q", turn.Reply, turn.Failure)
		}
	})
}

// What a model wants done with an item or a title is completed from the home, each time anew.
func TestAModelsCallsAreCompleted(t *testing.T) {
	inHome(t, func(r *rig) {
		r.model.answer = conversation.ModelAnswer{Model: "m", Calls: []home.Call{
			{Domain: "todo", Service: "update_item", Entity: "todo.shopping_list", Data: map[string]any{"item": "MILK", "status": "completed"}},
			{Domain: "media_player", Service: "play_media", Entity: "media_player.bedroom_speaker", Data: map[string]any{"search_query": "jazz"}},
			{Domain: "light", Service: "turn_on", Entity: "light.desk_lamp"},
		}}
		turn := r.say("milk is bought, play jazz and give me light")
		if len(turn.Steps) != 3 || turn.Steps[0].Data["item"] != "Milk" || turn.Steps[1].Data["media_content_id"] != "jazz" {
			r.t.Fatalf("steps %+v, reply %q", turn.Steps, turn.Reply)
		}
		for _, s := range turn.Steps {
			if s.Outcome != conversation.Confirmed {
				r.t.Errorf("%s: %s, %s", s.Service, s.Outcome, s.Evidence)
			}
		}
		r.model.answer.Calls[0].Data["item"] = "caviar"
		if turn = r.say("caviar is bought"); turn.Steps[0].Outcome != conversation.Failed || !strings.Contains(turn.Reply, "Shopping List") {
			r.t.Errorf("step %+v, reply %q", turn.Steps[0], turn.Reply)
		}
	})
}

func TestAModelNamesStatesAndTheHomeTellsThem(t *testing.T) {
	inHome(t, func(r *rig) {
		r.model.answer = conversation.ModelAnswer{Model: "m", Tell: []home.EntityID{"lock.front_door"}, Reply: "It is open."}
		if turn := r.say("did somebody secure the entrance"); turn.Reply != "Front Door is locked." || len(turn.Steps) != 0 {
			r.t.Errorf("reply %q, steps %+v", turn.Reply, turn.Steps)
		}
	})
}

// A goneAsker's turn is broken off while the past is looked at.
type goneAsker struct{ cancel context.CancelFunc }

func (g goneAsker) Find(ctx context.Context, _ conversation.TurnQuery) ([]*conversation.Turn, error) {
	g.cancel()
	return nil, context.Cause(ctx)
}

// That whoever asked has gone is nobody's fault, and no error in the log.
func TestAnAskerWhoGoesIsNoFault(t *testing.T) {
	inHome(t, func(r *rig) {
		var log bytes.Buffer
		ctx, cancel := context.WithCancel(r.t.Context())
		defer cancel()
		r.whole.Log, r.whole.Past = slog.New(slog.NewTextHandler(&log, nil)), goneAsker{cancel}
		if _, err := r.Say(ctx, "", "why did you do that"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		synctest.Wait()
		if strings.Contains(log.String(), "level=ERROR") {
			t.Errorf("logged %s", log.String())
		}
	})
}
