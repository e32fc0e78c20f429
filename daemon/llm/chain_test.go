package llm

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/daemon/breaker"
	"hearth/daemon/conversation"
	"hearth/daemon/llm/chat"
)

// A scripted provider does what its script says, one step for each request and the last again and again.
type scripted struct {
	name   string
	script []step
	asked  []time.Duration // when, since the test began
	begun  time.Time
}

type step func(ctx context.Context, write func(string)) (chat.Usage, error)

func script(name string, steps ...step) *scripted {
	return &scripted{name: name, script: steps, begun: time.Now()}
}

func (s *scripted) Name() string { return s.name }
func (s *scripted) Close()       {}

func (s *scripted) Complete(ctx context.Context, _ chat.Request, write func(string)) (chat.Usage, error) {
	s.asked = append(s.asked, time.Since(s.begun))
	return s.script[min(len(s.asked), len(s.script))-1](ctx, write)
}

func writes(text string) step {
	return func(_ context.Context, write func(string)) (chat.Usage, error) {
		write(text)
		return chat.Usage{Prompt: 100, Output: 10}, nil
	}
}

func errs(err error) step {
	return func(context.Context, func(string)) (chat.Usage, error) { return chat.Usage{}, err }
}

func hangs(ctx context.Context, _ func(string)) (chat.Usage, error) {
	<-ctx.Done()
	return chat.Usage{}, context.Cause(ctx)
}

const fine = `{"calls": [], "reply": "It is fine."}`

// modelWith has these others and nothing local.
func modelWith(spending Spending, others ...Other) *Model {
	return New(Options{
		Others: others, Spending: spending, Timeout: time.Minute,
		Logger: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry(),
	})
}

func other(p Provider) Other { return Other{Provider: p, Kind: "openai", Timeout: 10 * time.Second} }

func TestTheNextIsAskedWhenOneFails(t *testing.T) {
	for name, err := range map[string]error{
		"absent": chat.ErrAbsent, "memory": chat.ErrMemory, "too long": chat.ErrTooLong, "refused": chat.ErrRefused, "other": errors.New("broken"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first, second := script("first", errs(err)), script("second", writes(fine))
				var said strings.Builder
				answer, err := modelWith(nil, other(first), other(second)).Ask(t.Context(), asking("well?"), func(w string) { said.WriteString(w) })
				if err != nil || answer.Model != "second" || answer.Reply != "It is fine." || said.String() != "It is fine." {
					t.Errorf("got %+v, %v, said %q", answer, err, &said)
				}
			})
		})
	}
}

func TestNobodyTakesOverFromWhoSpeaks(t *testing.T) {
	first := script("first", func(_ context.Context, write func(string)) (chat.Usage, error) {
		write(`{"calls": [], "reply": "It is good. And `)
		return chat.Usage{}, chat.ErrCut
	})
	second := script("second", writes(fine))
	_, err := modelWith(nil, other(first), other(second)).Ask(t.Context(), asking("well?"), func(string) {})
	wantFault(t, err, conversation.ModelCut)
	if len(first.asked) != 1 || len(second.asked) != 0 {
		t.Errorf("asked %v and %v", first.asked, second.asked)
	}
}

// When all fail, people are told what somebody can do something about.
func TestWhatIsToldWhenAllFail(t *testing.T) {
	m := modelWith(nil, other(script("first", errs(chat.ErrNoModel))), other(script("second", errs(chat.ErrRefused))), other(script("third", errs(chat.ErrNoModel))))
	_, err := m.Ask(t.Context(), asking("well?"), nil)
	wantFault(t, err, conversation.ModelRefused)
	for _, label := range []string{"openai: ", "openai_2: ", "openai_3: "} {
		if err == nil || !strings.Contains(err.Error(), label) {
			t.Errorf("%v does not tell of %s", err, label)
		}
	}
}

