package daemon

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"hearth/daemon/config"
)

// When somebody begins to speak, a model that the server has let go of is loaded again.
func TestTheModelGetsReadyWhenSomebodyBeginsToSpeak(t *testing.T) {
	read := make(chan struct{}, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/show":
			_, _ = io.WriteString(w, `{"capabilities":["completion"]}`)
		case "/api/chat":
			_, _ = io.WriteString(w, `{"message":{"content":"{"},"done":true,"done_reason":"length","prompt_eval_count":9,"eval_count":1}`)
			read <- struct{}{}
		default: // nothing is installed otherwise, and nothing is in memory
			_, _ = io.WriteString(w, `{"models":[]}`)
		}
	}))
	defer s.Close()
	d := openTestDaemon(t, func(c *config.Config) { c.Model.URL, c.Model.Name = s.URL, "test" })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.model.Run(ctx, func() {}) }()
	expect := func(what string) {
		t.Helper()
		select {
		case <-read:
		case <-time.After(time.Minute):
			t.Error(what)
		}
	}
	expect("the home was not read at the start")
	d.listener.Speaking(true)
	expect("nothing happened when somebody spoke")
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
