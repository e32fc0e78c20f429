package llm

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ollama/ollama/api"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/ollama"
)

func TestAskSpeaksAReplyAsItIsWritten(t *testing.T) {
	reply := `{ "calls" : [ ],` + "\n" + ` "reply": "It is 7.5 °C outside. Take a \"warm\" coat! Have fun"}` + "\n  "
	s := newServer(t, streams(letters(reply)...))
	var said strings.Builder
	answer, err := s.model(t).Ask(t.Context(), asking("do I need a coat outside"), func(words string) { said.WriteString(words) })
	if err != nil {
		t.Fatal(err)
	}
	if want := `It is 7.5 °C outside. Take a "warm" coat! Have fun`; answer.Reply != want || answer.Calls != nil || answer.Model != "test" {
		t.Errorf("got %+v", answer)
	}
	if said.String() != answer.Reply {
		t.Errorf("said %q, want %q", said.String(), answer.Reply)
	}
}

// How warm it is outside, the model was told: 7.5 °C.
func TestAMeasurementThatTheModelWasNotToldIsNotSpoken(t *testing.T) {
	s := newServer(t, streams(letters(`{"calls":[],"reply":"It is 17.5 °C outside. Have fun"}`)...), streams(`{"calls":[],"tell":["sensor.outside"],"reply":""}`))
	answer, err := s.model(t).Ask(t.Context(), asking("do I need a coat outside"), func(words string) { t.Errorf("said %q", words) })
	if err != nil || answer.Reply != "" || !slices.Equal(answer.Tell, []home.EntityID{"sensor.outside"}) {
		t.Errorf("got %+v, %v", answer, err)
	}
}

func TestTheFirstSentenceIsSpokenBeforeTheAnswerIsComplete(t *testing.T) {
	spoken := make(chan struct{})
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		line(w, api.ChatResponse{Message: api.Message{Content: `{"calls": [], "reply": "It is one. Tw`}})
		select {
		case <-spoken: // the rest is only written once the first sentence was heard
		case <-r.Context().Done():
			return
		}
		streams(`o."}`)(w, r)
	})
	var said []string
	answer, err := s.model(t).Ask(t.Context(), asking("count"), func(words string) {
		if said = append(said, words); len(said) == 1 {
			close(spoken)
		}
	})
	if err != nil || answer.Reply != "It is one. Two." || !slices.Equal(said, []string{"It is one.", " Two."}) {
		t.Errorf("got %+v, %v, said %q", answer, err, said)
	}
}

func TestNothingIsSpokenBeforeCalls(t *testing.T) {
	s := newServer(t, streams(`{"calls": [{"entity": "light.kitchen", "service": "turn_on", "data": {"brightness_pct": 40}},`,
		`{"entity": "cover.garage", "service": "cover.close_cover"}], "reply": "Done. I did it."}`))
	answer, err := s.model(t).Ask(t.Context(), asking("make it cosy in the kitchen and close the garage door"), func(words string) { t.Errorf("said %q", words) })
	want := []home.Call{
		{Domain: "light", Service: "turn_on", Entity: "light.kitchen", Data: map[string]any{"brightness_pct": 40}},
		{Domain: "cover", Service: "close_cover", Entity: "cover.garage"},
	}
	if err != nil || !reflect.DeepEqual(answer.Calls, want) {
		t.Errorf("got %+v, %v", answer.Calls, err)
	}
	if len(answer.Offered) < 2 || !slices.Contains(answer.Offered, want[0].Entity) || !slices.Contains(answer.Offered, want[1].Entity) {
		t.Errorf("offered were %q", answer.Offered)
	}
}

