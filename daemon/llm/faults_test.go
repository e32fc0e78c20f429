package llm

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
	"hearth/daemon/home/gate"
	"hearth/daemon/intent"
	"hearth/daemon/llm/hostile"
	"hearth/daemon/llm/ollama"
)

const (
	answerTime = 30 * time.Second // what an answer may take
	asked      = "please make this evening a pleasant one for my aunt Hildegard"
)

// A talk is a conversation in the simulated home whose templates know nothing, so that everything is asked
// of the model.
type talk struct {
	conversation.Channel
	manner atomic.Value // a string
	logged bytes.Buffer
	home   *demo.Home
	model  *Model
}

// talking runs a test of a conversation whose model is on a hostile server, in simulated time.
func talking(t *testing.T, language string, options func(through http.RoundTripper) Options, test func(*testing.T, *talk)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		talk := &talk{home: demo.New()}
		talk.manner.Store(hostile.Well)
		var running sync.WaitGroup
		running.Go(func() { talk.home.Run(ctx) })
		defer running.Wait()
		defer stop()
		o := options(serve(t, hostile.Handler(func() string { return talk.manner.Load().(string) })))
		o.Timeout, o.Registerer = answerTime, prometheus.NewRegistry()
		o.Tools = []Tool{&fixed{name: "history", answer: "it was so at noon", inside: true}} // which a model may ask again and again
		o.Logger = slog.New(slog.NewTextHandler(&talk.logged, &slog.HandlerOptions{Level: slog.LevelInfo}))
		talk.model = New(o)
		defer talk.model.close()
		guard, err := gate.New(gate.Options{Critical: gate.DefaultCritical()}, prometheus.NewRegistry())
		if err != nil {
			t.Fatal(err)
		}
		phrases, err := conversation.LoadPhrases(language)
		if err != nil {
			t.Fatal(err)
		}
		talk.Channel = conversation.New(conversation.Options{
			Home: talk.home, Gate: guard, Model: talk.model, Plans: forgetful[conversation.LearnedPlan]{}, Contexts: forgetful[conversation.Context]{},
			History: nowhere{}, Understanding: func() conversation.Understanding { return nothing{} }, Phrases: phrases,
			Log: o.Logger, Language: language, ConfirmWithin: 15 * time.Second, ModelTimeout: answerTime,
		}).Through("test")
		test(t, talk)
	})
}

// only is a model at one provider of a kind.
func only(kind string) func(http.RoundTripper) Options {
	return func(through http.RoundTripper) Options {
		p, err := providers[kind](through)
		if err != nil {
			panic(err)
		}
		if local, ok := p.(*ollama.Model); ok {
			return Options{Local: local}
		}
		return Options{Others: []Other{{Provider: p, Kind: kind, Timeout: answerTime}}}
	}
}

// TestEveryFaultEndsInAnHonestSentence is what people hear when the server of the language model does what
// it should not: within the time for an answer, and the next turn works.
func TestEveryFaultEndsInAnHonestSentence(t *testing.T) {
	phrases, err := conversation.LoadPhrases("en")
	if err != nil {
		t.Fatal(err)
	}
	for manner, want := range map[string]struct {
		fault conversation.ModelFault
		said  string // before that
	}{
		"silent": {fault: conversation.ModelSlow}, "trickles": {fault: conversation.ModelSlow},
		"drops": {fault: conversation.ModelAbsent}, "cuts": {fault: conversation.ModelCut}, "stops": {fault: conversation.ModelCut},
		"cuts_speech": {fault: conversation.ModelCut, said: "It is the first sentence. "},
		"fails":       {fault: conversation.ModelFailed}, "gateway": {fault: conversation.ModelFailed}, "page": {fault: conversation.ModelFailed},
		"elsewhere": {fault: conversation.ModelFailed}, "busy": {fault: conversation.ModelBusy}, "missing": {fault: conversation.ModelMissing},
		"refuses": {fault: conversation.ModelRefused}, "full": {fault: conversation.ModelTooLong}, "memory": {fault: conversation.ModelMemory},
		"bad_json": {fault: conversation.ModelUseless}, "prose": {fault: conversation.ModelUseless}, "other": {fault: conversation.ModelUseless},
		"empty": {fault: conversation.ModelUseless}, "nothing": {fault: conversation.ModelUseless}, "loops": {fault: conversation.ModelUseless},
		"stranger": {fault: conversation.ModelUseless}, "letters": {fault: conversation.ModelUseless},
		"invents": {fault: conversation.ModelUseless}, "intrudes": {fault: conversation.ModelUseless},
		"half": {fault: conversation.ModelEndless}, "blank": {fault: conversation.ModelEndless}, "recites": {fault: conversation.ModelEndless},
		"hums": {fault: conversation.ModelEndless}, "line": {fault: conversation.ModelEndless}, "thinks": {fault: conversation.ModelEndless},
	} {
		t.Run(manner, func(t *testing.T) {
			for kind := range providers {
				t.Run(kind, func(t *testing.T) {
					want := want
					switch {
					case manner == "memory" && kind != "ollama": // has no word for it
						want.fault = conversation.ModelFailed
					case manner == "page" && kind != "ollama": // is no event stream
						want.fault = conversation.ModelCut
					}
					talking(t, "en", only(kind), func(t *testing.T, talk *talk) {
						talk.manner.Store(manner)
						talk.fails(t, want.said+string(phrases.Model[want.fault]))
						talk.manner.Store(hostile.Well)
						talk.answers(t)
					})
				})
			}
		})
	}
}

