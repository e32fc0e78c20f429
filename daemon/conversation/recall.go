package conversation

import (
	"context"
)

// recall fills what is known before the sentence is looked at: the home as it was last seen, and what
// this session spoke of a moment ago. A session without a past is not an error.
func (c *Conversation) recall(_ context.Context, t *Turn) error {
	t.home = c.Home.Snapshot()
	t.language = c.Understanding()
	if c.Timers != nil {
		t.timers = c.Timers.Running()
	}
	t.context, _ = c.Contexts.Get(t.Session)
	if p := t.context.Pending; p != nil {
		t.context.Pending = nil // it is answered by this turn or by none
		if c.Now().Before(p.Until) {
			t.pending = p
		}
		t.secretive = p.Question.wantsDigits()
	}
	return nil
}
