package conversation

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hearth/daemon/home"
	"hearth/daemon/home/undo"
)

// gate makes a step of every call and lets the home's gate judge it. If one call of the plan wants a
// yes or the PIN, the whole plan waits for it: half a plan is not what was asked for.
func (c *Conversation) gate(_ context.Context, t *Turn) error {
	if t.fetch != nil {
		for _, call := range t.fetch.Calls {
			s := c.newStep(t, call)
			if s.Decision = c.decide(t, call); len(t.calls) == 0 { // else it is as cautious with what is to be done
				s.Decision = t.cautious(s.Decision)
			}
			if s.Decision.Verdict != Allow {
				d := s.Decision
				d.Verdict, d.Reason = Refuse, cmp.Or(d.Reason, Forbidden) // what only asks can wait for no answer
				s.refuse(d)
				t.Steps = append(t.Steps, s)
				return &regretError{NotAllowed, c.excuse(t, d.Reason, s.Name)}
			}
		}
	}
	var strictest Decision
	for _, call := range t.calls {
		s := c.judge(t, call)
		if s.astray = t.astray(call); s.astray != "" && s.Decision.Verdict == Allow {
			s.Decision.Verdict, s.Decision.Evidence = Confirm, "the sentence names another room"
		}
		switch {
		case s.Decision.Verdict == Refuse:
			s.refuse(s.Decision)
		case s.Decision.Verdict != Allow && t.way.unattended:
			d := s.Decision
			d.Verdict, d.Reason, d.Evidence = Refuse, NoPerson, d.Evidence+", which needs a person's answer, and a program asks"
			s.refuse(d)
		case s.Decision.Verdict != Allow && t.Intent == undoIntent && !secures(call):
			s.Outcome, s.Evidence, s.reason = Refused, s.Decision.Evidence+", and undoing must not open it", Reason(undo.Unsafe)
		case s.Decision.Verdict > strictest.Verdict:
			strictest = s.Decision
		}
		t.Steps = append(t.Steps, s)
	}
	switch {
	case len(t.calls) == 0:
		return nil
	case strictest.Verdict != Allow:
		w := wanted[strictest.Verdict]
		c.ask(t, w.question, "waits for "+w.answer+": "+strictest.Evidence, c.question(t)+" "+string(w.say(c.Phrases)))
	case t.allRefused():
		return &regretError{NotAllowed, strings.Join(c.excuses(t), " ")}
	case t.unclear() && !t.confirmed && t.digits == "":
		question := c.Phrases.DidYouSay.with("{sentence}", strings.Trim(t.Heard.Text, "¿¡.?!"))
		c.ask(t, AsksConfirmation, "waits for a yes: it was not clearly heard", question)
		if t.lesson != nil { // the yes is to the sentence: what comes of it may be learned
			t.next.Plan, t.next.Lesson = t.key, t.lesson
		}
	}
	return nil
}

// unclear tells whether something else may have been said. Typed text is clear, and so is a sentence outside the
// grammar that is word for word one which a model's plan was learned for.
func (t *Turn) unclear() bool {
	known := t.DecidedBy == ByPlan && t.lesson != nil && t.Heard.Verdict == Open
	return t.Heard.Verdict != Act && !known
}

// wanted is what a verdict asks for.
var wanted = map[GateVerdict]struct {
	question Question
	answer   string
	say      func(*Phrases) Phrase
}{
	Confirm: {AsksConfirmation, "a yes", func(p *Phrases) Phrase { return p.SayYes }},
	Code:    {AsksCode, "its code", func(p *Phrases) Phrase { return p.SayCode }},
	PIN:     {AsksPIN, "the PIN", func(p *Phrases) Phrase { return p.SayPIN }},
}

// judge is a step with the gate's decision on it.
func (c *Conversation) judge(t *Turn, call home.Call) Step {
	s := c.newStep(t, call)
	s.Decision = t.cautious(c.decide(t, call))
	return s
}

