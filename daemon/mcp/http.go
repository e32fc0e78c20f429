package mcp

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
)

// A carefulTransport sends the token, which goes to one server as long as its client follows nobody elsewhere, and takes
// no answer that is larger than a message may be. Streams of events are bounded event by event, and by the time of a call.
// Only here is the whole address known, whose path or query may be as secret as a token: an error of the client above
// tells the one that it has.
type carefulTransport struct {
	next   http.RoundTripper
	server *url.URL
	token  string
}

func (c *carefulTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL = c.server
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); kind != "text/event-stream" {
		response.Body = &boundedBody{ReadCloser: response.Body, left: maxMessage}
	}
	return response, nil
}

// errTooLarge says that a server's message is larger than any answer need be.
var errTooLarge = errors.New("the message is too large")

// A boundedBody fails after so many bytes.
type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("%w: at most %d bytes", errTooLarge, maxMessage)
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
