// Package doctor looks at all that Hearth needs of its surroundings, with the code that the daemon reaches them
// by, and says what is amiss, what that means, and what to do. It changes nothing, plays nothing, and tells no
// secrets.
package doctor

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/web"
)

// Level is how bad a finding is.
type Level string

// The levels of a finding.
const (
	OK      Level = "ok"
	Warning Level = "warning" // Hearth works, without something
	Problem Level = "problem" // what the configuration asks for does not work
)

// A Finding is one thing that was looked at.
type Finding struct {
	Check   string   `json:"check"` // "microphone"
	Level   Level    `json:"level"`
	Message string   `json:"message"`         // what is, and what it means
	Remedy  string   `json:"remedy,omitzero"` // what to do; "" when all is well
	Items   []string `json:"items,omitzero"`  // what it is about, when there are several
}

// Options are what is examined. Both fields must be set.
type Options struct {
	Config *config.Config
	// Executable is this program, which also is the recogniser and lists sound devices.
	Executable string
}

// Examine makes all checks side by side, and returns their findings in an order that is always the same. It takes
// as long as the slowest check, half a minute at most.
func Examine(ctx context.Context, o Options) Report {
	e := &examination{Config: o.Config, executable: o.Executable, log: slog.New(slog.DiscardHandler)}
	first := check{"daemon", 5 * time.Second, e.daemon}.findings(ctx)
	rest := []check{
		{"microphone", 10 * time.Second, e.microphone},
		{"speaker", 10 * time.Second, e.speaker},
		{"sentences", 10 * time.Second, e.sentences},
		{"models", 20 * time.Second, e.models},
		{"recogniser", 25 * time.Second, e.recogniser},
		{"wake word", 15 * time.Second, e.wakeWord},
		{"home", 25 * time.Second, e.home},
		{"broker", 12 * time.Second, e.broker},
		{"language model", 8 * time.Second, e.languageModel},
		{"web search", time.Second, e.search},
		{"clock", time.Second, e.clock},
		{"memory", time.Second, e.memory},
		{"disk", 5 * time.Second, e.disk},
		{"history", 20 * time.Second, e.history},
		{"settings", time.Second, e.settings},
		{"cache", 5 * time.Second, e.cache},
	}
	found := make([][]Finding, len(rest))
	var checks sync.WaitGroup
	for i, c := range rest {
		checks.Go(func() { found[i] = c.findings(ctx) })
	}
	checks.Wait()
	report := Report{Findings: first}
	for _, findings := range found {
		report.Findings = append(report.Findings, findings...)
	}
	return report
}

// An examination is what the checks share.
type examination struct {
	*config.Config
	executable string
	log        *slog.Logger
	// parts are those of the running daemon; nil when none runs. They are set before the other checks begin.
	parts map[string]web.Component
}

// works tells whether the running daemon has this part at work.
func (e *examination) works(part string) bool { return e.parts[part].State == web.OK }

// A check looks at one thing. It should return soon after its time is up, and is not waited for.
type check struct {
	name  string
	limit time.Duration
	run   func(context.Context) []Finding
}

func (c check) findings(ctx context.Context) []Finding {
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	done := make(chan []Finding, 1) // a check that comes too late has room to leave its findings
	go func() { done <- c.run(ctx) }()
	var findings []Finding
	select {
	case findings = <-done:
	case <-time.After(c.limit + time.Second):
		findings = one(Problem, fmt.Sprintf("gave no answer within %s", c.limit), "look into the log of what hangs, or restart this machine")
	}
	for i := range findings {
		findings[i].Check = c.name
	}
	return findings
}

// one is a single finding.
func one(level Level, message, remedy string) []Finding {
	return []Finding{{Level: level, Message: message, Remedy: remedy}}
}

func fine(format string, args ...any) []Finding { return one(OK, fmt.Sprintf(format, args...), "") }
