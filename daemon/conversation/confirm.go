package conversation

import (
	"cmp"
	"context"
	"errors"
	"time"

	"hearth/daemon/home/confirm"
)

// returning is how long a home may take to come back after the connection was lost in the middle of a call:
// Home Assistant restarts in less than that, without its slowest parts.
const returning = 10 * time.Second

// confirm waits until the home's state shows each step, or its time is up. A step that nothing showed
// is sent once more when sending twice does no harm.
func (c *Conversation) confirm(ctx context.Context, t *Turn) error {
	defer c.countCodes(t)
	if t.Asks != "" || t.unfinished() == 0 {
		return nil
	}
	c.await(ctx, t)
	if c.resend(ctx, t) {
		c.await(ctx, t)
	}
	for i := range t.Steps {
		if s := &t.Steps[i]; s.Outcome == "" {
			s.fail(s.unproved(ctx), "nothing showed that it happened ("+s.seen+")")
		}
	}
	return nil
}

// await gives an outcome to every unfinished step that is confirmed, or that nothing can confirm.
func (c *Conversation) await(ctx context.Context, t *Turn) {
	var waiting []*Step
	var expected []confirm.Expectation
	for i := range t.Steps {
		if s := &t.Steps[i]; s.Outcome == "" {
			before, _ := t.home.Entity(s.Entity)
			e := confirm.Expect(s.Call, before)
			if s.doubt != "" {
				e.Timeout, e.Silent = max(e.Timeout, returning), e.Silent || e.Answers
			}
			waiting, expected = append(waiting, s), append(expected, e)
		}
	}
	began := time.Now()
	for i, result := range confirm.Wait(ctx, t.changes, c.Home.Snapshot, expected...) {
		s := waiting[i]
		switch {
		case result.Met && s.again:
			s.finish(Confirmed, result.Evidence+", at the second try", began.Add(result.Took))
		case result.Met:
			s.finish(Confirmed, result.Evidence, began.Add(result.Took))
		case result.Jammed:
			s.fail(Jammed, result.Evidence)
		case result.Silent && s.doubt != "":
			s.fail(s.doubt, "the connection was lost before it was accepted, and nothing that it reports could confirm it")
		case result.Silent:
			s.finish(Sent, result.Evidence, began)
		default:
			s.seen = result.Evidence
			c.proveList(ctx, t, s) // which may have taken its time
		}
	}
}

// unproved is why nothing showed that the step was done. When whoever asked has gone, nobody waited for it.
func (s *Step) unproved(ctx context.Context) Reason {
	if errors.Is(ctx.Err(), context.Canceled) {
		return cmp.Or(s.doubt, Interrupted)
	}
	return cmp.Or(s.doubt, Unconfirmed)
}

// resend repeats the calls that nothing has confirmed, and tells whether there were any.
func (c *Conversation) resend(ctx context.Context, t *Turn) bool {
	for i := range t.Steps {
		s := &t.Steps[i]
		if s.Outcome == "" && !s.Call.Idempotent() {
			s.fail(s.unproved(ctx), "nothing showed that it happened ("+s.seen+"), and twice could be too often")
		}
	}
	if ctx.Err() != nil || t.unfinished() == 0 {
		return false
	}
	c.each(t, func(s *Step) {
		s.again = true
		c.send(ctx, t, s)
	})
	return t.unfinished() > 0
}
