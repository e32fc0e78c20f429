package conversation

import "context"

// recall fills what is known before the sentence is looked at: the home as it was last seen, and what
// this session spoke of a moment ago. A session without a past is not an error.
func (c *Conversation) recall(_ context.Context, t *Turn) error {
	t.home = c.Home.Snapshot()
	t.language = c.Understanding()
	if c.Timers != nil {
		t.timers = c.Timers.Running()
	}
	t.context, _ = c.Contexts.Get(t.Session)
	t.secretive = t.context.Secretive && t.Trigger == nil
	if p := t.context.Pending; p != nil && t.Trigger == nil { // what is due answers nothing
		if c.Now().Before(p.Until) {
			t.pending = c.withProposal(t.Session, *p)
		}
		t.secretive = p.Question.wantsDigits()
	}
	return nil
}

// withProposal is the question with the fact that it asks about, nil for one whose fact is gone.
func (c *Conversation) withProposal(session string, p Pending) *Pending {
	if p.Question != AsksConsent || p.Everything || len(p.Drop) > 0 {
		return &p
	}
	proposed, ok := c.proposals.Load(session)
	if !ok {
		return nil
	}
	p.Fact, _ = proposed.(*Fact)
	return &p
}
