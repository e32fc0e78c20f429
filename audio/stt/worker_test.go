package stt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"hearth/audio"
	"hearth/audio/stt"
)

// childMode makes this test binary the child of a Worker.
const childMode = "HEARTH_TEST_RECOGNISER"

func TestMain(m *testing.M) {
	switch os.Getenv(childMode) {
	case "":
		goleak.VerifyTestMain(m)
	case "unable":
		serve(func() (stt.Engine, error) { return nil, errors.New("the model is missing") })
	default:
		serve(func() (stt.Engine, error) { return &parrot{}, nil })
	}
}

func serve(open func() (stt.Engine, error)) {
	grammar := func(b []byte) (stt.Grammar, error) {
		if string(b) == "bad" {
			return nil, errors.New("not a grammar")
		}
		return phrases{string(b)}, nil
	}
	if err := stt.Serve(os.Stdin, os.Stdout, stt.ServeOptions{Open: open, Grammar: grammar}); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// The first sample of a clip tells a parrot what to do.
const (
	speak int16 = iota
	complain
	crash
	hang
)

// parrot says what it was given.
type parrot struct {
	grammar stt.Grammar
	names   []string
}

func (p *parrot) SetGrammar(g stt.Grammar, names []string) { p.grammar, p.names = g, names }

func (p *parrot) Transcribe(clip audio.Clip) (stt.Hypothesis, error) {
	switch clip.Samples[0] {
	case complain:
		return stt.Hypothesis{}, errors.New("too loud")
	case crash:
		os.Exit(3)
	case hang:
		select {}
	}
	text := fmt.Sprintf("%v %s %d", p.grammar, strings.Join(p.names, "+"), len(clip.Samples))
	return stt.Hypothesis{Text: text, Confidence: -0.5, Recogniser: "parrot", Verdict: stt.Act}, nil
}

func clipOf(what int16) audio.Clip {
	return audio.Clip{Format: audio.Speech, Samples: []int16{what, -7, 7}}
}

// start runs a worker until the test ends and waits until it is up. The error of Run comes from ended.
func start(t *testing.T, w *stt.Worker) (ended <-chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	up, end := make(chan struct{}), make(chan error, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		end <- w.Run(ctx, func() { close(up) })
	}()
	t.Cleanup(func() { cancel(); <-done })
	select {
	case <-up:
	case err := <-end:
		t.Fatalf("Run = %v before it was up", err)
	}
	return end
}

func newWorker(t *testing.T, mode string, o stt.WorkerOptions) *stt.Worker {
	t.Helper()
	t.Setenv(childMode, mode)
	o.Command = []string{os.Args[0]}
	return stt.NewWorker(o)
}

func TestWorkerTranscribes(t *testing.T) {
	w := newWorker(t, "parrot", stt.WorkerOptions{})
	if _, err := w.Transcribe(t.Context(), clipOf(speak)); !errors.Is(err, stt.ErrNotReady) {
		t.Fatalf("Transcribe before Run = %v, want ErrNotReady", err)
	}
	w.SetGrammar([]byte("lights on"), []string{"Büro", ""})
	start(t, w)
	got, err := w.Transcribe(t.Context(), clipOf(speak))
	want := stt.Hypothesis{Text: "[lights on] Büro+ 3", Confidence: -0.5, Recogniser: "parrot", Verdict: stt.Act}
	if err != nil || got != want {
		t.Errorf("Transcribe = %+v, %v, want %+v", got, err, want)
	}
	w.SetGrammar([]byte("lights off"), nil)
	for range 100 { // the new grammar may come after clips that were on their way
		if got, err = w.Transcribe(t.Context(), clipOf(speak)); err != nil || got.Text == "[lights off]  3" {
			break
		}
	}
	if got.Text != "[lights off]  3" || err != nil {
		t.Errorf("with a new grammar Transcribe = %q, %v", got.Text, err)
	}
}

func TestWorkerRefusesOtherFormats(t *testing.T) {
	w := newWorker(t, "parrot", stt.WorkerOptions{})
	start(t, w)
	clip := audio.Clip{Format: audio.Format{Rate: 48000, Channels: 2}, Samples: make([]int16, 10)}
	if _, err := w.Transcribe(t.Context(), clip); err == nil || !strings.Contains(err.Error(), "48000 Hz") {
		t.Errorf("Transcribe = %v, want an error that names the format", err)
	}
}

func TestFaultOfAClipIsNotTheEnd(t *testing.T) {
	registry := prometheus.NewRegistry()
	w := newWorker(t, "parrot", stt.WorkerOptions{Registerer: registry})
	start(t, w)
	if _, err := w.Transcribe(t.Context(), clipOf(complain)); err == nil || !strings.Contains(err.Error(), "too loud") {
		t.Errorf("Transcribe = %v, want the child's own words", err)
	}
	if _, err := w.Transcribe(t.Context(), clipOf(speak)); err != nil {
		t.Errorf("Transcribe after a fault = %v", err)
	}
	want := `
		# HELP hearth_stt_failures_total Clips that were not recognised, by reason.
		# TYPE hearth_stt_failures_total counter
		hearth_stt_failures_total{reason="ended"} 0
		hearth_stt_failures_total{reason="fault"} 1
		hearth_stt_failures_total{reason="stalled"} 0
	`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "hearth_stt_failures_total"); err != nil {
		t.Error(err)
	}
}

