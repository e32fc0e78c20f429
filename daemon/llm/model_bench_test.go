package llm

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/ollama"
	"hearth/daemon/llm/ollamatest"
	"hearth/daemon/tool"
)

// BenchmarkModel measures what prompts cost with a real model, in homes of three sizes: Hearth's, and one that lists all
// entities as Home Assistant's does. docs/models.md has what it gave. HEARTH_OLLAMA names the server, HEARTH_OLLAMA_MODEL
// another model:
//
//	HEARTH_OLLAMA=http://127.0.0.1:11434 go test ./daemon/llm -run '^$' -bench Model -benchtime 1x -timeout 1h
//
// Tokens are the model's own count. "cold" is a prompt of which the server remembers nothing, "warm" one whose beginning it
// remembers, "first" the time to the first piece of output; times are medians in milliseconds.
func BenchmarkModel(b *testing.B) {
	if os.Getenv("HEARTH_OLLAMA") == "" {
		b.Skip("it takes minutes: set HEARTH_OLLAMA to a server's URL")
	}
	m := &Model{opts: Options{Tools: []Tool{
		tool.NewHome(), tool.History(demo.New(), nil), tool.NewTimers(noTimers{}), tool.Lists(), tool.Calendar(), tool.Weather(), tool.Calculator(), tool.Units(), tool.Memory(),
	}}}
	for _, size := range []int{40, 200, 1_000} {
		snapshot := largeHome(size)
		b.Run(fmt.Sprintf("hearth/entities=%d", size), func(b *testing.B) {
			benchmarkPrompts(b, func(q conversation.ModelQuestion) chat.Request {
				q.Home = snapshot
				request, err := m.question(q, sundayEvening, nil).request()
				if err != nil {
					b.Fatal(err)
				}
				return request
			})
		})
		b.Run(fmt.Sprintf("all/entities=%d", size), func(b *testing.B) {
			benchmarkPrompts(b, func(q conversation.ModelQuestion) chat.Request {
				return chat.Request{Messages: []chat.Message{
					{Role: chat.System, Content: listingAll(snapshot)},
					{Role: chat.User, Content: "Current time is 18:05:00. Today's date is 2026-11-22.\nYou are in area " + q.Room + ".\n" + q.Text},
				}, MaxTokens: maxOutput}
			})
		})
	}
}

// maxListed is the context window of the server, in tokens: what the smallest models have at most.
const maxListed = 8192

// benchedOutput is how many tokens are written at most: two calls have as many.
const benchedOutput = 64

func benchmarkPrompts(b *testing.B, make func(conversation.ModelQuestion) chat.Request) {
	m, err := ollama.New(ollama.Options{URL: ollamatest.Start(b), Model: benchmarked(), NumCtx: maxListed})
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	first := make(typicalTurns[0])
	if n := tokens(first.Messages[0].Content); n > maxListed {
		b.ReportMetric(float64(n), "prefix-tokens(estimated)")
		b.Skipf("the prompt does not fit into %d tokens", maxListed)
	}
	for b.Loop() {
		var after, cold, warm, firsts, total []float64
		forget := chat.Request{Messages: []chat.Message{{Role: chat.System, Content: "Another prompt."}, {Role: chat.User, Content: "x"}}, MaxTokens: 1}
		ask := func(r chat.Request) (usage chat.Usage, piece, whole time.Duration) {
			began := time.Now()
			usage, err := m.Complete(b.Context(), r, func(string) {
				if piece == 0 {
					piece = time.Since(began)
				}
			})
			if err != nil && !errors.Is(err, chat.ErrEndless) { // a small model is given few words
				b.Fatal(err)
			}
			return usage, piece, time.Since(began)
		}
		milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		ask(forget)
		prefix := chat.Request{Messages: first.Messages[:1], MaxTokens: 1}
		read, _, _ := ask(prefix)
		cold = append(cold, milliseconds(read.PromptTime))
		for _, q := range typicalTurns {
			request := make(q)
			request.MaxTokens = benchedOutput
			usage, piece, whole := ask(request)
			after = append(after, float64(usage.Prompt-read.Prompt))
			warm = append(warm, milliseconds(usage.PromptTime))
			firsts, total = append(firsts, milliseconds(piece)), append(total, milliseconds(whole))
		}
		b.ReportMetric(float64(read.Prompt), "prefix-tokens")
		b.ReportMetric(quantile(after, 0.5), "after-p50-tokens")
		b.ReportMetric(quantile(after, 0.95), "after-p95-tokens")
		b.ReportMetric(quantile(cold, 0.5), "prefix-cold-ms")
		b.ReportMetric(quantile(warm, 0.5), "turn-warm-ms")
		b.ReportMetric(quantile(firsts, 0.5), "first-ms")
		b.ReportMetric(quantile(total, 0.5), "total-ms")
	}
}

