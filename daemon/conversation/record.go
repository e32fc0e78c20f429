package conversation

import (
	"context"
	"slices"
	"time"
)

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
	if err := c.Contexts.Put(t.Session, c.nextContext(t)); err != nil {
		c.Log.Warn("context not kept", "turn", t.ID, "error", err)
	}
	return c.History.Record(ctx, t.Written())
}

// learn admits the sentence's plan after a run that was confirmed throughout, and drops a plan that
// failed. A plan that had to be confirmed by a person, or that is critical, is never learned.
func (c *Conversation) learn(t *Turn) {
	if t.key == "" || t.confirmed {
		return
	}
	if slices.ContainsFunc(t.Steps, func(s Step) bool { return s.Decision.Critical }) {
		t.key = ""
		return
	}
	if t.DecidedBy == ByPlan {
		if t.Failure != "" {
			c.forget(t, t.key)
			t.key = ""
		}
		return
	}
	if !t.confirmedThroughout() {
		t.key = ""
		return
	}
	plan := LearnedPlan{Intent: t.recognised}
	if t.recognised == nil {
		plan.Calls = t.calls
	}
	if err := c.Plans.Put(t.key, plan); err != nil {
		c.Log.Warn("plan not learned", "turn", t.ID, "error", err)
	}
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
	next.At, next.Plan, next.Pending = time.Now(), t.key, t.next
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