func TestCrashCostsOneClip(t *testing.T) {
	w := newWorker(t, "parrot", stt.WorkerOptions{})
	w.SetGrammar([]byte("kept"), nil)
	ended := start(t, w)
	if _, err := w.Transcribe(t.Context(), clipOf(crash)); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("Transcribe = %v, want how the child ended", err)
	}
	if err := <-ended; err == nil {
		t.Error("Run = nil after a crash")
	}
	if _, err := w.Transcribe(t.Context(), clipOf(speak)); !errors.Is(err, stt.ErrNotReady) {
		t.Errorf("Transcribe after a crash = %v, want ErrNotReady", err)
	}
	start(t, w)
	if got, err := w.Transcribe(t.Context(), clipOf(speak)); err != nil || got.Text != "[kept]  3" {
		t.Errorf("Transcribe after a restart = %q, %v, want the same grammar", got.Text, err)
	}
}

func TestHangIsKilled(t *testing.T) {
	w := newWorker(t, "parrot", stt.WorkerOptions{Deadline: 50 * time.Millisecond})
	ended := start(t, w)
	if _, err := w.Transcribe(t.Context(), clipOf(hang)); !errors.Is(err, stt.ErrStalled) {
		t.Errorf("Transcribe = %v, want ErrStalled", err)
	}
	if err := <-ended; !errors.Is(err, stt.ErrStalled) {
		t.Errorf("Run = %v, want ErrStalled", err)
	}
}

func TestCallerMayLeave(t *testing.T) {
	w := newWorker(t, "parrot", stt.WorkerOptions{})
	start(t, w)
	reason := errors.New("somebody else spoke")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	for range 20 { // whether the child was asked or not
		if _, err := w.Transcribe(ctx, clipOf(speak)); err != nil && !errors.Is(err, reason) {
			t.Errorf("Transcribe = %v, want the reason of the end", err)
		}
	}
	if got, err := w.Transcribe(t.Context(), clipOf(speak)); err != nil || got.Recogniser != "parrot" {
		t.Errorf("Transcribe after that = %+v, %v", got, err)
	}
}

func TestIdleChildThatDiesEndsRun(t *testing.T) {
	w := newWorker(t, "parrot", stt.WorkerOptions{})
	w.SetGrammar([]byte("good"), nil)
	ended := start(t, w)
	w.SetGrammar([]byte("bad"), nil)
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "not a grammar") {
		t.Errorf("Run = %v, want what the child said of the grammar", err)
	}
}

func TestRunFails(t *testing.T) {
	tests := []struct {
		name, mode string
		command    []string
		want       string
	}{
		{"no model", "unable", []string{os.Args[0]}, "the model is missing"},
		{"no program", "parrot", []string{"/nonexistent"}, "no such file"},
		{"no command", "parrot", nil, "no command given"},
		{"not a recogniser", "parrot", []string{"/bin/echo", "hello, world"}, "damaged frame"},
		{"ends at once", "parrot", []string{"/bin/false"}, "exit status 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv(childMode, test.mode)
			err := stt.NewWorker(stt.WorkerOptions{Command: test.command}).Run(t.Context(), func() { t.Error("it was up") })
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Run = %v, want %q", err, test.want)
			}
		})
	}
}

func TestStopWhileLoading(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := newWorker(t, "parrot", stt.WorkerOptions{})
	if err := w.Run(ctx, func() {}); err != nil {
		t.Errorf("Run = %v after the end of its context, want nil", err)
	}
}
