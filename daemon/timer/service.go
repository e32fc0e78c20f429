package timer

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
)

const (
	// recheck is how often due timers are looked for even when none is expected, since the wall clock
	// may have been set.
	recheck = time.Minute
	// onTime is how late a ring may be without being called late.
	onTime = 2 * time.Second
	// deleteWithin is how long a stopping Service waits for its store.
	deleteWithin = 2 * time.Second
	// most is how many timers there may be at once.
	most = 100
)

// Options are what a Service needs besides its store.
type Options struct {
	// Ring announces a timer that is due. It returns soon, as other timers wait for it. When it fails
	// the timer stays and rings again after a minute.
	Ring    func(ctx context.Context, ring Ring) error
	Log     *slog.Logger          // nil for none
	Metrics prometheus.Registerer // nil for none
}

// A Service holds the timers and rings those that are due. Its methods are safe for concurrent use.
type Service struct {
	store   Store
	ring    func(ctx context.Context, ring Ring) error
	log     *slog.Logger
	metrics *metrics
	wake    chan struct{} // one signal is enough: Run looks at all timers

	mu     sync.Mutex
	loaded bool
	timers map[string]Timer
	retry  map[string]time.Time // when a timer whose ring failed rings again
}

// New makes a Service. It starts nothing and reads nothing.
func New(store Store, opts Options) *Service {
	s := &Service{
		store:  store,
		ring:   opts.Ring,
		log:    opts.Log,
		wake:   make(chan struct{}, 1),
		timers: map[string]Timer{},
		retry:  map[string]time.Time{},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.ring == nil {
		s.ring = func(context.Context, Ring) error { return nil }
	}
	s.metrics = newMetrics(opts.Metrics, s)
	return s
}

// Run rings timers when they are due, first those that came due while Hearth was off, until ctx ends.
// It fails only when the stored timers cannot be read.
func (s *Service) Run(ctx context.Context) error {
	if err := s.load(ctx); err != nil {
		return err
	}
	clock := time.NewTimer(0)
	defer clock.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		case <-clock.C:
		}
		s.ringDue(ctx)
		clock.Reset(s.untilNext(time.Now()))
	}
}

// load reads the stored timers, once.
func (s *Service) load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loaded {
		return nil
	}
	stored, err := s.store.Timers(ctx)
	if err != nil {
		return fmt.Errorf("read stored timers: %w", err)
	}
	for _, t := range stored {
		s.timers[t.ID] = t
	}
	s.loaded = true
	return nil
}

// ringDue rings every timer that is due, the earliest first.
func (s *Service) ringDue(ctx context.Context) {
	for _, t := range s.due(time.Now()) {
		if ctx.Err() != nil {
			return
		}
		if s.unchanged(t) { // while the others rang
			s.ringOne(ctx, t)
		}
	}
}

// due are the timers that are to ring at now, the earliest first.
func (s *Service) due(now time.Time) []Timer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var due []Timer
	for _, t := range s.timers {
		if !t.Paused() && !t.Due.After(now) && !s.retry[t.ID].After(now) {
			due = append(due, t)
		}
	}
	slices.SortFunc(due, func(a, b Timer) int { return a.Due.Compare(b.Due) })
	return due
}

// unchanged tells whether the timer is still set as it was.
func (s *Service) unchanged(t Timer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.timers[t.ID] == t
}

// ringOne announces the timer and then forgets it. When only forgetting fails, it rings again after
// the next start: rather twice than never.
func (s *Service) ringOne(ctx context.Context, t Timer) {
	ring := Ring{Timer: t}
	if late := time.Since(t.Due); late > onTime {
		ring.Late = late
	}
	if err := s.ring(ctx, ring); err != nil {
		s.log.Error("timer not announced", "timer", t.ID, "error", err)
		s.later(t)
		return
	}
	s.metrics.rang(ring)
	if err := s.forget(ctx, t); err != nil {
		s.log.Error("timer rang but is still stored", "timer", t.ID, "error", err)
	}
}

// later puts off a timer whose ring failed.
func (s *Service) later(t Timer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.retry[t.ID] = time.Now().Round(0).Add(recheck)
}

// forget removes a timer that rang, unless it was given more time while it rang. What is stored goes
// even when ctx has ended: it rang.
func (s *Service) forget(ctx context.Context, t Timer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timers[t.ID] != t {
		return nil
	}
	delete(s.timers, t.ID)
	delete(s.retry, t.ID)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteWithin)
	defer cancel()
	return s.store.DeleteTimer(ctx, t.ID)
}

// untilNext is how long Run may sleep.
func (s *Service) untilNext(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := recheck
	for _, t := range s.timers {
		at := t.Due
		if retry := s.retry[t.ID]; retry.After(at) {
			at = retry
		}
		if !t.Paused() {
			next = min(next, at.Sub(now))
		}
	}
	return max(next, 0)
}

// Running are the timers that have not rung yet, the next one first and paused ones last.
func (s *Service) Running() []conversation.Timer {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	running := make([]conversation.Timer, 0, len(s.timers))
	for _, t := range s.timers {
		running = append(running, t.seenAt(now))
	}
	slices.SortFunc(running, func(a, b conversation.Timer) int {
		if a.Paused != b.Paused {
			if a.Paused {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.Left, b.Left)
	})
	return running
}
