package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// A notifier tells systemd how the daemon is: READY once the essential components work, STATUS on
// every change, WATCHDOG while the daemon gets on, and that it needs longer to start. Without systemd it says nothing.
type notifier struct {
	log    *slog.Logger
	health func() map[string]Health
	alive  func() error // why the daemon does not get on, nil while it does

	mu    sync.Mutex
	ready bool
}

// update sends READY and STATUS as the components' health has them.
func (n *notifier) update() {
	health := n.health()
	n.mu.Lock()
	defer n.mu.Unlock()
	message := daemon.SdNotifyReady
	if !n.ready && !essentialsWork(health) {
		message = ""
	}
	n.ready = n.ready || message != ""
	n.send(strings.TrimPrefix(message+"\nSTATUS="+summary(health), "\n"))
}

// watch feeds the watchdog until ctx ends. What hangs lets it bite, and so does a supervisor that does not answer.
func (n *notifier) watch(ctx context.Context, up func()) error {
	up()
	interval, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		return fmt.Errorf("read the watchdog's interval: %w", err)
	}
	if interval == 0 {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(interval / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := n.alive(); err != nil {
				n.log.Error("the watchdog is not fed, and will have the daemon started again", "error", err)
				continue
			}
			n.send(daemon.SdNotifyWatchdog)
		}
	}
}

const (
	extendEvery   = 15 * time.Second
	extendBy      = time.Minute
	longestToOpen = time.Hour // what takes longer hangs, and is to be killed
)

// patiently runs f before the daemon is ready, and has systemd wait for its end, however long its TimeoutStartSec is:
// EXTEND_TIMEOUT_USEC of sd_notify(3). What f does is for people who look at the status.
func (n *notifier) patiently(does string, f func() error) error {
	ctx, stop := context.WithTimeout(context.Background(), longestToOpen)
	message := fmt.Sprintf("EXTEND_TIMEOUT_USEC=%d\nSTATUS=starting, %s", extendBy.Microseconds(), does)
	n.send(message)
	var extending sync.WaitGroup
	extending.Go(func() {
		tick := time.NewTicker(extendEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				n.send(message)
			}
		}
	})
	defer extending.Wait()
	defer stop()
	return f()
}

func (n *notifier) stopping() { n.send(daemon.SdNotifyStopping + "\nSTATUS=stopping") }

func (n *notifier) send(message string) {
	if _, err := daemon.SdNotify(false, message); err != nil {
		n.log.Warn("systemd not notified", "error", err)
	}
}

func essentialsWork(health map[string]Health) bool {
	for _, h := range health {
		if h.Essential && h.State != OK {
			return false
		}
	}
	return true
}

// summary is one line for `systemctl status`: "ready", "ready without microphone (no such device)", or
// "starting, waits for history".
func summary(health map[string]Health) string {
	var waits, missing []string
	for name, h := range health {
		switch {
		case h.State == OK || h.State == Stopped:
		case h.Essential:
			waits = append(waits, name)
		case h.Detail != "":
			missing = append(missing, name+" ("+strings.ReplaceAll(h.Detail, "\n", " ")+")")
		default:
			missing = append(missing, name)
		}
	}
	slices.Sort(waits)
	slices.Sort(missing)
	switch {
	case len(waits) > 0:
		return "starting, waits for " + strings.Join(waits, ", ")
	case len(missing) > 0:
		return "ready without " + strings.Join(missing, ", ")
	}
	return "ready"
}