func TestBadAnswerIsRepairedOnce(t *testing.T) {
	const good = `{"calls": [{"entity": "light.kitchen", "service": "turn_off"}], "reply": ""}`
	for name, bad := range map[string]string{
		"truncated":       `{"calls": [{"entity": "light.kit`,
		"prose":           `Sure, I will do that.`,
		"nothing":         `{"calls": [], "reply": " "}`,
		"other JSON":      `{"action": "turn_on"}`,
		"unknown entity":  `{"calls": [{"entity": "light.attic", "service": "turn_on"}], "reply": ""}`,
		"hidden entity":   `{"calls": [{"entity": "light.secret", "service": "turn_on"}], "reply": ""}`,
		"unknown service": `{"calls": [{"entity": "light.kitchen", "service": "explode"}], "reply": ""}`,
		"one of two":      `{"calls": [{"entity": "light.kitchen", "service": "turn_on"}, {"entity": "lock.x", "service": "unlock"}], "reply": ""}`,
		"other domain":    `{"calls": [{"entity": "light.kitchen", "service": "cover.close_cover"}], "reply": ""}`,
		"unknown field":   `{"calls": [{"entity": "light.kitchen", "service": "turn_on", "data": {"entity_id": "lock.x"}}], "reply": ""}`,
		"too bright":      `{"calls": [{"entity": "light.kitchen", "service": "turn_on", "data": {"brightness_pct": 400}}], "reply": ""}`,
		"half a percent":  `{"calls": [{"entity": "light.kitchen", "service": "turn_on", "data": {"brightness_pct": 0.5}}], "reply": ""}`,
		"text for number": `{"calls": [{"entity": "light.kitchen", "service": "turn_on", "data": {"brightness_pct": "40"}}], "reply": ""}`,
		"no position":     `{"calls": [{"entity": "cover.garage", "service": "set_cover_position"}], "reply": ""}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, streams(bad), streams(good))
			m := s.model(t)
			answer, err := m.Ask(t.Context(), asking("kitchen off"), nil)
			if err != nil || len(answer.Calls) != 1 || answer.Calls[0].Service != "turn_off" {
				t.Fatalf("got %+v, %v, want the repaired answer", answer, err)
			}
			asked := s.asked()
			if len(asked) != 2 || asked[1].Messages[len(asked[1].Messages)-2].Content != bad {
				t.Errorf("%d requests; the second should show the model its bad answer", len(asked))
			}
			if got := testutil.ToFloat64(m.metrics.repairs); got != 1 {
				t.Errorf("%v repairs counted", got)
			}
			s = newServer(t, streams(bad))
			if _, err := s.model(t).Ask(t.Context(), asking("kitchen off"), nil); !errors.Is(err, ErrBadAnswer) || len(s.asked()) != 2 {
				t.Errorf("bad twice: got %v after %d requests, want ErrBadAnswer after 2", err, len(s.asked()))
			}
		})
	}
}

func TestSpokenWordsAreNotTakenBack(t *testing.T) {
	s := newServer(t, streams(`{"calls": [], "reply": "It is first. Second. Thi`))
	var said []string
	answer, err := s.model(t).Ask(t.Context(), asking("talk"), func(words string) { said = append(said, words) })
	if err != nil || answer.Reply != "It is first. Second." || !slices.Equal(said, []string{"It is first.", " Second."}) || len(s.asked()) != 1 {
		t.Errorf("got %+v, %v, said %q, %d requests", answer, err, said, len(s.asked()))
	}
}

// A reply that claims what only calls can do is not spoken, as little as what follows it.
func TestAClaimIsNotSpoken(t *testing.T) {
	const claim, call = `{"calls": [], "tell": [], "reply": "Sure! I have turned off the light. Anything else?"}`, `{"calls": [{"entity": "light.kitchen", "service": "turn_off"}], "tell": [], "reply": ""}`
	silent := func(words string) { t.Errorf("said %q", words) }
	s := newServer(t, streams(letters(strings.Replace(claim, "Sure! ", "", 1))...), streams(call))
	answer, err := s.model(t).Ask(t.Context(), asking("kitchen off"), silent)
	if err != nil || len(answer.Calls) != 1 || !strings.Contains(s.asked()[1].Messages[3].Content, "nothing was done") {
		t.Errorf("got %+v, %v: the model is told, and calls", answer, err)
	}
	s = newServer(t, streams(strings.Replace(claim, "Sure! ", "", 1)))
	if answer, err = s.model(t).Ask(t.Context(), asking("kitchen off"), silent); !errors.Is(err, ErrBadAnswer) {
		t.Errorf("got %+v, %v: what is claimed twice is refused", answer, err)
	}
	s = newServer(t, streams(letters(claim)...), streams(call))
	if answer, err = s.model(t).Ask(t.Context(), asking("kitchen off"), silent); err != nil || len(answer.Calls) != 1 {
		t.Errorf("got %+v, %v: an opening alone is not said, and the model is told", answer, err)
	}
	var said []string
	s = newServer(t, streams(letters(strings.Replace(claim, "Sure!", "It is late already.", 1))...))
	answer, err = s.model(t).Ask(t.Context(), asking("kitchen off"), func(words string) { said = append(said, words) })
	if !errors.Is(err, ErrBadAnswer) || !slices.Equal(said, []string{"It is late already."}) {
		t.Errorf("got %+v, %v, said %q: after a claim it is said that nothing was done", answer, err, said)
	}
}

func TestStatesAreTold(t *testing.T) {
	s := newServer(t, streams(`{"calls": [], "tell": ["sensor.outside"], "reply": "It is 30 degrees."}`))
	answer, err := s.model(t).Ask(t.Context(), asking("how cold is it outside"), func(words string) { t.Errorf("said %q", words) })
	if err != nil || !slices.Equal(answer.Tell, []home.EntityID{"sensor.outside"}) || answer.Reply != "" {
		t.Errorf("got %+v, %v", answer, err)
	}
}

func TestNoModel(t *testing.T) {
	closed := newServer(t, fails(500, "unused"))
	closed.Close()
	for name, test := range map[string]struct {
		url  string
		up   bool
		want conversation.ModelFault
	}{
		"nobody listens":              {url: "http://127.0.0.1:1", want: conversation.ModelAbsent},
		"gone since Run last saw it":  {url: closed.URL, up: true, want: conversation.ModelAbsent},
		"model is not on the server":  {url: newServer(t, fails(404, "model 'test' not found")).URL, up: true, want: conversation.ModelMissing},
		"the address is a wrong page": {url: newNotFound(t), want: conversation.ModelMissing},
	} {
		t.Run(name, func(t *testing.T) {
			m := newModel(t, test.url)
			m.up.Store(test.up)
			_, err := m.Ask(t.Context(), asking("hello"), nil)
			wantFault(t, err, test.want)
			if m.up.Load() {
				t.Error("the model is still thought to be there")
			}
			if got := testutil.ToFloat64(m.metrics.questions.WithLabelValues(string(test.want))); got != 1 {
				t.Errorf("%v counted as %s", got, test.want)
			}
		})
	}
}

func wantFault(t *testing.T, err error, want conversation.ModelFault) {
	t.Helper()
	if failed := (*conversation.ModelError)(nil); !errors.As(err, &failed) || failed.Fault != want {
		t.Errorf("got %v, want a ModelError with %s", err, want)
	}
}

func newNotFound(t *testing.T) string {
	s := newServer(t)
	s.Config.Handler = http.NotFoundHandler()
	return s.URL
}

func TestServerErrorsAreNotTriedAgain(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer answerFunc
		want   conversation.ModelFault
	}{
		{"4xx", fails(400, "the input length exceeds the context length"), conversation.ModelTooLong},
		{"5xx", fails(503, "server busy"), conversation.ModelBusy},
		{"memory", fails(500, "model requires more system memory (5 GiB) than is available (1 GiB)"), conversation.ModelMemory},
		{"in the stream", func(w http.ResponseWriter, _ *http.Request) {
			line(w, api.ChatResponse{Message: api.Message{Content: `{"calls"`}})
			_, _ = io.WriteString(w, `{"error":"no luck"}`+"\n")
		}, conversation.ModelFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, test.answer)
			_, err := s.model(t).Ask(t.Context(), asking("hello"), nil)
			wantFault(t, err, test.want)
			if len(s.asked()) != 1 {
				t.Errorf("asked %d times", len(s.asked()))
			}
		})
	}
}

