package timer

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The conversation uses a Service through this port.
var _ conversation.Timers = (*Service)(nil)

// memory is a Store that outlives a Service, as a disk outlives the daemon.
type memory struct {
	mu     sync.Mutex
	timers map[string]Timer
	claims map[string]string // timer by key
	fails  error             // returned by every method while set
}

func newMemory() *memory { return &memory{timers: map[string]Timer{}, claims: map[string]string{}} }

func (m *memory) Claim(_ context.Context, id, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, claimed := m.claims[key]; claimed {
		return conversation.ErrClaimed
	}
	m.claims[key] = id
	return m.fails
}

func (m *memory) SaveTimer(_ context.Context, t Timer) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails == nil {
		m.timers[t.ID] = t
	}
	return m.fails
}

func (m *memory) DeleteTimer(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails == nil {
		delete(m.timers, id)
		maps.DeleteFunc(m.claims, func(_, timer string) bool { return timer == id })
	}
	return m.fails
}

func (m *memory) Timers(context.Context) ([]Timer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Values(m.timers)), m.fails
}

// get is a timer as it is stored.
func (m *memory) get(id string) Timer {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.timers[id]
}

// running is a Service that runs, and the rings it gave with the moment of each.
type running struct {
	*Service
	t    *testing.T
	stop func()

	ears  sync.Mutex
	fails error // returned by the announcement while set
	loud  bool  // there is something to hear a ring by
	rings []Ring
	at    []time.Time
}

// Ring is a ring that takes no time.
func (r *running) Ring(_ context.Context, ring Ring) (heard bool, err error) {
	r.ears.Lock()
	defer r.ears.Unlock()
	r.rings, r.at = append(r.rings, ring), append(r.at, time.Now())
	return r.loud, r.fails
}

// CarryOut is a command that takes no time.
func (r *running) CarryOut(ctx context.Context, ring Ring) error {
	_, err := r.Ring(ctx, ring)
	return err
}

// ringing is a Ringer made of a function.
type ringing func(ctx context.Context, ring Ring) error

func (f ringing) Ring(ctx context.Context, ring Ring) (heard bool, err error) {
	return false, f(ctx, ring)
}
func (f ringing) CarryOut(ctx context.Context, ring Ring) error { return f(ctx, ring) }

// failing makes announcements fail from now on, or succeed again.
func (r *running) failing(err error) {
	r.ears.Lock()
	defer r.ears.Unlock()
	r.fails = err
}

// heard are the rings so far.
func (r *running) heard() []Ring {
	r.ears.Lock()
	defer r.ears.Unlock()
	return slices.Clone(r.rings)
}

// run starts a Service over the store inside a synctest bubble. It runs until stop, or the test's end.
func run(t *testing.T, store Store) *running { return runWith(t, store, Options{}) }

// runWith is run with a Service that has a wall clock or a home of its own, or rings aloud.
func runWith(t *testing.T, store Store, o Options) *running {
	r := &running{t: t}
	ctx, cancel := context.WithCancel(t.Context())
	o.Ringer = r
	r.Service = New(store, o)
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	r.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v after its context ended, want nil", err)
		}
	})
	t.Cleanup(r.stop)
	synctest.Wait()
	return r
}

// call makes a call that must succeed.
func (r *running) call(service string, id string, data map[string]any) string {
	r.t.Helper()
	c := home.Call{Domain: "timer", Service: service, Data: data}
	if id != "" {
		c.Entity = command.TimerEntity(id)
	}
	evidence, err := r.Call(r.t.Context(), c)
	if err != nil {
		r.t.Fatalf("%s %v: %v", c.Name(), data, err)
	}
	return evidence
}

// start sets a timer and gives its ID.
func (r *running) start(name, room string, length time.Duration) string {
	r.t.Helper()
	before := r.Running()
	r.call("start", "", map[string]any{"seconds": int(length.Seconds()), "name": name, "room": room})
	for _, now := range r.Running() {
		if !slices.ContainsFunc(before, func(b conversation.Timer) bool { return b.ID == now.ID }) {
			return now.ID
		}
	}
	r.t.Fatalf("timer %q does not run after its start", name)
	return ""
}

// pass lets time pass and everything settle.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (r *running) rang() []string {
	var names []string
	for _, ring := range r.heard() {
		names = append(names, ring.Timer.Name)
	}
	return names
}

func TestTimersRingInTheirOrderAndOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemory()
		r := run(t, store)
		begin := time.Now()
		r.start("rice", "kitchen", 20*time.Minute)
		r.start("egg", "kitchen", 5*time.Minute)
		r.start("tea", "office", 5*time.Minute+time.Second)
		pass(time.Hour)

		if got, want := r.rang(), []string{"egg", "tea", "rice"}; !slices.Equal(got, want) {
			t.Fatalf("rang %v, want %v", got, want)
		}
		for i, after := range []time.Duration{5 * time.Minute, 5*time.Minute + time.Second, 20 * time.Minute} {
			if got := r.at[i].Sub(begin); got != after {
				t.Errorf("%s rang after %s, want %s", r.heard()[i].Timer.Name, got, after)
			}
			if r.heard()[i].Late != 0 {
				t.Errorf("%s rang %s late", r.heard()[i].Timer.Name, r.heard()[i].Late)
			}
		}
		if len(store.timers) != 0 || len(r.Running()) != 0 {
			t.Errorf("after ringing: stored %v, running %v", store.timers, r.Running())
		}
	})
}

func TestTimersSurviveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemory()
		first := run(t, store)
		first.start("egg", "kitchen", 5*time.Minute)
		first.start("roast", "kitchen", 2*time.Hour)
		paused := first.start("nap", "bedroom", 30*time.Minute)
		pass(time.Minute)
		first.call("pause", paused, nil)
		first.stop()
		pass(time.Hour)

		second := run(t, store)
		if got := second.rang(); !slices.Equal(got, []string{"egg"}) {
			t.Fatalf("rang at start: %v, want the egg alone", got)
		}
		if late := second.heard()[0].Late; late != 56*time.Minute {
			t.Errorf("the egg is %s late, want 56m", late)
		}
		if got := len(first.heard()); got != 0 {
			t.Errorf("the stopped service rang %d times", got)
		}
		second.call("unpause", paused, nil)
		pass(29*time.Minute - time.Second)
		if got := second.rang(); len(got) != 1 {
			t.Fatalf("the nap rang too early: %v", got)
		}
		pass(2 * time.Hour)
		if got := second.rang(); !slices.Equal(got, []string{"egg", "nap", "roast"}) {
			t.Errorf("rang %v", got)
		}
	})
}

func TestLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemory()
		for name, ago := range map[string]time.Duration{"a moment": time.Second, "a while": 3 * time.Second} {
			store.timers[name] = Timer{ID: name, Kind: command.Countdown, Name: name, Length: time.Minute, Due: time.Now().Add(-ago)}
		}
		r := run(t, store)
		if got := r.rang(); !slices.Equal(got, []string{"a while", "a moment"}) {
			t.Fatalf("rang %v", got)
		}
		if r.heard()[0].Late != 3*time.Second || r.heard()[1].Late != 0 {
			t.Errorf("late by %s and %s, want 3s and not at all", r.heard()[0].Late, r.heard()[1].Late)
		}
	})
}

// A timer that is cancelled while another one rings does not ring.
func TestATimerCancelledWhileAnotherRings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s *Service
		var rang []string
		store := newMemory()
		for _, name := range []string{"a", "b"} {
			store.timers[name] = Timer{ID: name, Kind: command.Countdown, Name: name, Length: time.Minute, Due: time.Now().Add(time.Minute)}
		}
		s = New(store, Options{Ringer: ringing(func(ctx context.Context, ring Ring) error {
			rang = append(rang, ring.Timer.Name)
			other := map[string]string{"a": "b", "b": "a"}[ring.Timer.Name]
			_, err := s.Call(ctx, home.Call{Domain: "timer", Service: "cancel", Entity: command.TimerEntity(other)})
			return err
		})})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _ = s.Run(ctx) }()
		pass(2 * time.Minute)
		if len(rang) != 1 {
			t.Errorf("rang %v, want only one of them", rang)
		}
		cancel()
		synctest.Wait()
	})
}

// What rang is forgotten even when Hearth stops while it rings.
func TestStoppingWhileATimerRings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &strict{newMemory()}
		ctx, cancel := context.WithCancel(t.Context())
		s := New(store, Options{Ringer: ringing(func(context.Context, Ring) error {
			cancel()
			return nil
		})})
		store.timers["egg"] = Timer{ID: "egg", Kind: command.Countdown, Length: time.Minute, Due: time.Now()}
		if err := s.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if len(store.timers) != 0 {
			t.Errorf("still stored: %v", store.timers)
		}
	})
}

// strict is a memory that refuses what a database refuses: a context that has ended.
type strict struct{ *memory }

