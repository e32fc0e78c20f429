package homeassistant

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"

	"hearth/daemon/home"
)

const (
	writeTimeout = 5 * time.Second
	// When no service was called for the first time, frames are read as often as the second.
	restAfter = 10 * time.Second
	restFor   = 200 * time.Millisecond
)

// A Conn is one authenticated connection to the WebSocket API. Its methods may be called by many at once;
// commands are answered while Serve runs.
type Conn struct {
	Version string // of Home Assistant: "2026.2.3"

	socket *websocket.Conn
	ahead  time.Duration // by which Home Assistant's clock is ahead of this machine's, to the second

	writing sync.Mutex // held while an ID is given and sent, so that IDs rise on the wire
	lastID  int

	mu      sync.Mutex
	waiting map[int]chan message          // by ID of the command; each has room for its one answer
	heard   map[int]func(json.RawMessage) // by ID of the subscription
	ended   error                         // why the connection is over, nil while it is not
	called  time.Time                     // when a service was last called
	hurry   chan struct{}                 // ends a rest
}

// Serve reads until ctx or the connection ends, and hands out what comes. It returns why it ended.
func (c *Conn) Serve(ctx context.Context) error {
	err := c.serve(ctx)
	c.mu.Lock()
	c.ended = err
	for id, answer := range c.waiting {
		delete(c.waiting, id)
		close(answer)
	}
	c.mu.Unlock()
	_ = c.socket.CloseNow() // whoever still writes learns it from there
	return err
}

func (c *Conn) serve(ctx context.Context) error {
	for {
		_, frame, err := c.socket.Read(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return fmt.Errorf("connection to Home Assistant lost: %w", err)
		}
		messages, err := parseFrame(frame)
		if err != nil {
			return fmt.Errorf("Home Assistant sent what cannot be read: %w", err)
		}
		for _, m := range messages {
			c.deliver(m)
		}
		c.rest(ctx)
	}
}

// rest lets frames gather while nobody waits for any: to be woken costs more than to read a frame, and a busy home
// sends hundreds a second. A command ends it, and after the call of a service there is none for a while: what it did
// is looked for.
func (c *Conn) rest(ctx context.Context) {
	c.mu.Lock()
	awake := len(c.waiting) > 0 || time.Since(c.called) < restAfter
	c.mu.Unlock()
	if awake {
		return
	}
	select {
	case <-ctx.Done():
	case <-c.hurry:
	case <-time.After(restFor):
	}
}

// deliver hands a message to whoever waits for it. One that nobody waits for, as after a timeout, is dropped.
func (c *Conn) deliver(m message) {
	c.mu.Lock()
	answer := c.waiting[m.ID]
	hear := c.heard[m.ID]
	if m.Type != "event" {
		delete(c.waiting, m.ID)
	}
	c.mu.Unlock()
	switch {
	case m.Type == "event" && hear != nil:
		hear(m.Event)
	case m.Type != "event" && answer != nil:
		answer <- m
	}
}

// wake ends a rest.
func (c *Conn) wake() { signal(c.hurry) }

// Ask sends a command and decodes what it answers with into result, unless that is nil. The error is a
// *CommandError when Home Assistant refuses, wraps home.ErrDisconnected when the command was not sent, and
// home.ErrInterrupted when the connection ended before the answer.
func (c *Conn) Ask(ctx context.Context, command Command, result any) error {
	_, err := c.ask(ctx, command, nil, result)
	return err
}

// Subscribe sends a command that answers with events, and has hear called with each of them, one after the
// other, until the connection or the subscription ends. Hear must not wait for answers.
func (c *Conn) Subscribe(ctx context.Context, command Command, hear func(event json.RawMessage)) (subscription int, err error) {
	return c.ask(ctx, command, hear, nil)
}

// Unsubscribe ends a subscription.
func (c *Conn) Unsubscribe(ctx context.Context, subscription int) error {
	c.mu.Lock()
	delete(c.heard, subscription)
	c.mu.Unlock()
	return c.Ask(ctx, Command{"type": "unsubscribe_events", "subscription": subscription}, nil)
}

// A Command is a message of the API without its ID: {"type": "get_config"}.
type Command map[string]any

func (c *Conn) ask(ctx context.Context, command Command, hear func(json.RawMessage), result any) (int, error) {
	id, answer, err := c.send(command, hear)
	if err != nil {
		return 0, fmt.Errorf("send %v to Home Assistant: %w", command["type"], err)
	}
	select {
	case m, ok := <-answer:
		if !ok {
			return 0, home.ErrInterrupted
		}
		return id, m.decode(result)
	case <-ctx.Done():
		c.mu.Lock()
		delete(c.waiting, id)
		delete(c.heard, id)
		c.mu.Unlock()
		return 0, context.Cause(ctx)
	}
}

// send gives the command its ID and writes it. What is written in part ends the connection, and with it the
// command: Home Assistant reads whole messages only.
func (c *Conn) send(command Command, hear func(json.RawMessage)) (id int, answer chan message, err error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.lastID++
	id, answer = c.lastID, make(chan message, 1)
	numbered := Command{"id": id}
	for key, value := range command {
		numbered[key] = value
	}
	c.mu.Lock()
	if c.ended != nil {
		c.mu.Unlock()
		return 0, nil, home.ErrDisconnected
	}
	c.waiting[id] = answer
	if command["type"] == "call_service" {
		c.called = time.Now()
	}
	if hear != nil {
		c.heard[id] = hear
	}
	c.mu.Unlock()
	c.wake()
	if err := c.write(context.Background(), numbered); err != nil {
		_ = c.socket.CloseNow()
		return 0, nil, fmt.Errorf("%w: %w", home.ErrDisconnected, err)
	}
	return id, answer, nil
}

// write does not end with the caller's context: that would end the connection for everybody.
func (c *Conn) write(ctx context.Context, command any) error {
	text, err := json.Marshal(command)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	return c.socket.Write(ctx, websocket.MessageText, text)
}

// Ping returns when Home Assistant has answered, which a half-open connection never does.
func (c *Conn) Ping(ctx context.Context) error { return c.socket.Ping(ctx) }

// Close ends the connection. Serve does it too.
func (c *Conn) Close() error { return c.socket.Close(websocket.StatusNormalClosure, "") }
