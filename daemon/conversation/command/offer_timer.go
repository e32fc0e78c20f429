package command

import (
	"time"

	"hearth/daemon/clock"
	"hearth/daemon/home"
)

// NewTimer stands for a timer that is not there yet where calls are chosen from what is offered.
const NewTimer home.EntityID = "timer"

// waitStates are the states that can be waited for, as InState reads them.
var waitStates = []string{"on", "off", "open", "closed", "done", "locked", "unlocked", "home", "not_home", "playing", "idle", "docked"}

// NewTimerServices are how a timer, an alarm, a reminder or a command for later can be asked for. Watched are the
// entities whose state can be waited for.
func NewTimerServices(watched []string) []Service {
	text := func(name string) Field { return Field{Name: name, Kind: Text} }
	all := []Service{
		{"start", []Field{{Name: "seconds", Kind: Whole, Min: 1, Max: 7 * 24 * 3600, Required: true}, text("name"), text("message"), text("command")}},
		{"start_at", []Field{textOf("at"), text("days"), text("name"), text("message"), text("command")}},
	}
	if len(watched) > 0 {
		all = append(all, Service{"wait_for", []Field{choiceOf("entity", watched...), choiceOf("state", waitStates...), text("command")}})
	}
	return all
}

// TimerServices are what a timer that is there can be asked for.
func TimerServices(t Timer) []Service {
	seconds := Field{Name: "seconds", Kind: Whole, Min: 1, Max: 24 * 3600, Required: true}
	if t.Ringing {
		return []Service{{Name: "stop"}, {"snooze", []Field{seconds}}}
	}
	all := []Service{{Name: "cancel"}}
	if t.Due.IsZero() && !t.Paused || t.Kind != Countdown {
		return all
	}
	pause := Service{Name: "pause"}
	if t.Paused {
		pause.Name = "unpause"
	}
	return append(all, pause, Service{"increase", []Field{seconds}}, Service{"decrease", []Field{seconds}})
}

// TimerCall is the call of one of TimerServices on a timer that is there, with what somebody wrote for its data.
func (s Service) TimerCall(id string, written map[string]any) (home.Call, error) {
	data, err := s.data(written)
	if len(data) == 0 {
		data = nil
	}
	return TimerCall(s.Name, id, data), err
}

// StartTimer is the "timer.start" for one of NewTimerServices, with what somebody wrote for its data. The time of day is
// "07:30", the next one, or "2026-11-29T07:30". Errors are as of Service.Call, or ErrPast.
func (in Input) StartTimer(s Service, written map[string]any) (home.Call, error) {
	c := home.Call{Domain: "timer", Service: "start"}
	data, err := s.data(written)
	if err != nil {
		return c, err
	}
	kind := Countdown
	switch s.Name {
	case "wait_for":
		kind = Condition
	case "start_at":
		kind = Alarm
		if err := in.readTime(data); err != nil {
			return c, err
		}
	}
	switch {
	case data["message"] != nil && data["command"] == nil:
		kind = Reminder
	case data["command"] != nil && kind == Alarm:
		kind = Planned
	}
	data["kind"] = string(kind)
	if in.Room != "" {
		data["room"] = in.Room
	}
	c.Data = data
	return c, nil
}

// readTime puts the moment that is meant in the place of the time as it was written.
func (in Input) readTime(data map[string]any) error {
	text, _ := data["at"].(string)
	days, err := daysOf(data)
	if err != nil {
		return err
	}
	at, err := clock.Parse(text)
	if err != nil {
		t, wrong := time.Parse("15:04", text)
		if wrong != nil {
			return errorf(ErrBadSlot, "at cannot be %q: give a time such as 07:30 or 2026-11-29T07:30", shortened(text))
		}
		at = clock.Of(in.Now).Midnight().AddMinutes(t.Hour()*60 + t.Minute())
		if days == 0 && !at.In(in.Now.Location()).After(in.Now) {
			at = at.AddDays(1)
		}
	}
	at = at.Next(days, in.Now)
	if !at.In(in.Now.Location()).After(in.Now) {
		return ErrPast
	}
	data["at"] = at.String()
	return nil
}

func daysOf(data map[string]any) (clock.Days, error) {
	text, _ := data["days"].(string)
	days, err := clock.ParseDays(text)
	if err != nil {
		return 0, errorf(ErrBadSlot, "days cannot be %q: give days such as mon,tue", shortened(text))
	}
	return days, nil
}
