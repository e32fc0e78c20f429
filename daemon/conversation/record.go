package conversation

import "context"

// record remembers the turn: the session's context, the plan it taught, and the row in the history.
// The answer is out by now. What cannot be stored is logged, and nothing else suffers.
func (c *Conversation) record(ctx context.Context, t *Turn) error {
	c.learn(t)
	if t.Failure == NotHeard { // the context is as it was, an open question too
		return c.History.Record(ctx, t.Written())
	}
	if !t.leavesQuestion() && (t.next == nil || t.next.Fact == nil) {
		c.proposals.Delete(t.Session)
	}
	if t.Trigger == nil { // what is due is no word on what was said before
		c.settle(t)
	}
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

// leavesQuestion tells whether an open question of the session stays: what is due answers none, and takes its place only
// with one of its own.
func (t *Turn) leavesQuestion() bool { return t.Trigger != nil && t.Asks == "" }

func (c *Conversation) nextContext(t *Turn) Context {
	next := t.context
	next.Veiled = t.veil == veilAll
	if t.Trigger == nil { // what was last said, and may be objected to
		next.At, next.Plan, next.Fact, next.Secretive = c.Now(), t.key, t.fact, t.refusedDigits()
	}
	if !t.leavesQuestion() {
		next.Pending = t.next
	}
	if !next.Veiled {
		next.remember(t)
	}
	deed := c.deed(t)
	if deed != nil {
		next.Deed = deed
	}
	if before := c.spokenOfHere(t); before != nil {
		next.Before, next.Spoken = before, c.Now()
		if deed != nil { // by which both are known to be of one turn
			next.Spoken = deed.At
		}
	}
	return next
}
