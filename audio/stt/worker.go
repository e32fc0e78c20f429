package stt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/audio"
	"hearth/audio/child"
)

// Errors of a Worker, for callers that must tell them apart.
var (
	// ErrNotReady: the recogniser is not running, or still loading.
	ErrNotReady = errors.New("the recogniser is not ready")
	// ErrStalled: it did not answer in time and was killed.
	ErrStalled = child.ErrStalled
)

// WorkerOptions say how to run the child. Zero durations take their defaults.
type WorkerOptions struct {
	// Command starts this program as a recogniser: its path and arguments. It calls Serve.
	Command []string
	// Deadline is how long one clip may take before the child is killed (10 s).
	Deadline time.Duration
	// LoadDeadline is how long it may take to load (60 s).
	LoadDeadline time.Duration
	Log          *slog.Logger
	Registerer   prometheus.Registerer
}

// A Worker recognises speech in a child process, one clip at a time, so that a crash or a hang in C costs
// one turn and not the daemon. Its methods are safe for concurrent use.
type Worker struct {
	options WorkerOptions
	metrics *metrics
	jobs    chan job

	mu      sync.Mutex
	grammar []byte        // encoded by encodeGrammar, nil before SetGrammar
	changed chan struct{} // holds one value when the child has not seen grammar
	gone    chan struct{} // closed when the running child has ended; nil when none is ready
}

// A job is a clip that waits for its turn.
type job struct {
	clip audio.Clip
	done chan<- outcome // has room for the outcome, because the caller may have left
}

type outcome struct {
	hypothesis Hypothesis
	err        error
}

// NewWorker starts nothing: Run does.
func NewWorker(o WorkerOptions) *Worker {
	if o.Deadline == 0 {
		o.Deadline = 10 * time.Second
	}
	if o.LoadDeadline == 0 {
		o.LoadDeadline = time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Worker{
		options: o, metrics: newMetrics(o.Registerer),
		jobs:    make(chan job),
		changed: make(chan struct{}, 1), // one is enough: the child always gets the latest
	}
}

// SetGrammar limits what can be heard, from the next clip on: grammar goes to ServeOptions.Grammar as it
// is. Names are words that are likely to be said, most important first. A child that is started later
// gets it too.
func (w *Worker) SetGrammar(grammar []byte, names []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.grammar = encodeGrammar(grammar, names)
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// Transcribe recognises a clip of audio.Speech. It waits while another clip is being recognised. When ctx
// ends it returns at once; the child finishes the clip all the same.
func (w *Worker) Transcribe(ctx context.Context, clip audio.Clip) (Hypothesis, error) {
	if clip.Format != audio.Speech {
		return Hypothesis{}, fmt.Errorf("transcribe a clip of %v, want %v", clip.Format, audio.Speech)
	}
	w.mu.Lock()
	gone := w.gone
	w.mu.Unlock()
	if gone == nil {
		return Hypothesis{}, ErrNotReady
	}
	done := make(chan outcome, 1)
	select {
	case w.jobs <- job{clip, done}:
	case <-gone:
		return Hypothesis{}, ErrNotReady
	case <-ctx.Done():
		return Hypothesis{}, context.Cause(ctx)
	}
	select {
	case o := <-done:
		return o.hypothesis, o.err
	case <-ctx.Done():
		return Hypothesis{}, context.Cause(ctx)
	}
}

// Run starts the child, calls up once it is ready, and serves clips until ctx ends, which is no error, or
// the child does, which is one. It leaves no child behind.
func (w *Worker) Run(ctx context.Context, up func()) error {
	c, err := child.Start("recogniser", w.options.Command)
	if err != nil {
		return err
	}
	defer c.Stop()
	began := time.Now()
	if err := w.load(ctx, c); err != nil {
		return ignoreEnd(ctx, err)
	}
	w.options.Log.Info("recogniser is ready", "took", time.Since(began).Round(time.Millisecond))
	gone := make(chan struct{})
	w.setGone(gone)
	defer func() { w.setGone(nil); close(gone) }()
	up()
	return ignoreEnd(ctx, w.serve(ctx, c))
}

// ignoreEnd is err, unless it came of the end of ctx.
func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (w *Worker) setGone(gone chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone = gone
}

// load waits until the child is ready and gives it the grammar.
func (w *Worker) load(ctx context.Context, c *child.Process) error {
	if _, err := c.Await(ctx, child.Ready, w.options.LoadDeadline); err != nil {
		return fmt.Errorf("load the recogniser: %w", err)
	}
	return w.sendGrammar(ctx, c)
}

func (w *Worker) sendGrammar(ctx context.Context, c *child.Process) error {
	w.mu.Lock()
	grammar := w.grammar
	select {
	case <-w.changed:
	default:
	}
	w.mu.Unlock()
	if grammar == nil {
		return nil
	}
	_, err := c.Ask(ctx, child.Frame{Kind: kindGrammar, Body: grammar}, child.Ready, w.options.LoadDeadline)
	if err != nil {
		return fmt.Errorf("give the recogniser its grammar: %w", err)
	}
	return nil
}

func (w *Worker) serve(ctx context.Context, c *child.Process) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-c.Exited():
			return c.Failure()
		case <-w.changed:
			if err := w.sendGrammar(ctx, c); err != nil {
				return err
			}
		case j := <-w.jobs:
			h, err := w.recognise(ctx, c, j.clip)
			j.done <- outcome{h, err}
			var f *child.FaultError
			if err != nil && !errors.As(err, &f) {
				return err
			}
		}
	}
}

// recognise asks the child. A fault that it reports is the clip's; any other error is the end of it.
func (w *Worker) recognise(ctx context.Context, c *child.Process, clip audio.Clip) (h Hypothesis, err error) {
	began := time.Now()
	defer func() { w.metrics.observe(h.Verdict, time.Since(began), err) }()
	answer, err := c.Ask(ctx, child.Frame{Kind: kindClip, Body: child.EncodeSamples(clip.Samples)}, kindHypothesis, w.options.Deadline)
	if err != nil {
		return h, fmt.Errorf("recognise %v of speech: %w", clip.Duration(), err)
	}
	if err := json.Unmarshal(answer.Body, &h); err != nil {
		return h, fmt.Errorf("read what the recogniser heard: %w", err)
	}
	return h, nil
}