func benchmarked() string { return cmp.Or(os.Getenv("HEARTH_OLLAMA_MODEL"), ollamatest.Talks) }

func quantile(of []float64, q float64) float64 {
	slices.Sort(of)
	return of[min(len(of)-1, int(q*float64(len(of))))]
}

// listingAll is a prompt as Home Assistant makes it of all exposed entities, without the tools that it adds.
func listingAll(snapshot *home.Snapshot) string {
	var b strings.Builder
	b.WriteString(`You are a voice assistant for Home Assistant.
Answer questions about the world truthfully.
Answer in plain text. Keep it simple and to the point.
When controlling Home Assistant always call the intent tools. Use HassTurnOn to lock and HassTurnOff to unlock a lock. When controlling a device, prefer passing just name and domain. When controlling an area, prefer passing just area name and domain.
You are in area Kitchen and all generic commands like 'turn on the lights' should target this area.
Static Context: An overview of the areas and the devices in this smart home:
`)
	for _, e := range snapshot.Entities {
		area, _ := snapshot.Area(e.Area)
		fmt.Fprintf(&b, "- names: %s\n  domain: %s\n  areas: %s\n", e.Name, e.Domain(), area.Name)
	}
	return b.String()
}

// TestEstimateOfTokens compares the estimate with what a real model counts, for prompts of all languages.
func TestEstimateOfTokens(t *testing.T) {
	m, err := ollama.New(ollama.Options{URL: ollamatest.Start(t), Model: benchmarked(), NumCtx: maxListed})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	count := func(messages ...chat.Message) int {
		usage, err := m.Complete(t.Context(), chat.Request{Messages: messages, MaxTokens: 1}, func(string) {})
		if err != nil {
			t.Fatal(err)
		}
		return usage.Prompt
	}
	snapshot := largeHome(40)
	system := chat.Message{Role: chat.System, Content: prefix(snapshot)}
	read := count(system)
	if n := tokens(system.Content); n < read-chatMarks || n > read*3/2 {
		t.Errorf("the beginning is estimated at %d tokens, and has %d", n, read)
	}
	for i, q := range typicalTurns {
		if i%2 == 1 { // one in two will do, of each language
			continue
		}
		q.Home = snapshot
		request, err := new(Model).question(q, sundayEvening, nil).request()
		if err != nil {
			t.Fatal(err)
		}
		got, estimated := count(request.Messages...)-read, tokens(request.Messages[1].Content)+chatMarks
		t.Logf("%d tokens, estimated %d: %s", got, estimated, q.Text)
		if got > turnBudget || estimated < got {
			t.Errorf("%q: estimated at %d tokens, and has %d, of %d", q.Text, estimated, got, turnBudget)
		}
	}
}

// TestTheBeginningIsRemembered sees in the server's own times that a question finds the beginning read, as Run has it read.
func TestTheBeginningIsRemembered(t *testing.T) {
	model := modelOf(t, ollama.Options{URL: ollamatest.Start(t), Model: benchmarked()})
	m := model.local
	defer m.Close()
	snapshot := largeHome(40)
	model.opts.Home = func() *home.Snapshot { return snapshot }
	model.read(t.Context())
	q := typicalTurns[0]
	q.Home = snapshot
	request, err := model.question(q, sundayEvening, nil).request()
	if err != nil {
		t.Fatal(err)
	}
	request.MaxTokens = 8
	warm, err := m.Complete(t.Context(), request, func(string) {})
	if err != nil && !errors.Is(err, chat.ErrEndless) {
		t.Fatal(err)
	}
	request.Messages[0].Content = "Now. " + request.Messages[0].Content // of which nothing can be remembered
	cold, err := m.Complete(t.Context(), request, func(string) {})
	if err != nil && !errors.Is(err, chat.ErrEndless) {
		t.Fatal(err)
	}
	t.Logf("%d tokens are read in %s, without what is remembered in %s", warm.Prompt, warm.PromptTime, cold.PromptTime)
	if warm.PromptTime >= cold.PromptTime { // a third or less, on a machine with nothing else to do
		t.Errorf("the beginning was read again: %s, and %s of a prompt that begins otherwise", warm.PromptTime, cold.PromptTime)
	}
}

// BenchmarkQuestion is what a question costs before it is put: the ranking, the prompt and the form.
func BenchmarkQuestion(b *testing.B) {
	v := vocabulary(b, "en")
	for _, size := range []int{40, 200, 1_000, 10_000} {
		b.Run(fmt.Sprintf("entities=%d", size), func(b *testing.B) {
			snapshot := largeHome(size)
			m := &Model{opts: Options{Vocabulary: func() *intent.Vocabulary { return v }}}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				q := typicalTurns[i%len(typicalTurns)]
				q.Home = snapshot
				if _, err := m.question(q, sundayEvening, nil).request(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
