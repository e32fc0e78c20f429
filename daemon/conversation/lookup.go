package conversation

import (
	"context"
	"errors"
	"slices"

	"hearth/daemon/home"
)

// A Lookup is one question that a language model put to a tool before it answered. What was asked for and what came
// back is kept nowhere: the sentence and the reply say as much as they should.
type Lookup struct {
	Tool    string        `json:"tool"` // "history"
	Outcome LookupOutcome `json:"outcome"`
	Bytes   int           `json:"bytes"` // that the model was given of the result
	Millis  float64       `json:"ms"`
}

// LookupOutcome is what became of a lookup.
type LookupOutcome string

const (
	LookedUp     LookupOutcome = "ok"
	LookupDenied LookupOutcome = "refused" // there is no such tool, it was asked wrongly, or the same was asked before
	LookupFailed LookupOutcome = "failed"  // the tool could not answer
)

// ErrAskedWrongly is wrapped by a tool's error when the model should ask otherwise. The error is for the model to read.
var ErrAskedWrongly = errors.New("asked wrongly")

// ErrNotAllowed is returned to a tool that wants of the home what this speaker may not have, or what changes it.
var ErrNotAllowed = errors.New("this may not be asked")

// asks are the services that change nothing and answer with data.
var asks = []string{"todo.get_items", "calendar.get_events", "weather.get_forecasts"}

// fetcher lets the tools of a model ask the home, as far as the gate allows it to the speaker.
func (c *Conversation) fetcher(t *Turn) func(context.Context, home.Call) (map[string]any, error) {
	return func(ctx context.Context, call home.Call) (map[string]any, error) {
		if !slices.Contains(asks, call.Name()) {
			return nil, ErrNotAllowed
		}
		if s := c.judge(t, call); s.Decision.Verdict != Allow {
			return nil, ErrNotAllowed
		}
		return c.Home.Call(ctx, call)
	}
}

// noteLookups takes over what a model has looked up. A plan that was made of it is as old as what it was made of, and is not
// learned. Outside text stays in the session's mind for as long as the replies that were made of it.
func (c *Conversation) noteLookups(t *Turn, answer ModelAnswer) {
	t.Lookups = answer.Lookups
	t.private = answer.Private
	t.outside = answer.Outside || slices.ContainsFunc(t.context.Earlier, func(x Exchange) bool { return x.Outside })
	if len(t.Lookups) > 0 || t.outside {
		t.key = ""
	}
}

// cautious holds back a call that a model planned after it had read what strangers may have written: it may be they
// who want it. A person's yes to exactly this call lets it pass.
func (t *Turn) cautious(d Decision) Decision {
	if t.outside && !t.confirmed && d.Verdict == Allow {
		d.Verdict, d.Evidence = Confirm, "it was planned after text from outside was read"
	}
	return d
}

// lookedUp says in what the model looked, "" for nothing.
func (c *Conversation) lookedUp(told *Turn) string {
	var names []string
	for _, l := range told.Lookups {
		name, ok := c.Phrases.Tools[l.Tool]
		if !ok {
			name = Phrase(l.Tool)
		}
		if l.Outcome == LookedUp && !slices.Contains(names, string(name)) {
			names = append(names, string(name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return c.Phrases.LookedUp.with("{names}", c.some(names))
}
