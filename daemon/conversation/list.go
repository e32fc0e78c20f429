package conversation

import (
	"context"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// lookAtList keeps what a to-do list shows before a step that changes how many items it has.
func (c *Conversation) lookAtList(ctx context.Context, t *Turn, s *Step) {
	if look, _, ok := command.ListProof(s.Call); ok && !s.Call.Idempotent() {
		s.listed = c.listed(ctx, t, look)
	}
}

// proveList asks a to-do list whether it shows what a step was to do to it: its state is only how many items are
// open, which does not change with every item. A list that does not answer leaves the step to its state.
func (c *Conversation) proveList(ctx context.Context, t *Turn, s *Step) {
	look, proves, ok := command.ListProof(s.Call)
	if !ok || s.listed == nil && !s.Call.Idempotent() {
		return
	}
	if evidence, met := proves(s.listed, c.listed(ctx, t, look)); met {
		s.finish(Confirmed, evidence, time.Now())
	}
}

// listed is what a list answers, nil when it does not.
func (c *Conversation) listed(ctx context.Context, t *Turn, look home.Call) map[string]any {
	response, err := c.Home.Call(ctx, look)
	if err != nil {
		c.logFailed(t, look, err)
		return nil
	}
	return response
}
