package daemon

import (
	"context"
	"slices"
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/learned"
)

// taught is a home in which Anna and Ben speak to a model that turns on the bedroom's lamp, whatever is said.
func taught(t *testing.T) (*Daemon, *oracle) {
	t.Helper()
	d := rememberingDaemon(t, "en")
	lamp := home.Call{Domain: "light", Service: "turn_on", Entity: "light.bedroom"}
	model := &oracle{answer: conversation.ModelAnswer{Model: "m", Calls: []home.Call{lamp}}}
	d.Conversation.Model = model
	return d, model
}

const cosy = "fancy some reading light"

// saysTo is what a person says in a room, and who decides on it.
func saysTo(t *testing.T, d *Daemon, person, room, text string, want conversation.Decider) *conversation.Turn {
	t.Helper()
	turn, err := d.Conversation.Through("test").As(person).Say(t.Context(), room, text)
	if err != nil {
		t.Fatal(err)
	}
	if turn.DecidedBy != want {
		t.Errorf("%s, %q: decided by %q, want %q: %s", person, text, turn.DecidedBy, want, turn.Reply)
	}
	return turn
}

func plansOf(t *testing.T, d *Daemon) []conversation.LearnedPlan {
	t.Helper()
	list, err := d.plans.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// What a model does since it was told a fact may be another thing once the fact is another.
func TestWhatHangsOnAFactIsNotLearned(t *testing.T) {
	d, model := taught(t)
	saysTo(t, d, "Anna", "kitchen", "remember that the night lamp is my reading light", conversation.ByGrammar)
	for range 2 {
		turn := saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByModel)
		if len(model.asked.Facts) != 1 || callsOf(turn) != "light.turn_on light.bedroom" {
			t.Fatalf("told were %q, and it did %s", model.asked.Facts, callsOf(turn))
		}
	}
	if plans := plansOf(t, d); len(plans) > 0 {
		t.Errorf("learned were %+v", plans)
	}
	saysTo(t, d, "Ben", "kitchen", cosy, conversation.ByModel) // to whom that fact is not told
	saysTo(t, d, "Ben", "kitchen", cosy, conversation.ByPlan)
}

// What a model would like to be remembered beside its calls would never be asked about again.
func TestACallToRememberIsNotLearned(t *testing.T) {
	d, model := taught(t)
	model.answer.Calls = append(model.answer.Calls, home.Call{Domain: "memory", Service: "remember", Data: map[string]any{"text": "she reads"}})
	for range 2 {
		saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByModel)
	}
	if plans := plansOf(t, d); len(plans) > 0 {
		t.Errorf("learned were %+v", plans)
	}
}

func TestForgetThatDropsAModelsPlan(t *testing.T) {
	for _, used := range []bool{false, true} {
		d, _ := taught(t)
		saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByModel)
		if used {
			saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByPlan)
		}
		if turn := annaSays(t, d, "forget that"); turn.Reply != "All right, that is forgotten here." {
			t.Errorf("%q", turn.Reply)
		}
		if plans := plansOf(t, d); len(plans) > 0 {
			t.Errorf("still known: %+v", plans)
		}
		saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByModel)
	}
}

func TestForgetThatKeepsWhatIsPinned(t *testing.T) {
	d, _ := taught(t)
	saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByModel)
	if _, err := d.plans.Pin(t.Context(), plansOf(t, d)[0].ID); err != nil {
		t.Fatal(err)
	}
	saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByPlan)
	if turn := annaSays(t, d, "forget that"); !strings.HasSuffix(turn.Reply, "That sentence is pinned, so I keep it as it is.") {
		t.Errorf("%q", turn.Reply)
	}
	saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByPlan)
}

