package breaker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

var (
	errBroken   = errors.New("broken")
	errHarmless = errors.New("harmless")
)

func newBreaker(r prometheus.Registerer) *Breaker {
	return New(Options{
		Name: "search", Gauge: prometheus.GaugeOpts{Name: "test_breaker_state", Help: "State."},
		Harmless: func(err error) bool { return errors.Is(err, errHarmless) },
		Log:      slog.New(slog.DiscardHandler), Registerer: r,
	})
}

// fail lets f fail n times and tells how often it was called.
func fail(b *Breaker, n int, err error) (called int) {
	for range n {
		_ = b.Do(func() error { called++; return err })
	}
	return called
}

func TestAFailingServiceIsLeftAloneForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := prometheus.NewRegistry()
		b := newBreaker(r)
		expect := func(want State, gauge string) {
			t.Helper()
			if b.State() != want {
				t.Errorf("it is %s, want %s", b.State(), want)
			}
			text := "# HELP test_breaker_state State.\n# TYPE test_breaker_state gauge\ntest_breaker_state " + gauge + "\n"
			if err := testutil.GatherAndCompare(r, strings.NewReader(text)); err != nil {
				t.Error(err)
			}
		}
		if called := fail(b, 4, errBroken); called != 4 {
			t.Errorf("asked %d times of 4", called)
		}
		expect(Closed, "0")
		fail(b, 1, errBroken)
		expect(Open, "2")
		time.Sleep(pause - time.Second)
		if err := b.Do(func() error { t.Error("it is asked although it is open"); return nil }); !errors.Is(err, ErrOpen) {
			t.Errorf("got %v, want ErrOpen", err)
		}
		time.Sleep(2 * time.Second)
		expect(HalfOpen, "1")
		if called := fail(b, 3, errBroken); called != 1 {
			t.Errorf("a half-open one was asked %d times, want once", called)
		}
		expect(Open, "2")
		time.Sleep(pause + time.Second)
		if err := b.Do(func() error { return nil }); err != nil {
			t.Error(err)
		}
		expect(Closed, "0")
	})
}

func TestWhatSaysNothingOfTheServiceDoesNotCount(t *testing.T) {
	b := newBreaker(prometheus.NewRegistry())
	fail(b, 20, fmt.Errorf("asked: %w", errHarmless))
	fail(b, 20, context.Canceled)
	if b.State() != Closed {
		t.Errorf("it is %s", b.State())
	}
	fail(b, 4, errBroken)
	fail(b, 1, nil)
	fail(b, 4, errBroken)
	if b.State() != Closed {
		t.Error("failures that are not in a row count together")
	}
}
