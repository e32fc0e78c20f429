// Package homeassistant is a home that Home Assistant runs, reached through its WebSocket API with a long-lived
// access token. It keeps a picture of all entities, areas and floors that follows every change, makes service
// calls, and tells which of them were accepted; whether they had an effect is for others to watch.
//
// The API is as Home Assistant 2025.2 to 2026.11 speak it (developers.home-assistant.io/docs/api/websocket).
// Only what is exposed to Assist has its Exposed set; nothing here decides who may do what.
package homeassistant

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"hearth/daemon/home"
)

const (
	loadTimeout = 30 * time.Second
	// Home Assistant is asked for a sign of life so often, and given so long for it: within a quarter of a
	// minute a connection that is only half open is noticed.
	pingEvery = 10 * time.Second
	pingWait  = 5 * time.Second
	// Registries change in bursts: they are read again once they have been quiet for the first time, and after
	// the second at the latest.
	settle     = 300 * time.Millisecond
	settleMost = 3 * time.Second
	// exposureEvery is how often the list of exposed entities is compared: no event tells of all its changes.
	exposureEvery = 30 * time.Second
	// refusedPause is how long a refused token is not tried again, since Home Assistant may ban who insists.
	refusedPause = 10 * time.Minute
)

// Options are where a Home Assistant is and how to reach it. All fields but Kept must be set.
type Options struct {
	Address Address
	// Token reads the long-lived access token. It is called before each connection.
	Token   func() (string, error)
	Kept    Kept // nil keeps nothing
	Log     *slog.Logger
	Metrics *Metrics
}

// Kept is where the last picture of the home outlives a restart, so that sentences are understood before Home
// Assistant answers.
type Kept interface {
	Get(key string) (Picture, bool)
	Put(key string, p Picture) error
}

// A Home is a home of Home Assistant's. Its methods may be called by many at once; calls are made while Run runs.
type Home struct {
	*store
	options Options
	log     *slog.Logger
	metrics *Metrics
	conn    atomic.Pointer[Conn] // nil while there is none

	answering sync.Map // names of services that must be asked for their answer
	refused   refusal
}

// A refusal is a token that Home Assistant did not accept.
type refusal struct {
	token string
	until time.Time
}

// New makes a home of which nothing is known but what was kept, without states.
func New(o Options) *Home {
	h := &Home{store: newStore(), options: o, log: o.Log.With("component", "home"), metrics: o.Metrics}
	if o.Kept != nil {
		if p, ok := o.Kept.Get(pictureKey); ok {
			h.replace(p.snapshot())
		}
	}
	return h
}

// Snapshot is the home as it was last seen; who asks for it has what came since read soon.
func (h *Home) Snapshot() *home.Snapshot {
	if conn := h.conn.Load(); conn != nil {
		conn.wake()
	}
	return h.store.Snapshot()
}

// Run connects, follows the home until ctx or the connection ends, and returns why. It calls up once the home is
// known. A token that was refused is not tried again before it changes or some minutes have passed.
func (h *Home) Run(ctx context.Context, up func()) error {
	token, err := h.nextToken(ctx)
	if err != nil {
		return err
	}
	conn, err := Dial(ctx, h.options.Address, token)
	if errors.Is(err, ErrRefused) {
		h.refused = refusal{token, time.Now().Add(refusedPause)}
	}
	if err != nil {
		return err
	}
	h.metrics.connections.Inc()
	h.log.Info("connected to Home Assistant", "version", conn.Version)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return conn.Serve(ctx) })
	g.Go(func() error { return h.follow(ctx, conn, up) })
	g.Go(func() error { return keepAlive(ctx, conn) })
	err = g.Wait()
	h.conn.Store(nil)
	h.lose()
	return err
}

// nextToken reads the token, and waits while it is one that was refused.
func (h *Home) nextToken(ctx context.Context) (string, error) {
	for {
		token, err := h.options.Token()
		if err != nil || token != h.refused.token || time.Now().After(h.refused.until) {
			return token, err
		}
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-time.After(5 * time.Second):
		}
	}
}

func keepAlive(ctx context.Context, conn *Conn) error {
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pingEvery):
		}
		wait, cancel := context.WithTimeout(ctx, pingWait)
		err := conn.Ping(wait)
		cancel()
		if err != nil {
			return fmt.Errorf("Home Assistant gives no sign of life: %w", err)
		}
	}
}

