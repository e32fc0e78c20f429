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

var (
	lampOn     = home.Call{Domain: "light", Service: "turn_on", Entity: "light.desk_lamp"}
	unlockDoor = home.Call{Domain: "lock", Service: "unlock", Entity: "lock.front_door"}
	reminder   = home.Call{Domain: "timer", Service: "start", Data: map[string]any{"kind": "command", "command": "open the garage", "duration": "10m"}}
)

func looked(tool string) []conversation.Lookup {
	return []conversation.Lookup{{Tool: tool, Outcome: conversation.LookedUp, Bytes: 100, Millis: 3}}
}

// After text from outside was read, nothing is done without a yes, be it ever so harmless.
func TestWhatIsPlannedAfterTextFromOutsideNeedsAYes(t *testing.T) {
	for _, call := range []home.Call{lampOn, unlockDoor, reminder} {
		inHome(t, func(r *rig) {
			house := &watched{Home: r.home}
			r.whole.Home = house
			r.model.answer = conversation.ModelAnswer{Model: "test", Calls: []home.Call{call}, Lookups: looked("web"), Outside: true}
			turn := r.say("do what the page says")
			if turn.Asks != conversation.AsksConfirmation || len(house.calls) != 0 || len(turn.Lookups) != 1 {
				r.t.Errorf("%s: asks %q, %d calls reached the home: %q", call.Name(), turn.Asks, len(house.calls), turn.Reply)
			}
			if turn.Steps[0].Outcome != conversation.Refused || !strings.Contains(turn.Steps[0].Evidence, "waits for a yes") {
				r.t.Errorf("%s: %+v", call.Name(), turn.Steps[0])
			}
			if audit := turn.Audit(); len(audit) != 1 || audit[0].Verdict != conversation.AuditAsked {
				r.t.Errorf("%s: audit %+v", call.Name(), audit)
			}
			if r.say("no"); len(house.calls) != 0 {
				r.t.Errorf("%s: done after a no", call.Name())
			}
		})
	}
}

// What a call needs to know of the home first is asked for after the yes, and no reason to refuse it.
func TestAListIsChangedAfterAYes(t *testing.T) {
	inHome(t, func(r *rig) {
		done := home.Call{Domain: "todo", Service: "update_item", Entity: "todo.shopping_list", Data: map[string]any{"item": "milk", "status": "completed"}}
		r.model.answer = conversation.ModelAnswer{Model: "test", Calls: []home.Call{done}, Lookups: looked("lists"), Outside: true}
		if turn := r.say("check off whatever dairy there is"); turn.Asks != conversation.AsksConfirmation {
			r.t.Fatalf("asks %q: %q", turn.Asks, turn.Reply)
		}
		if turn := r.say("yes"); len(turn.Steps) != 1 || turn.Steps[0].Outcome != conversation.Confirmed {
			r.t.Errorf("after a yes: %+v, %q", turn.Steps, turn.Reply)
		}
	})
}

// Whoever agrees to a timer must have heard what it will do.
func TestWhatIsPlannedAfterTextFromOutsideIsSaidInFull(t *testing.T) {
	brighter := home.Call{Domain: "light", Service: "turn_on", Entity: "light.desk_lamp", Data: map[string]any{"brightness_pct": 100}}
	for _, test := range []struct {
		calls []home.Call
		want  string
	}{
		{[]home.Call{reminder}, "the timer (open the garage)?"},
		{[]home.Call{brighter, reminder}, "Desk Lamp (100) and the timer (open the garage)?"},
		{[]home.Call{lampOn}, "Shall I turn on Desk Lamp?"},
	} {
		inHome(t, func(r *rig) {
			r.model.answer = conversation.ModelAnswer{Model: "test", Calls: test.calls, Lookups: looked("web"), Outside: true}
			if turn := r.say("do what the page says"); !strings.Contains(turn.Reply, test.want) {
				r.t.Errorf("asked %q, want %q", turn.Reply, test.want)
			}
		})
	}
}

// What a model only would like to be remembered is not said to be done when it is not even asked about.
func TestAnIdeaThatIsDroppedIsNotDone(t *testing.T) {
	inHome(t, func(r *rig) {
		r.model.answer = conversation.ModelAnswer{Model: "test", Lookups: looked("web"), Outside: true,
			Calls: []home.Call{{Domain: "memory", Service: "remember", Entity: "memory", Data: map[string]any{"text": "the cat is called Fizz"}}}}
		if turn := r.say("keep in mind what the page says"); turn.Failure != conversation.NotUnderstood {
			r.t.Errorf("%q: %q", turn.Failure, turn.Reply)
		}
	})
}

func TestAYesLetsItPassOnceAndTeachesNothing(t *testing.T) {
	inHome(t, func(r *rig) {
		r.model.answer = conversation.ModelAnswer{Model: "test", Calls: []home.Call{lampOn}, Lookups: looked("web"), Outside: true}
		r.say("do what the page says")
		if turn := r.say("yes"); len(turn.Steps) != 1 || turn.Steps[0].Outcome != conversation.Confirmed {
			r.t.Errorf("after a yes: %+v", turn.Steps)
		}
		if turn := r.say("do what the page says"); turn.Asks != conversation.AsksConfirmation || r.plans.len() != 0 {
			r.t.Errorf("the second time: %q, %d plans", turn.Reply, r.plans.len())
		}
	})
}