func TestPassingFaultsAreTriedThreeTimes(t *testing.T) {
	s := time.Second
	for name, test := range map[string]struct {
		step step
		want []time.Duration
	}{
		"slow":       {hangs, []time.Duration{0, 12 * s, 26 * s}}, // 10 s each, and 2 and 4 s between
		"cut":        {errs(chat.ErrCut), []time.Duration{0, 2 * s, 6 * s}},
		"absent":     {errs(chat.ErrAbsent), []time.Duration{0, 2 * s, 6 * s}},
		"busy":       {errs(chat.ErrBusy), []time.Duration{0}},
		"anything":   {errs(errors.New("broken")), []time.Duration{0}},
		"refused":    {errs(chat.ErrRefused), []time.Duration{0}},
		"bad answer": {writes("no"), []time.Duration{0, 0}}, // which is a repair
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := script("only", test.step)
				if _, err := modelWith(nil, other(p)).Ask(t.Context(), asking("well?"), nil); err == nil {
					t.Error("no error")
				}
				if !slices.Equal(p.asked, test.want) {
					t.Errorf("asked at %v, want %v", p.asked, test.want)
				}
			})
		})
	}
}

func TestNothingIsTriedThatHasNoTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := script("only", hangs)
		m := modelWith(nil, Other{Provider: p, Kind: "openai", Timeout: 29 * time.Second})
		begun := time.Now()
		_, err := m.Ask(t.Context(), asking("well?"), nil) // 29 s, a pause of 2 s, and 29 s: no time for 4 s more
		wantFault(t, err, conversation.ModelSlow)
		if took := time.Since(begun); took != time.Minute || len(p.asked) != 2 {
			t.Errorf("asked at %v, and gave up after %s", p.asked, took)
		}
		p = script("only", func(ctx context.Context, _ func(string)) (chat.Usage, error) {
			time.Sleep(59 * time.Second)
			return chat.Usage{}, chat.ErrCut
		})
		begun = time.Now()
		_, err = modelWith(nil, Other{Provider: p, Kind: "openai", Timeout: time.Minute}).Ask(t.Context(), asking("well?"), nil)
		wantFault(t, err, conversation.ModelCut)
		if took := time.Since(begun); took != 59*time.Second || len(p.asked) != 1 {
			t.Errorf("asked at %v, and gave up after %s: a pause that outlasts the answer helps nobody", p.asked, took)
		}
	})
}

func TestWhoSpeaksMayGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := script("slow", func(ctx context.Context, write func(string)) (chat.Usage, error) {
			for _, piece := range []string{`{"calls": [], `, `"reply": "It is quite long. `, `And it is `, `a story."}`} {
				time.Sleep(8 * time.Second) // longer than its limit in all, but it has begun by then
				if ctx.Err() != nil {
					return chat.Usage{}, context.Cause(ctx)
				}
				write(piece)
			}
			return chat.Usage{}, nil
		})
		m := modelWith(nil, Other{Provider: p, Kind: "openai", Timeout: 20 * time.Second})
		if answer, err := m.Ask(t.Context(), asking("well?"), func(string) {}); err != nil || answer.Reply != "It is quite long. And it is a story." {
			t.Errorf("got %+v, %v", answer, err)
		}
	})
}

func TestAFailingProviderIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad, good := script("bad", errs(errors.New("broken"))), script("good", writes(fine))
		m := modelWith(nil, other(bad), other(good))
		for range 7 {
			if _, err := m.Ask(t.Context(), asking("well?"), nil); err != nil {
				t.Fatal(err)
			}
		}
		if len(bad.asked) != 5 || len(good.asked) != 7 {
			t.Errorf("asked %d and %d times, want 5 and 7", len(bad.asked), len(good.asked))
		}
		if got, want := m.Trouble(), "openai: "+breaker.ErrOpen.Error(); got != want {
			t.Errorf("trouble is %q, want %q", got, want)
		}
		time.Sleep(time.Minute + time.Second)
		bad.script = []step{writes(fine)}
		if answer, err := m.Ask(t.Context(), asking("well?"), nil); err != nil || answer.Model != "bad" || m.Trouble() != "" {
			t.Errorf("after a minute: %+v, %v, trouble %q", answer, err, m.Trouble())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		m := modelWith(nil, other(script("only", errs(errors.New("broken")))))
		for range 5 {
			_, _ = m.Ask(t.Context(), asking("well?"), nil)
		}
		_, err := m.Ask(t.Context(), asking("well?"), nil)
		wantFault(t, err, conversation.ModelPaused)
	})
}

