package llm

import (
	"cmp"
	"encoding/json"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
	"hearth/daemon/llm/ollama"
	"hearth/daemon/llm/ollamatest"
	"hearth/daemon/tool"
)

// TestRealLookups asks a real server with all tools: the form that has lookups must hold, and one that has nothing but
// lookups must be followed. Whether a model that small looks for the right thing is not asked.
func TestRealLookups(t *testing.T) {
	house := demo.New()
	web, err := tool.NewWeb(tool.WebOptions{Engine: "searxng", URL: "http://127.0.0.1:1", Log: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	m := modelOf(t, ollama.Options{URL: ollamatest.Start(t), Model: cmp.Or(os.Getenv("HEARTH_OLLAMA_MODEL"), ollamatest.Talks)})
	m.opts.Tools = []Tool{tool.NewHome(), tool.History(house, nil), tool.NewTimers(noTimers{}), tool.Lists(), tool.Weather(), tool.Calculator(), tool.Units(), web}
	defer m.local.Close()
	m.log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	q := asking("when was the garage door last opened?")
	answer, err := m.Ask(t.Context(), q, nil)
	if err != nil {
		t.Error(err)
	}
	t.Logf("%q after %+v", answer.Reply, answer.Lookups)
	if got := testutil.ToFloat64(m.metrics.repairs); got != 0 {
		t.Errorf("%v answers had to be repaired: the schema does not hold", got)
	}

	// A form that leaves no choice but to look something up.
	request, err := m.question(q, sundayEvening, nil).request()
	if err != nil {
		t.Fatal(err)
	}
	form, err := lookForm(request.Form, m.opts.Tools)
	if err != nil {
		t.Fatal(err)
	}
	request.Form = json.RawMessage(strings.Replace(string(form), `"look":{"type":"array",`, `"look":{"type":"array","minItems":1,`, 1))
	last := strings.LastIndex(string(request.Form), `"required":[`) + len(`"required":[`)
	request.Form = slices.Insert(request.Form, last, []byte(`"look",`)...)
	var output strings.Builder
	if _, err := m.local.Complete(t.Context(), request, func(piece string) { output.WriteString(piece) }); err != nil {
		t.Fatal(err)
	}
	asked := looks(output.String())
	if len(asked) == 0 || named(m.opts.Tools, asked[0].Tool) == nil || !json.Valid(asked[0].With) {
		t.Fatalf("the form does not hold: %s", output.String())
	}
	t.Logf("looks up %s", asked)
}

type noTimers struct{}

func (noTimers) Running() []conversation.Timer { return nil }
