package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// A fakeDisk is a recorder that fails as it is told.
type fakeDisk struct {
	mu       sync.Mutex
	err      error
	takes    time.Duration // for one write
	attempts int
	written  []string
}

func (d *fakeDisk) record(_ context.Context, r *record) error {
	time.Sleep(d.takes)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.attempts++
	if d.err != nil {
		return d.err
	}
	d.written = append(d.written, r.id)
	return nil
}

func (d *fakeDisk) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err = err
}

func (d *fakeDisk) ids() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.written)
}

func (d *fakeDisk) tries() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.attempts
}

// start runs a writer to a fake disk until the test's bubble ends it.
func start(t *testing.T, disk *fakeDisk) (w *Writer, log *bytes.Buffer, stop func()) {
	log = new(bytes.Buffer)
	w = newWriter(disk, slog.New(slog.NewTextHandler(log, nil)), prometheus.NewRegistry())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- w.Run(ctx) }()
	return w, log, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run = %v", err)
		}
	}
}

func recordN(t *testing.T, w *Writer, from, to int) (ids []string) {
	t.Helper()
	for n := from; n < to; n++ {
		turn := plainTurn(n)
		if err := w.Record(context.Background(), turn); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, turn.ID)
		turn.ID, turn.Steps[0].Entity = "changed afterwards", "changed afterwards"
	}
	return ids
}

func TestTheWriterWritesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &fakeDisk{}
		w, _, stop := start(t, disk)
		want := recordN(t, w, 0, 50)
		synctest.Wait()
		if got := disk.ids(); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		stop()
	})
}

func TestTurnsWaitForAFullDiskAndComeInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &fakeDisk{err: fmt.Errorf("write: %w", ErrFull)}
		w, log, stop := start(t, disk)
		want := recordN(t, w, 0, 3)
		time.Sleep(time.Hour)
		if got := w.backlog(); got != 3 || !errors.Is(w.Err(), ErrFull) {
			t.Errorf("%d wait, Err = %v", got, w.Err())
		}
		// about 1+2+4+8+16 s, then every 30 s for an hour
		if got := disk.tries(); got < 100 || got > 140 {
			t.Errorf("%d attempts in an hour", got)
		}
		disk.fail(fmt.Errorf("write: %w", ErrReadOnly))
		time.Sleep(time.Minute)
		disk.fail(nil)
		time.Sleep(maxPause)
		synctest.Wait()
		if got := disk.ids(); !slices.Equal(got, want) || w.Err() != nil {
			t.Errorf("got %q, Err = %v", got, w.Err())
		}
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		for i, part := range []string{"level=ERROR msg=\"turns cannot be recorded", "level=ERROR msg=\"turns still cannot", "level=INFO msg=\"turns are recorded again\""} {
			if len(lines) != 3 || !strings.Contains(lines[i], part) {
				t.Fatalf("log:\n%s", log)
			}
		}
		before := disk.tries()
		disk.fail(ErrFull)
		recordN(t, w, 3, 4)
		time.Sleep(10 * time.Second) // the pauses are short again: tries after 0, 1, 3 and 7 s
		if got := disk.tries() - before; got != 4 {
			t.Errorf("%d attempts in the first 10 s of new trouble", got)
		}
		stop()
	})
}

func TestFlushBesideRunKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &fakeDisk{takes: time.Second}
		w, _, stop := start(t, disk)
		want := recordN(t, w, 0, 5)
		time.Sleep(1500 * time.Millisecond)
		if err := w.Flush(t.Context()); err != nil {
			t.Error(err)
		}
		if got := disk.ids(); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		stop()
	})
}

func TestTheBacklogIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &fakeDisk{err: ErrFull}
		w, _, stop := start(t, disk)
		want := recordN(t, w, 0, maxBacklog)
		for n := range 2 {
			if err := w.Record(t.Context(), plainTurn(maxBacklog+n)); !errors.Is(err, ErrBacklog) {
				t.Errorf("err = %v", err)
			}
		}
		if got := testutil.ToFloat64(w.metrics.dropped); got != 2 {
			t.Errorf("%v counted as dropped", got)
		}
		disk.fail(nil)
		time.Sleep(maxPause)
		synctest.Wait()
		if got := disk.ids(); !slices.Equal(got, want) {
			t.Errorf("%d written, want %d", len(got), len(want))
		}
		stop()
	})
}

func TestFlushWritesWhatRunLeft(t *testing.T) {
	disk := &fakeDisk{}
	w := newWriter(disk, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	want := recordN(t, w, 0, 3)
	disk.fail(ErrFull)
	if err := w.Flush(t.Context()); !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "3 turns") {
		t.Errorf("err = %v", err)
	}
	disk.fail(nil)
	if err := w.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := disk.ids(); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestAStoppedWriteIsNoTrouble(t *testing.T) {
	disk := &fakeDisk{err: context.Canceled}
	var log bytes.Buffer
	w := newWriter(disk, slog.New(slog.NewTextHandler(&log, nil)), prometheus.NewRegistry())
	recordN(t, w, 0, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Flush(ctx); err == nil || w.backlog() != 1 || log.Len() != 0 {
		t.Errorf("%v, %d wait, log %s", err, w.backlog(), &log)
	}
}

func TestATurnThatCannotBeEncodedIsRefusedAtOnce(t *testing.T) {
	w := newWriter(&fakeDisk{}, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	turn := plainTurn(1)
	turn.Total = math.NaN()
	if err := w.Record(t.Context(), turn); err == nil || w.backlog() != 0 {
		t.Errorf("%v, %d wait", err, w.backlog())
	}
}

func TestARecordThatTheDatabaseRefusesDoesNotHoldUpOthers(t *testing.T) {
	s := openTemp(t)
	_, err := s.db.Exec(`CREATE TRIGGER refuse BEFORE INSERT ON turns WHEN new.id = 'turn-000001'
		BEGIN SELECT raise(ABORT, 'never'); END`)
	if err != nil {
		t.Fatal(err)
	}
	w := NewWriter(s, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	recordN(t, w, 0, 3)
	if err := w.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, dropped := countRows(t, s, "turns"), testutil.ToFloat64(w.metrics.dropped); n != 2 || dropped != 1 {
		t.Errorf("%d turns, %v dropped", n, dropped)
	}
}

func TestTheMetricsAreWellFormed(t *testing.T) {
	registry := prometheus.NewRegistry()
	newWriter(&fakeDisk{}, slog.New(slog.DiscardHandler), registry)
	problems, err := testutil.GatherAndLint(registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	names := []string{"hearth_history_backlog_turns", "hearth_history_dropped_turns_total", "hearth_history_write_seconds", "hearth_history_writes_total"}
	if n, err := testutil.GatherAndCount(registry, names...); err != nil || n != 7 {
		t.Errorf("%d series at zero, %v", n, err)
	}
}
