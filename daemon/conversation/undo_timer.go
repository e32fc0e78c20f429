package conversation

import (
	"cmp"
	"slices"
	"time"

	"hearth/daemon/clock"
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
		data := started(t.timers[i])
		if data == nil {
			return nil
		}
		call.Entity = ""
		return back("start", data)
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
	return timer.Kind == command.Kind(cmp.Or(text("kind"), string(command.Countdown))) &&
		timer.Length == time.Duration(seconds)*time.Second && timer.Name == text("name") && timer.Room == text("room") &&
		timer.Message == cmp.Or(text("message"), text("command"))
}

// started is the data of a call that starts a timer anew, with what it had left; nil for a condition, also one that was
// snoozed, of which only its own sentence tells what it is for.
func started(timer Timer) map[string]any {
	data := map[string]any{"kind": string(timer.Kind)}
	message := "command"
	switch {
	case timer.State != "":
		return nil
	case timer.Kind == command.Countdown:
		data["seconds"] = max(1, int(timer.Left.Round(time.Second).Seconds()))
	default:
		data["at"] = clock.Of(timer.Due).String()
	}
	if timer.Kind == command.Reminder {
		message = "message"
	}
	for key, value := range map[string]string{"name": timer.Name, "room": timer.Room, message: timer.Message, "days": timer.Days.String()} {
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
