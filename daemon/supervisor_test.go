package daemon

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func testSupervisor() *supervisor {
	return newSupervisor(slog.New(slog.DiscardHandler), componentsUp(prometheus.NewRegistry(), nil), func() {})
}

// supervise gives the time it took until everything had stopped, and the supervisor's result.
func supervise(ctx context.Context, s *supervisor, components ...component) (time.Duration, error) {
	started := time.Now()
	err := s.Run(ctx, components...)
	return time.Since(started), err
}

func TestRestartableComponentIsStartedAgainWithGrowingPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		starts := 0
		s := testSupervisor()
		_, err := supervise(ctx, s, component{name: "microphone", run: func(context.Context, func()) error {
			starts++
			return errors.New("unplugged")
		}})
		if err != nil {
			t.Errorf("a restartable component ended the process: %v", err)
		}
		// One minute is the longest pause, half a minute to a minute and a half with jitter.
		if starts < 40 || starts > 125 {
			t.Errorf("started %d times within an hour", starts)
		}
		if h := s.Health()["microphone"]; h.State != Stopped {
			t.Errorf("state after the end: %+v", h)
		}
	})
}

func TestDegradedComponentIsSaidSoAndRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var failing atomic.Bool
		failing.Store(true)
		s := testSupervisor()
		measured := func(when string, want float64) {
			t.Helper()
			if got := testutil.ToFloat64(s.up.WithLabelValues("broker")); got != want {
				t.Errorf("%s: hearth_daemon_component_up is %v, want %v", when, got, want)
			}
		}
		go s.Run(ctx, component{name: "broker", run: func(ctx context.Context, up func()) error {
			if failing.Load() {
				return errors.New("address in use")
			}
			up()
			<-ctx.Done()
			return nil
		}})
		synctest.Wait()
		if h := s.Health()["broker"]; h.State != Degraded || h.Detail != "address in use" {
			t.Errorf("while it fails: %+v", h)
		}
		measured("while it fails", 0)
		failing.Store(false)
		time.Sleep(2 * firstBackoff)
		synctest.Wait()
		if h := s.Health()["broker"]; h.State != OK {
			t.Errorf("after it recovered: %+v", h)
		}
		measured("after it recovered", 1)
		cancel()
		synctest.Wait()
		measured("after it stopped", 0)
	})
}

func TestEssentialComponentEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("disk gone")
		otherStopped := false
		s := testSupervisor()
		took, err := supervise(t.Context(), s,
			component{name: "history", essential: true, run: func(context.Context, func()) error {
				time.Sleep(time.Second)
				return boom
			}},
			component{name: "web", run: func(ctx context.Context, up func()) error {
				up()
				<-ctx.Done()
				otherStopped = true
				return nil
			}})
		if !errors.Is(err, boom) || took != time.Second || !otherStopped {
			t.Errorf("err %v after %v, other component stopped: %v", err, took, otherStopped)
		}
	})
}

func TestInnerComponentsStopLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var stopped []string
		stops := func(name string, takes time.Duration) func(context.Context, func()) error {
			return func(ctx context.Context, up func()) error {
				up()
				<-ctx.Done()
				time.Sleep(takes)
				stopped = append(stopped, name)
				return nil
			}
		}
		time.AfterFunc(time.Second, cancel)
		_, err := supervise(ctx, testSupervisor(),
			component{name: "home", inner: true, run: stops("home", 0)},
			component{name: "web", run: stops("web", time.Second)})
		if want := []string{"web", "home"}; err != nil || !slices.Equal(stopped, want) {
			t.Errorf("stopped in the order %q, want %q, err %v", stopped, want, err)
		}
	})
}

func TestPanicIsTheComponentsFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := testSupervisor()
		go s.Run(ctx, component{name: "model", run: func(context.Context, func()) error {
			panic("a mistake in the code")
		}})
		synctest.Wait()
		if h := s.Health()["model"]; h.State != Degraded {
			t.Errorf("after a panic: %+v", h)
		}
		cancel()
		synctest.Wait()
	})
}

func TestSummary(t *testing.T) {
	for want, health := range map[string]map[string]Health{
		"ready": {"web": {State: OK, Essential: true}},
		"ready without microphone (no such device)": {"web": {State: OK}, "microphone": {State: Degraded, Detail: "no such device"}},
		"starting, waits for history":               {"history": {State: Starting, Essential: true}, "microphone": {State: Starting}},
	} {
		if got := summary(health); got != want {
			t.Errorf("summary = %q, want %q", got, want)
		}
	}
}
