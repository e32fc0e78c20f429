package tool

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
)

// Timers are those that Hearth runs.
type Timers interface {
	Running() []conversation.Timer
}

// NewTimers makes the tool "timers": timers, alarms, reminders and conditions that have not rung. What they remind of
// was said to Hearth by those who live here.
func NewTimers(timers Timers) *Tool {
	return &Tool{
		name: "timers", hint: `{}: running timers, alarms and reminders`,
		form:   json.RawMessage(`{"type":"object","properties":{}}`),
		inside: true,
		look: func(_ context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error) {
			if err := read(with, &struct{}{}); err != nil {
				return "", err
			}
			running := timers.Running()
			if len(running) == 0 {
				return "None is set.", nil
			}
			var b strings.Builder
			for _, t := range running {
				b.WriteString(timerLine(q, t) + "\n")
			}
			return b.String(), nil
		},
	}
}

func timerLine(q conversation.ModelQuestion, t conversation.Timer) string {
	line := string(t.Kind)
	if t.Name != "" {
		line += " called " + t.Name
	}
	if area, ok := q.Home.Area(t.Room); ok {
		line += " in " + area.Name
	}
	waits := t.Kind == command.Condition
	switch {
	case t.Message != "":
		line += ": " + t.Message
	case t.State != "" && !waits: // snoozed
		line += ": " + string(t.Entity) + " is " + t.State
	}
	switch {
	case t.Ringing:
		return line + ", rings now"
	case t.Paused:
		return line + ", stands still with " + t.Left.Round(time.Second).String() + " left"
	case waits:
		return line + ", waits until " + string(t.Entity) + " is " + t.State
	case t.Days != 0:
		days := make([]string, 0, 7)
		for _, d := range t.Days.List() {
			days = append(days, d.String())
		}
		return line + ", every " + strings.Join(days, ", ") + " at " + t.Due.Local().Format("15:04")
	}
	return line + fmt.Sprintf(", due %s, in %s", when(t.Due), t.Left.Round(time.Second))
}
