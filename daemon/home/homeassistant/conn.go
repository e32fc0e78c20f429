package homeassistant

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/coder/websocket"

	"hearth/daemon/home"
)

const (
	dialTimeout  = 10 * time.Second
	writeTimeout = 5 * time.Second
	// When no service was called for the first time, frames are read as often as the second.
	restAfter = 10 * time.Second
	restFor   = 100 * time.Millisecond
	// maxMessage bounds what is read at once: the registries of 10,000 entities are 8 MB.
	maxMessage = 64 << 20
)

// ErrRefused says that Home Assistant does not accept the token.
var ErrRefused = errors.New("Home Assistant refuses the token: it was revoked, or belongs to another installation; `hearthd pair` sets up a new one")

// An Address is where a Home Assistant is, and how to trust it.
type Address struct {
	URL    string // as in a browser: http://homeassistant.local:8123
	CAFile string // PEM certificates to trust beside the system's, "" for none

	http *http.Client // of tests
}

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

// Dial connects and signs in. The error wraps ErrRefused when the token is not accepted, and
// ErrNotHomeAssistant when something else answers.
func Dial(ctx context.Context, a Address, token string) (*Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	c, err := open(ctx, a)
	if err != nil {
		return nil, err
	}
	if err := c.signIn(ctx, token); err != nil {
		_ = c.socket.CloseNow() // it is of no more use
		return nil, fmt.Errorf("sign in to Home Assistant at %s: %w", a.URL, err)
	}
	return c, nil
}

// open connects, up to where Home Assistant asks for the token.
func open(ctx context.Context, a Address) (*Conn, error) {
	endpoint, err := endpoint(a.URL)
	if err != nil {
		return nil, err
	}
	client, err := a.client()
	if err != nil {
		return nil, err
	}
	socket, response, err := websocket.Dial(ctx, endpoint, &websocket.DialOptions{HTTPClient: client}) //nolint:bodyclose // it is the socket
	if err != nil {
		return nil, fmt.Errorf("connect to Home Assistant at %s: %w", a.URL, explain(response, err))
	}
	socket.SetReadLimit(maxMessage)
	c := &Conn{socket: socket, hurry: make(chan struct{}, 1), waiting: map[int]chan message{}, heard: map[int]func(json.RawMessage){}}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		c.ahead = time.Until(date)
	}
	if err := c.greet(ctx); err != nil {
		_ = socket.CloseNow()
		return nil, fmt.Errorf("connect to Home Assistant at %s: %w", a.URL, err)
	}
	return c, nil
}

// greet reads what Home Assistant begins with.
func (c *Conn) greet(ctx context.Context) error {
	hello, err := c.readOne(ctx)
	if err != nil {
		return err
	}
	if hello.Type != "auth_required" {
		return fmt.Errorf("%w (it began with %q)", ErrNotHomeAssistant, hello.Type)
	}
	c.Version = hello.Version
	return nil
}

// client is an HTTP client that trusts the address's own certificates too.
func (a Address) client() (*http.Client, error) {
	switch {
	case a.http != nil:
		return a.http, nil
	case a.CAFile == "":
		return http.DefaultClient, nil
	}
	pem, err := os.ReadFile(a.CAFile)
	if err != nil {
		return nil, fmt.Errorf("read the certificates of Home Assistant (home.ca_file): %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("home.ca_file %s holds no certificate; want one or more in PEM form", a.CAFile)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	return &http.Client{Transport: transport}, nil
}

func (c *Conn) signIn(ctx context.Context, token string) error {
	if err := c.write(ctx, map[string]any{"type": "auth", "access_token": token}); err != nil {
		return err
	}
	answer, err := c.readOne(ctx)
	switch {
	case err != nil:
		return err
	case answer.Type == "auth_invalid":
		return ErrRefused
	case answer.Type != "auth_ok":
		return fmt.Errorf("it answered the token with %q", answer.Type)
	}
	c.Version = answer.Version
	c.lastID = 1
	// The answer to this comes to nobody. From here on several messages may come in one frame.
	return c.write(ctx, map[string]any{"id": 1, "type": "supported_features", "features": map[string]int{"coalesce_messages": 1}})
}

func (c *Conn) readOne(ctx context.Context) (message, error) {
	_, frame, err := c.socket.Read(ctx)
	if err != nil {
		return message{}, err
	}
	messages, err := parseFrame(frame)
	if err != nil {
		return message{}, err
	}
	return messages[0], nil
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