func TestCancelEndsAnAnswer(t *testing.T) {
	begun := make(chan struct{})
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		line(w, api.ChatResponse{Message: api.Message{Content: `{"calls": [], "reply": "We`}})
		close(begun)
		<-r.Context().Done()
	})
	bargeIn := errors.New("barge-in")
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		<-begun
		cancel(bargeIn)
	}()
	m := s.model(t)
	if _, err := m.Ask(ctx, asking("tell me a story"), nil); !errors.Is(err, bargeIn) {
		t.Errorf("got %v, want the cause", err)
	}
	if got := testutil.ToFloat64(m.metrics.questions.WithLabelValues(cancelled)); got != 1 {
		t.Errorf("%v counted as cancelled", got)
	}
}

// transport answers without a network, so that the clock of a synctest bubble runs.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func offlineModel(t *testing.T, f transport) *Model {
	return modelOf(t, ollama.Options{URL: "http://ollama.test", Model: "test", Transport: f})
}

func TestBrokenStreamIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bodies := []string{
			`{"message":{"content":"{\"calls\": [], \"reply\": \""}}` + "\n",
			`{"message":{"content":"{\"calls\": [], \"reply\": \"Hello.\"}"},"done":true}` + "\n",
		}
		m := offlineModel(t, func(*http.Request) (*http.Response, error) {
			body := bodies[0]
			bodies = bodies[1:]
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body))}, nil
		})
		m.up.Store(true)
		var said []string
		answer, err := m.Ask(t.Context(), asking("hello"), func(s string) { said = append(said, s) })
		if err != nil || answer.Reply != "Hello." || !slices.Equal(said, []string{"Hello."}) {
			t.Errorf("got %+v, %v, said %q", answer, err, said)
		}
		if got := testutil.ToFloat64(m.metrics.repairs); got != 0 {
			t.Error("the model was blamed for what the connection did")
		}
	})
}

