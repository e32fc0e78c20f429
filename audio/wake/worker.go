package wake

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/audio"
	"hearth/audio/child"
	"hearth/audio/listen"
)

// WorkerOptions say how to run the child. Zero durations take their defaults.
type WorkerOptions struct {
	// Command starts this program as a detector: its path and arguments. It calls Serve.
	Command []string
	// Deadline is how long a piece of sound may take before the child is killed (3 s).
	Deadline time.Duration
	// LoadDeadline is how long it may take to load (30 s).
	LoadDeadline time.Duration
	Log          *slog.Logger
	Registerer   prometheus.Registerer
}

// A Worker listens for the phrase that wakes Hearth in a child process. While that does not run no phrase is heard,
// and nothing that is said counts as meant for Hearth. Its methods are safe for concurrent use, save that Push must
// not be called twice at once.
type Worker struct {
	options WorkerOptions
	metrics *metrics
	sound   chan sound    // what the child has not been given yet
	changed chan struct{} // holds one value when the child has not seen phrases
	next    sound         // what is being gathered; Push's own

	mu      sync.Mutex
	phrases []string
	ready   bool
	heard   []int64 // ends of phrases that nobody has asked for yet
}

var _ listen.Spotter = (*Worker)(nil)

// sound is a piece of the source's sound.
type sound struct {
	at      int64
	samples []int16
}

const (
	pieceLength = 80 * time.Millisecond // of what the child is given at a time
	waiting     = 50                    // pieces that may wait for the child, four seconds
)

// NewWorker starts nothing: Run does.
func NewWorker(o WorkerOptions) *Worker {
	if o.Deadline == 0 {
		o.Deadline = 3 * time.Second
	}
	if o.LoadDeadline == 0 {
		o.LoadDeadline = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Worker{
		options: o, metrics: newMetrics(o.Registerer),
		sound:   make(chan sound, waiting),
		changed: make(chan struct{}, 1), // one is enough: the child always gets the latest
	}
}

// SetPhrases changes what is listened for, at once. Without phrases none is wanted.
func (w *Worker) SetPhrases(phrases []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Equal(phrases, w.phrases) {
		return
	}
	w.phrases, w.heard = slices.Clone(phrases), nil
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// Wanted implements listen.Spotter.
func (w *Worker) Wanted() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.phrases) > 0
}

// Push implements listen.Spotter. What the child has no time for is dropped and counted.
func (w *Worker) Push(at int64, samples []int16) {
	if at != w.next.at+int64(len(w.next.samples)) {
		w.next = sound{at: at}
	}
	w.next.samples = append(w.next.samples, samples...)
	if len(w.next.samples) < audio.Speech.Samples(pieceLength) {
		return
	}
	full := w.next
	w.next = sound{at: full.at + int64(len(full.samples))}
	w.mu.Lock()
	ready := w.ready
	w.mu.Unlock()
	if !ready {
		return
	}
	select {
	case w.sound <- full:
	default:
		w.metrics.dropped.Add(float64(len(full.samples)))
	}
}

// Heard implements listen.Spotter.
func (w *Worker) Heard() (end int64, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.heard) == 0 {
		return 0, false
	}
	end, w.heard = w.heard[0], w.heard[1:]
	return end, true
}

// Run starts the child, calls up once it listens, and gives it sound until ctx ends, which is no error, or the child
// does, which is one. It leaves no child behind.
func (w *Worker) Run(ctx context.Context, up func()) error {
	c, err := child.Start("wake word detector", w.options.Command)
	if err != nil {
		return err
	}
	defer c.Stop()
	began := time.Now()
	if _, err = c.Await(ctx, child.Ready, w.options.LoadDeadline); err != nil {
		err = fmt.Errorf("load the wake word detector: %w", err)
	} else if err = w.sendPhrases(ctx, c); err == nil {
		w.options.Log.Info("wake word detector is ready", "took", time.Since(began).Round(time.Millisecond))
		w.setReady(true)
		defer w.setReady(false)
		up()
		err = w.serve(ctx, c)
	}
	if ctx.Err() != nil {
		return nil
	}
	w.metrics.failed(err)
	return err
}

// setReady has sound taken in, or not. What is left of the time before is old.
func (w *Worker) setReady(ready bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ready = ready
	w.metrics.setRunning(ready)
	for {
		select {
		case <-w.sound:
		default:
			return
		}
	}
}

func (w *Worker) sendPhrases(ctx context.Context, c *child.Process) error {
	w.mu.Lock()
	phrases := w.phrases
	select {
	case <-w.changed:
	default:
	}
	w.mu.Unlock()
	encoded, err := json.Marshal(phrases)
	if err != nil {
		return fmt.Errorf("encode the wake phrases: %w", err)
	}
	if _, err := c.Ask(ctx, child.Frame{Kind: kindPhrases, Body: encoded}, child.Ready, w.options.Deadline); err != nil {
		return fmt.Errorf("give the wake word detector its phrases: %w", err)
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
			if err := w.sendPhrases(ctx, c); err != nil {
				return err
			}
		case s := <-w.sound:
			if err := w.look(ctx, c, s); err != nil {
				return err
			}
		}
	}
}

// look has the child look for the phrases in a piece of sound.
func (w *Worker) look(ctx context.Context, c *child.Process, s sound) error {
	answer, err := c.Ask(ctx, child.Frame{Kind: kindSound, Body: encodeSound(s.at, s.samples)}, kindHits, w.options.Deadline)
	if err != nil {
		return fmt.Errorf("look for the wake phrase: %w", err)
	}
	if len(answer.Body) == 0 {
		return nil
	}
	var hits []Hit
	if err := json.Unmarshal(answer.Body, &hits); err != nil {
		return fmt.Errorf("read what the wake word detector heard: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range hits {
		if slices.Contains(w.phrases, h.Phrase) { // it may be one of before
			w.metrics.detections.Inc()
			w.heard = append(w.heard, h.End)
		}
	}
	w.heard = w.heard[max(0, len(w.heard)-1):] // only the last one counts
	return nil
}
