package command

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"hearth/daemon/clock"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// planned are the kinds that do something later.
var planned = []Kind{Countdown, Planned, Condition}

// snoozeFor is how long a snooze is when nobody says how long.
const snoozeFor = 9 * time.Minute

// setAlarm calls timer.start with the time of day, and the days on which the alarm rings again.
func setAlarm(q request) (Command, error) { return q.startAt(Alarm, asWritten, nil) }

// setReminder calls timer.start with what to remind of, for a time of day or a length of time.
func setReminder(q request) (Command, error) {
	data := map[string]any{"message": q.text("message")}
	if data["message"] == "" {
		return Command{}, errorf(ErrBadSlot, "message of %s is empty", q.Intent)
	}
	if q.saysTime() {
		return q.startAt(Reminder, asNext, data)
	}
	if q.has("day") || q.has("half") {
		return q.atUsualHour().startAt(Reminder, asNext, data)
	}
	seconds, err := q.seconds()
	if err != nil {
		return Command{}, err
	}
	data["seconds"] = seconds
	length := time.Duration(seconds) * time.Second
	return q.startKind(Reminder, data, Timer{Length: length, Left: length, Due: q.Now.Add(length)}), nil
}

// atUsualHour is the sentence as if it also said the usual hour of the part of the day that it names. While that part
// of today lasts, it is the next full hour.
func (q request) atUsualHour() request {
	hour, next := usualHours[q.part()], q.Now.Hour()+1
	today := !q.has("day") || q.text("day") == "today"
	if today && q.part() != "" && hour < next && next < hour+partLasts {
		hour = next
	}
	q.Slots = maps.Clone(q.Slots)
	q.Slots["exact_hour"] = intent.Slot{Value: hour}
	return q
}

// planCommand calls timer.start with a sentence to carry out at a time of day.
func planCommand(q request) (Command, error) {
	return q.startAt(Planned, asNext, map[string]any{"command": putOff(q.Slots)})
}

// startAt calls timer.start for the sentence's time of day.
func (q request) startAt(kind Kind, how reading, data map[string]any) (Command, error) {
	at, days, err := q.clockTime(how)
	if err != nil {
		return Command{}, err
	}
	if data == nil {
		data = map[string]any{}
	}
	return q.startOn(kind, at, days, data), nil
}

// startOn calls timer.start for a time, and the days on which it is due again.
func (q request) startOn(kind Kind, at clock.Moment, days clock.Days, data map[string]any) Command {
	data["at"] = at.String()
	if days != 0 {
		data["days"] = days.String()
	}
	due := at.In(q.Now.Location())
	return q.startKind(kind, data, Timer{Due: due, Left: due.Sub(q.Now), Days: days})
}

// moveAlarm has the only alarm ring at another time: on its own days, or day, unless the sentence says which.
func moveAlarm(q request) (Command, error) {
	one, err := FindTimer(q.Timers, TimerQuery{Kinds: []Kind{Alarm}, Room: q.Room})
	if err != nil {
		return Command{}, err
	}
	at, days, err := q.movedFrom(one)
	if err != nil {
		return Command{}, err
	}
	q.Room, q.Slots = one.Room, maps.Clone(q.Slots)
	q.Slots["name"] = intent.Slot{Value: one.Name}
	c := q.startOn(Alarm, at, days, map[string]any{})
	c.Calls = append(c.Calls, TimerCall("cancel", one.ID, nil))
	return c, nil
}

// movedFrom is the sentence's time on the days of an alarm.
func (q request) movedFrom(t Timer) (clock.Moment, clock.Days, error) {
	minutes, err := q.minutesOfDay(asWritten)
	day, on := q.shows(t).Midnight(), t.Days
	switch {
	case err != nil || q.has("day") || q.has("repeat") || on == 0 && !q.ahead(day.AddMinutes(minutes[0])):
		return q.clockTime(asWritten)
	case on != 0:
		for day = clock.Of(q.Now).Midnight(); !on.Has(day.Weekday()) || !q.ahead(day.AddMinutes(minutes[0])); {
			day = day.AddDays(1)
		}
	}
	return day.AddMinutes(minutes[0]), on, nil
}

// startKind calls timer.start, and answers with the timer that will be.
func (q request) startKind(kind Kind, data map[string]any, t Timer) Command {
	data["kind"] = string(kind)
	if kind != Condition { // whose name is the entity's
		t.Name = q.text("name")
	}
	for key, value := range map[string]string{"name": t.Name, "room": q.Room} {
		if value != "" {
			data[key] = value
		}
	}
	message, _ := data["message"].(string)
	command, _ := data["command"].(string)
	t.Kind, t.Room, t.Message = kind, q.Room, cmp.Or(message, command)
	c := q.about([]Timer{t})
	c.Calls = []home.Call{{Domain: "timer", Service: "start", Data: data}}
	return c
}