// fails has a sentence fail with a reply, in time and without doing anything.
func (talk *talk) fails(t *testing.T, reply string) {
	t.Helper()
	begun := time.Now()
	var heard observer
	turn, err := talk.Telling(&heard).Say(t.Context(), "", asked)
	if err != nil {
		t.Fatal(err)
	}
	if turn.Failure != conversation.NoModel && turn.Failure != conversation.NotUnderstood || len(turn.Steps) > 0 {
		t.Errorf("failure %q with %d steps", turn.Failure, len(turn.Steps))
	}
	if heard.text != reply {
		t.Errorf("said %q, want %q", heard.text, reply)
	}
	if took := time.Since(begun); took > answerTime+time.Second {
		t.Errorf("it took %s", took)
	}
	for _, word := range strings.Fields(asked)[6:] {
		if logged := talk.logged.String(); strings.Contains(logged, word) {
			t.Errorf("what was said is in the log: %s", logged)
		}
	}
}

func (talk *talk) answers(t *testing.T) {
	t.Helper()
	turn, err := talk.Say(t.Context(), "", asked)
	if err != nil || turn.Reply != "It is a good evening." || turn.Failure != "" || turn.DecidedBy != conversation.ByModel {
		t.Errorf("the next turn: %q, failure %q, %v", turn.Reply, turn.Failure, err)
	}
}

func TestAnEndlessReplyIsCutShort(t *testing.T) {
	talking(t, "en", only("ollama"), func(t *testing.T, talk *talk) {
		talk.manner.Store("endless")
		var heard observer
		turn, err := talk.Telling(&heard).Say(t.Context(), "", asked)
		if err != nil || len(heard.text) > maxReply+200 || !strings.HasPrefix(heard.text, "And so it goes on. And so") || !strings.HasSuffix(heard.text, " so I stopped it.") {
			t.Errorf("said %d bytes, %v: %.50s ... %q", len(heard.text), err, heard.text, turn.Reply)
		}
	})
}

func TestAServerThatIsGone(t *testing.T) {
	gone := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}}
	for kind := range providers {
		t.Run(kind, func(t *testing.T) {
			talking(t, "en", func(http.RoundTripper) Options { return only(kind)(gone) }, func(t *testing.T, talk *talk) {
				begun := time.Now()
				talk.fails(t, "I do not know that sentence. I need a language model for it, and none is running.")
				if took := time.Since(begun); took > 0 {
					t.Errorf("it took %s to find out that nobody listens", took)
				}
			})
		})
	}
}

func TestWhatAModelDecidesIsDone(t *testing.T) {
	talking(t, "en", only("anthropic"), func(t *testing.T, talk *talk) {
		talk.manner.Store("acts")
		turn, err := talk.Say(t.Context(), "", "I cannot see what is on my desk")
		if err != nil || len(turn.Steps) != 1 || turn.Steps[0].Outcome != conversation.Confirmed || turn.Rule != hostile.Model {
			t.Errorf("got %+v, %v", turn, err)
		}
	})
}

func TestGermanIsRightInAGermanHome(t *testing.T) {
	talking(t, "de", only("openai"), func(t *testing.T, talk *talk) {
		talk.manner.Store("stranger")
		turn, err := talk.Say(t.Context(), "", "wie wird es heute abend")
		if err != nil || turn.Failure != "" || turn.Reply != "Das weiß ich leider nicht, aber es ist schön hier." {
			t.Errorf("got %q, failure %q, %v", turn.Reply, turn.Failure, err)
		}
	})
}

// A turn that is broken off leaves the server at once, and the next one works.
func TestBargeInLeavesTheServer(t *testing.T) {
	bargeIn := errors.New("barge-in")
	for kind := range providers {
		t.Run(kind, func(t *testing.T) {
			talking(t, "en", only(kind), func(t *testing.T, talk *talk) {
				talk.manner.Store("silent")
				ctx, cancel := context.WithCancelCause(t.Context())
				begun := time.Now()
				time.AfterFunc(time.Second, func() { cancel(bargeIn) })
				if _, err := talk.Say(ctx, "", asked); !errors.Is(err, bargeIn) || time.Since(begun) != time.Second {
					t.Errorf("got %v after %s", err, time.Since(begun))
				}
				talk.manner.Store(hostile.Well)
				talk.answers(t)
				if trouble := talk.model.Trouble(); trouble != "" {
					t.Errorf("the server is blamed: %s", trouble)
				}
			})
		})
	}
}

// An observer puts the words together that a turn says.
type observer struct{ text string }

func (*observer) StageDone(*conversation.Turn, string, time.Duration, error) {}
func (o *observer) Words(_ *conversation.Turn, _ int, text string)           { o.text += text }
func (*observer) TurnDone(*conversation.Turn)                                {}

// forgetful keeps nothing.
type forgetful[T any] struct{}

func (forgetful[T]) Get(string) (none T, ok bool) { return none, false }
func (forgetful[T]) Put(string, T) error          { return nil }
func (forgetful[T]) Delete(string) error          { return nil }

type nowhere struct{}

func (nowhere) Record(context.Context, *conversation.Turn) error { return nil }

// nothing knows no sentence.
type nothing struct{}

func (nothing) Recognize(string, intent.Where) []intent.Result             { return nil }
func (nothing) Respond(intent.Result, intent.ResponseData) (string, error) { return "", nil }
func (nothing) Apology(key string, _ map[string]any) string                { return "Sorry: " + key }
func (nothing) Fingerprint() string                                        { return "" }
func (nothing) Digits(string) (string, bool)                               { return "", false }