// What follows a learned plan refers to it, with no need of the model.
func TestASentenceMayReferToALearnedPlan(t *testing.T) {
	d, model := taught(t)
	for _, by := range []conversation.Decider{conversation.ByModel, conversation.ByPlan} {
		saysTo(t, d, "Anna", "kitchen", cosy, by)
		for _, x := range [][2]string{
			{"and in the kitchen too", "light.turn_on light.kitchen"}, {"set it to 40 percent", "light.turn_on light.kitchen brightness_pct=40"},
			{"and the night lamp", "light.turn_on light.bedroom brightness_pct=40"}, {"turn it off", "light.turn_off light.bedroom"},
		} {
			if turn := saysTo(t, d, "Anna", "kitchen", x[0], conversation.ByGrammar); callsOf(turn) != x[1] {
				t.Errorf("%q: %s", x[0], callsOf(turn))
			}
		}
		if by == conversation.ByModel {
			plans := plansOf(t, d)
			if len(plans) != 1 || plans[0].Text != cosy || !plans[0].From.IsZero() {
				t.Errorf("learned are %+v", plans)
			}
		}
	}
	if model.asked.Text != cosy {
		t.Errorf("the model was asked about %q", model.asked.Text)
	}
}

// Where no sentence of the grammar would do what the model did, the model is asked again, and that holds this once.
func TestAModelIsAskedWhatRefersToItsPlan(t *testing.T) {
	d, model := taught(t)
	model.answer.Calls = append(model.answer.Calls, home.Call{Domain: "light", Service: "turn_off", Entity: "light.kitchen"})
	saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByModel)
	saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByPlan)
	for range 2 {
		saysTo(t, d, "Anna", "kitchen", "and in the bedroom too", conversation.ByModel)
	}
	said := func(x conversation.Exchange) bool { return x.Said == cosy }
	if model.asked.Last != "light.kitchen" || !slices.ContainsFunc(model.asked.Earlier, said) {
		t.Errorf("it was told %+v", model.asked)
	}
	if plans := plansOf(t, d); len(plans) != 1 || plans[0].Text != cosy {
		t.Errorf("learned are %+v", plans)
	}
}

// A reading that was learned may be referred to like one that was not.
func TestASentenceMayReferToALearnedReading(t *testing.T) {
	d, _ := taught(t)
	saysTo(t, d, "Anna", "kitchen", "turn on the ceiling light", conversation.ByGrammar)
	saysTo(t, d, "Anna", "kitchen", "turn on the ceiling light", conversation.ByPlan)
	for range 2 {
		if turn := saysTo(t, d, "Anna", "kitchen", "and in the bedroom", conversation.ByGrammar); callsOf(turn) != "light.turn_on light.bedroom" {
			t.Errorf("it did %s", callsOf(turn))
		}
	}
}

// How somebody likes it, and what was learned of somebody, is nobody else's.
func TestAPlanIsNotReplayedForAnother(t *testing.T) {
	d, _ := taught(t)
	for person, likes := range map[string]string{"Anna": "21", "Ben": "17"} {
		saysTo(t, d, person, "kitchen", "remember that I like it at "+likes+" degrees", conversation.ByGrammar)
	}
	saysTo(t, d, "Ben", "kitchen", "remember that I like the bedroom at 15", conversation.ByGrammar)
	for range 2 {
		for _, x := range [][3]string{
			{"Anna", "kitchen", "climate.kitchen temperature=21"}, {"Ben", "kitchen", "climate.kitchen temperature=17"},
			{"Anna", "bedroom", "climate.bedroom temperature=21"}, {"Ben", "bedroom", "climate.bedroom temperature=15"},
		} {
			if turn := saysTo(t, d, x[0], x[1], "make it comfortable", conversation.ByGrammar); callsOf(turn) != "climate.set_temperature "+x[2] {
				t.Errorf("%s in the %s: %s", x[0], x[1], callsOf(turn))
			}
		}
	}
	saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByModel)
	saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByPlan)
	saysTo(t, d, "Anna", "bedroom", cosy, conversation.ByModel)
	saysTo(t, d, "Ben", "kitchen", cosy, conversation.ByModel)
}

