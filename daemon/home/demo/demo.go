// Package demo is a simulated home. It answers the calls that Home Assistant answers, takes its time
// as devices do, and reports what they report: a lock that turns, a blind that travels, a light that
// cannot be reached, one that needs telling twice, and one that never says whether it obeyed. It needs
// no network, so a new owner can talk to it at once, and it is deterministic, so tests can.
//
// Behaviour follows from an entity's domain and attributes: New simulates the house in house.go unless
// it is given another one.
package demo

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"hearth/daemon/home"
)

// A Home is a simulated home. Its methods may be called by many at once. Calls have their effects
// while Run runs.
type Home struct {
	pace     float64
	longWays bool
	still    bool             // nothing drifts
	now      func() time.Time // the calendar's and the forecast's
	services map[string]service
	queries  map[string]query
	contents map[home.EntityID][]home.Call // of scenes and scripts
	snapshot atomic.Pointer[home.Snapshot] // written under mu
	wake     chan struct{}                 // one pending wake-up is enough: Run looks at the whole agenda

	mu         sync.Mutex
	agenda     agenda
	flaky      map[home.EntityID]bool    // true when the device has just missed a command
	brightness map[home.EntityID]int     // of lights that are off: they come back as they were
	volume     map[home.EntityID]float64 // of players that are muted and report it as none
	items      map[home.EntityID][]item
	events     map[home.EntityID][]Event
	past       map[home.EntityID][]home.Moment
	watchers   map[chan home.Change]bool
	drifts     int // how often the sensors have moved
	drifted    time.Time
}

// An Option changes how New builds a home.
type Option func(*Home)

// WithPace multiplies every delay of the home: 1 is lifelike, 0 is at once.
func WithPace(factor float64) Option {
	return func(h *Home) { h.pace = max(0, factor) }
}

// WithSnapshot simulates the given home in place of the built-in one. It has no flaky devices, and its
// scenes and scripts change nothing but themselves.
func WithSnapshot(s *home.Snapshot) Option {
	return func(h *Home) {
		h.snapshot.Store(s)
		h.contents, h.items, h.events, h.past = nil, map[home.EntityID][]item{}, nil, map[home.EntityID][]home.Moment{}
		for _, e := range s.Entities {
			h.past[e.ID] = []home.Moment{{State: e.State, At: e.Changed}}
		}
		h.flaky = map[home.EntityID]bool{}
	}
}

// WithFlaky makes devices miss a command and obey when they are told again.
func WithFlaky(ids ...home.EntityID) Option {
	return func(h *Home) {
		for _, id := range ids {
			h.flaky[id] = false
		}
	}
}

// WithStillSensors keeps sensors from drifting and rooms from warming up, so that what has changed was changed.
func WithStillSensors() Option {
	return func(h *Home) { h.still = true }
}

// WithLongWays keeps vacuums and mowers on their way home for good, so that they can be looked at there.
func WithLongWays() Option {
	return func(h *Home) { h.longWays = true }
}

// WithClock changes the clock of the calendars and of the forecast.
func WithClock(now func() time.Time) Option {
	return func(h *Home) { h.now = now }
}

// WithDimmed says how bright lights that are off come back, 0 to 255.
func WithDimmed(levels map[home.EntityID]int) Option {
	return func(h *Home) { maps.Copy(h.brightness, levels) }
}

// New builds a home at rest.
func New(options ...Option) *Home {
	h := &Home{
		pace:       1,
		now:        time.Now,
		services:   allServices(),
		queries:    allQueries(),
		contents:   contents(),
		wake:       make(chan struct{}, 1),
		flaky:      map[home.EntityID]bool{"light.attic_light": false},
		brightness: map[home.EntityID]int{},
		volume:     map[home.EntityID]float64{},
		items:      startingItems(),
		watchers:   map[chan home.Change]bool{},
	}
	now := time.Now()
	h.snapshot.Store(home.NewSnapshot(entities(now), areas(), floors()))
	h.past = remember(h.Snapshot().Entities, now)
	for _, option := range options {
		option(h)
	}
	return h
}

// Rest waits until all that is due by now has happened, or ctx ends.
func (h *Home) Rest(ctx context.Context) error {
	for h.due() {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Millisecond):
		}
	}
	return nil
}

func (h *Home) due() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.agenda) > 0 && !h.agenda[0].at.After(time.Now())
}

// Snapshot is the home as its devices last reported it.
func (h *Home) Snapshot() *home.Snapshot { return h.snapshot.Load() }

