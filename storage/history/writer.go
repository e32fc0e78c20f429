package history

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
)

// maxBacklog is how many turns wait at most: a few megabytes, and days of a home with a full disk.
const maxBacklog = 1000

// Pauses between attempts while the disk refuses. A new turn is an attempt too.
const (
	firstPause = time.Second
	maxPause   = 30 * time.Second
)

// A Writer takes turns at once and writes them, in their order, behind the answer. While the database
// cannot be written it holds them, up to a bound beyond which new ones are refused and counted.
// It logs when such trouble begins, changes and ends. It may be used by many at once.
type Writer struct {
	store   recorder
	log     *slog.Logger
	metrics *metrics

	mu      sync.Mutex
	waiting []*record // in the order they came
	trouble trouble
	wake    chan struct{} // holds one token: "there is something to write"

	writing chan struct{} // holds the one right to write, so that Run and Flush keep the order
}

// recorder is what a Writer needs of a Store.
type recorder interface {
	record(ctx context.Context, r *record) error
}

// NewWriter prepares a writer to the store; Run starts it.
func NewWriter(store *Store, log *slog.Logger, registerer prometheus.Registerer) *Writer {
	return newWriter(store, log, registerer)
}

func newWriter(store recorder, log *slog.Logger, registerer prometheus.Registerer) *Writer {
	w := &Writer{
		store:   store,
		log:     log.With("component", "history"),
		wake:    make(chan struct{}, 1),
		writing: make(chan struct{}, 1),
	}
	w.metrics = newMetrics(registerer, w.backlog)
	return w
}

// Record takes a copy of what the history keeps of the turn and returns; the turn may change afterwards.
// The error is ErrBacklog when too many wait, or says why this turn can never be recorded.
func (w *Writer) Record(_ context.Context, t *conversation.Turn) error {
	r, err := encode(t)
	if err != nil {
		w.metrics.dropped.Inc()
		return err
	}
	if !w.enqueue(r) {
		w.metrics.dropped.Inc()
		return fmt.Errorf("history: record turn %s: %w", r.id, ErrBacklog)
	}
	select {
	case w.wake <- struct{}{}:
	default: // a token is there already
	}
	return nil
}

func (w *Writer) enqueue(r *record) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.waiting) >= maxBacklog {
		return false
	}
	w.waiting = append(w.waiting, r)
	return true
}

// Run writes until ctx ends, and returns nil then. What still waits is Flush's.
func (w *Writer) Run(ctx context.Context) error {
	pause := firstPause
	for {
		var again <-chan time.Time // never, when all is written
		if err := w.drain(ctx); err != nil {
			again = time.After(pause)
			pause = min(2*pause, maxPause)
		} else {
			pause = firstPause
		}
		select {
		case <-ctx.Done():
			return nil
		case <-w.wake:
		case <-again:
		}
	}
}

// Flush writes what waits, for the end of the daemon: after Run, or beside it. It tries once and says
// how many turns it had to leave behind.
func (w *Writer) Flush(ctx context.Context) error {
	if err := w.drain(ctx); err != nil {
		return fmt.Errorf("%d turns are not recorded: %w", w.backlog(), err)
	}
	return nil
}

// drain writes until nothing waits or a write fails.
func (w *Writer) drain(ctx context.Context) error {
	select {
	case w.writing <- struct{}{}:
		defer func() { <-w.writing }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	for r := w.first(); r != nil; r = w.first() {
		if err := w.write(ctx, r); err != nil {
			return err
		}
		w.removeFirst()
	}
	return nil
}

// write writes one record. It fails only if that record is to be kept and tried again.
func (w *Writer) write(ctx context.Context, r *record) error {
	began := time.Now()
	err := w.store.record(ctx, r)
	if ctx.Err() != nil && err != nil {
		return err // stopped, which says nothing about the disk
	}
	w.metrics.observe(time.Since(began), err)
	if hopeless(err) {
		w.metrics.dropped.Inc()
		w.log.ErrorContext(ctx, "turn dropped: the database refuses it", "turn", r.id, "error", err)
		return nil
	}
	w.report(ctx, err)
	return err
}

// Err is what kept the last turn from being written; nil when it was written.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.trouble.err
}

func (w *Writer) report(ctx context.Context, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trouble.report(ctx, w.log, err, len(w.waiting))
}

func (w *Writer) first() *record {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.waiting) == 0 {
		return nil
	}
	return w.waiting[0]
}

func (w *Writer) removeFirst() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting[0] = nil // let go of it now, not when the slice grows
	w.waiting = w.waiting[1:]
}

// backlog is how many turns wait to be written.
func (w *Writer) backlog() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.waiting)
}

// trouble remembers what keeps turns from being written, to log only its beginning, change and end.
type trouble struct {
	err    error
	reason string // of err; "" when there is none
	since  time.Time
}

func (t *trouble) report(ctx context.Context, log *slog.Logger, err error, waiting int) {
	reason := reasonOf(err)
	switch {
	case reason == t.reason:
	case reason == "":
		log.InfoContext(ctx, "turns are recorded again", "after", time.Since(t.since).Round(time.Second), "waiting", waiting)
	case t.reason == "":
		t.since = time.Now()
		log.ErrorContext(ctx, "turns cannot be recorded, they are kept in memory", "reason", reason, "waiting", waiting, "error", err)
	default:
		log.ErrorContext(ctx, "turns still cannot be recorded", "reason", reason, "waiting", waiting, "error", err)
	}
	t.err, t.reason = err, reason
}

// reasonOf is the kind of an error, one of the metric's fixed set; "" for none.
func reasonOf(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrFull):
		return "full"
	case errors.Is(err, ErrReadOnly):
		return "read_only"
	}
	return "other"
}