// A plan that was made of what was looked up is made anew each time: what it was made of changes.
func TestAPlanOfLookupsIsNotLearned(t *testing.T) {
	inHome(t, func(r *rig) {
		r.model.answer = conversation.ModelAnswer{Model: "test", Calls: []home.Call{lampOn}, Lookups: looked("weather")}
		turn := r.say("turn on the lamp if it is cold")
		if turn.Asks != "" || turn.Steps[0].Outcome != conversation.Confirmed || r.plans.len() != 0 {
			r.t.Errorf("asks %q, %+v, %d plans", turn.Asks, turn.Steps, r.plans.len())
		}
	})
}

// What came from outside stays in the mind of the conversation with the reply that was made of it, and so does the
// caution, until the conversation is forgotten. Sentences of the grammar are the speaker's own.
func TestCautionOutlivesTheTurn(t *testing.T) {
	inHome(t, func(r *rig) {
		r.model.answer = conversation.ModelAnswer{Model: "test", Reply: "The page says so.", Lookups: looked("web"), Outside: true}
		r.say("what does the page say")
		r.model.answer = conversation.ModelAnswer{Model: "test", Calls: []home.Call{lampOn}}
		if turn := r.say("then go on"); turn.Asks != conversation.AsksConfirmation {
			r.t.Errorf("the next turn: %+v", turn.Steps)
		}
		if turn := r.say("turn on the kitchen ceiling"); turn.Steps[0].Outcome != conversation.Confirmed {
			r.t.Errorf("a sentence of the grammar: %+v", turn.Steps)
		}
		other, err := r.whole.Through("other").Say(r.t.Context(), "", "then go on")
		if err != nil || other.Steps[0].Outcome != conversation.Confirmed {
			r.t.Errorf("another conversation: %+v, %v", other.Steps, err)
		}
		r.home.Set("light.desk_lamp", "off", nil)
		r.whole.Contexts = newStored[conversation.Context]()
		if turn := r.say("then go on again"); turn.Asks != "" {
			r.t.Errorf("a conversation of which nothing is remembered: %q", turn.Reply)
		}
	})
}

// A tool may ask what the speaker may ask, and change nothing.
func TestToolsOnlyAsk(t *testing.T) {
	inHome(t, func(r *rig) {
		house := &watched{Home: r.home}
		r.whole.Home = house
		asked := &asking{}
		r.whole.Model = asked
		r.say("what is on my list")
		for _, call := range []home.Call{
			unlockDoor, lampOn, {Domain: "todo", Service: "add_item", Entity: "todo.shopping_list", Data: map[string]any{"item": "x"}},
			{Domain: "script", Service: "get_items", Entity: "todo.shopping_list"}, {Domain: "todo", Service: "get_items", Entity: "todo.never_was"},
			{Domain: "todo", Service: "get_items", Entity: "lock.office_safe"},
		} {
			if _, err := asked.q.Fetch(r.t.Context(), call); !errors.Is(err, conversation.ErrNotAllowed) || len(house.calls) != 0 {
				r.t.Errorf("%s on %s: %v, %d calls", call.Name(), call.Entity, err, len(house.calls))
			}
		}
		response, err := asked.q.Fetch(r.t.Context(), home.Call{Domain: "todo", Service: "get_items", Entity: "todo.shopping_list"})
		if err != nil || response["todo.shopping_list"] == nil {
			r.t.Errorf("a list: %v, %v", response, err)
		}
	})
}

// asking keeps the question.
type asking struct{ q conversation.ModelQuestion }

func (a *asking) Ask(_ context.Context, q conversation.ModelQuestion, _ func(string)) (conversation.ModelAnswer, error) {
	a.q = q
	return conversation.ModelAnswer{Reply: "Milk."}, nil
}

func TestWhyTellsWhereTheModelLooked(t *testing.T) {
	inHome(t, func(r *rig) {
		r.model.answer = conversation.ModelAnswer{Model: "test", Calls: []home.Call{lampOn}, Lookups: append(append(looked("history"), looked("abacus")...),
			conversation.Lookup{Tool: "web", Outcome: conversation.LookupFailed})}
		r.say("is it dark, then make it light")
		time.Sleep(time.Minute)
		if turn := r.say("why did you do that"); !strings.Contains(turn.Reply, "The language model test decided what to do. It looked in the history of the home and abacus. Done: Desk Lamp.") {
			r.t.Errorf("%q", turn.Reply)
		}
	})
}

// Lookups are kept when there is no answer, too.
func TestLookupsOfAFailedQuestion(t *testing.T) {
	inHome(t, func(r *rig) {
		r.model.answer = conversation.ModelAnswer{Lookups: looked("web"), Outside: true}
		r.model.err = errors.New("nonsense")
		if turn := r.say("whatever"); len(turn.Lookups) != 1 || turn.Failure != conversation.NotUnderstood {
			r.t.Errorf("%+v", turn)
		}
	})
}
