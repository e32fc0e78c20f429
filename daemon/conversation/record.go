package conversation

import (
	"context"
	"slices"
)

// remembered is how many exchanges a session's context keeps.
const remembered = 6

// record remembers the turn: the session's context, the plan it taught, and the row in the history.
// The answer is out by now. What cannot be stored is logged, and nothing else suffers.
func (c *Conversation) record(ctx context.Context, t *Turn) error {
	c.learn(t)
	if t.Failure == NotHeard { // the context is as it was, an open question too
		return c.History.Record(ctx, t)
	}
	c.settle(t)
	if err := c.Contexts.Put(t.Session, c.nextContext(t)); err != nil {
		c.Log.Warn("context not kept", "turn", t.ID, "error", err)
	}
	return c.History.Record(ctx, t)
}

// confirmedThroughout tells whether the turn did all it was asked and saw it happen.
func (t *Turn) confirmedThroughout() bool {
	if t.DecidedBy == "" || t.Failure != "" || t.Asks != "" {
		return false
	}
	for _, s := range t.Steps {
		if s.Outcome != Confirmed {
			return false
		}
	}
	return t.recognised != nil || len(t.calls) > 0
}

func (c *Conversation) nextContext(t *Turn) Context {
	next := t.context
	next.At, next.Plan, next.Pending = c.Now(), t.key, t.next
	next.Earlier = append(slices.Clone(next.Earlier), Exchange{Said: t.Heard.Text, Reply: t.Reply}) // others read the old one
	next.Earlier = next.Earlier[max(0, len(next.Earlier)-remembered):]
	if deed := c.deed(t); deed != nil {
		next.Deed = deed
	}
	if n := len(t.Steps); n > 0 {
		next.Last = t.Steps[n-1].Entity
	}
	return next
}
