package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"hearth/audio"
	"hearth/audio/wav"
	"hearth/daemon/conversation"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo answers with what it was asked.
type echo struct{}

func (echo) Say(_ context.Context, room, text string) (*conversation.Turn, error) {
	return &conversation.Turn{ID: "t1", Room: room, Reply: "You said " + text, Total: 1.5}, nil
}

func (echo) Hear(_ context.Context, room string, clip audio.Clip) (*conversation.Turn, error) {
	return &conversation.Turn{ID: "t2", Room: room, Reply: "You spoke for " + clip.Duration().String()}, nil
}

// turns answers with what a test wants.
type turns struct {
	echo
	say func(ctx context.Context, room, text string) (*conversation.Turn, error)
}

func (s turns) Say(ctx context.Context, room, text string) (*conversation.Turn, error) {
	return s.say(ctx, room, text)
}

func (s turns) anybody(int, conversation.Observer) Turns { return s }

// sound is a WAV file of silence.
func sound(t *testing.T, f audio.Format, length time.Duration) string {
	t.Helper()
	var b strings.Builder
	if err := wav.Encode(&b, audio.Clip{Format: f, Samples: make([]int16, f.Samples(length))}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func options(t *testing.T) Options {
	t.Helper()
	// t.TempDir is too long for a socket's path on some systems.
	dir, err := os.MkdirTemp("", "web")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return Options{
		Listen: "127.0.0.1:0", Socket: filepath.Join(dir, "control.sock"), Version: "1.2.3",
		Turns: func(int, conversation.Observer) Turns { return echo{} },
		Recent: func(_ context.Context, limit int) ([]*conversation.Turn, error) {
			return make([]*conversation.Turn, min(limit, 3)), nil
		},
		Audit: func(_ context.Context, limit int) ([]conversation.AuditEntry, error) {
			return make([]conversation.AuditEntry, min(limit, 3)), nil
		},
		Turn: func(_ context.Context, id string) (*conversation.Turn, error) {
			if id != "a/b" {
				return nil, nil //nolint:nilnil // there is none
			}
			return &conversation.Turn{ID: id, Reply: "Yes"}, nil
		},
		Plans:   onePlan{},
		Status:  func() map[string]Component { return map[string]Component{"home": {State: OK, Essential: true}} },
		Alive:   func() error { return nil },
		Metrics: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler),
	}
}

// start runs a server until the end of the test or until stop, which returns Run's error.
func start(t *testing.T, o Options) (s *Server, c *Client, stop func() error) {
	t.Helper()
	s = New(o)
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	c = NewClient(o.Socket)
	stop = sync.OnceValue(func() error {
		c.Close()
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return s, c, stop
}

func get(t *testing.T, s *Server, path string) (status int, body string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get("http://" + s.Addr().String() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(raw)
}

func TestAnOpenListenerGoesBeforeTheAddress(t *testing.T) {
	given, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := options(t)
	o.Listen, o.Listener = "192.0.2.1:1", given // an address that is nobody's
	s, _, _ := start(t, o)
	if status, _ := get(t, s, "/healthz"); status != http.StatusOK || s.Addr().String() != given.Addr().String() {
		t.Errorf("%d from %s, want it from %s", status, s.Addr(), given.Addr())
	}
}

func TestMonitoring(t *testing.T) {
	o := options(t)
	var mu sync.Mutex
	status := map[string]Component{
		"home":       {State: OK, Essential: true},
		"microphone": {State: Degraded, Detail: "no <device> found"},
	}
	var stuck error
	o.Status = func() map[string]Component { mu.Lock(); defer mu.Unlock(); return status }
	o.Alive = func() error { mu.Lock(); defer mu.Unlock(); return stuck }
	s, _, _ := start(t, o)
	expect := func(path string, status int, parts ...string) {
		t.Helper()
		got, body := get(t, s, path)
		if got != status {
			t.Errorf("GET %s: status %d, want %d", path, got, status)
		}
		for _, part := range parts {
			if !strings.Contains(body, part) {
				t.Errorf("GET %s: no %q in %s", path, part, body)
			}
		}
	}
	expect("/healthz", 200, `"ok"`)
	expect("/readyz", 200, `{"ready":true,"components":{"home":{"state":"ok","essential":true},"microphone":{"state":"degraded","detail":"no <device> found"`)
	expect("/", 200, "hearthd say --text", "1.2.3", "no &lt;device&gt; found", o.Socket)
	expect("/metrics", 200, `hearth_web_requests_total{code="2xx",route="/readyz"} 1`)
	expect("/v1/turns", 404, `"remedy":"GET / says what there is"`)

	mu.Lock()
	status = map[string]Component{"home": {State: Failed, Detail: "cannot connect", Essential: true}}
	stuck = errors.New("the main loop has not moved for 30 s")
	mu.Unlock()
	expect("/readyz", 503, `"ready":false`, "cannot connect")
	expect("/healthz", 503, "has not moved")
	expect("/", 200, "not ready")
}

func TestClientHasTurnsRun(t *testing.T) {
	_, c, _ := start(t, options(t))
	turn, err := c.Say(t.Context(), SayRequest{Text: " light on & off ", Room: "kitchen"})
	if err != nil || turn.Reply != "You said light on & off" || turn.Room != "kitchen" || turn.Total != 1.5 {
		t.Errorf("Say: got %+v, %v", turn, err)
	}
	turn, err = c.SayWAV(t.Context(), strings.NewReader(sound(t, audio.Speech, time.Second)), "küche")
	if err != nil || turn.Reply != "You spoke for 1s" || turn.Room != "küche" {
		t.Errorf("SayWAV: got %+v, %v", turn, err)
	}
	recent, err := c.Recent(t.Context(), 2)
	if err != nil || len(recent) != 2 {
		t.Errorf("Recent: got %v, %v", recent, err)
	}
	turn, err = c.Turn(t.Context(), "a/b")
	if err != nil || turn.Reply != "Yes" {
		t.Errorf("Turn: got %+v, %v", turn, err)
	}
	var refused *RequestError
	if _, err = c.Turn(t.Context(), "c"); !errors.As(err, &refused) || refused.Status != http.StatusNotFound || refused.Remedy == "" {
		t.Errorf("a turn that is not there: %v", err)
	}
	ready, err := c.Ready(t.Context())
	if err != nil || !ready.Ready || ready.Components["home"].State != OK {
		t.Errorf("Ready: got %+v, %v", ready, err)
	}
}

func TestRefusedRequests(t *testing.T) {
	_, c, _ := start(t, options(t))
	const jsonType, wavType = "application/json", "audio/wav"
	for _, test := range []struct {
		name, method, path, kind, body string
		status                         int
		field                          string
	}{
		{"empty text", "POST", "/v1/turns", jsonType, `{"text":" "}`, 422, "text"},
		{"no text", "POST", "/v1/turns", jsonType, `{}`, 422, "text"},
		{"5 kB of text", "POST", "/v1/turns", jsonType, `{"text":"` + strings.Repeat("a", 5000) + `"}`, 422, "text"},
		{"100 kB of text", "POST", "/v1/turns", jsonType, `{"text":"` + strings.Repeat("a", 100_000) + `"}`, 413, "body"},
		{"not UTF-8", "POST", "/v1/turns", jsonType, "{\"text\":\"\xff\"}", 422, "body"},
		{"cut JSON", "POST", "/v1/turns", jsonType, `{"text":"a`, 400, "body"},
		{"two objects", "POST", "/v1/turns", jsonType, `{"text":"a"}{"text":"b"}`, 400, "body"},
		{"unknown field", "POST", "/v1/turns", jsonType, `{"txt":"a"}`, 400, "body"},
		{"number", "POST", "/v1/turns", jsonType, `{"text":7}`, 400, "body"},
		{"array", "POST", "/v1/turns", jsonType, `[]`, 400, "body"},
		{"nothing", "POST", "/v1/turns", jsonType, ``, 400, "body"},
		{"long room", "POST", "/v1/turns", jsonType, `{"text":"a","room":"` + strings.Repeat("r", 300) + `"}`, 422, "room"},
		{"no type", "POST", "/v1/turns", "", `{"text":"a"}`, 415, "Content-Type"},
		{"form", "POST", "/v1/turns", "application/x-www-form-urlencoded", `text=a`, 415, "Content-Type"},
		{"no sound", "POST", "/v1/turns", wavType, "", 422, "body"},
		{"not a recording", "POST", "/v1/turns", wavType, strings.Repeat("a", 11<<20), 422, "body"},
		{"10 minutes", "POST", "/v1/turns", wavType, sound(t, audio.Speech, 10*time.Minute), 422, "body"},
		{"cut recording", "POST", "/v1/turns", wavType, sound(t, audio.Speech, time.Second)[:1000], 422, "body"},
		{"15 MB", "POST", "/v1/turns", wavType, sound(t, audio.Format{Rate: 192000, Channels: 2}, 20*time.Second), 413, "body"},
		{"room not UTF-8", "POST", "/v1/turns?room=%ff", wavType, "", 422, "room"},
		{"limit 0", "GET", "/v1/turns?limit=0", "", "", 422, "limit"},
		{"limit 1000", "GET", "/v1/turns?limit=1000", "", "", 422, "limit"},
		{"limit x", "GET", "/v1/turns?limit=x", "", "", 422, "limit"},
		{"audit limit", "GET", "/v1/audit?limit=x", "", "", 422, "limit"},
		{"wrong method", "DELETE", "/v1/turns", "", "", 405, "method"},
		{"wrong path", "GET", "/v1/turn", "", "", 404, "path"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var turn conversation.Turn
			err := c.do(t.Context(), test.method, test.path, test.kind, strings.NewReader(test.body), &turn)
			var p *RequestError
			if !errors.As(err, &p) {
				t.Fatalf("got %v, want a RequestError", err)
			}
			if p.Status != test.status || p.Field != test.field {
				t.Errorf("got status %d, field %q, want %d, %q: %v", p.Status, p.Field, test.status, test.field, p)
			}
			if p.Remedy == "" || p.Message == "" || len(p.Value) > 120 {
				t.Errorf("a problem has a message, a remedy and a short value: %+v", p)
			}
		})
	}
	if _, err := c.Say(t.Context(), SayRequest{Text: "hello"}); err != nil {
		t.Errorf("after all that a good request: %v", err)
	}
}

func TestFailedTurn(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
	}{
		{errors.New("the disk is full"), 500},
		{conversation.ErrNoRecogniser, 503},
		{context.DeadlineExceeded, 504},
		{&conversation.InputError{Field: "room", Value: `"attic"`, Remedy: "name an area"}, 422},
	} {
		o := options(t)
		o.Turns = turns{say: func(context.Context, string, string) (*conversation.Turn, error) { return nil, test.err }}.anybody
		_, c, _ := start(t, o)
		_, err := c.Say(t.Context(), SayRequest{Text: "hello"})
		var p *RequestError
		if !errors.As(err, &p) || p.Status != test.status || p.Message == "" {
			t.Errorf("%v: got %v, want a problem with status %d", test.err, err, test.status)
		}
	}
}

func TestTurnsRunAtTheSameTime(t *testing.T) {
	o := options(t)
	const all = 8
	var together sync.WaitGroup
	together.Add(all)
	o.Turns = turns{say: func(_ context.Context, _, text string) (*conversation.Turn, error) {
		together.Done()
		together.Wait() // returns only when all turns are under way
		return &conversation.Turn{Reply: text}, nil
	}}.anybody
	_, c, _ := start(t, o)
	var callers sync.WaitGroup
	for range all {
		callers.Go(func() {
			if _, err := c.Say(t.Context(), SayRequest{Text: "hello"}); err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
}

func TestStopLetsATurnFinish(t *testing.T) {
	o := options(t)
	asked, answer := make(chan struct{}), make(chan struct{})
	o.Turns = turns{say: func(ctx context.Context, _, _ string) (*conversation.Turn, error) {
		close(asked)
		<-answer
		return &conversation.Turn{Reply: "Done."}, ctx.Err()
	}}.anybody
	_, _, stop := start(t, o)
	c := NewClient(o.Socket)
	defer c.Close()
	var caller sync.WaitGroup
	caller.Go(func() {
		if turn, err := c.Say(t.Context(), SayRequest{Text: "hello"}); err != nil || turn.Reply != "Done." {
			t.Errorf("got %v, %v", turn, err)
		}
	})
	<-asked
	stopped := make(chan error)
	go func() { stopped <- stop() }()
	for { // until the server takes no more requests
		conn, err := net.Dial("unix", o.Socket)
		if err != nil {
			break
		}
		_ = conn.Close()
	}
	close(answer)
	caller.Wait()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestStopCancelsATurnThatDoesNotFinish(t *testing.T) {
	o := options(t)
	asked := make(chan struct{})
	var cause error
	o.Turns = turns{say: func(ctx context.Context, _, _ string) (*conversation.Turn, error) {
		close(asked)
		<-ctx.Done()
		cause = context.Cause(ctx)
		return nil, ctx.Err()
	}}.anybody
	_, _, stop := start(t, o)
	c := NewClient(o.Socket)
	defer c.Close()
	var caller sync.WaitGroup
	caller.Go(func() {
		_, err := c.Say(t.Context(), SayRequest{Text: "hello"})
		var p *RequestError
		if !errors.As(err, &p) || p.Status != 503 {
			t.Errorf("got %v, want a problem with status 503", err)
		}
	})
	<-asked
	if err := stop(); err != nil {
		t.Error(err)
	}
	caller.Wait()
	if !errors.Is(cause, errStopping) {
		t.Errorf("cancelled because of %v", cause)
	}
}

func TestServerRunsAgain(t *testing.T) {
	o := options(t)
	_, _, stop := start(t, o)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := NewClient(o.Socket).Ready(t.Context()); !errors.Is(err, ErrNotRunning) {
		t.Errorf("without a server: got %v, want ErrNotRunning", err)
	}
	o.Metrics = prometheus.NewRegistry()
	_, c, _ := start(t, o)
	if _, err := c.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestMetricsAreWellFormed(t *testing.T) {
	r := prometheus.NewRegistry()
	newMetrics(r)
	problems, err := testutil.GatherAndLint(r)
	if err != nil || len(problems) != 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}