// about is the command that speaks of these timers.
func (q request) about(timers []Timer) Command {
	var c Command
	c.Timers, c.Answer.Timers = timers, q.shown(timers)
	return c
}

// ofKind are the timers of these kinds that the sentence may mean, the next one first. A timer that only rings
// is not planned.
func (q request) ofKind(kinds []Kind) ([]Timer, error) {
	query := TimerQuery{Kinds: kinds, Name: q.text("name")}
	found := keepTimers(query.all(q.Timers), func(t Timer) bool {
		return (t.Kind != Countdown || t.Message != "") && (!q.has("message") || strings.EqualFold(t.Message, q.text("message")))
	})
	if q.has("sun") {
		at, err := q.sunTime()
		return keepTimers(found, func(t Timer) bool { return q.shows(t) == at }), err
	}
	onDay, err := q.onDay()
	if err != nil || !q.saysTime() {
		return keepTimers(found, func(t Timer) bool { return onDay(q.shows(t).Midnight()) }), err
	}
	minutes, err := q.minutesOfDay(asEither)
	return keepTimers(found, func(t Timer) bool {
		return slices.ContainsFunc(minutes, func(m int) bool {
			midnight := q.shows(t).AddMinutes(-m)
			return midnight == midnight.Midnight() && onDay(midnight)
		})
	}), err
}

// shows is what the clock on the wall shows when the timer is due.
func (q request) shows(t Timer) clock.Moment { return clock.Of(t.Due.In(q.Now.Location())) }

// onDay tells of a midnight whether the day that begins there is one that the sentence names, or it names none.
func (q request) onDay() (func(midnight clock.Moment) bool, error) {
	first, on, err := q.firstDay()
	return func(midnight clock.Moment) bool {
		return !q.has("day") || midnight == first && on == 0 || on.Has(midnight.Weekday()) && !midnight.Before(first)
	}, err
}

// listTimers answers with those of the kinds; none is an answer too.
func listTimers(kinds ...Kind) rule {
	return func(q request) (Command, error) {
		found, err := q.ofKind(kinds)
		return q.about(found), err
	}
}

// cancelOne cancels the only one that the sentence can mean, or the next when it asks for that.
func cancelOne(kinds ...Kind) rule {
	return func(q request) (Command, error) {
		found, err := q.ofKind(kinds)
		if err != nil {
			return Command{}, err
		}
		if q.has("next") && len(found) > 1 {
			found = found[:1]
		}
		one, err := FindTimer(found, TimerQuery{Room: q.Room})
		if err != nil {
			return Command{}, err
		}
		c := q.about([]Timer{one})
		c.Calls = []home.Call{TimerCall("cancel", one.ID, nil)}
		return c, nil
	}
}

// cancelEvery cancels all of the kinds; none is an answer too.
func cancelEvery(kinds ...Kind) rule {
	return func(q request) (Command, error) {
		found, err := q.ofKind(kinds)
		if err != nil {
			return Command{}, err
		}
		c := q.about(found)
		for _, t := range found {
			c.Calls = append(c.Calls, TimerCall("cancel", t.ID, nil))
		}
		return c, nil
	}
}

// stopRinging stops what rings in the speaker's room, or all that rings when nothing does there.
func stopRinging(q request) (Command, error) { return q.ringing("stop", nil), nil }

// snooze has what rings ring again later: after so many minutes as the sentence says, or the usual ones.
func snooze(q request) (Command, error) {
	length, ok := q.Duration()
	if !ok {
		length = snoozeFor
	}
	if length < time.Second {
		return Command{}, errorf(ErrBadSlot, "%s has no length", q.Intent)
	}
	c := q.ringing("snooze", map[string]any{"seconds": int(length.Seconds())})
	for i := range c.Timers {
		c.Timers[i].Due, c.Timers[i].Days = q.Now.Add(length), 0
	}
	return c, nil
}

// ringing calls the service for what rings here, or else anywhere.
func (q request) ringing(service string, data map[string]any) Command {
	found := TimerQuery{Ringing: true}.all(q.Timers)
	if here := keepTimers(found, func(t Timer) bool { return q.Room != "" && t.Room == q.Room }); len(here) > 0 {
		found = here
	}
	c := q.about(found)
	for _, t := range found {
		c.Calls = append(c.Calls, TimerCall(service, t.ID, data))
	}
	return c
}
