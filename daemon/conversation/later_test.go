package conversation_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// claims are Timers that hold nothing but what was begun.
type claims struct {
	mu   sync.Mutex
	keys map[string]bool
	err  error
}

func (c *claims) Call(context.Context, home.Call) (string, error) { return "", errors.ErrUnsupported }
func (c *claims) Running() []conversation.Timer                   { return nil }

func (c *claims) Claim(_ context.Context, _, key string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.err != nil:
		return c.err
	case c.keys[key]:
		return conversation.ErrClaimed
	}
	c.keys[key] = true
	return nil
}

// later is a sentence whose time has come.
func (r *rig) later(text, key string) *conversation.Turn {
	r.t.Helper()
	turn, err := r.Later(r.t.Context(), "", text, conversation.Trigger{Kind: "command", ID: "timer", Turn: "before", Key: key})
	if err != nil {
		r.t.Fatalf("later %q: %v", text, err)
	}
	return turn
}

// withClaims runs a test in a home whose timers keep claims.
func withClaims(t *testing.T, test func(r *rig, begun *claims)) {
	inHome(t, func(r *rig) {
		begun := &claims{keys: map[string]bool{}}
		r.whole.Timers = begun
		test(r, begun)
	})
}

func TestACommandForLaterActsAndIsRecorded(t *testing.T) {
	withClaims(t, func(r *rig, begun *claims) {
		turn := r.later("turn on the kitchen ceiling", "k")
		if turn.Steps[0].Outcome != conversation.Confirmed || r.state("light.kitchen_ceiling") != "on" || !begun.keys["k"] {
			r.t.Errorf("step %+v, begun %v", turn.Steps[0], begun.keys)
		}
		recorded := r.history.turns[len(r.history.turns)-1]
		if recorded.Trigger == nil || *recorded.Trigger != (conversation.Trigger{Kind: "command", ID: "timer", Turn: "before", Key: "k"}) {
			r.t.Errorf("recorded trigger %+v", recorded.Trigger)
		}
	})
}

func TestNothingIsSentToWhatIsAlreadyAsWanted(t *testing.T) {
	withClaims(t, func(r *rig, begun *claims) {
		r.say("turn on the kitchen ceiling")
		before, _ := r.home.Snapshot().Entity("light.kitchen_ceiling")
		time.Sleep(time.Minute)
		turn := r.later("turn on the kitchen ceiling", "k")
		after, _ := r.home.Snapshot().Entity("light.kitchen_ceiling")
		if s := turn.Steps[0]; s.Outcome != conversation.Confirmed || s.Evidence != "was already on" || s.Millis != 0 {
			r.t.Errorf("step %+v", s)
		}
		if len(begun.keys) != 0 || !after.Changed.Equal(before.Changed) {
			r.t.Errorf("begun %v, the light changed at %v, before %v", begun.keys, after.Changed, before.Changed)
		}
	})
}

// A photographed home has a camera, which demo homes lack, and counts its pictures.
type photographed struct {
	conversation.Home
	pictures int
}

func (p *photographed) Snapshot() *home.Snapshot {
	s := p.Home.Snapshot()
	camera := home.Entity{ID: "camera.porch", Name: "Porch Camera", State: "idle", Exposed: true}
	return home.NewSnapshot(append(slices.Clone(s.Entities), camera), s.Areas, s.Floors)
}

func (p *photographed) Call(context.Context, home.Call) (map[string]any, error) {
	p.pictures++
	return nil, nil
}

// That a call which answers would be proved by its answer is no proof that it was made.
func TestAPictureIsTakenWhenItsTimeHasCome(t *testing.T) {
	withClaims(t, func(r *rig, begun *claims) {
		camera := &photographed{Home: r.home}
		r.whole.Home = camera
		language["take a picture"] = byName("HearthSnapshot", "Porch Camera", "camera.porch")
		defer delete(language, "take a picture")
		turn := r.later("take a picture", "k")
		if len(turn.Steps) != 1 || turn.Steps[0].Outcome != conversation.Confirmed || camera.pictures != 1 || !begun.keys["k"] {
			r.t.Errorf("%d pictures, begun %v, steps %+v, reply %q", camera.pictures, begun.keys, turn.Steps, turn.Reply)
		}
	})
}

func TestWhatWasBegunIsNotDoneTwice(t *testing.T) {
	withClaims(t, func(r *rig, begun *claims) {
		begun.keys["k"] = true // by a process that was killed
		turn := r.later("turn on the kitchen ceiling", "k")
		if turn.Steps[0].Outcome != conversation.Failed || r.state("light.kitchen_ceiling") != "off" {
			r.t.Errorf("step %+v, the light is %s", turn.Steps[0], r.state("light.kitchen_ceiling"))
		}
		if !strings.Contains(turn.Reply, "interrupted") || !strings.Contains(turn.Reply, "Kitchen Ceiling") {
			r.t.Errorf("reply %q", turn.Reply)
		}
		if again := r.later("turn on the kitchen ceiling", "tomorrow"); again.Steps[0].Outcome != conversation.Confirmed {
			r.t.Errorf("on another day: %+v", again.Steps[0])
		}
	})
}

