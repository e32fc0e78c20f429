package main

import (
	"net/http/httptest"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"

	"hearth/daemon/llm/hostile"
)

// hostileServer is the key under which a script keeps its hostile server of language models.
type hostileServer struct{}

// A rude server behaves in a manner that a script may change.
type rude struct {
	server *httptest.Server
	manner atomic.Value // of string
}

// hostileScript MANNER: has the script's server of language models, which HOSTILE_URL is the address of,
// behave in this manner.
func hostileScript(ts *testscript.TestScript, _ bool, args []string) {
	r := ts.Value(hostileServer{}).(*rude)
	r.manner.Store(args[0])
	if r.server != nil {
		return
	}
	r.server = httptest.NewServer(hostile.Handler(func() string { return r.manner.Load().(string) }))
	ts.Defer(func() {
		r.server.CloseClientConnections()
		r.server.Close()
	})
	ts.Setenv("HOSTILE_URL", r.server.URL)
}
