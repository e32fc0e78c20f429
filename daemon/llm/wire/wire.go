// Package wire is how providers reach their servers: connections that open soon or not at all, answers
// that end, and faults in the words of package chat, whatever a client library makes of them.
package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"hearth/daemon/llm/chat"
)

const (
	dialTime = 2 * time.Second // for a connection to open
	// maxBody is how much of an answer is read, in bytes: a stream has a few hundred for each token.
	maxBody = 1 << 20
)

// NewTransport makes connections, of which it keeps unused ones for a minute.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dialTime}).DialContext,
		TLSHandshakeTimeout: 2 * dialTime,
		IdleConnTimeout:     time.Minute,
		ForceAttemptHTTP2:   true,
	}
}

// errElsewhere is a server that sends its askers on.
var errElsewhere = errors.New("the server redirects, which is not followed: set the URL")

// A Call is the transport of one request, which remembers what went wrong on the wire: client libraries
// lose it. It sets no limit of time.
type Call struct {
	through http.RoundTripper
	fault   atomic.Pointer[error]
}

// NewCall makes a Call through connections.
func NewCall(through http.RoundTripper) *Call { return &Call{through: through} }

// Client is an http.Client for the request. It follows no redirection: keys and what people say go where
// the configuration says, or nowhere.
func (c *Call) Client() *http.Client {
	return &http.Client{Transport: c, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Err is the first thing that went wrong on the wire, nil when nothing did: the cause of the request's
// context, or chat.ErrAbsent, chat.ErrCut or chat.ErrEndless with what happened.
func (c *Call) Err() error {
	if fault := c.fault.Load(); fault != nil {
		return *fault
	}
	return nil
}

// RoundTrip is http.RoundTripper's.
func (c *Call) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.through.RoundTrip(r)
	if err != nil {
		return nil, c.note(r.Context(), chat.ErrAbsent, err)
	}
	if to := response.Header.Get("Location"); response.StatusCode/100 == 3 && to != "" {
		_ = response.Body.Close()
		return nil, c.note(r.Context(), errElsewhere, errors.New("to "+to))
	}
	response.Body = &body{ReadCloser: response.Body, call: c, ctx: r.Context(), left: maxBody}
	return response, nil
}

func (c *Call) note(ctx context.Context, kind, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	} else {
		err = fmt.Errorf("%w: %w", kind, err)
	}
	c.fault.CompareAndSwap(nil, &err)
	return err
}

// A body is an answer that is read up to a size.
type body struct {
	io.ReadCloser
	call *Call
	ctx  context.Context //nolint:containedctx // the request's, whose body it is
	left int
}

func (b *body) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, b.call.note(b.ctx, chat.ErrEndless, fmt.Errorf("more than %d bytes", maxBody))
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	if err != nil && !errors.Is(err, io.EOF) {
		err = b.call.note(b.ctx, chat.ErrCut, err)
	}
	return n, err
}
