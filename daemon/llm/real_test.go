package llm

import (
	"cmp"
	"errors"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/llm/ollama"
	"hearth/daemon/llm/ollamatest"
)

// TestRealOllama asks a real server; HEARTH_OLLAMA_MODEL is another model to ask. It checks that the server
// holds the model to the form of the answer, not that the answer is right: a model small enough for a test
// is mostly wrong.
func TestRealOllama(t *testing.T) {
	model := cmp.Or(os.Getenv("HEARTH_OLLAMA_MODEL"), ollamatest.Talks)
	m := modelOf(t, ollama.Options{URL: ollamatest.Start(t), Model: model})
	m.opts.Home, m.opts.Timeout = testHome, 10*time.Minute
	m.members[0].limit = m.opts.Timeout
	defer m.local.Close()
	m.log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	m.read(t.Context())
	if read, _ := m.reader.known(); read != m.know(testHome()).prefix {
		t.Error("the model has not read the home")
	}
	for _, text := range []string{
		"turn on the kitchen light", "close the garage", "is it cold outside?", "dim the bedside lamp to twenty percent", "tell me a joke",
	} {
		spoken := 0
		answer, err := m.Ask(t.Context(), asking(text), func(string) { spoken++ })
		if failed := (*conversation.ModelError)(nil); errors.As(err, &failed) && failed.Fault == conversation.ModelEndless {
			t.Logf("%s: %v", text, err) // it begins to recite, as small ones do
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if (len(answer.Calls)+len(answer.Tell) == 0) != (spoken > 0) {
			t.Errorf("%s: %d sentences were spoken beside %d calls", text, spoken, len(answer.Calls))
		}
		t.Logf("%s: %v, tell %v, %q", text, called(answer.Calls), answer.Tell, answer.Reply)
	}
	if got := testutil.ToFloat64(m.metrics.repairs); got != 0 {
		t.Errorf("%v answers had to be repaired: the schema does not hold", got)
	}
}

func called(calls []home.Call) []string {
	var all []string
	for _, c := range calls {
		all = append(all, c.Name()+" "+string(c.Entity))
	}
	return all
}
