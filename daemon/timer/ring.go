package timer

import (
	"context"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// awaits tells whether something waits for a change of this entity. What it brings about stays so, though the state is
// another one by the time that the bell is free.
func (s *Service) awaits(change home.Change) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	awaited := false
	for _, e := range s.timers {
		if e.Kind == command.Condition && e.Entity == change.After.ID {
			awaited = true
			e.came = e.came || change.After.Exposed && command.InState(change.After, e.State)
		}
	}
	return awaited
}

// waitsForHome tells whether there is a condition.
func (s *Service) waitsForHome() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.timers {
		if e.Kind == command.Condition {
			return s.home != nil
		}
	}
	return false
}

// ringDue rings every timer that is due, the earliest first, one after the other: a room has one loudspeaker.
// Commands are carried out beside it.
func (s *Service) ringDue(ctx context.Context) {
	for _, e := range s.due() {
		if ctx.Err() != nil {
			return
		}
		ring, audible, ok := s.begin(ctx, e)
		switch {
		case !ok: // changed while the others rang
		case ring.Timer.Command != "" && !ring.Missed && !ring.Expired:
			s.acting.Go(func() { s.carryOut(ctx, e, ring) })
		default:
			s.ringOne(ctx, audible, e, ring)
		}
	}
}

// begin is the ring of an entry that is still due. Its context ends when somebody stops it.
func (s *Service) begin(ctx context.Context, e *entry) (ring Ring, audible context.Context, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	steady, wall := time.Now(), s.now()
	left, met := e.left(steady, wall), s.met(e)
	if s.timers[e.ID] != e || e.Paused() || left > 0 && !met {
		return ring, nil, false
	}
	ring.Timer = e.Timer
	switch {
	case met:
	case e.Kind == command.Condition:
		ring.Expired = true
	case -left > onTime:
		ring.Late = -left
		ring.Missed = ring.Late > missedAfter && (e.Kind == command.Alarm || e.Command != "")
	}
	audible, e.silence = context.WithCancel(ctx)
	e.busy = true
	return ring, audible, true
}

// ringOne rings once. While it is heard it rings again after a pause, until it is stopped or its time is up.
// One that nobody can hear, or that is only told of, is over. When only ending it fails, it rings again after
// the next start: rather twice than never.
func (s *Service) ringOne(ctx, audible context.Context, e *entry, ring Ring) {
	heard, err := false, error(nil)
	if s.ringer != nil {
		heard, err = s.ringer.Ring(audible, ring)
	}
	stopped := audible.Err() != nil && ctx.Err() == nil
	s.mu.Lock()
	defer s.mu.Unlock()
	e.silence()
	e.busy, e.silence = false, nil
	if s.timers[e.ID] != e || stopped || e.Timer != ring.Timer {
		return // it was stopped, or given more time, which whoever did it has seen to
	}
	if err != nil {
		s.log.Error("timer not announced", "timer", e.ID, "error", err)
		e.retry = time.Now().Add(recheck)
		return
	}
	if e.until.IsZero() {
		s.metrics.rang(ring)
	}
	if heard && !ring.Missed && !ring.Expired && s.ringOn(e) {
		return
	}
	s.end(ctx, e)
}

// ringOn makes the entry ring once more after a pause, unless it has rung long enough.
func (s *Service) ringOn(e *entry) bool {
	now := time.Now()
	if e.until.IsZero() {
		e.until = now.Add(ringFor)
		s.changed()
	}
	e.retry = now.Add(ringPause)
	return e.retry.Before(e.until)
}

// carryOut does what the entry's command says.
func (s *Service) carryOut(ctx context.Context, e *entry, ring Ring) {
	var err error
	if s.ringer != nil {
		err = s.ringer.CarryOut(ctx, ring)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e.silence()
	e.busy, e.silence = false, nil
	switch {
	case s.timers[e.ID] != e || e.Timer != ring.Timer:
	case err != nil && ctx.Err() != nil: // the next start tries again
	case err != nil:
		s.log.Error("command not carried out", "timer", e.ID, "error", err)
		e.retry = time.Now().Add(recheck)
	default:
		s.metrics.rang(ring)
		s.end(ctx, e)
	}
	s.changed()
}

// end forgets an entry that has rung, or sets it to its next day. That is stored even when ctx has ended: it
// rang. It is called with the lock held.
func (s *Service) end(ctx context.Context, e *entry) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteWithin)
	defer cancel()
	var err error
	e.until, e.retry = time.Time{}, time.Time{}
	if e.Days == 0 {
		delete(s.timers, e.ID)
		err = s.store.DeleteTimer(ctx, e.ID)
	} else {
		e.Timer = e.next(s.now())
		err = s.store.SaveTimer(ctx, e.Timer)
	}
	if err != nil {
		s.log.Error("timer rang but is stored as if it had not", "timer", e.ID, "error", err)
	}
	s.changed()
}
