package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"hearth/daemon/llm/chat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// get reads an answer to its end.
func get(ctx context.Context, url string) (*Call, error) {
	transport := NewTransport()
	defer transport.CloseIdleConnections()
	call := NewCall(transport)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return call, err
	}
	response, err := call.Client().Do(request)
	if err != nil {
		return call, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return call, err
}

func TestACallRemembersWhatWentWrong(t *testing.T) {
	stop := errors.New("barge-in")
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"well":                  {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "well") }, nil},
		"an error that is told": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, nil},
		"gone":                  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, chat.ErrAbsent},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, chat.ErrCut},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
					return
				}
			}
		}, chat.ErrEndless},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				t.Error("it went where the server sent it")
			}
			http.Redirect(w, r, "/stolen", http.StatusTemporaryRedirect)
		}, errElsewhere},
		"left": {func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, stop},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if name == "left" {
					cancel(stop)
				}
				test.answer(w, r)
			}))
			defer s.Close()
			call, err := get(ctx, s.URL)
			if !errors.Is(call.Err(), test.want) || (err == nil) != (test.want == nil) {
				t.Errorf("got %v and remembers %v, want %v", err, call.Err(), test.want)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	call, _ := get(t.Context(), "http://127.0.0.1:1")
	if !errors.Is(call.Err(), chat.ErrAbsent) {
		t.Errorf("got %v, want ErrAbsent", call.Err())
	}
}