func (s *strict) DeleteTimer(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.memory.DeleteTimer(ctx, id)
}

func TestATimerThatCouldNotBeAnnouncedRingsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemory()
		r := run(t, store)
		r.failing(errors.New("no loudspeaker"))
		r.start("egg", "", time.Minute)
		pass(time.Minute)
		if len(r.heard()) != 1 || len(store.timers) != 1 {
			t.Fatalf("%d rings and %d stored after a failed ring, want 1 and 1", len(r.heard()), len(store.timers))
		}
		r.failing(nil)
		pass(time.Minute)
		if len(r.heard()) != 2 || len(store.timers) != 0 {
			t.Errorf("%d rings and %d stored a minute later, want 2 and 0", len(r.heard()), len(store.timers))
		}
	})
}

func TestATimerGivenMoreTimeWhileItRingsStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s *Service
		rings := 0
		s = New(newMemory(), Options{Ringer: ringing(func(ctx context.Context, ring Ring) error {
			if rings++; rings > 1 {
				return nil
			}
			_, err := s.Call(ctx, home.Call{
				Domain: "timer", Service: "increase", Entity: command.TimerEntity(ring.Timer.ID), Data: map[string]any{"seconds": 60},
			})
			return err
		})})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _ = s.Run(ctx) }()
		if _, err := s.Call(ctx, home.Call{Domain: "timer", Service: "start", Data: map[string]any{"seconds": 10}}); err != nil {
			t.Fatal(err)
		}
		pass(11 * time.Second)
		if rings != 1 || len(s.Running()) != 1 {
			t.Errorf("%d rings, %d running, want 1 and 1", rings, len(s.Running()))
		}
		pass(time.Minute)
		if rings != 2 || len(s.Running()) != 0 {
			t.Errorf("a minute later %d rings, %d running, want 2 and 0", rings, len(s.Running()))
		}
		cancel()
		synctest.Wait()
	})
}

func TestRunFailsWhenTheStoreCannotBeRead(t *testing.T) {
	store := newMemory()
	store.fails = errors.New("disk I/O error")
	s := New(store, Options{})
	if err := s.Run(t.Context()); !errors.Is(err, store.fails) {
		t.Errorf("Run = %v, want the store's error", err)
	}
	if _, err := s.Call(t.Context(), home.Call{Service: "start", Data: map[string]any{"seconds": 5}}); !errors.Is(err, store.fails) {
		t.Errorf("Call = %v, want the store's error", err)
	}
}

func TestNothingIsAcknowledgedThatIsNotStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemory()
		r := run(t, store)
		id := r.start("egg", "", 10*time.Minute)
		store.fails = errors.New("disk full")
		for _, c := range []home.Call{
			{Service: "start", Data: map[string]any{"seconds": 60}},
			{Service: "cancel", Entity: command.TimerEntity(id)},
			{Service: "pause", Entity: command.TimerEntity(id)},
			{Service: "increase", Entity: command.TimerEntity(id), Data: map[string]any{"seconds": 60}},
		} {
			if evidence, err := r.Call(t.Context(), c); !errors.Is(err, store.fails) {
				t.Errorf("%s with a full disk = %q, %v", c.Service, evidence, err)
			}
		}
		if got := r.Running(); len(got) != 1 || got[0].Left != 10*time.Minute || got[0].Paused {
			t.Errorf("running %+v, want the egg as it was", got)
		}
	})
}

func TestMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemory()
		store.timers["old"] = Timer{ID: "old", Kind: command.Countdown, Length: time.Minute, Due: time.Now().Add(-time.Hour)}
		registry := prometheus.NewRegistry()
		s := New(store, Options{Metrics: registry})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _ = s.Run(ctx) }()
		if _, err := s.Call(ctx, home.Call{Service: "start", Data: map[string]any{"seconds": 60}}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		want := `
# HELP hearth_timer_rings_total Timers that rang, by whether they were on time or came due while Hearth was off.
# TYPE hearth_timer_rings_total counter
hearth_timer_rings_total{late="false"} 0
hearth_timer_rings_total{late="true"} 1
# HELP hearth_timer_set_timers Timers, alarms, reminders and what else waits, paused ones included.
# TYPE hearth_timer_set_timers gauge
hearth_timer_set_timers 1
`
		if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
			t.Error(err)
		}
		if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
			t.Errorf("lint: %v %v", problems, err)
		}
		cancel()
		synctest.Wait()
	})
}