func TestRefusedConnectionIsNotTriedAgain(t *testing.T) {
	asked := 0
	m := offlineModel(t, func(*http.Request) (*http.Response, error) {
		asked++
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	})
	m.up.Store(true)
	if _, err := m.Ask(t.Context(), asking("hello"), nil); !errors.Is(err, chat.ErrAbsent) || asked != 1 {
		t.Errorf("got %v after %d tries, want ErrAbsent after one: somebody waits", err, asked)
	}
}

func TestRunWatchesTheModel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var there atomic.Bool
		there.Store(true)
		m := offlineModel(t, func(r *http.Request) (*http.Response, error) {
			if !there.Load() {
				return nil, errors.New("connection refused")
			}
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("{}"))}, nil
		})
		ended := make(chan error, 1)
		go func() { ended <- m.Run(t.Context(), func() {}) }()
		synctest.Wait()
		if !m.up.Load() || testutil.ToFloat64(m.metrics.available) != 1 {
			t.Error("a model that answers is there")
		}
		there.Store(false)
		begun := time.Now()
		if err := <-ended; !errors.Is(err, chat.ErrAbsent) {
			t.Errorf("got %v, want ErrAbsent", err)
		}
		if took := time.Since(begun); took != watchEvery+6*time.Second {
			t.Errorf("noticed after %v, want the next look and pauses of 2 s and 4 s", took)
		}
		if m.up.Load() || testutil.ToFloat64(m.metrics.available) != 0 {
			t.Error("a model that does not answer is not there")
		}
	})
}

func TestMetricsAreWellFormed(t *testing.T) {
	r := prometheus.NewRegistry()
	newMetrics(r).add("ollama")
	if problems, err := testutil.GatherAndLint(r); err != nil || len(problems) != 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

func TestTheFirstModelThatCanTalkIsTakenWhenNoneIsNamed(t *testing.T) {
	s := newServer(t, streams(`{"calls": [], "reply": "Yes."}`))
	m := modelOf(t, ollama.Options{URL: s.URL})
	if _, err := m.Ask(t.Context(), asking("anything"), nil); !errors.Is(err, chat.ErrNoModel) {
		t.Errorf("nothing is installed: %v, want ErrNoModel", err)
	}
	s.install("embeddings:22m")
	if _, err := m.Ask(t.Context(), asking("anything"), nil); !errors.Is(err, chat.ErrNoModel) {
		t.Errorf("no model can talk: %v, want ErrNoModel", err)
	}
	s.install("qwen3:4b", "smollm2:135m")
	answer, err := m.Ask(t.Context(), asking("anything"), nil)
	if err != nil || answer.Model != "qwen3:4b" || s.asked()[0].Model != "qwen3:4b" {
		t.Errorf("got %+v, %v", answer, err)
	}
}
