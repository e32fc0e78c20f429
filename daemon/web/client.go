package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"

	"hearth/daemon/conversation"
)

// ErrNotRunning is returned when nobody answers on the control socket.
var ErrNotRunning = errors.New("no hearthd is running: start one with hearthd run, or use --standalone")

// A Client talks to a running daemon over its control socket. It may be used by several goroutines.
// Its methods return a *RequestError when the daemon refuses.
type Client struct {
	socket string
	http   *http.Client
}

// NewClient opens nothing.
func NewClient(socket string) *Client {
	var dialer net.Dialer
	return &Client{socket: socket, http: &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", socket)
		},
		MaxIdleConnsPerHost: 64, // one for each worker of hearthd bench
	}}}
}

// HTTP is what the client connects with: to the daemon, whatever the host of a URL.
func (c *Client) HTTP() *http.Client { return c.http }

// Close ends idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Say has the daemon run a turn for a typed sentence.
func (c *Client) Say(ctx context.Context, asked SayRequest) (*conversation.Turn, error) {
	body, err := json.Marshal(asked)
	if err != nil {
		return nil, err
	}
	return c.turn(ctx, "/v1/turns", "application/json", bytes.NewReader(body))
}

// SayWAV has the daemon run a turn for a recorded sentence; room is an area ID or "".
func (c *Client) SayWAV(ctx context.Context, wav io.Reader, room string) (*conversation.Turn, error) {
	return c.turn(ctx, "/v1/turns?"+url.Values{"room": {room}}.Encode(), "audio/wav", wav)
}

func (c *Client) turn(ctx context.Context, path, kind string, body io.Reader) (*conversation.Turn, error) {
	var turn conversation.Turn
	if err := c.do(ctx, http.MethodPost, path, kind, body, &turn); err != nil {
		return nil, err
	}
	return &turn, nil
}

// Follow is Say that tells of the turn while it is under way: of what was heard, and of each piece of the reply.
func (c *Client) Follow(ctx context.Context, asked SayRequest, told func(conversation.News)) (*conversation.Turn, error) {
	body, err := json.Marshal(asked)
	if err != nil {
		return nil, err
	}
	return c.follow(ctx, "/v1/turns", "application/json", bytes.NewReader(body), told)
}

// FollowWAV is SayWAV that tells of the turn as Follow does.
func (c *Client) FollowWAV(ctx context.Context, wav io.Reader, room string, told func(conversation.News)) (*conversation.Turn, error) {
	return c.follow(ctx, "/v1/turns?"+url.Values{"room": {room}}.Encode(), "audio/wav", wav, told)
}

func (c *Client) follow(ctx context.Context, path, kind string, body io.Reader, told func(conversation.News)) (turn *conversation.Turn, err error) {
	header := http.Header{"Content-Type": {kind}, "Accept": {eventStream}}
	err = c.send(ctx, http.MethodPost, path, header, body, func(r *http.Response) (err error) {
		turn, err = follow(r, told)
		return err
	})
	return turn, err
}

// Recent are the last turns, newest first.
func (c *Client) Recent(ctx context.Context, limit int) ([]*conversation.Turn, error) {
	var recent recentBody
	err := c.do(ctx, http.MethodGet, "/v1/turns?limit="+strconv.Itoa(limit), "", nil, &recent)
	return recent.Turns, err
}

// Audit are the last entries of the audit, newest first.
func (c *Client) Audit(ctx context.Context, limit int) ([]conversation.AuditEntry, error) {
	var body auditBody
	err := c.do(ctx, http.MethodGet, "/v1/audit?limit="+strconv.Itoa(limit), "", nil, &body)
	return body.Audit, err
}

// Turn is the one with an ID. That there is none is a *RequestError.
func (c *Client) Turn(ctx context.Context, id string) (*conversation.Turn, error) {
	var turn conversation.Turn
	if err := c.do(ctx, http.MethodGet, "/v1/turns/"+url.PathEscape(id), "", nil, &turn); err != nil {
		return nil, err
	}
	return &turn, nil
}

// Ready is the daemon's readiness. That it is not ready is no error.
func (c *Client) Ready(ctx context.Context) (Readiness, error) {
	var ready Readiness
	err := c.do(ctx, http.MethodGet, "/readyz", "", nil, &ready)
	return ready, err
}

// Metrics copies the daemon's metrics, in the Prometheus text format.
func (c *Client) Metrics(ctx context.Context, w io.Writer) error {
	return c.send(ctx, http.MethodGet, "/metrics", http.Header{}, nil, func(r *http.Response) error {
		_, err := io.Copy(w, r.Body)
		return err
	})
}

func (c *Client) do(ctx context.Context, method, path, kind string, body io.Reader, answer any) error {
	header := http.Header{}
	if kind != "" {
		header.Set("Content-Type", kind)
	}
	return c.send(ctx, method, path, header, body, func(r *http.Response) error { return read(r, answer) })
}

func (c *Client) send(ctx context.Context, method, path string, header http.Header, body io.Reader, take func(*http.Response) error) error {
	request, err := http.NewRequestWithContext(ctx, method, "http://hearth"+path, body)
	if err != nil {
		return err
	}
	request.Header = header
	response, err := c.http.Do(request)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("ask the daemon on %s: %w", c.socket, ErrNotRunning)
	}
	if err != nil {
		return fmt.Errorf("ask the daemon on %s: %w", c.socket, err)
	}
	defer response.Body.Close()
	if err := take(response); err != nil {
		return fmt.Errorf("the daemon's answer to %s %s: %w", method, path, err)
	}
	return nil
}

// read decodes an answer, or the RequestError that came in its stead.
func read(response *http.Response, answer any) error {
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	var refused errorBody
	if json.Unmarshal(raw, &refused) == nil && refused.Error != nil {
		refused.Error.Status = response.StatusCode
		return refused.Error
	}
	if err := json.Unmarshal(raw, answer); err != nil {
		return fmt.Errorf("%s: %w", response.Status, err)
	}
	return nil
}
