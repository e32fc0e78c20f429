package timer

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
)

// Two clocks count: the wall clock, which people set, and a steady one, which is time.Now's own. A timer that
// was set in this process is due by the steady one. One that was set in an earlier process is due by the wall
// clock, which a hub without a battery sets right only after its start; so is an alarm, always.

// left is how long the entry has to wait, less than 0 when it is late.
func (e *entry) left(steady, wall time.Time) time.Duration {
	switch {
	case e.Paused():
		return e.Left
	case !e.ends.IsZero():
		return e.ends.Sub(steady)
	}
	return e.Due.Sub(wall)
}

// count makes a timer of the given length due by both clocks.
func (e *entry) count(left time.Duration, wall time.Time) {
	e.Due, e.ends, e.Left = wall.Add(left), time.Now().Add(left), 0
}

// keepTime notices that the wall clock was set, and stores anew when the timers are due that go by the other one.
func (s *Service) keepTime(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	steady, wall := time.Now(), s.now()
	offset := s.offsetAt(steady, wall)
	if moved := offset - s.offset; moved.Abs() > onTime {
		s.log.Info("the clock was set", "by", moved.Round(time.Second))
		for _, e := range s.timers {
			s.follow(ctx, e, steady, wall)
		}
	}
	s.offset = offset
}

// offsetAt is how far the wall clock is from where it was when the timers were read, plus what it was ahead then.
func (s *Service) offsetAt(steady, wall time.Time) time.Duration {
	return wall.Sub(s.steady.Round(0).Add(steady.Sub(s.steady)))
}

// follow moves the time at which a running timer is due with the wall clock.
func (s *Service) follow(ctx context.Context, e *entry, steady, wall time.Time) {
	if e.ends.IsZero() || e.Paused() || e.busy || !e.until.IsZero() {
		return
	}
	moved := e.Timer
	moved.Due = wall.Add(e.ends.Sub(steady))
	if err := s.store.SaveTimer(ctx, moved); err != nil {
		s.log.Error("timer not moved with the clock", "timer", e.ID, "error", err)
		return
	}
	e.Timer = moved
}

// due are the entries that are to ring now, the earliest first.
func (s *Service) due() []*entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	steady, wall := time.Now(), s.now()
	var due []*entry
	for _, e := range s.timers {
		if !e.Paused() && !e.busy && !e.retry.After(steady) && (e.left(steady, wall) <= 0 || s.met(e)) {
			due = append(due, e)
		}
	}
	slices.SortFunc(due, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.left(steady, wall), b.left(steady, wall)), cmp.Compare(a.ID, b.ID))
	})
	return due
}

// untilNext is how long Run may sleep.
func (s *Service) untilNext() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	steady, wall := time.Now(), s.now()
	next := recheck
	for _, e := range s.timers {
		if !e.Paused() && !e.busy {
			next = min(next, e.wait(steady, wall))
		}
	}
	return max(next, 0)
}

// wait is how long it takes until the entry may ring. One that rings already does so again whatever it waited for.
func (e *entry) wait(steady, wall time.Time) time.Duration {
	if !e.until.IsZero() {
		return e.retry.Sub(steady)
	}
	return max(e.left(steady, wall), e.retry.Sub(steady))
}

// Running are the timers that have not rung yet, those that ring now first, then the next one, and those that
// stand still last.
func (s *Service) Running() []conversation.Timer {
	s.mu.Lock()
	defer s.mu.Unlock()
	steady, wall := time.Now(), s.now()
	entries := slices.SortedFunc(maps.Values(s.timers), func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.left(steady, wall), b.left(steady, wall)), cmp.Compare(a.ID, b.ID))
	})
	running := make([]conversation.Timer, len(entries))
	for i, e := range entries {
		running[i] = e.seen(steady, wall)
	}
	return running
}

// rank puts what rings before what waits, and that before what stands still.
func (e *entry) rank() int {
	switch {
	case !e.until.IsZero():
		return 0
	case e.Paused():
		return 2
	}
	return 1
}

// seen is the entry as a conversation sees it.
func (e *entry) seen(steady, wall time.Time) conversation.Timer {
	t := e.Seen()
	t.Left, t.Ringing = max(0, e.left(steady, wall)), !e.until.IsZero()
	return t
}

// met tells whether the entry is due whatever its time is: it rings already, or the state is there that it waits for, or was.
// It is called with the lock held.
func (s *Service) met(e *entry) bool {
	switch {
	case !e.until.IsZero(), e.came:
		return true
	case e.Kind != command.Condition || s.home == nil:
		return false
	}
	now, ok := s.home.Snapshot().Entity(e.Entity)
	return ok && now.Exposed && command.InState(now, e.State)
}
