package conversation

import (
	"context"
	"errors"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/home/confirm"
)

// begin prepares a turn that nobody is speaking in. What is already as wanted is done; the rest is begun under the
// trigger's key, and not at all when it was begun before.
func (c *Conversation) begin(ctx context.Context, t *Turn) {
	for i := range t.Steps {
		if s := &t.Steps[i]; s.Outcome == "" {
			c.skip(t, s)
		}
	}
	if t.unfinished() == 0 {
		return
	}
	err := c.Timers.Claim(ctx, t.Trigger.ID, t.Trigger.Key)
	for i := range t.Steps {
		s := &t.Steps[i]
		switch {
		case err == nil || s.Outcome != "":
		case errors.Is(err, ErrClaimed):
			s.fail(Interrupted, "it was begun before Hearth stopped, and is not done twice")
		default:
			s.fail(reasonOf(err), "not begun: "+err.Error())
		}
	}
}

// skip confirms a step that the home shows as done already, unless doing it again would do more. What only the call's
// own answer proves, it never shows.
func (c *Conversation) skip(t *Turn, s *Step) {
	now, ok := t.home.Entity(s.Entity)
	if !ok || !s.Call.Idempotent() {
		return
	}
	expected := confirm.Expect(s.Call, now)
	if evidence, met := expected.Check(now); met && !expected.Answers {
		s.finish(Confirmed, evidence, time.Now())
	}
}

// thingOf is what people call an entity, its ID when it is gone.
func thingOf(snapshot *home.Snapshot, id home.EntityID) string {
	if e, ok := snapshot.Entity(id); ok {
		return e.Name
	}
	return string(id)
}