// Call accepts one service call, as Home Assistant's call_service does. Its effects follow later. The
// error wraps home.ErrUnknownEntity, home.ErrUnavailable or home.ErrNotSupported, or is a *DataError.
func (h *Home) Call(ctx context.Context, call home.Call) (map[string]any, error) {
	response, err := h.call(ctx, call)
	if err != nil {
		return nil, fmt.Errorf("call %s on %s: %w", call.Name(), call.Entity, err)
	}
	return response, nil
}

func (h *Home) call(ctx context.Context, call home.Call) (map[string]any, error) {
	if err := h.accept(ctx); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if answer, ok := h.queries[call.Name()]; ok {
		return h.answer(answer, call)
	}
	effects, err := h.effects(call)
	if err != nil {
		return nil, err
	}
	h.plan(effects)
	return nil, nil
}

// accept takes the time that a hub needs to hand a call to its device.
func (h *Home) accept(ctx context.Context) error {
	const hub = 20 * time.Millisecond
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(h.scaled(hub)):
		return nil
	}
}

// answer runs a service that changes nothing and answers with data.
func (h *Home) answer(answer query, call home.Call) (map[string]any, error) {
	e, err := h.reachable(call)
	if err != nil {
		return nil, err
	}
	d := newData(call)
	response := answer(h, e, d)
	if err := d.err(); err != nil {
		return nil, err
	}
	return map[string]any{string(e.ID): response}, nil
}

// effects is what a call will do, and when. A flaky device that misses it does nothing.
func (h *Home) effects(call home.Call) ([]effect, error) {
	e, err := h.reachable(call)
	if err != nil {
		return nil, err
	}
	serve, ok := h.services[e.Domain()+"."+call.Service]
	if !ok || (call.Domain != e.Domain() && call.Domain != "homeassistant") {
		return nil, home.ErrNotSupported
	}
	d := newData(call)
	effects := serve(h, e, d)
	if err := d.err(); err != nil {
		return nil, err
	}
	if h.misses(e.ID) {
		return nil, nil
	}
	return effects, nil
}

// reachable finds the entity of a call.
func (h *Home) reachable(call home.Call) (home.Entity, error) {
	e, ok := h.Snapshot().Entity(call.Entity)
	switch {
	case !ok:
		return e, home.ErrUnknownEntity
	case !e.Available():
		return e, home.ErrUnavailable
	}
	return e, nil
}

// misses tells whether a flaky device sleeps through this command. The next one finds it awake.
func (h *Home) misses(id home.EntityID) bool {
	missed, flaky := h.flaky[id]
	if flaky {
		h.flaky[id] = !missed
	}
	return flaky && !missed
}

// Watch reports every change from now on until stop is called, which closes the channel. A watcher
// that leaves 64 changes unread loses those that follow.
func (h *Home) Watch() (changes <-chan home.Change, stop func()) {
	c := make(chan home.Change, 64) // about the whole house changing at once
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers[c] = true
	return c, sync.OnceFunc(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers, c)
		close(c)
	})
}

// Set is a hand in the house: someone flips a switch, a window opens, a device loses power. The
// entity takes the given state and attributes at once.
func (h *Home) Set(id home.EntityID, state string, attributes map[string]any) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.Snapshot().Entity(id); !ok {
		return fmt.Errorf("set %s: %w", id, home.ErrUnknownEntity)
	}
	h.apply(id, func(e *home.Entity) {
		e.State = state
		maps.Copy(e.Attributes, attributes)
	})
	return nil
}

// apply changes one entity, and tells the watchers if that made a difference. The snapshot comes first:
// whoever hears of a change finds it there.
func (h *Home) apply(id home.EntityID, change func(*home.Entity)) {
	before, ok := h.Snapshot().Entity(id)
	if !ok {
		return
	}
	after := before
	after.Attributes = maps.Collect(maps.All(before.Attributes)) // never nil, unlike a clone
	change(&after)
	if after.State == before.State && reflect.DeepEqual(after.Attributes, before.Attributes) {
		return
	}
	after.Changed = time.Now()
	if after.State != before.State {
		h.note(after)
	}
	h.snapshot.Store(h.Snapshot().With(after))
	for c := range h.watchers {
		select {
		case c <- home.Change{Before: before, After: after}:
		default: // it reads too slowly, and must look at the snapshot
		}
	}
}

// latency is how long a device takes to report what it did: 40 to 199 ms, always the same for one device.
func latency(id home.EntityID) time.Duration {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(id)) // a hash never fails
	return time.Duration(40+hash.Sum32()%160) * time.Millisecond
}

func (h *Home) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) * h.pace)
}

// ErrData is wrapped by every DataError.
var ErrData = errors.New("the service does not accept this")
