package conversation

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"hearth/daemon/home"
)

// timerDomain is the one domain that is not the home's: Hearth runs timers itself.
const timerDomain = "timer"

// sendAtOnce is how many calls are under way at the same time.
const sendAtOnce = 8

// act sends every step that passed the gate, side by side. It listens for changes before it sends, so
// that none is missed, and leaves it to confirm to say what came of them.
func (c *Conversation) act(ctx context.Context, t *Turn) error {
	if t.Asks != "" {
		return nil
	}
	if t.fetch != nil {
		if err := c.complete(ctx, t); err != nil {
			return err
		}
	}
	if t.Trigger != nil {
		c.begin(ctx, t)
	}
	if t.unfinished() == 0 {
		return nil
	}
	t.changes, t.stop = c.Home.Watch()
	c.each(t, func(s *Step) { c.send(ctx, t, s) })
	return nil
}

// complete makes the calls that only ask, and puts what they answer into the reply and into the steps:
// a forecast, the list's own name of an item.
func (c *Conversation) complete(ctx context.Context, t *Turn) error {
	response := map[string]any{}
	for _, call := range t.fetch.Calls {
		answer, err := c.Home.Call(ctx, call)
		if err != nil {
			c.logFailed(t, call, err)
			return &regretError{StepFailed, c.excuse(t, reasonOf(err), c.nameOf(t, call))}
		}
		maps.Copy(response, answer)
	}
	t.fetch.Apply(&t.data, response)
	var err error
	for i := range t.Steps {
		s := &t.Steps[i]
		if s.Outcome != "" {
			continue
		}
		if s.Call, err = t.fetch.Fill(s.Call, response); err != nil {
			s.fail(reasonOf(err), err.Error())
			continue
		}
		s.Data = s.Call.Data
	}
	return nil
}

// each runs f for every step without an outcome, a few at once, and returns when all are done. What is done with
// one entity is done in the order of the plan.
func (c *Conversation) each(t *Turn, f func(*Step)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, sendAtOnce)
	for _, steps := range t.openByEntity() {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			for _, s := range steps {
				f(s)
			}
		})
	}
	wg.Wait()
}

// openByEntity are the steps that have no outcome yet, those of one entity together.
func (t *Turn) openByEntity() [][]*Step {
	var groups [][]*Step
	group := map[home.EntityID]int{}
	for i := range t.Steps {
		s := &t.Steps[i]
		if s.Outcome != "" {
			continue
		}
		at, known := group[s.Entity]
		if !known || s.Entity == "" {
			at = len(groups)
			group[s.Entity], groups = at, append(groups, nil)
		}
		groups[at] = append(groups[at], s)
	}
	return groups
}

// send makes the step's call. A call that the home accepted, or may have, has no outcome yet.
func (c *Conversation) send(ctx context.Context, t *Turn, s *Step) {
	c.lookAtList(ctx, t, s)
	if s.sent.IsZero() {
		s.sent = time.Now()
	}
	switch s.Call.Domain {
	case timerDomain:
		c.sendTimer(ctx, t, s)
		return
	case errandDomain:
		c.sendErrand(ctx, s)
		return
	}
	_, err := c.Home.Call(ctx, c.withCode(t, s.Call))
	if err == nil {
		c.proveList(ctx, t, s)
		return
	}
	c.logFailed(t, s.Call, err)
	switch { // the home's state will tell
	case errors.Is(err, home.ErrInterrupted), errors.Is(err, context.DeadlineExceeded):
		s.doubt = reasonOf(err)
	case ctx.Err() != nil: // whoever asked has gone, perhaps after it was sent
		s.doubt = Interrupted
	default:
		s.fail(reasonOf(err), err.Error())
	}
}

// logFailed logs why a call failed. What the home says of it may repeat what somebody said, such as an item of a list.
func (c *Conversation) logFailed(t *Turn, call home.Call, err error) {
	log := c.Log.With("turn", t.ID, "entity", call.Entity, "service", call.Name())
	log.Warn("call failed", "reason", reasonOf(err))
	log.Debug("call failed", "error", err)
}

func (c *Conversation) sendTimer(ctx context.Context, t *Turn, s *Step) {
	call := s.Call
	if call.Service == "start" { // it may have to say one day where it comes from
		call.Data = map[string]any{}
		maps.Copy(call.Data, s.Call.Data)
		call.Data["turn"], call.Data["channel"], call.Data["person"], call.Data["talk"] = t.ID, t.Channel, t.Person, t.way.talk
	}
	evidence, err := c.Timers.Call(ctx, call)
	if err != nil {
		s.fail(reasonOf(err), err.Error())
		return
	}
	s.finish(Confirmed, evidence, time.Now())
}

// finish gives the step its outcome, which was known at that time.
func (s *Step) finish(o Outcome, evidence string, at time.Time) {
	s.Outcome, s.Evidence = o, evidence
	if !s.sent.IsZero() {
		s.Millis = milliseconds(at.Sub(s.sent))
	}
}

// fail ends a step that was not done.
func (s *Step) fail(why Reason, evidence string) {
	s.reason = why
	s.finish(Failed, evidence, time.Now())
}

// unfinished counts the steps that have no outcome yet.
func (t *Turn) unfinished() int {
	n := 0
	for _, s := range t.Steps {
		if s.Outcome == "" {
			n++
		}
	}
	return n
}