func TestNothingIsBegunThatCannotBeWrittenDown(t *testing.T) {
	withClaims(t, func(r *rig, begun *claims) {
		begun.err = errors.New("disk full")
		turn := r.later("turn on the kitchen ceiling", "k")
		if turn.Failure != conversation.StepFailed || r.state("light.kitchen_ceiling") != "off" {
			r.t.Errorf("failure %q, the light is %s", turn.Failure, r.state("light.kitchen_ceiling"))
		}
	})
}

func TestALockWaitsForAFreshYes(t *testing.T) {
	withClaims(t, func(r *rig, begun *claims) {
		turn := r.later("unlock the front door", "k")
		if turn.Asks != conversation.AsksConfirmation || r.state("lock.front_door") != "locked" || len(begun.keys) != 0 {
			r.t.Fatalf("asks %q, the door is %s, begun %v", turn.Asks, r.state("lock.front_door"), begun.keys)
		}
		if answer := r.say("yes"); answer.Steps[0].Outcome != conversation.Confirmed || r.state("lock.front_door") != "unlocked" {
			r.t.Errorf("after the yes: %+v, the door is %s", answer.Steps[0], r.state("lock.front_door"))
		}
	})
}

// A command that comes due answers no question, and takes none away, unless it has one of its own.
func TestWhatIsDueLeavesAQuestionOpen(t *testing.T) {
	withClaims(t, func(r *rig, _ *claims) {
		r.say("unlock the front door")
		r.later("turn on the kitchen ceiling", "k")
		if turn := r.say("yes"); r.state("lock.front_door") != "unlocked" {
			r.t.Errorf("the yes came to nothing: %q", turn.Reply)
		}

		r.say("turn on the lights") // in which room?
		language["turn on the desk lamp in the kitchen"] = byName("HassTurnOn", "Desk Lamp", "light.desk_lamp")
		defer delete(language, "turn on the desk lamp in the kitchen")
		if turn := r.later("turn on the desk lamp in the kitchen", "l"); len(turn.Steps) != 1 || turn.Steps[0].Entity != "light.desk_lamp" {
			r.t.Errorf("what is due answered: %+v", turn.Steps)
		}
		if turn := r.say("in the kitchen"); len(turn.Steps) != 2 || r.state("light.kitchen_counter") != "on" {
			r.t.Errorf("the room came to nothing: %q", turn.Reply)
		}

		r.say("lock the front door")
		r.say("turn on the lights")
		r.later("unlock the front door", "m")
		if r.say("yes"); r.state("lock.front_door") != "unlocked" {
			r.t.Error("its own question was not put")
		}
	})
}

// A plan that may be objected to is the speaker's to settle.
func TestWhatIsDueSettlesNoPlan(t *testing.T) {
	inLearningHome(t, func(r *rig) {
		r.whole.Timers = &claims{keys: map[string]bool{}}
		r.say(writing)
		key := onlyKey(r)
		time.Sleep(time.Minute)
		r.model.err = errors.New("the model must not be asked again")
		r.later("turn on the kitchen ceiling", "k")
		if plan, ok := r.plans.Get(key); !ok || plan.From.IsZero() {
			r.t.Errorf("what was due settled it: there %v, from %s", ok, plan.From)
		}
		r.say("that's wrong")
		if _, ok := r.plans.Get(key); ok {
			r.t.Error("the plan can no longer be objected to")
		}
	})
}

func TestAnEntityThatIsGoneByThen(t *testing.T) {
	withClaims(t, func(r *rig, begun *claims) {
		turn := r.later("turn on the lamp of last year", "k")
		if turn.Failure != conversation.NoTarget || len(turn.Steps) != 0 || len(begun.keys) != 0 {
			r.t.Errorf("failure %q, steps %+v, begun %v", turn.Failure, turn.Steps, begun.keys)
		}
	})
}

func TestWhatIsNoLongerExposedByThen(t *testing.T) {
	withClaims(t, func(r *rig, begun *claims) {
		hidden := "" // the simulated home has things that are not exposed
		for _, e := range r.home.Snapshot().Entities {
			if !e.Exposed && (e.Domain() == "switch" || e.Domain() == "light") {
				hidden = string(e.ID)
			}
		}
		if hidden == "" {
			r.t.Fatal("everything is exposed")
		}
		language["turn on the hidden one"] = byName("HassTurnOn", "Hidden", hidden)
		defer delete(language, "turn on the hidden one")
		turn := r.later("turn on the hidden one", "k")
		if turn.Failure != conversation.NoTarget || len(begun.keys) != 0 {
			r.t.Errorf("failure %q, reply %q, begun %v", turn.Failure, turn.Reply, begun.keys)
		}
	})
}
