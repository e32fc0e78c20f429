package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os/exec"
	"slices"
	"strings"

	"hearth/daemon/web"
)

// daemon asks the running one how its parts are.
func (e *examination) daemon(ctx context.Context) []Finding {
	client := web.NewClient(e.SocketPath())
	defer client.Close()
	ready, err := client.Ready(ctx)
	switch {
	case errors.Is(err, web.ErrNotRunning):
		if f := e.service(ctx); f != nil {
			return []Finding{*f}
		}
		return one(Warning, "no daemon answers on "+e.SocketPath(), "start it: systemctl start hearthd, or hearthd run; if it runs, state_dir or HEARTH_STATE_DIR is another there")
	case errors.Is(err, fs.ErrPermission):
		return one(Warning, e.SocketPath()+" belongs to another user", asDaemon)
	case err != nil:
		return one(Problem, err.Error(), "read its log: journalctl -u hearthd; restart it: systemctl restart hearthd")
	}
	e.parts = ready.Components
	findings := fine("it runs and is ready")
	if !ready.Ready {
		findings = one(Problem, "it runs and is not ready", "read its log: journalctl -u hearthd")
	}
	return append(findings, e.partsOfDaemon()...)
}

// partsOfDaemon are those that are not as they should be.
func (e *examination) partsOfDaemon() []Finding {
	var findings []Finding
	for _, name := range slices.Sorted(maps.Keys(e.parts)) {
		part := e.parts[name]
		if part.State == web.OK || e.lacksRecogniser() && slices.Contains([]string{"recogniser", "microphone", "wake"}, name) {
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

// service tells of a service of systemd that is to run and does not. It is nil when there is none, or it is that of another
// configuration.
func (e *examination) service(ctx context.Context) *Finding {
	if e.SocketPath() != "/run/hearthd/hearthd.sock" {
		return nil
	}
	out, err := exec.CommandContext(ctx, "systemctl", "show", "--property", "UnitFileState,ActiveState,Result,ExecMainStatus", "hearthd.service").Output()
	state := string(out)
	if err != nil || !strings.Contains(state, "UnitFileState=enabled\n") || strings.Contains(state, "ActiveState=active\n") {
		return nil
	}
	return &Finding{
		Level: Problem, Message: "the service is to run and does not: " + strings.Join(strings.Fields(state), ", "),
		Remedy: "hearthd check; its log: journalctl -u hearthd; then systemctl restart hearthd",
	}
}
