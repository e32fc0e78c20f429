package command

import (
	"cmp"
	"time"

	"hearth/daemon/clock"
)

// What a sentence says of a time of day is in these slots, as the lists of daemon/supplement give them out:
//
//   - hour, 0 to 24, of a clock with 12 hours or with 24
//   - exact_hour in its place, of a clock with 24 hours: noon is 12
//   - minute, which counts from that hour on, or back from it: -30 in "halb acht"
//   - half, the part of the day that was named: one of dayParts
//   - day, from "today" on: "tomorrow", "overmorrow", or a day of the week, "monday"
//   - day_next, if it was called the next one, which is not today
//   - repeat and repeat_and, on which days again: "monday", "weekdays", "weekend", "daily", "evenings"

// dayNames are the days of the week in the slots day and repeat.
var dayNames = map[string]clock.Days{
	"monday": clock.On(time.Monday), "tuesday": clock.On(time.Tuesday), "wednesday": clock.On(time.Wednesday),
	"thursday": clock.On(time.Thursday), "friday": clock.On(time.Friday), "saturday": clock.On(time.Saturday),
	"sunday": clock.On(time.Sunday), "weekdays": clock.Weekdays, "weekend": clock.Weekend, "daily": clock.EveryDay,
	"mornings": clock.EveryDay, "noons": clock.EveryDay, "afternoons": clock.EveryDay, "evenings": clock.EveryDay, "nights": clock.EveryDay,
}

// usualHours are those at which a reminder for a part of a day comes that is not for a time; "" is the day as a whole.
var usualHours = map[string]int{"": 9, "am": 9, "morning": 9, "noon": 12, "pm": 15, "evening": 19, "night": 22, "overnight": 22}

// partLasts is how long after its usual hour a part of the day may still be meant, in hours.
const partLasts = 4

// dailyParts are the parts of the day that the slot repeat names along with its days.
var dailyParts = map[string]string{"mornings": "morning", "noons": "noon", "afternoons": "pm", "evenings": "evening", "nights": "night"}

// daysAhead are the days in the slot day that are counted from today.
var daysAhead = map[string]int{"today": 0, "tomorrow": 1, "overmorrow": 2}

// dayParts are the parts of the day in the slot half: the hour at which the twelve begin in which the time lies. An
// evening and a night end on the next day.
var dayParts = map[string]int{"am": 0, "morning": 1, "noon": 10, "pm": 12, "evening": 17, "night": 18, "overnight": 18}

const (
	halfDay = 12 * 60 // minutes
	fullDay = 2 * halfDay
)

// A reading of an hour that is said without its part of the day.
type reading int

const (
	asWritten reading = iota // seven is 07:00, as of an alarm
	asNext                   // seven is the next one, if no day was said, and else by day: two is 14:00
	asEither                 // seven is both, as of what may have been set either way
)

// clockTime is when the sentence says, after now: the first time, and the days on which again.
func (q request) clockTime(how reading) (at clock.Moment, days clock.Days, err error) {
	if q.has("sun") {
		at, err = q.sunTime()
		return at, 0, err
	}
	minutes, err := q.minutesOfDay(how)
	if err != nil {
		return at, 0, err
	}
	if days, err = q.days("repeat", "repeat_and"); err != nil {
		return at, 0, err
	}
	first, on, err := q.firstDay()
	if err != nil {
		return at, 0, err
	}
	on |= days
	if !q.has("day") && days == 0 {
		on = clock.EveryDay
	}
	for _, m := range minutes {
		day := first
		for on != 0 && (!on.Has(day.Weekday()) || !q.ahead(day.AddMinutes(m))) {
			day = day.AddDays(1)
		}
		candidate := day.AddMinutes(m)
		if q.ahead(candidate) && (at.IsZero() || candidate.In(q.Now.Location()).Before(at.In(q.Now.Location()))) {
			at = candidate
		}
	}
	if at.IsZero() {
		return at, 0, ErrPast
	}
	return at, days, nil
}

