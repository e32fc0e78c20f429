package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// A component is one long-running part of the daemon.
type component struct {
	name string
	// essential components end the process when they fail, so that systemd starts it anew. The others
	// are started again here, and the daemon goes on without them in the meantime.
	essential bool
	// inner components serve the others, and stop after them: a turn under way still needs its home.
	inner bool
	// run blocks until ctx ends or the component fails, and waits for its own goroutines. It calls up
	// once it does its work.
	run func(ctx context.Context, up func()) error
}

// State is how a component is.
type State string

// States of a component, as /readyz shows them.
const (
	Starting State = "starting"
	OK       State = "ok"
	Degraded State = "degraded" // it has failed and will be started again
	Failed   State = "failed"   // it has failed and ends the process
	Stopped  State = "stopped"
)

// Health is a component's state and, unless all is well, the reason for it.
type Health struct {
	State     State  `json:"state"`
	Detail    string `json:"detail,omitempty"`
	Essential bool   `json:"essential,omitempty"`
}

// Backoff between starts of a component that fails.
const (
	firstBackoff = time.Second
	lastBackoff  = time.Minute
)

// A supervisor runs components. It alone starts them again, so that no component needs to.
type supervisor struct {
	log     *slog.Logger
	up      *prometheus.GaugeVec // by component
	changed func()               // called after each change of a component's health, without locks held

	mu     sync.Mutex
	health map[string]Health
	due    map[string]time.Time // when what has failed is to be started again
}

func newSupervisor(log *slog.Logger, up *prometheus.GaugeVec, changed func()) *supervisor {
	return &supervisor{log: log, up: up, changed: changed, health: map[string]Health{}, due: map[string]time.Time{}}
}

// Health is the state of every component at this moment.
func (s *supervisor) Health() map[string]Health {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.health)
}

// Run runs the components until ctx ends or an essential one fails, and returns when all have stopped.
// The error is the essential component's.
func (s *supervisor) Run(ctx context.Context, components ...component) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	innerCtx, cancelInner := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancelInner(nil)
	for _, c := range components {
		s.set(c, Starting, "")
	}
	var inner, outer sync.WaitGroup
	var once sync.Once
	var failure error
	for _, c := range components {
		ctx, group := ctx, &outer
		if c.inner {
			ctx, group = innerCtx, &inner
		}
		group.Go(func() {
			err := s.keep(ctx, c)
			if err != nil {
				once.Do(func() { failure = fmt.Errorf("%s: %w", c.name, err) })
				cancel(err)
			}
		})
	}
	<-ctx.Done()
	outer.Wait()
	cancelInner(context.Cause(ctx))
	inner.Wait()
	return failure
}

// keep runs one component, again and again. It returns an error only when an essential one has failed.
func (s *supervisor) keep(ctx context.Context, c component) error {
	backoff := firstBackoff
	for {
		err := s.once(ctx, c, func() {
			backoff = firstBackoff
			s.set(c, OK, "")
		})
		if ctx.Err() != nil {
			s.set(c, Stopped, "")
			return nil
		}
		if err == nil {
			err = fmt.Errorf("stopped by itself")
		}
		if c.essential {
			s.set(c, Failed, err.Error())
			return err
		}
		s.set(c, Degraded, err.Error())
		if !s.pause(ctx, c, backoff/2+rand.N(backoff)) {
			s.set(c, Stopped, "")
			return nil
		}
		backoff = min(backoff*2, lastBackoff)
	}
}

// pause waits until a component is to be started again, and tells whether ctx let it.
func (s *supervisor) pause(ctx context.Context, c component, d time.Duration) bool {
	s.mu.Lock()
	s.due[c.name] = time.Now().Add(d)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.due, c.name)
		s.mu.Unlock()
	}()
	return sleep(ctx, d)
}

// overdue is a component that should have been started again long ago, "" when there is none.
func (s *supervisor) overdue() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, due := range s.due {
		if time.Since(due) > stuckAfter {
			return name
		}
	}
	return ""
}

// once runs a component once. A panic is that component's failure, not the daemon's.
func (s *supervisor) once(ctx context.Context, c component, up func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("component panicked", "component", c.name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return c.run(ctx, up)
}

// set notes a component's health and logs it when it is news.
func (s *supervisor) set(c component, state State, detail string) {
	now := Health{State: state, Detail: detail, Essential: c.essential}
	s.mu.Lock()
	before := s.health[c.name]
	s.health[c.name] = now
	s.mu.Unlock()
	works := 0.0
	if state == OK {
		works = 1
	}
	s.up.WithLabelValues(c.name).Set(works)
	if before == now {
		return
	}
	switch state {
	case Failed:
		s.log.Error("component failed", "component", c.name, "error", detail)
	case Degraded:
		s.log.Warn("component degraded, going on without it", "component", c.name, "error", detail)
	case OK:
		s.log.Info("component works", "component", c.name)
	}
	s.changed()
}

// sleep waits for d and tells whether ctx let it.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