// What is the question's fault, the budget's or the asker's is not the provider's.
func TestWhoIsNotToBlameIsAskedOn(t *testing.T) {
	p := script("only", errs(chat.ErrTooLong))
	m := modelWith(nil, other(p))
	for range 20 {
		_, _ = m.Ask(t.Context(), asking("well?"), nil)
	}
	if len(p.asked) != 20 {
		t.Errorf("asked %d times of 20", len(p.asked))
	}
}

// spending keeps what is spent beyond a restart.
type spending map[string]Spent

func (s spending) Get(provider string) (Spent, bool)      { spent, ok := s[provider]; return spent, ok }
func (s spending) Put(provider string, spent Spent) error { s[provider] = spent; return nil }

func TestABudgetLastsForADay(t *testing.T) {
	for name, test := range map[string]struct {
		limits Other
		want   int
	}{
		"requests": {Other{RequestsPerDay: 3}, 3},
		"tokens":   {Other{TokensPerDay: 300}, 3}, // 110 each: the third goes over
		"neither":  {Other{}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, kept := script("only", writes(fine)), spending{}
				test.limits.Provider, test.limits.Kind, test.limits.Timeout = p, "openai", 10*time.Second
				var err error
				for range 5 {
					_, err = modelWith(kept, test.limits).Ask(t.Context(), asking("well?"), nil) // each after a restart
				}
				if len(p.asked) != test.want {
					t.Errorf("asked %d times, want %d", len(p.asked), test.want)
				}
				m := modelWith(kept, test.limits)
				if test.want < 5 {
					wantFault(t, err, conversation.ModelSpent)
					if !strings.HasPrefix(m.Trouble(), "openai: "+ErrSpent.Error()) {
						t.Errorf("trouble is %q", m.Trouble())
					}
				}
				time.Sleep(25 * time.Hour)
				if _, err := m.Ask(t.Context(), asking("well?"), nil); err != nil || m.Trouble() != "" {
					t.Errorf("the next day: %v, trouble %q", err, m.Trouble())
				}
			})
		})
	}
}

func TestTokensThatNobodyCountedAreEstimated(t *testing.T) {
	kept := spending{}
	p := script("only", func(_ context.Context, write func(string)) (chat.Usage, error) {
		write(`{"calls": [], "reply": "It is good. And this is cut`)
		return chat.Usage{}, chat.ErrCut
	})
	_, _ = modelWith(kept, Other{Provider: p, Kind: "openai", Timeout: time.Second, TokensPerDay: 1000}).Ask(t.Context(), asking("well?"), func(string) {})
	if spent := kept["openai"]; spent.Tokens < 100 || spent.Requests != 1 {
		t.Errorf("kept %+v, want about the tokens of the prompt", spent)
	}
}

func TestTheLocalModelLeavesTimeForOthers(t *testing.T) {
	s := newServer(t, streams(fine))
	for name, test := range map[string]struct {
		options Options
		want    []string
		limit   time.Duration
	}{
		"alone":  {Options{}, []string{"ollama"}, time.Minute},
		"first":  {Options{Others: []Other{other(script("a", writes(fine))), other(script("b", writes(fine)))}}, []string{"ollama", "openai", "openai_2"}, 40 * time.Second},
		"last":   {Options{LocalLast: true, Others: []Other{other(script("a", writes(fine)))}}, []string{"openai", "ollama"}, 50 * time.Second},
		"second": {Options{Others: []Other{{Provider: script("a", writes(fine)), Kind: "ollama", Timeout: time.Second}}}, []string{"ollama", "ollama_2"}, 59 * time.Second},
	} {
		o := test.options
		o.Local, o.Timeout, o.Logger, o.Registerer = s.model(t).local, time.Minute, slog.New(slog.DiscardHandler), prometheus.NewRegistry()
		m := New(o)
		var labels []string
		for _, p := range m.members {
			labels = append(labels, p.label)
			if p.local && p.limit != test.limit {
				t.Errorf("%s: the local one has %s, want %s", name, p.limit, test.limit)
			}
		}
		if !slices.Equal(labels, test.want) {
			t.Errorf("%s: the order is %v, want %v", name, labels, test.want)
		}
		if got := testutil.ToFloat64(m.metrics.requests.WithLabelValues(labels[0], answered)); got != 0 {
			t.Errorf("%s: begins with %v", name, got)
		}
	}
}
