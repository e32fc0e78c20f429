package daemon

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/web"
)

// toolsOf makes the tools of a daemon that has these settings for searching, and what it logs.
func toolsOf(t *testing.T, s config.Search) (*Daemon, string) {
	t.Helper()
	d := newTestDaemon(t)
	d.cfg.Search = s
	var log bytes.Buffer
	d.log = slog.New(slog.NewTextHandler(&log, nil))
	d.metrics = prometheus.NewRegistry()
	if err := d.openTools(); err != nil {
		t.Fatal(err)
	}
	return d, log.String()
}

func offers(d *Daemon, name string) bool {
	for _, tool := range d.tools {
		if tool.Name() == name {
			return true
		}
	}
	return false
}

func TestTheWebIsSearchedOnlyWhenItIsChosen(t *testing.T) {
	d, log := toolsOf(t, config.Search{Engine: "off"})
	if offers(d, "web") || d.search != nil || log != "" || !offers(d, "history") {
		t.Errorf("by default the web is searched: %q", log)
	}
	if _, ok := d.ready()["web search"]; ok {
		t.Error("/readyz speaks of a search engine that there is not")
	}
	failing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	defer failing.Close()
	d, log = toolsOf(t, config.Search{Engine: "searxng", URL: failing.URL})
	if !offers(d, "web") {
		t.Errorf("the web cannot be searched: %q", log)
	}
	if c := d.ready()["web search"]; c.State != web.OK {
		t.Errorf("before anything is searched: %+v", c)
	}
	for range 5 {
		_, _ = d.search.Look(t.Context(), conversation.ModelQuestion{}, json.RawMessage(`{"query": "x"}`))
	}
	if c := d.ready()["web search"]; c.State != web.Degraded || !strings.Contains(c.Detail, "left alone") {
		t.Errorf("after five failures: %+v", c)
	}
	if got := measuredValue(t, d, "hearth_tool_breaker_state"); got != 2 {
		t.Errorf("hearth_tool_breaker_state is %v", got)
	}
	d.lookups.Observe(conversation.Lookup{Tool: "web", Outcome: conversation.LookupFailed, Bytes: 7})
	d.lookups.Observe(conversation.Lookup{Tool: "whatever a model writes", Outcome: conversation.LookupDenied, Bytes: 3})
	if got := measuredValue(t, d, "hearth_tool_result_bytes_total"); got != 10 {
		t.Errorf("hearth_tool_result_bytes_total adds up to %v", got)
	}
	d.search.Close()
}

// The owner's list says which tools there are; by default all that there can be.
func TestTheToolsAreTheOwners(t *testing.T) {
	d := newTestDaemon(t)
	for _, name := range config.ModelTools {
		if !offers(d, name) {
			t.Errorf("there is no tool %s", name)
		}
	}
	if len(d.tools) != len(config.ModelTools) {
		t.Errorf("%d tools, and %q may be chosen", len(d.tools), config.ModelTools)
	}
	few := openTestDaemon(t, func(c *config.Config) { c.Model.Tools = []string{"units"} })
	t.Cleanup(func() { _ = few.Close() }) // which only lets go of files
	if len(few.tools) != 1 || !offers(few, "units") {
		t.Errorf("%d tools, want units alone", len(few.tools))
	}
}

// measuredValue is the sum of a metric's series.
func measuredValue(t *testing.T, d *Daemon, name string) (sum float64) {
	t.Helper()
	families, err := d.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			sum += m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	return sum
}