// decide is the gate's decision on a call. Timers touch nothing in the home.
func (c *Conversation) decide(t *Turn, call home.Call) Decision {
	switch call.Domain {
	case timerDomain:
		return Decision{}
	case errandDomain:
		return c.judgeErrand(t, call)
	}
	agreed := t.Intent != undoIntent || secures(call) // undoing opens nothing, even for a yes
	from := Caller{
		Session: t.origin(), Room: t.Room, InRoom: t.inRoom, Person: t.Person,
		Confirmed: t.confirmed && agreed, PIN: t.pin && agreed, Code: t.digits != "" && agreed, DecidedBy: t.DecidedBy,
	}
	d := c.Gate.Check(t.home, call, from)
	if t.absent() && t.Person != "" && d.Verdict == Allow { // their name opens nothing that is shut to everybody
		from.Person = ""
		d = c.Gate.Check(t.home, call, from)
	}
	return d
}

// absent tells whether the turn's person is not there: their program speaks, or what they put off is due.
func (t *Turn) absent() bool { return t.way.unattended || t.Trigger != nil }

func (s *Step) refuse(d Decision) {
	s.Outcome, s.Evidence, s.reason, s.Decision = Refused, d.Evidence, d.Reason, d
}

// ask holds the plan back and puts the question.
func (c *Conversation) ask(t *Turn, kind Question, why, question string) {
	for i := range t.Steps {
		if t.Steps[i].Outcome == "" {
			t.Steps[i].Outcome, t.Steps[i].Evidence = Refused, why
		}
	}
	t.Asks, t.Reply = kind, question
	t.next = &Pending{
		Question: kind, Text: t.Heard.Text, Intent: t.Intent, Slots: t.Slots, Calls: t.calls,
		Recognised: t.recognised, Decider: t.DecidedBy, Rule: t.Rule,
		Veiled: t.veil != unveiled,
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
	switch call.Domain {
	case timerDomain:
		return string(c.Phrases.Timer)
	case errandDomain:
		return errandName(call)
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

// question names what a yes would do: "Shall I unlock Front Door?"
func (c *Conversation) question(t *Turn) string {
	var steps []Step
	var kind action
	for _, s := range t.Steps {
		if s.Outcome == Refused {
			continue
		}
		steps = append(steps, s)
		if k := actionOf(s.Call); kind == "" || kind == k {
			kind = k
		} else {
			kind = otherAction
		}
	}
	var names []string
	for _, s := range steps {
		names = append(names, s.Name+t.particulars(s))
	}
	if kind == otherAction && t.parts != nil && len(steps) == len(t.Steps) {
		names = textsOf(t.parts)
	}
	return c.Phrases.Confirm[kind].with("{names}", c.Phrases.join(names))
}

// particulars are what a person must have heard to agree to what somebody else may have planned, or a model in a room that
// nobody spoke of: " (Kitchen, 21)".
func (t *Turn) particulars(s Step) string {
	var all []string
	if s.astray != "" {
		all = append(all, s.astray)
	}
	if with := wordsOf(s.Call); with != "" && (t.outside || s.astray != "") {
		all = append(all, with)
	}
	if len(all) == 0 {
		return ""
	}
	return " (" + strings.Join(all, ", ") + ")"
}

// wordsOf is with what a call is made: whoever agrees to what somebody else may have planned must have heard it. What an
// errand is made with is in its name; of a timer, only what is said and done counts.
func wordsOf(call home.Call) string {
	keys := slices.Sorted(maps.Keys(call.Data))
	switch call.Domain {
	case errandDomain:
		return ""
	case timerDomain:
		keys = []string{"name", "message", "command"}
	}
	var with []string
	for _, key := range keys {
		if value, ok := call.Data[key]; ok {
			with = append(with, fmt.Sprint(value))
		}
	}
	return oneLine(strings.Join(with, ", "))
}

// An action is a kind of service with a question of its own, since no verb fits into the same sentence
// in every language.
type action string

const otherAction action = "other"

var actions = map[string]action{
	"lock": "lock", "unlock": "unlock",
	"open": "open", "open_cover": "open", "open_valve": "open",
	"close_cover": "close", "close_valve": "close",
	"alarm_arm_away": "arm", "alarm_arm_home": "arm", "alarm_arm_night": "arm", "alarm_arm_vacation": "arm", "alarm_disarm": "disarm",
	"turn_on": "turn_on", "turn_off": "turn_off",
}

func actionOf(call home.Call) action { return cmp.Or(actions[call.Service], otherAction) }
