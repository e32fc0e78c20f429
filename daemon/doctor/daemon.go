package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"hearth/daemon/web"
)

// daemon asks the running one how its parts are.
func (e *examination) daemon(ctx context.Context) []Finding {
	client := web.NewClient(e.SocketPath())
	defer client.Close()
	ready, err := client.Ready(ctx)
	switch {
	case errors.Is(err, web.ErrNotRunning):
		return one(Warning, "no daemon answers on "+e.SocketPath(), "start it: systemctl start hearthd, or hearthd run; if it runs, state_dir or HEARTH_STATE_DIR is another there")
	case errors.Is(err, fs.ErrPermission):
		return one(Warning, e.SocketPath()+" belongs to another user", "run hearthd doctor as root, or as the user of the daemon")
	case err != nil:
		return one(Problem, err.Error(), "read its log: journalctl -u hearthd; restart it: systemctl restart hearthd")
	}
	e.parts = ready.Components
	findings := fine("it runs and is ready")
	if !ready.Ready {
		findings = one(Problem, "it runs and is not ready", "read its log: journalctl -u hearthd")
	}
	for _, name := range slices.Sorted(maps.Keys(ready.Components)) {
		part := ready.Components[name]
		if part.State == web.OK {
			continue
		}
		level := Warning
		if part.Essential {
			level = Problem
		}
		findings = append(findings, one(level, fmt.Sprintf("its part %s is %s: %s", name, part.State, part.Detail),
			"what is wrong with it stands below, or in its log: journalctl -u hearthd")...)
	}
	return findings
}
