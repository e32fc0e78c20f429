package conversation

import (
	"cmp"
	"context"
	"strings"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/home/undo"
)

// gate makes a step of every call and lets the home's gate judge it. If one call of the plan wants a
// yes, the whole plan waits for it: half a plan is not what was asked for.
func (c *Conversation) gate(_ context.Context, t *Turn) error {
	caller := Caller{Session: t.Session, Room: t.Room, Confirmed: t.confirmed, DecidedBy: t.DecidedBy}
	if t.fetch != nil {
		if d := c.decide(t, t.fetch.Call, caller); d.Verdict != Allow {
			return &regretError{NotAllowed, c.excuse(t, cmp.Or(d.Reason, Forbidden), c.nameOf(t, t.fetch.Call))}
		}
	}
	confirm := ""
	for _, call := range t.calls {
		step := c.newStep(t, call)
		decision := c.decide(t, call, caller)
		switch {
		case decision.Verdict == Refuse:
			step.Outcome, step.Evidence, step.reason = Refused, decision.Evidence, decision.Reason
		case decision.Verdict == Confirm && t.Intent == undoIntent && !secures(call):
			step.Outcome, step.Evidence, step.reason = Refused, decision.Evidence+", and undoing must not open it", Reason(undo.Unsafe)
		case decision.Verdict == Confirm:
			confirm = decision.Evidence
		}
		t.Steps = append(t.Steps, step)
	}
	switch {
	case len(t.calls) == 0:
		return nil
	case confirm != "":
		c.ask(t, confirm, c.confirmQuestion(t))
	case t.allRefused():
		return &regretError{NotAllowed, strings.Join(c.excuses(t), " ")}
	case t.Heard.Verdict != Act && !t.confirmed: // typed text is an Act
		c.ask(t, "it was not clearly heard", c.Phrases.DidYouSay.with("{sentence}", strings.Trim(t.Heard.Text, "¿¡.?!")))
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
		Recognised: t.recognised, Decider: t.DecidedBy, Rule: t.Rule, Until: time.Now().Add(c.ConfirmWithin),
	}
}

func (c *Conversation) newStep(t *Turn, call home.Call) Step {
	data := call.Data
	if data == nil {
		data = map[string]any{}
	}
	return Step{Entity: call.Entity, Service: call.Name(), Data: data, Call: call, Name: c.nameOf(t, call)}
}

// nameOf is what people call the entity of a call.
func (c *Conversation) nameOf(t *Turn, call home.Call) string {
	if e, ok := t.home.Entity(call.Entity); ok {
		return e.Name
	}
	if call.Domain == timerDomain {
		return string(c.Phrases.Timer)
	}
	return string(call.Entity)
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
func (c *Conversation) confirmQuestion(t *Turn) string {
	var kind action
	var names []string
	for _, s := range t.Steps {
		if s.Outcome == Refused {
			continue
		}
		if k := actionOf(s.Call); kind == "" || kind == k {
			kind = k
		} else {
			kind = otherAction
		}
		names = append(names, s.Name)
	}
	return c.Phrases.Confirm[kind].with("{names}", c.Phrases.join(names))
}

// An action is a kind of service with a question of its own, since no verb fits into the same sentence
// in every language.
type action string

const otherAction action = "other"

var actions = map[string]action{
	"lock": "lock", "unlock": "unlock",
	"open": "open", "open_cover": "open", "open_valve": "open",
	"close_cover": "close", "close_valve": "close",
	"alarm_arm_away": "arm", "alarm_arm_home": "arm", "alarm_arm_night": "arm", "alarm_disarm": "disarm",
	"turn_on": "turn_on", "turn_off": "turn_off",
}

func actionOf(call home.Call) action { return cmp.Or(actions[call.Service], otherAction) }
