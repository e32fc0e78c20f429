package conversation

import (
	"context"
	"time"

	"hearth/daemon/conversation/command"
)

// proveList asks a to-do list whether it shows what a step was to do to it: its state is only how many items are
// open, which does not change with every item. A list that does not answer leaves the step to its state.
func (c *Conversation) proveList(ctx context.Context, t *Turn, s *Step) {
	look, proves, ok := command.ListProof(s.Call)
	if !ok {
		return
	}
	response, err := c.Home.Call(ctx, look)
	if err != nil {
		c.logFailed(t, look, err)
		return
	}
	if evidence, met := proves(response); met {
		s.finish(Confirmed, evidence, time.Now())
	}
}
