package homeassistant

import (
	"context"
	"fmt"
	"time"

	"hearth/daemon/home"
)

// A View is what a Home Assistant tells of itself at one moment.
type View struct {
	Version string        // "2026.2.3"
	State   string        // "RUNNING" once it has started all its parts
	Ahead   time.Duration // by which its clock is ahead of this machine's, to the second
	Home    *home.Snapshot
}

// Oldest is the version from which on all is there that Hearth asks for.
const Oldest = "2025.2"

// Supported tells whether a version, "2026.2.3" or "2026.3.0b1", is Oldest or newer.
func Supported(version string) bool {
	var year, month int
	if _, err := fmt.Sscanf(version, "%d.%d", &year, &month); err != nil {
		return false
	}
	return year > 2025 || year == 2025 && month >= 2
}

// Probe tells the version of the Home Assistant at an address, without signing in. The error is one of Dial's.
func Probe(ctx context.Context, a Address) (version string, err error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	c, err := open(ctx, a)
	if err != nil {
		return "", err
	}
	_ = c.socket.CloseNow() // all is said
	return c.Version, nil
}

// Look signs in, reads the whole home once, and leaves. The error is one of Dial's or Ask's; the view beside it
// has what could be read, and is nil when nothing could.
func Look(ctx context.Context, a Address, token string) (*View, error) {
	c, err := Dial(ctx, a, token)
	if err != nil {
		return nil, err
	}
	serving, leave := context.WithCancel(ctx)
	left := make(chan struct{})
	go func() {
		_ = c.Serve(serving) // whoever asks learns it
		close(left)
	}()
	defer func() { leave(); <-left }()
	v := &View{Version: c.Version, Ahead: c.ahead}
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	return v, v.read(ctx, c)
}

func (v *View) read(ctx context.Context, c *Conn) error {
	var config struct {
		State string `json:"state"`
	}
	if err := c.Ask(ctx, Command{"type": "get_config"}, &config); err != nil {
		return err
	}
	v.State = config.State
	registries, err := load(ctx, c)
	if err != nil {
		return err
	}
	v.Home = registries.snapshot()
	return nil
}
