package wake_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/audio/child"
	"hearth/audio/wake"

	"errors"
)

func newWorker(t *testing.T, mode string, o wake.WorkerOptions) *wake.Worker {
	t.Helper()
	t.Setenv(childMode, mode)
	o.Command = []string{os.Args[0]}
	w := wake.NewWorker(o)
	w.SetPhrases([]string{"okay computer"})
	return w
}

// start runs a worker until the test ends or stop is called, and waits until it is up.
func start(t *testing.T, w *wake.Worker) (stop func(), ended <-chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	up, end, done := make(chan struct{}), make(chan error, 1), make(chan struct{})
	go func() {
		defer close(done)
		end <- w.Run(ctx, func() { close(up) })
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	select {
	case <-up:
	case err := <-end:
		t.Fatalf("Run = %v before it was up", err)
	}
	return stop, end
}

const piece = 1280 // samples that the child is given at a time

// sound is a piece in which the sample at a place says what to do.
func sound(at int, what int16) []int16 {
	samples := make([]int16, piece)
	samples[at] = what
	return samples
}

// heard waits for the next phrase.
func heard(t *testing.T, w *wake.Worker) int64 {
	t.Helper()
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late); time.Sleep(time.Millisecond) {
		if end, ok := w.Heard(); ok {
			return end
		}
	}
	t.Fatal("nothing was heard")
	return 0
}

func TestWorkerHears(t *testing.T) {
	registry := prometheus.NewRegistry()
	w := newWorker(t, "listener", wake.WorkerOptions{Registerer: registry})
	w.Push(0, sound(5, said)) // nobody listens yet
	stop, _ := start(t, w)
	if _, ok := w.Heard(); ok {
		t.Error("what was said before it was up was heard")
	}
	for at := int64(10000); at < 10000+10*piece; at += 320 { // frames are gathered
		samples := make([]int16, 320)
		if at == 10000+5*320 {
			samples[7] = said
		}
		w.Push(at, samples)
	}
	if end := heard(t, w); end != 10000+5*320+7 {
		t.Errorf("heard at %d", end)
	}
	w.Push(50000, sound(9, said)) // a gap
	if end := heard(t, w); end != 50009 {
		t.Errorf("heard at %d", end)
	}
	if _, ok := w.Heard(); ok {
		t.Error("heard twice")
	}
	want := `
		# HELP hearth_wake_detections_total Times the wake phrase was heard.
		# TYPE hearth_wake_detections_total counter
		hearth_wake_detections_total 2
		# HELP hearth_wake_listening Whether the wake word detector runs: 1 while it does.
		# TYPE hearth_wake_listening gauge
		hearth_wake_listening 1
	`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "hearth_wake_detections_total", "hearth_wake_listening"); err != nil {
		t.Error(err)
	}
	stop()
	if err := testutil.GatherAndCompare(registry, strings.NewReader(strings.Replace(want, "hearth_wake_listening 1", "hearth_wake_listening 0", 1)), "hearth_wake_detections_total", "hearth_wake_listening"); err != nil {
		t.Error(err)
	}
}

func TestPhrasesChangeWhileItRuns(t *testing.T) {
	w := newWorker(t, "listener", wake.WorkerOptions{})
	_, ended := start(t, w)
	if !w.Wanted() {
		t.Error("no phrase is wanted")
	}
	w.SetPhrases(nil)
	if w.Wanted() {
		t.Error("a phrase is wanted")
	}
	w.SetPhrases([]string{"computer"})
	var end int64
	for at := int64(0); end == 0; at += 2 * piece { // the child has them after a while
		w.Push(at, sound(3, said))
		time.Sleep(time.Millisecond)
		end, _ = w.Heard()
	}
	w.SetPhrases([]string{"bad"})
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "the phrase is bad") {
		t.Errorf("Run = %v, want what the child said of the phrase", err)
	}
}

func TestWorkerFails(t *testing.T) {
	tests := []struct {
		name   string
		what   int16
		want   string
		reason string
	}{
		{"it reports an error", complain, "too loud", "fault"},
		{"it dies", crash, "exit status 3", "ended"},
		{"it hangs", hang, "did not answer in time", "stalled"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			registry := prometheus.NewRegistry()
			w := newWorker(t, "listener", wake.WorkerOptions{Deadline: 200 * time.Millisecond, Registerer: registry})
			_, ended := start(t, w)
			w.Push(0, sound(0, test.what))
			err := <-ended
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Run = %v, want %q", err, test.want)
			}
			if test.what == hang && !errors.Is(err, child.ErrStalled) {
				t.Errorf("Run = %v, want child.ErrStalled", err)
			}
			counted, err := testutil.GatherAndCount(registry, "hearth_wake_failures_total")
			if err != nil || counted != 3 {
				t.Errorf("%d reasons, %v", counted, err)
			}
			line := `hearth_wake_failures_total{reason="` + test.reason + `"} 1`
			text := gathered(t, registry)
			if !strings.Contains(text, line) {
				t.Errorf("no %s in %s", line, text)
			}
			start(t, w) // and again
			w.Push(9000, sound(2, said))
			if end := heard(t, w); end != 9002 {
				t.Errorf("heard at %d after a restart", end)
			}
		})
	}
}

// gathered is what a registry holds, a line for each counter.
func gathered(t *testing.T, r *prometheus.Registry) string {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if m.GetCounter().GetValue() == 1 {
					b.WriteString(f.GetName() + "{" + l.GetName() + `="` + l.GetValue() + "\"} 1\n")
				}
			}
		}
	}
	return b.String()
}

// TestASlowDetectorKeepsNobodyWaiting: what it has no time for is dropped and counted.
func TestASlowDetectorKeepsNobodyWaiting(t *testing.T) {
	registry := prometheus.NewRegistry()
	w := newWorker(t, "listener", wake.WorkerOptions{Deadline: time.Minute, Registerer: registry})
	start(t, w)
	began := int64(0)
	w.Push(began, sound(0, hang))
	for at := began + piece; at < 100*piece; at += piece {
		w.Push(at, make([]int16, piece))
	}
	dropped := 0.0
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "hearth_wake_dropped_samples_total" {
			dropped = f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	if dropped < 40*piece || dropped > 60*piece {
		t.Errorf("%v samples were dropped", dropped)
	}
}

func TestRunFails(t *testing.T) {
	tests := []struct {
		name, mode string
		command    []string
		want       string
	}{
		{"no model", "unable", []string{os.Args[0]}, "the model is missing"},
		{"no program", "listener", []string{"/nonexistent"}, "no such file"},
		{"no command", "listener", nil, "no command given"},
		{"something else", "listener", []string{"/bin/echo", "hello, world"}, "damaged frame"},
	}
	for _, test := range tests {
		t.Setenv(childMode, test.mode)
		err := wake.NewWorker(wake.WorkerOptions{Command: test.command}).Run(t.Context(), func() { t.Error("it was up") })
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Run = %v, want %q", test.name, err, test.want)
		}
	}
}
