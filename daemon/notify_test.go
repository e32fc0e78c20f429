package daemon

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// asSystemd takes systemd's place. What it returns says goodbye and gives all that was said before.
func asSystemd(t *testing.T) (told func(n *notifier) []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	return func(n *notifier) (all []string) {
		t.Helper()
		n.stopping()
		for message := make([]byte, 4096); ; {
			length, err := socket.Read(message)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(string(message[:length]), "STOPPING=1\n") {
				return all
			}
			all = append(all, string(message[:length]))
		}
	}
}

func TestSystemdIsToldHowTheDaemonIs(t *testing.T) {
	told := asSystemd(t)
	var health map[string]Health
	n := &notifier{log: slog.New(slog.DiscardHandler), health: func() map[string]Health { return health }}
	missing := Health{State: Degraded, Detail: "no such device"}
	for _, health = range []map[string]Health{
		{"history": {State: Starting, Essential: true}, "microphone": missing},
		{"history": {State: OK, Essential: true}, "microphone": missing},
		{"history": {State: OK, Essential: true}, "microphone": {State: OK}},
	} {
		n.update()
	}
	want := []string{
		"STATUS=starting, waits for history",
		"READY=1\nSTATUS=ready without microphone (no such device)",
		"READY=1\nSTATUS=ready",
	}
	if got := told(n); !slices.Equal(got, want) {
		t.Errorf("systemd was told %q, want %q", got, want)
	}
}

func TestSystemdWaitsForWhatTakesLong(t *testing.T) {
	told := asSystemd(t)
	failed := errors.New("no room")
	for name, c := range map[string]struct {
		takes time.Duration
		err   error
		asked int // times
	}{
		"short":  {time.Second, nil, 1},
		"long":   {100 * time.Second, nil, 7},
		"failed": {20 * time.Second, failed, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := &notifier{log: slog.New(slog.DiscardHandler)}
			err := n.patiently("copies", func() error { time.Sleep(c.takes); return c.err })
			if !errors.Is(err, c.err) {
				t.Errorf("%s: %v", name, err)
			}
			got := told(n)
			if len(got) != c.asked || got[0] != "EXTEND_TIMEOUT_USEC=60000000\nSTATUS=starting, copies" {
				t.Errorf("%s: systemd was told %d times, %q, want %d", name, len(got), got, c.asked)
			}
		})
	}
}

func TestWatchdogIsFed(t *testing.T) {
	told := asSystemd(t)
	for name, c := range map[string]struct {
		interval string
		pid      int
		alive    error
		fed      int // times in one interval and a bit
	}{
		"as it asks":     {"30000000", os.Getpid(), nil, 3},
		"of another":     {"30000000", os.Getpid() + 1, nil, 0},
		"not configured": {"", os.Getpid(), nil, 0},
		"not when stuck": {"30000000", os.Getpid(), errors.New("stuck"), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("WATCHDOG_USEC", c.interval)
			t.Setenv("WATCHDOG_PID", strconv.Itoa(c.pid))
			synctest.Test(t, func(t *testing.T) {
				n := &notifier{log: slog.New(slog.DiscardHandler), alive: func() error { return c.alive }}
				ctx, cancel := context.WithTimeout(t.Context(), 31*time.Second)
				defer cancel()
				if err := n.watch(ctx, func() {}); err != nil {
					t.Error(err)
				}
				if got := told(n); !slices.Equal(got, slices.Repeat([]string{"WATCHDOG=1"}, c.fed)) {
					t.Errorf("systemd was told %q, want WATCHDOG=1 %d times", got, c.fed)
				}
			})
		})
	}
}

func TestWatchdogThatIsNoNumber(t *testing.T) {
	t.Setenv("WATCHDOG_USEC", "soon")
	n := &notifier{log: slog.New(slog.DiscardHandler)}
	if err := n.watch(t.Context(), func() {}); err == nil {
		t.Error("taken")
	}
}