// follow loads the home, and again whenever something in it has another name, place or exposure.
func (h *Home) follow(ctx context.Context, conn *Conn, up func()) error {
	changed := make(chan struct{}, 1) // one is enough: all is read again
	for _, registry := range []string{"entity", "device", "area", "floor"} {
		event := Command{"type": "subscribe_events", "event_type": registry + "_registry_updated"}
		if _, err := conn.Subscribe(ctx, event, func(json.RawMessage) { signal(changed) }); err != nil {
			return fmt.Errorf("follow the %s registry: %w", registry, err)
		}
	}
	f := &follower{home: h, conn: conn, subscription: -1, changed: changed}
	for {
		if err := f.load(ctx); err != nil {
			return fmt.Errorf("load the home: %w", err)
		}
		h.conn.Store(conn)
		up()
		if err := f.wait(ctx, changed); err != nil {
			return err
		}
	}
}

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// A follower keeps one connection's view of the home.
type follower struct {
	home         *Home
	conn         *Conn
	subscription int             // to the states of what is exposed and of the sun, -1 before there is one
	exposed      json.RawMessage // as last read
	changed      chan<- struct{} // the home is to be read again
}

// load reads everything, and subscribes to the states of what is exposed and of the sun. The subscription begins with them, so
// that nothing is missed in between.
func (f *follower) load(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	began := time.Now()
	registries, err := load(ctx, f.conn)
	if err != nil {
		return err
	}
	f.exposed = registries.exposure
	snapshot := registries.snapshot()
	renamed := snapshot.Registry() != f.home.Snapshot().Registry()
	f.home.replace(snapshot)
	if err := f.subscribe(ctx, snapshot); err != nil {
		return err
	}
	f.home.log.Info("home loaded", "entities", len(snapshot.Entities), "exposed", len(registries.exposed),
		"areas", len(snapshot.Areas), "opaque", opaque(snapshot), "ms", time.Since(began).Milliseconds())
	if renamed {
		f.home.keep(snapshot)
	}
	return nil
}

// opaque counts the exposed scripts and automations of which nobody can tell what they do.
func opaque(s *home.Snapshot) (n int) {
	for _, e := range s.Entities {
		if e.Exposed && runnable(e.ID) && e.Runs == nil {
			n++
		}
	}
	return n
}

func (f *follower) subscribe(ctx context.Context, snapshot *home.Snapshot) error {
	ids := []home.EntityID{}
	for _, e := range snapshot.Entities {
		if e.Exposed || e.ID == home.Sun {
			ids = append(ids, e.ID)
		}
	}
	before := f.subscription
	var err error
	f.subscription, err = f.conn.Subscribe(ctx, Command{"type": "subscribe_entities", "entity_ids": ids}, f.hear)
	if err != nil {
		return fmt.Errorf("follow the states: %w", err)
	}
	if before >= 0 {
		return f.conn.Unsubscribe(ctx, before)
	}
	return nil
}

// hear takes over what has changed. What cannot be read leaves the home as it was, until it is loaded again.
func (f *follower) hear(text json.RawMessage) {
	event, err := parseStateEvent(text)
	if err != nil {
		f.home.metrics.unreadable.Inc()
		f.home.log.Warn("a change of state cannot be read", "error", err)
		return
	}
	f.home.metrics.changes.Add(float64(f.home.apply(event)))
	if f.home.takeRewritten() {
		signal(f.changed)
	}
}

// wait returns when the home is to be loaded again.
func (f *follower) wait(ctx context.Context, changed <-chan struct{}) error {
	check := time.NewTicker(exposureEvery)
	defer check.Stop()
	var starting <-chan time.Time // nil once Home Assistant has started all its parts
	if !running(ctx, f.conn) {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		starting = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-starting:
			if running(ctx, f.conn) {
				return nil
			}
		case <-changed:
			return quiet(ctx, changed)
		case <-check.C:
			list, err := exposure(ctx, f.conn)
			if err != nil {
				return err
			}
			if !bytes.Equal(list, f.exposed) {
				return nil
			}
		}
	}
}

// quiet waits until a burst of changes is over.
func quiet(ctx context.Context, changed <-chan struct{}) error {
	most := time.After(settleMost)
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-changed:
		case <-most:
			return nil
		case <-time.After(settle):
			return nil
		}
	}
}

// running tells whether Home Assistant has started all its parts.
func running(ctx context.Context, c *Conn) bool {
	var config struct {
		State string `json:"state"`
	}
	err := c.Ask(ctx, Command{"type": "get_config"}, &config)
	return err == nil && config.State == "RUNNING"
}
