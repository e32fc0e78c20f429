package conversation_test

import (
	"errors"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/gate"
)

const frontDoor = "lock.front_door"

func call(service string, entity home.EntityID, data map[string]any) home.Call {
	return home.Call{Domain: entity.Domain(), Service: service, Entity: entity, Data: data}
}

// What takes a person is refused to a program, whatever it says next.
func TestAProgramCannotConfirm(t *testing.T) {
	inHome(t, func(r *rig) {
		program := r.Unattended()
		say := func(text string) *conversation.Turn {
			turn, err := program.Say(r.t.Context(), "", text)
			if err != nil {
				r.t.Fatal(err)
			}
			return turn
		}
		refused := func(turn *conversation.Turn, err error) {
			r.t.Helper()
			if err != nil || turn.Failure != conversation.NotAllowed || turn.Asks != "" || turn.Steps[0].Outcome != conversation.Refused {
				r.t.Errorf("%+v, %v", turn, err)
			}
			audit := turn.Audit()
			if len(audit) != 1 || audit[0].Verdict != conversation.AuditRefused {
				r.t.Errorf("the audit has %+v", audit)
			}
		}
		refused(say(unlock), nil)
		say("yes")
		refused(program.Do(r.t.Context(), "", call("unlock", frontDoor, nil)))
		say("yes")

		// A question that was put to a person in the same session is none to a program.
		r.say(unlock)
		say("yes")
		if r.state(frontDoor) != "locked" {
			r.t.Error("a program has opened the door")
		}
		if turn := r.say(unlock); turn.Asks != conversation.AsksConfirmation {
			r.t.Errorf("a person is no longer asked: %+v", turn)
		}
	})
}

func TestAProgramIsAskedForTheRoom(t *testing.T) {
	inHome(t, func(r *rig) {
		for _, text := range []string{"turn on the lights", "in the kitchen"} {
			if _, err := r.Unattended().Say(r.t.Context(), "", text); err != nil {
				r.t.Fatal(err)
			}
		}
		if r.state("light.kitchen_ceiling") != "on" {
			r.t.Error("the light is off")
		}
	})
}

// A call that a program names passes the gate and is confirmed.
func TestACallIsCarriedOut(t *testing.T) {
	inHome(t, func(r *rig) {
		turn, err := r.Unattended().Do(r.t.Context(), "", call("turn_on", "light.kitchen_ceiling", nil))
		if err != nil || turn.DecidedBy != conversation.ByCaller || turn.Reply != "Done: Kitchen Ceiling." {
			r.t.Fatalf("%+v, %v", turn, err)
		}
		if s := turn.Steps[0]; s.Outcome != conversation.Confirmed || s.Evidence == "" || r.state("light.kitchen_ceiling") != "on" {
			r.t.Errorf("step %+v, the light is %s", s, r.state("light.kitchen_ceiling"))
		}
		if r.plans.len() != 0 {
			r.t.Error("it was learned")
		}
	})
}

func TestCallsThatAreRefused(t *testing.T) {
	inHome(t, func(r *rig) {
		for name, test := range map[string]struct {
			call  home.Call
			field string // of the error; "" for a turn that was not allowed
		}{
			"another target":    {call("turn_on", "light.kitchen_ceiling", map[string]any{"entity_id": frontDoor}), ""},
			"a code":            {call("unlock", frontDoor, map[string]any{"code": "1234"}), ""},
			"no entity":         {call("turn_on", "light.nowhere", nil), ""},
			"another domain":    {home.Call{Domain: "shell_command", Service: "run", Entity: "light.kitchen_ceiling"}, ""},
			"no service":        {home.Call{Domain: "light", Service: "", Entity: "light.kitchen_ceiling"}, "service"},
			"no ID":             {home.Call{Domain: "light", Service: "turn_on", Entity: "all"}, "entity_id"},
			"an ID with breaks": {home.Call{Domain: "light", Service: "turn_on", Entity: "light.a\nlight.b"}, "entity_id"},
			"Hearth's timers":   {home.Call{Domain: "timer", Service: "start", Entity: "timer.a"}, "service"},
		} {
			turn, err := r.Do(r.t.Context(), "", test.call)
			var input *conversation.InputError
			switch {
			case test.field == "" && (err != nil || turn.Failure != conversation.NotAllowed):
				r.t.Errorf("%s: %+v, %v", name, turn, err)
			case test.field != "" && (!errors.As(err, &input) || input.Field != test.field):
				r.t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A person's program is bound by what the person may not, and has no part in what the person may.
func TestAPersonsProgramIsNotThePerson(t *testing.T) {
	inHome(t, func(r *rig) {
		r.whole.Gate = mustPermit(r.t, gate.Rule{Verdict: conversation.Allow, Targets: []gate.Target{"lock"}, People: []string{"Anna"}},
			gate.Rule{Verdict: conversation.Refuse, Targets: []gate.Target{"light"}, People: []string{"Ben"}})
		for _, test := range []struct {
			person         string
			call           home.Call
			alone, program conversation.Failure
		}{
			{"Anna", call("unlock", frontDoor, nil), "", conversation.NotAllowed},
			{"Anna", call("turn_on", "light.kitchen_ceiling", nil), "", ""},
			{"Ben", call("turn_off", "light.kitchen_ceiling", nil), conversation.NotAllowed, conversation.NotAllowed},
		} {
			program, err := r.As(test.person).Unattended().Do(r.t.Context(), "", test.call)
			if err != nil || program.Failure != test.program {
				r.t.Errorf("%s's program, %s: %q, %v", test.person, test.call.Name(), program.Reply, err)
			}
			person, err := r.As(test.person).Do(r.t.Context(), "", test.call)
			if err != nil || person.Failure != test.alone {
				r.t.Errorf("%s, %s: %q, %v", test.person, test.call.Name(), person.Reply, err)
			}
		}
	})
}

func mustPermit(t *testing.T, rules ...gate.Rule) *gate.Gate {
	g, err := gate.New(gate.Options{Rules: rules}, prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	return g
}