// What a person's sentences have taught goes with all else that is known of the person, whether or not a daemon runs.
func TestForgettingAPersonForgetsTheirPlans(t *testing.T) {
	for name, forget := range map[string]func(d *Daemon){
		"said": func(d *Daemon) { annaSays(t, d, "forget everything about me"); annaSays(t, d, "yes") },
		"no daemon": func(d *Daemon) {
			n, err := OpenNotebook(d.cfg, d.store, d.plans)
			if err == nil {
				err = n.Forget(context.WithoutCancel(t.Context()), "Anna")
			}
			if err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := taught(t)
			saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByModel)
			saysTo(t, d, "Anna", "kitchen", "read me a light story", conversation.ByModel)
			saysTo(t, d, "Ben", "kitchen", cosy, conversation.ByModel)
			for _, plan := range plansOf(t, d) {
				if plan.Text == cosy {
					if _, err := d.plans.Pin(t.Context(), plan.ID); err != nil {
						t.Fatal(err)
					}
				}
			}
			forget(d)
			plans := plansOf(t, d)
			if len(plans) != 1 || plans[0].Person != "Ben" {
				t.Errorf("left are %+v", plans)
			}
			if again := learned.New(d.cache, 100, d.store, d.log); len(plans) == 1 {
				if list, err := again.List(t.Context()); err != nil || len(list) != 1 {
					t.Errorf("after a restart there are %+v, %v", list, err)
				}
			}
			saysTo(t, d, "Anna", "kitchen", cosy, conversation.ByModel)
		})
	}
}

// What a plan's calls lack is asked of the home each time, as it was the first.
func TestALearnedPlanIsCompleted(t *testing.T) {
	d := quietDaemon(t, "en", demo.New(demo.WithPace(0)))
	milk := home.Call{Domain: "todo", Service: "update_item", Entity: "todo.shopping_list", Data: map[string]any{"item": "milk", "status": "completed"}}
	d.Conversation.Model = &oracle{answer: conversation.ModelAnswer{Model: "m", Calls: []home.Call{milk}}}
	for _, by := range []conversation.Decider{conversation.ByModel, conversation.ByPlan} {
		turn := saysTo(t, d, "Anna", "kitchen", "behold my milk", by)
		if len(turn.Steps) != 1 || turn.Steps[0].Outcome != conversation.Confirmed || turn.Steps[0].Call.Data["item"] != "Milk" {
			t.Errorf("by %s: %+v", by, turn.Steps)
		}
	}
}

// Text from outside gives no idea of what to remember: it would be told to every model from then on.
func TestNoIdeaComesFromOutside(t *testing.T) {
	d, model := taught(t)
	model.answer = conversation.ModelAnswer{Model: "m", Reply: "So it says.", Calls: []home.Call{
		{Domain: "memory", Service: "remember", Data: map[string]any{"text": "the guest may open every door"}},
	}}
	if turn := annaSays(t, d, "what does my letter say"); turn.Asks != conversation.AsksConsent {
		t.Fatalf("from inside: %q asks %q", turn.Reply, turn.Asks)
	}
	annaSays(t, d, "no")
	model.answer.Outside, model.answer.Lookups = true, []conversation.Lookup{{Tool: "web", Outcome: conversation.LookedUp}}
	for _, text := range []string{"what does the page say", "and what else"} {
		if turn := annaSays(t, d, text); turn.Asks != "" || turn.Failure != conversation.NotUnderstood {
			t.Errorf("%q: %q asks %q", text, turn.Reply, turn.Asks)
		}
		model.answer.Outside, model.answer.Lookups = false, nil
	}
}

// What was asked about with the home's own history may be referred to.
func TestWhatItWasAskedSinceWhenIsReferredTo(t *testing.T) {
	d := quietDaemon(t, "en", demo.New(demo.WithPace(0)))
	saysTo(t, d, "Anna", "kitchen", "how long has the desk lamp been on", conversation.ByGrammar)
	if turn := saysTo(t, d, "Anna", "kitchen", "turn it on", conversation.ByGrammar); callsOf(turn) != "light.turn_on light.desk_lamp" {
		t.Errorf("it is %s: %q", callsOf(turn), turn.Reply)
	}
}
