package conversation

import (
	"cmp"
	"maps"
	"slices"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A PIN is in no record, log, message or model's prompt: hidden stands in its place from the moment in which
// the sentence is looked at.
const hidden = "[PIN]"

// shortest is how many digits a PIN has at least, less one that somebody may have left out.
const shortest = 3

func (t *Turn) hide() { t.Heard.Text, t.Heard.Free = hidden, "" }

// answerPIN takes the PIN that was asked for, or the device's own code. A sentence that holds neither, but is one
// of the language's, is understood as usual, and the question is dropped.
func (c *Conversation) answerPIN(t *Turn, p *Pending, meaning answer) (done bool, err error) {
	digits, bare := t.language.Digits(t.Heard.Text)
	switch {
	case meaning == yes:
		c.askAgain(t, p)
		return true, nil
	case !bare && (len(digits) < shortest || c.isSentence(t)):
		return false, nil
	}
	t.hide()
	if p.Question == AsksPIN {
		if reason := c.Gate.TryPIN(t.origin(), digits); reason != "" {
			return true, c.refusePIN(t, p, reason)
		}
		t.pin = true
	}
	t.digits, t.confirmed = digits, true
	c.resume(t, p)
	return true, nil
}

func (q Question) wantsDigits() bool { return q == AsksPIN || q == AsksCode }

func (c *Conversation) isSentence(t *Turn) bool {
	return len(t.language.Recognize(t.Heard.Text, intent.Where{Area: t.Room})) > 0
}

// refusePIN says why nothing is done. After a wrong PIN the question stands again.
func (c *Conversation) refusePIN(t *Turn, p *Pending, why Reason) error {
	c.Log.Warn("PIN refused", "turn", t.ID, "session", t.origin(), "reason", why)
	t.DecidedBy, t.Intent = p.Decider, p.Intent
	for _, call := range p.Calls {
		step := c.newStep(t, call)
		step.refuse(Decision{Verdict: Refuse, Reason: why, Evidence: pinEvidence[why], Rule: "gate.pin_file", Critical: true})
		t.Steps = append(t.Steps, step)
	}
	if why == WrongPIN {
		c.askAgain(t, p)
	}
	return &regretError{NotAllowed, c.excuse(t, why, "")}
}

var pinEvidence = map[Reason]string{WrongPIN: "the PIN was wrong", LockedOut: "there were too many wrong PINs"}

// askAgain puts the question once more.
func (c *Conversation) askAgain(t *Turn, p *Pending) {
	again := *p
	t.Asks, t.Reply, t.next = p.Question, string(c.Phrases.SayPIN), &again
	if p.Question == AsksCode {
		t.Reply = string(c.Phrases.SayCode)
	}
}

// hideStray hides a bare number that nobody asked for, such as a PIN that comes too late or a code that is said again
// after it was refused, and tells whether there was one. Whether it is the right one makes no difference. Where one was
// awaited, it may have words around it.
func (c *Conversation) hideStray(t *Turn) bool {
	if !t.secretive && !c.guards(t.home) {
		return false
	}
	digits, bare := t.language.Digits(t.Heard.Text)
	if !bare && !t.secretive || len(digits) < shortest || c.isSentence(t) {
		return false
	}
	t.hide()
	return true
}

// hideFree drops the free decoding of what may be a PIN, whatever the grammar made of the clip.
func (c *Conversation) hideFree(t *Turn) {
	if digits, _ := t.language.Digits(t.Heard.Free); t.secretive || len(digits) >= shortest && c.guards(t.home) {
		t.Heard.Free = ""
	}
}

// hideRejected hides what was not heard well enough, if it may hold a PIN. The turn ends before anything is recalled.
func (c *Conversation) hideRejected(t *Turn) {
	context, _ := c.Contexts.Get(t.Session)
	awaited := context.Pending != nil && context.Pending.Question.wantsDigits()
	digits, _ := c.Understanding().Digits(t.Heard.Text + " " + t.Heard.Free)
	if awaited || context.Secretive || len(digits) >= shortest && c.guards(c.Home.Snapshot()) {
		t.hide()
	}
}

// guards tells whether a number may be a secret: a PIN or a code is in use.
func (c *Conversation) guards(snapshot *home.Snapshot) bool {
	return c.HasPIN || c.Code != "" || WantsCodes(snapshot)
}

// refusedDigits tells whether a PIN or a code was said and not taken: another may follow, asked for or not.
func (t *Turn) refusedDigits() bool {
	return t.Heard.Text == hidden && (t.Failure == NotAllowed || t.Failure == StepFailed)
}

// withCode is the call with the code that its device wants. The step's own call does not have it: steps are kept.
func (c *Conversation) withCode(t *Turn, call home.Call) home.Call {
	code := cmp.Or(c.Code, t.digits)
	if code == "" || !t.wantsCode(call) {
		return call
	}
	data := map[string]any{"code": code}
	maps.Copy(data, call.Data)
	call.Data = data
	return call
}

func (t *Turn) wantsCode(call home.Call) bool {
	e, _ := t.home.Entity(call.Entity)
	return e.WantsCode(call.Service)
}

// countCodes counts a code that was said and that its device did not take as a wrong PIN.
func (c *Conversation) countCodes(t *Turn) {
	if c.Code != "" || t.digits == "" {
		return
	}
	wrong := false
	for i := range t.Steps {
		if s := &t.Steps[i]; s.refusesCode() && t.wantsCode(s.Call) {
			s.Decision.Reason, wrong = WrongPIN, true
		}
	}
	if wrong {
		c.Gate.WrongPIN(t.origin())
	}
}

// refusesCode tells whether a device that could be reached may not have taken the code that was sent. A bolt that jams
// has been moved for it.
func (s *Step) refusesCode() bool {
	return s.Outcome == Failed && !slices.Contains([]Reason{NoEntity, Unreachable, Disconnected, TimedOut, Interrupted, Jammed}, s.reason)
}
