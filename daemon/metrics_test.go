package daemon

import (
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/daemon/config"
)

// TestMetricsAreDocumented compares what a new daemon measures with docs/metrics.md, so that a rename
// shows up in review: an owner's dashboards depend on it.
func TestMetricsAreDocumented(t *testing.T) {
	code, doc := measured(t, searching(t).metrics), documented(t)
	for name := range maps.Keys(code) {
		if doc[name] != code[name] {
			t.Errorf("%s is %q, and %q in docs/metrics.md", name, code[name], doc[name])
		}
	}
	for name := range maps.Keys(doc) {
		if code[name] == "" {
			t.Errorf("docs/metrics.md has %s, which does not exist", name)
		}
	}
}

// searching is a daemon with all that has metrics of its own. It is not run.
func searching(t *testing.T) *Daemon {
	d := openTestDaemon(t, func(c *config.Config) {
		c.Search.Engine = "duckduckgo"
		c.MCP.Servers = []config.MCPServer{{Name: "mail", Command: []string{"true"}}}
	})
	t.Cleanup(func() { _ = d.Close() }) // which only lets go of files
	return d
}

// TestMetricsInQueriesExist keeps the rest of docs/metrics.md to metrics of its tables.
func TestMetricsInQueriesExist(t *testing.T) {
	doc := documented(t)
	for _, name := range regexp.MustCompile(`hearth_\w+`).FindAllString(metricsPage(t), -1) {
		family := name
		for _, suffix := range []string{"_bucket", "_sum", "_count"} {
			family = strings.TrimSuffix(family, suffix)
		}
		if doc[family] == "" {
			t.Errorf("docs/metrics.md speaks of %s, which is in none of its tables", name)
		}
	}
}

// TestMetricNames holds names, units and help texts to Prometheus' conventions.
func TestMetricNames(t *testing.T) {
	registry := newTestDaemon(t).metrics
	problems, err := testutil.GatherAndLint(registry, slices.Collect(maps.Keys(measured(t, registry)))...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// TestTurnsAddNoSeries has turns go well and badly. A series that appears only then was missing before
// the first event, or has a label made of what somebody said.
func TestTurnsAddNoSeries(t *testing.T) {
	d := newTestDaemon(t)
	before := measured(t, d.metrics)
	sentences := []string{
		"what time is it", "turn on the porch light", "turn on the xylophone", "unlock the front door", "no",
		"tell me a secret about my neighbour", "set a timer for five minutes",
	}
	for _, sentence := range sentences {
		if _, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", sentence); err != nil {
			t.Fatalf("say %q: %v", sentence, err)
		}
	}
	if err := d.history.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := measured(t, d.metrics)
	for name := range maps.Keys(after) {
		if after[name] != before[name] {
			t.Errorf("%s was %q before the turns and is %q after them", name, before[name], after[name])
		}
	}
	if got := counted(t, d.metrics, "hearth_conversation_turns_total"); got != len(sentences) {
		t.Errorf("%d turns counted, want %d", got, len(sentences))
	}
}

// newTestDaemon is a daemon with all its parts and a state of its own. Nothing runs.
func newTestDaemon(t *testing.T) *Daemon {
	t.Helper()
	d := openTestDaemon(t, func(*config.Config) {})
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// openTestDaemon is for whoever runs the daemon, or closes it.
func openTestDaemon(t testing.TB, change func(*config.Config)) *Daemon {
	t.Helper()
	c := config.Default()
	c.StateDir, c.Sentences = t.TempDir(), ""
	if _, err := os.Stat(filepath.Join(c.AssetsDir(), "sentences", "en.json")); err != nil {
		t.Skip("no assets: run make assets")
	}
	c.Web.Listen, c.MQTT.Listen = "127.0.0.1:0", "127.0.0.1:0"
	c.Microphone.Device, c.Speech.Engine, c.Speech.Speaker = "off", "off", "off"
	c.Model.URL = "http://127.0.0.1:9" // discard: no model
	change(c)
	d, err := New(Options{Config: c, Log: slog.New(slog.DiscardHandler), Version: "test", Executable: os.Args[0]})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// measured are Hearth's own metrics by name, each as its type and its labels with all their values.
func measured(t *testing.T, registry *prometheus.Registry) map[string]string {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	metrics := map[string]string{}
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "hearth_") {
			continue
		}
		labels := map[string][]string{}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = append(labels[l.GetName()], l.GetValue())
			}
		}
		metrics[f.GetName()] = describe(strings.ToLower(f.GetType().String()), labels)
	}
	return metrics
}

// counted is the sum over all series of a counter.
func counted(t *testing.T, registry *prometheus.Registry, name string) int {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			sum += m.GetCounter().GetValue()
		}
	}
	return int(sum)
}

// documented is what docs/metrics.md says about each metric, in the form of measured.
func documented(t *testing.T) map[string]string {
	t.Helper()
	row := regexp.MustCompile("(?m)^\\| `(hearth_\\w+)` \\| (\\w+) \\|(.*?)\\| .+ \\|$")
	label := regexp.MustCompile("`(\\w+)`: ([^;]+)")
	metrics := map[string]string{}
	for _, cells := range row.FindAllStringSubmatch(metricsPage(t), -1) {
		labels := map[string][]string{}
		for _, l := range label.FindAllStringSubmatch(cells[3], -1) {
			for value := range strings.SplitSeq(l[2], ",") {
				labels[l[1]] = append(labels[l[1]], strings.Trim(value, ` "`))
			}
		}
		metrics[cells[1]] = describe(cells[2], labels)
	}
	return metrics
}

// describe is a metric in one line: "counter late=[false true]".
func describe(kind string, labels map[string][]string) string {
	var b strings.Builder
	b.WriteString(kind)
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		values := slices.Compact(slices.Sorted(slices.Values(labels[name])))
		fmt.Fprintf(&b, " %s=%q", name, values)
	}
	return b.String()
}

func metricsPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
