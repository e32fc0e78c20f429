package llm

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"testing"

	"hearth/daemon/llm/chat"
)

// transportOf answers with a status and a body, whatever is asked.
func transportOf(status int, body []byte) transport {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Status: http.StatusText(status), Header: http.Header{"Content-Type": {"text/event-stream"}},
			Body: io.NopCloser(bytes.NewReader(body)), Request: r, ProtoMajor: 1, ProtoMinor: 1,
		}, nil
	}
}

// Whatever a server writes, a provider hands on no more than that, and an error is never of a kind that
// stands for something on the wire that did not happen.
func FuzzProviders(f *testing.F) {
	f.Add(200, []byte(`{"message":{"content":"{}"},"done":true,"done_reason":"stop"}`))
	f.Add(200, []byte("data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"))
	f.Add(200, []byte("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"x\"}}\n\n"+
		"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"))
	f.Add(429, []byte(`{"error":{"message":"slow down","type":"rate_limit_error","code":429}}`))
	f.Add(500, []byte(`{"type":"error","error":{"type":"overloaded_error","message":7}}`))
	f.Add(302, []byte("<html>"))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			return
		}
		for kind, make := range providers {
			p, err := make(transportOf(status, body))
			if err != nil {
				t.Fatal(err)
			}
			written := 0
			_, err = p.Complete(t.Context(), contractRequest(), func(piece string) { written += len(piece) })
			if written > 4*len(body) { // an escape may be shorter than what it stands for
				t.Errorf("%s: %d bytes of %d", kind, written, len(body))
			}
			if errors.Is(err, chat.ErrAbsent) {
				t.Errorf("%s: %v, and it was there", kind, err)
			}
		}
	})
}