// ahead tells whether m lies after now.
func (q request) ahead(m clock.Moment) bool { return m.In(q.Now.Location()).After(q.Now) }

// firstDay is the day that the sentence counts from, at midnight, and the day of the week that it names.
func (q request) firstDay() (midnight clock.Moment, on clock.Days, err error) {
	midnight = clock.Of(q.Now).Midnight()
	if !q.has("day") {
		return midnight, 0, nil
	}
	if n, ok := daysAhead[q.text("day")]; ok {
		return midnight.AddDays(n), 0, nil
	}
	if q.has("day_next") {
		midnight = midnight.AddDays(1)
	}
	on, err = q.days("day")
	return midnight, on, err
}

// days are those that the slots name together.
func (q request) days(slots ...string) (days clock.Days, err error) {
	for _, slot := range slots {
		if !q.has(slot) {
			continue
		}
		named, ok := dayNames[q.text(slot)]
		if !ok {
			return 0, errorf(ErrBadSlot, "%s of %s: want a day, have %q", slot, q.Intent, q.text(slot))
		}
		days |= named
	}
	return days, nil
}

// saysTime tells whether the sentence has a time of day.
func (q request) saysTime() bool { return q.has("hour") || q.has("exact_hour") || q.has("sun") }

// part is the part of the day that the sentence names, "" for none.
func (q request) part() string { return cmp.Or(q.text("half"), dailyParts[q.text("repeat")]) }

// minutesOfDay are the minutes that the sentence may mean, from the midnight at which its day begins. Those of the
// night that follows on a day that was named are more than a day.
func (q request) minutesOfDay(how reading) ([]int, error) {
	minute, ok := q.Slots["minute"].Int()
	if q.has("minute") && (!ok || minute <= -60 || minute >= 60) {
		return nil, errorf(ErrBadSlot, "minute of %s: want -59 to 59, have %v", q.Intent, q.Slots["minute"].Value)
	}
	slot := "hour"
	if q.has("exact_hour") {
		slot = "exact_hour"
	}
	hour, ok := q.Slots[slot].Int()
	if !ok || hour < 0 || hour > 24 {
		return nil, errorf(ErrBadSlot, "%s of %s: want 0 to 24, have %v", slot, q.Intent, q.Slots[slot].Value)
	}
	if slot == "exact_hour" || hour > 12 || hour == 0 && q.part() == "" {
		m := hour*60 + minute
		if m < 0 {
			m += fullDay
		}
		return q.fromMidnight(m), nil
	}
	return q.halves(hour*60+minute, how)
}

// halves are the minutes that a time may mean which a clock with 12 hours shows m minutes after twelve.
func (q request) halves(m int, how reading) ([]int, error) {
	half := q.part()
	start, ok := dayParts[half]
	switch {
	case ok:
		return q.fromMidnight(from(start, m)), nil
	case half != "":
		return nil, errorf(ErrBadSlot, "half of %s: want a part of the day, have %q", q.Intent, half)
	case how == asEither || q.text("day") == "today" || how == asNext && !q.has("day") && !q.has("repeat"):
		return []int{from(0, m), from(12, m)}, nil
	case how == asWritten:
		return []int{from(1, m)}, nil
	}
	return []int{from(6, m)}, nil
}

// fromMidnight is a time, in minutes from the midnight at which a day begins, as it may be meant of the day that was
// named. "Two at night" and a time without a day are on the day itself; "tonight at two", said at one, is too.
func (q request) fromMidnight(m int) []int {
	today := q.text("day") == "today"
	switch {
	case m < fullDay:
		return []int{m}
	case !q.has("day") || q.part() == "night" && m > fullDay && !today:
		return []int{m - fullDay}
	case today:
		return []int{m - fullDay, m}
	}
	return []int{m}
}

// from is the time of a clock with 12 hours that lies in those that begin at an hour, in minutes.
func from(hour, m int) int {
	start := hour * 60
	return start + ((m-start)%halfDay+halfDay)%halfDay
}
