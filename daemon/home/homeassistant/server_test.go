package homeassistant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"hearth/daemon/home"
)

const goodToken = "good"

// A server speaks as much of Home Assistant's API as a home needs, through pipes in memory, so that time in tests
// may be made up. Its fields are set before it serves; faults are made by handle.
type server struct {
	t testing.TB
	// answers are the results of commands by type; one that is a func is called.
	answers map[string]any
	// handle, if set, sees each command first and tells whether it has dealt with it.
	handle func(c *client, command map[string]any) bool

	conns  chan net.Conn
	closed chan struct{}

	mu      sync.Mutex // guards the answers too
	clients []*client
	calls   []map[string]any // of call_service, in the order in which they came
}

// A client is one connection that the server has.
type client struct {
	s      *server
	socket *websocket.Conn

	mu     sync.Mutex
	lastID int
	events map[string][]int // subscriptions by what they are to
}

func newServer(t testing.TB) *server {
	s := &server{t: t, conns: make(chan net.Conn), closed: make(chan struct{}), answers: map[string]any{
		"get_config":                         map[string]any{"state": "RUNNING"},
		"get_states":                         []any{},
		"config/entity_registry/list":        []any{},
		"config/device_registry/list":        []any{},
		"config/area_registry/list":          []any{},
		"config/floor_registry/list":         []any{},
		"homeassistant/expose_entity/list":   map[string]any{"exposed_entities": map[string]any{}},
		"config/entity_registry/get_entries": map[string]any{},
		"call_service":                       map[string]any{"context": map[string]any{"id": "01"}},
		"subscribe_events":                   nil,
		"unsubscribe_events":                 nil,
		"supported_features":                 nil,
	}}
	h := &http.Server{Handler: http.HandlerFunc(s.accept)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = h.Serve(s) // it ends with the listener
	}()
	t.Cleanup(func() {
		_ = s.Close()
		_ = h.Close()
		<-done
	})
	return s
}

// Accept, Close and Addr make it a listener, dial its other side.
func (s *server) Accept() (net.Conn, error) {
	select {
	case c := <-s.conns:
		return c, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
	return nil
}

func (s *server) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (s *server) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case s.conns <- far:
		return near, nil
	case <-s.closed:
		return nil, errors.New("connection refused")
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// address is where the server is.
func (s *server) address() Address {
	return Address{URL: "http://home.invalid", http: &http.Client{Transport: &http.Transport{DialContext: s.dial, DisableKeepAlives: true}}}
}

func (s *server) accept(w http.ResponseWriter, r *http.Request) {
	socket, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer socket.CloseNow()
	c := &client{s: s, socket: socket, events: map[string][]int{}}
	s.mu.Lock()
	s.clients = append(s.clients, c)
	s.mu.Unlock()
	c.send(map[string]any{"type": "auth_required", "ha_version": "2026.2.3"})
	if c.read()["access_token"] != goodToken {
		c.send(map[string]any{"type": "auth_invalid", "message": "Invalid access token or password"})
		return
	}
	c.send(map[string]any{"type": "auth_ok", "ha_version": "2026.2.3"})
	for command := c.read(); command != nil; command = c.read() {
		c.serve(command)
	}
}

func (c *client) read() map[string]any {
	_, text, err := c.socket.Read(context.Background())
	if err != nil {
		return nil
	}
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		c.s.t.Errorf("the client sent %q: %v", text, err)
	}
	return m
}

func (c *client) send(m any) {
	text, err := json.Marshal(m)
	if err != nil {
		c.s.t.Error(err)
	}
	c.sendText(string(text))
}

func (c *client) sendText(text string) {
	_ = c.socket.Write(context.Background(), websocket.MessageText, []byte(text)) // a client that has gone does not hear it
}

func (c *client) serve(command map[string]any) {
	id, kind := int(command["id"].(float64)), command["type"].(string)
	c.mu.Lock()
	if id <= c.lastID {
		c.s.t.Errorf("ID %d came after %d", id, c.lastID)
	}
	c.lastID = id
	switch kind {
	case "subscribe_entities":
		c.events[kind] = []int{id} // the last one counts
	case "subscribe_events":
		c.events[command["event_type"].(string)] = append(c.events[command["event_type"].(string)], id)
	}
	c.mu.Unlock()
	if kind == "call_service" {
		c.s.mu.Lock()
		c.s.calls = append(c.s.calls, command)
		c.s.mu.Unlock()
	}
	if c.s.handle != nil && c.s.handle(c, command) {
		return
	}
	c.answer(id, kind, command)
}

func (c *client) answer(id int, kind string, command map[string]any) {
	c.s.mu.Lock()
	answer, known := c.s.answers[kind]
	c.s.mu.Unlock()
	if kind == "subscribe_entities" {
		c.send([]any{result(id, nil), event(id, map[string]any{"a": c.s.added(command["entity_ids"].([]any))})})
		return
	}
	if !known {
		c.send(failure(id, "unknown_command", "Unknown command.", ""))
		return
	}
	c.send(result(id, answer))
}

// emit sends an event to whoever subscribed to it.
func (s *server) emit(to string, e any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.clients {
		c.mu.Lock()
		ids := c.events[to]
		c.mu.Unlock()
		for _, id := range ids {
			c.send(event(id, e))
		}
	}
}

// change tells of one entity's new state.
func (s *server) change(id home.EntityID, state string, attributes map[string]any) {
	s.emit("subscribe_entities", map[string]any{"c": map[home.EntityID]any{id: map[string]any{
		"+": map[string]any{"s": state, "lc": 1795312683.5, "a": attributes},
	}}})
}

// called are the services that were called.
func (s *server) called() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, c := range s.calls {
		names = append(names, fmt.Sprint(c["domain"], ".", c["service"]))
	}
	return names
}

func (s *server) added(ids []any) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	added := map[string]any{}
	for _, state := range s.answers["get_states"].([]any) {
		state := state.(map[string]any)
		for _, id := range ids {
			if state["entity_id"] == id {
				added[id.(string)] = map[string]any{"s": state["state"], "a": state["attributes"], "lc": 1795312680.0}
			}
		}
	}
	return added
}

// answer sets the result of a kind of command.
func (s *server) answer(kind string, with any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[kind] = with
}

// furnish gives the server entities that are all exposed, with a name each.
func (s *server) furnish(names map[string]string) {
	var states, entries []any
	exposed, extended := map[string]any{}, map[string]any{}
	for id, name := range names {
		states = append(states, map[string]any{
			"entity_id": id, "state": "off", "attributes": map[string]any{"friendly_name": name}, "last_updated": "2026-11-22T01:58:00+00:00",
		})
		entries = append(entries, map[string]any{"entity_id": id, "area_id": nil, "device_id": nil})
		exposed[id] = map[string]any{"conversation": true}
		extended[id] = map[string]any{"aliases": []any{}}
	}
	s.answer("get_states", states)
	s.answer("config/entity_registry/list", entries)
	s.answer("homeassistant/expose_entity/list", map[string]any{"exposed_entities": exposed})
	s.answer("config/entity_registry/get_entries", extended)
}

func result(id int, r any) map[string]any {
	return map[string]any{"id": id, "type": "result", "success": true, "result": r}
}

func failure(id int, code, text, key string) map[string]any {
	return map[string]any{"id": id, "type": "result", "success": false, "error": map[string]any{"code": code, "message": text, "translation_key": key}}
}

func event(id int, e any) map[string]any {
	return map[string]any{"id": id, "type": "event", "event": e}
}
