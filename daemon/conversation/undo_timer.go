package conversation

import (
	"slices"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// timerBack are the calls that undo what was done with a timer, none when nothing does.
func (c *Conversation) timerBack(t *Turn, call home.Call) []home.Call {
	back := func(service string, data map[string]any) []home.Call {
		return []home.Call{{Domain: timerDomain, Service: service, Entity: call.Entity, Data: data}}
	}
	switch call.Service {
	case "start":
		for _, timer := range c.running() {
			if timer.ID != "" && !slices.ContainsFunc(t.timers, func(o Timer) bool { return o.ID == timer.ID }) && startedBy(timer, call) {
				call.Entity = command.TimerEntity(timer.ID)
				return back("cancel", nil)
			}
		}
	case "cancel":
		i := slices.IndexFunc(t.timers, func(o Timer) bool { return command.TimerEntity(o.ID) == call.Entity })
		if i < 0 || t.timers[i].Paused {
			return nil
		}
		call.Entity = ""
		return back("start", started(t.timers[i]))
	case "pause":
		return back("unpause", nil)
	case "unpause":
		return back("pause", nil)
	case "increase":
		return back("decrease", call.Data)
	case "decrease":
		return back("increase", call.Data)
	}
	return nil
}

// startedBy tells whether a call has started the timer, by all that the two have in common.
func startedBy(timer Timer, call home.Call) bool {
	seconds, _ := home.Number(call.Data["seconds"])
	text := func(key string) string { s, _ := call.Data[key].(string); return s }
	return timer.Length == time.Duration(seconds)*time.Second && timer.Name == text("name") && timer.Room == text("room") &&
		timer.Command == text("command")
}

// started is the data of a call that starts a timer anew, with what it had left.
func started(timer Timer) map[string]any {
	data := map[string]any{"seconds": max(1, int(timer.Left.Round(time.Second).Seconds()))}
	for key, value := range map[string]string{"name": timer.Name, "room": timer.Room, "command": timer.Command} {
		if value != "" {
			data[key] = value
		}
	}
	return data
}

// running are the timers that have not rung yet.
func (c *Conversation) running() []Timer {
	if c.Timers == nil {
		return nil
	}
	return c.Timers.Running()
}
