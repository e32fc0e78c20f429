package conversation

import "context"

// record remembers the turn: the session's context, the plan it taught, and the row in the history.
// The answer is out by now. What cannot be stored is logged, and nothing else suffers.
func (c *Conversation) record(ctx context.Context, t *Turn) error {
	c.learn(t)
	if t.Failure == NotHeard { // the context is as it was, an open question too
		return c.History.Record(ctx, t.Written())
	}
	if t.next == nil || t.next.Fact == nil {
		c.proposals.Delete(t.Session)
	}
	c.settle(t)
	if err := c.Contexts.Put(t.Session, c.nextContext(t)); err != nil {
		c.Log.Warn("context not kept", "turn", t.ID, "error", err)
	}
	return c.History.Record(ctx, t.Written())
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
	next.Fact, next.Veiled = t.fact, t.veil == veilAll
	if !next.Veiled {
		next.remember(t)
	}
	if deed := c.deed(t); deed != nil {
		next.Deed = deed
	}
	if before := c.spokenOfHere(t); before != nil {
		next.Before, next.Spoken = before, next.At
	}
	return next
}
