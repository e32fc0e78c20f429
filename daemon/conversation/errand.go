package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"hearth/daemon/home"
)

// errandDomain is the domain of what is done outside the home, which the home's gate knows nothing of.
const errandDomain = "errand"

// Errands are done outside the home, by tools that the owner has connected.
type Errands interface {
	// Run does what the call says, whose service is the name of the tool, and returns what came of it in a short
	// clause.
	Run(ctx context.Context, call home.Call) (evidence string, err error)
}

// An ErrandError is the error of a lookup that would do something. A model's answer may have its call instead, which is
// done when a person has agreed to exactly that.
type ErrandError struct {
	Call home.Call
}

func (e *ErrandError) Error() string {
	return "it does something outside the home, and is to be agreed to first: " + e.Call.Service
}

// ErrandCall is the call of a tool: "mail.send".
func ErrandCall(tool string, data map[string]any) home.Call {
	return home.Call{Domain: errandDomain, Service: tool, Entity: home.EntityID(errandDomain + "." + strings.ReplaceAll(tool, ".", "_")), Data: data}
}

// longestErrand is how long the name of an errand may be, in bytes: whoever agrees must have heard all of it.
const longestErrand = 400

// judgeErrand wants a person's yes, whoever decided, and whatever the owner's rules say of the home.
func (c *Conversation) judgeErrand(t *Turn, call home.Call) Decision {
	d := Decision{Verdict: Confirm, Evidence: "it does something outside the home", Critical: true}
	switch {
	case c.Errands == nil:
		d.Verdict, d.Reason = Refuse, Forbidden
	case len(errandName(call)) > longestErrand:
		d.Verdict, d.Reason, d.Evidence = Refuse, Forbidden, "it is too long to be agreed to aloud"
	case t.confirmed:
		d.Verdict = Allow
	}
	return d
}

// sendErrand does it. Nothing can show that it happened, but that somebody took it.
func (c *Conversation) sendErrand(ctx context.Context, s *Step) {
	evidence, err := c.Errands.Run(ctx, s.Call)
	if err != nil {
		c.Log.Warn("errand failed", "tool", s.Call.Service, "reason", reasonOf(err))
		s.fail(reasonOf(err), err.Error())
		return
	}
	s.finish(Sent, evidence, time.Now())
}

// errandName says what an errand does, with all that it does it with: "mail.send (text: I am late, to: Anna)".
func errandName(call home.Call) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(call.Data)) {
		value, ok := call.Data[key].(string)
		if !ok {
			if text, err := json.Marshal(call.Data[key]); err == nil {
				value = string(text)
			}
		}
		parts = append(parts, key+": "+value)
	}
	if len(parts) == 0 {
		return call.Service
	}
	return fmt.Sprintf("%s (%s)", call.Service, oneLine(strings.Join(parts, ", ")))
}

// oneLine is a text without what ends lines or cannot be seen.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
