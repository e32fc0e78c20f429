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
	"time"

	"github.com/coder/websocket"
)

const (
	dialTimeout = 10 * time.Second
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
