package conversation

import (
	"context"
	"strings"
	"time"

	"hearth/daemon/home"
)

// gate makes a step of every call and lets the home's gate judge it. If one call of the plan wants a
// yes, the whole plan waits for it: half a plan is not what was asked for.
func (c *Conversation) gate(_ context.Context, t *Turn) error {
	caller := Caller{Session: t.Session, Room: t.Room, Confirmed: t.confirmed, DecidedBy: t.DecidedBy}
	if t.fetch != nil {
		if d := c.decide(t, t.fetch.Call, caller); d.Verdict != Allow {
			return &regretError{NotAllowed, "I may not do that: " + d.Reason + "."}
		}
	}
	confirm, refused := "", ""
	for _, call := range t.calls {
		step := newStep(t.home, call)
		decision := c.decide(t, call, caller)
		switch decision.Verdict {
		case Refuse:
			step.Outcome, step.Evidence, refused = Refused, decision.Reason, decision.Reason
		case Confirm:
			confirm = decision.Reason
		}
		t.Steps = append(t.Steps, step)
	}
	switch {
	case len(t.calls) == 0:
		return nil
	case confirm != "":
		c.ask(t, confirm, t.confirmQuestion())
	case refused != "" && t.allRefused():
		return &regretError{NotAllowed, "I may not do that: " + refused + "."}
	case t.Heard.Verdict != Act && !t.confirmed: // typed text is an Act
		c.ask(t, "it was not clearly heard", "Did you say: "+strings.TrimRight(t.Heard.Text, ".?!")+"?")
	}
	return nil
}

// decide asks the gate. Timers touch nothing in the home.
func (c *Conversation) decide(t *Turn, call home.Call, caller Caller) Decision {
	if call.Domain == timerDomain {
		return Decision{Verdict: Allow}
	}
	return c.Gate.Check(t.home, call, caller)
}

// ask holds the plan back and puts the question.
func (c *Conversation) ask(t *Turn, why, question string) {
	for i := range t.Steps {
		if t.Steps[i].Outcome == "" {
			t.Steps[i].Outcome, t.Steps[i].Evidence = Refused, "waits for a yes: "+why
		}
	}
	t.Asks, t.Reply = AsksConfirmation, question
	t.next = &Pending{
		Question: AsksConfirmation, Text: t.Heard.Text, Intent: t.Intent, Slots: t.Slots, Calls: t.calls,
		Recognised: t.recognised, Decider: t.DecidedBy, Until: time.Now().Add(c.ConfirmWithin),
	}
}

func newStep(snapshot *home.Snapshot, call home.Call) Step {
	data := call.Data
	if data == nil {
		data = map[string]any{}
	}
	return Step{Entity: call.Entity, Service: call.Name(), Data: data, Call: call, Name: nameOf(snapshot, call.Entity)}
}

// nameOf is the entity's name for people.
func nameOf(snapshot *home.Snapshot, id home.EntityID) string {
	if e, ok := snapshot.Entity(id); ok {
		return e.Name
	}
	if id == "" {
		return "the timer"
	}
	return string(id)
}

func (t *Turn) allRefused() bool {
	for _, s := range t.Steps {
		if s.Outcome != Refused {
			return false
		}
	}
	return true
}

// confirmQuestion names what a yes would do: "Shall I unlock Front Door?"
func (t *Turn) confirmQuestion() string {
	verb, names := "", []string{}
	for _, s := range t.Steps {
		if s.Outcome == Refused {
			continue
		}
		if v := verbOf(s.Call); verb == "" {
			verb = v
		} else if v != verb {
			verb = "do that with"
		}
		names = append(names, s.Name)
	}
	return "Shall I " + verb + " " + join(names) + "? Say yes or no."
}

// verbOf is a service as people say it: "lock.unlock" is "unlock".
func verbOf(call home.Call) string {
	verbs := map[string]string{
		"open_cover": "open", "close_cover": "close", "set_cover_position": "move", "stop_cover": "stop",
		"open_valve": "open", "close_valve": "close", "set_valve_position": "move",
		"turn_on": "turn on", "turn_off": "turn off", "toggle": "switch",
		"alarm_arm_away": "arm", "alarm_arm_home": "arm", "alarm_arm_night": "arm", "alarm_disarm": "disarm",
	}
	if verb, ok := verbs[call.Service]; ok {
		return verb
	}
	return strings.ReplaceAll(call.Service, "_", " ")
}

// join lists names as people do: "A, B and C".
func join(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
