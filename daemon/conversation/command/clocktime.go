package command

import (
	"slices"
	"time"

	"hearth/daemon/clock"
)

// What a sentence says of a time of day is in these slots, as the lists of daemon/supplement give them out:
//
//   - hour, 0 to 24, of a clock with 12 hours or with 24
//   - exact_hour in its place, of a clock with 24 hours: noon is 12
//   - minute, which counts from that hour on, or back from it: -30 in "halb acht"
//   - half, the half or part of the day that was named: "am", "pm", or "night", which is both
//   - day, from "today" on: "tomorrow", "overmorrow", or a day of the week, "monday"
//   - repeat and repeat_and, on which days again: "monday", "weekdays", "weekend", "daily"

// dayNames are the days of the week in the slots day and repeat.
var dayNames = map[string]clock.Days{
	"monday": clock.On(time.Monday), "tuesday": clock.On(time.Tuesday), "wednesday": clock.On(time.Wednesday),
	"thursday": clock.On(time.Thursday), "friday": clock.On(time.Friday), "saturday": clock.On(time.Saturday),
	"sunday": clock.On(time.Sunday), "weekdays": clock.Weekdays, "weekend": clock.Weekend, "daily": clock.EveryDay,
}

// daysAhead are the days in the slot day that are counted from today.
var daysAhead = map[string]int{"today": 0, "tomorrow": 1, "overmorrow": 2}

// A reading of an hour that is said without its half of the day.
type reading int

const (
	asWritten reading = iota // seven is 07:00, as of an alarm
	asNext                   // seven is the next one, if no day was said, and else by day: two is 14:00
)

// clockTime is when the sentence says, after now: the first time, and the days on which again.
func (q request) clockTime(how reading) (at clock.Moment, days clock.Days, err error) {
	minutes, err := q.minutesOfDay(how)
	if err != nil {
		return at, 0, err
	}
	if days, err = q.days("repeat", "repeat_and"); err != nil {
		return at, 0, err
	}
	first, fixed, err := q.firstDay()
	if err != nil {
		return at, 0, err
	}
	for _, m := range minutes {
		candidate := first.AddMinutes(m)
		if on := days | fixed; on != 0 {
			candidate = candidate.Next(on, q.Now)
		} else if !q.has("day") && !candidate.In(q.Now.Location()).After(q.Now) {
			candidate = candidate.AddDays(1)
		}
		if at.IsZero() || candidate.In(q.Now.Location()).Before(at.In(q.Now.Location())) {
			at = candidate
		}
	}
	if !at.In(q.Now.Location()).After(q.Now) {
		return at, 0, ErrPast
	}
	return at, days, nil
}

// firstDay is the day that the sentence counts from, at midnight, and the day of the week that it names.
func (q request) firstDay() (midnight clock.Moment, on clock.Days, err error) {
	midnight = clock.Of(q.Now).Midnight()
	if !q.has("day") {
		return midnight, 0, nil
	}
	if n, ok := daysAhead[q.text("day")]; ok {
		return midnight.AddDays(n), 0, nil
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
func (q request) saysTime() bool { return q.has("hour") || q.has("exact_hour") }

// minutesOfDay are the minutes since midnight that the sentence may mean, the earlier first.
func (q request) minutesOfDay(how reading) ([]int, error) {
	minute, ok := q.Slots["minute"].Int()
	if q.has("minute") && (!ok || minute <= -60 || minute >= 60) {
		return nil, errorf(ErrBadSlot, "minute of %s: want -59 to 59, have %v", q.Intent, q.Slots["minute"].Value)
	}
	hours, err := q.hours(how)
	if err != nil {
		return nil, err
	}
	for i, hour := range hours {
		hours[i] = (hour*60 + minute + 24*60) % (24 * 60)
	}
	slices.Sort(hours)
	return hours, nil
}

// hours are those of 24 that the sentence may mean.
func (q request) hours(how reading) ([]int, error) {
	slot := "hour"
	if q.has("exact_hour") {
		slot = "exact_hour"
	}
	hour, ok := q.Slots[slot].Int()
	switch {
	case !ok || hour < 0 || hour > 24:
		return nil, errorf(ErrBadSlot, "%s of %s: want 0 to 24, have %v", slot, q.Intent, q.Slots[slot].Value)
	case slot == "exact_hour":
		return []int{hour}, nil
	}
	return q.halves(hour, how), nil
}

// halves are the hours of 24 that an hour may mean.
func (q request) halves(hour int, how reading) []int {
	morning, evening := hour%12, hour%12+12
	switch half := q.text("half"); {
	case hour == 0 || hour > 12:
		return []int{hour}
	case half == "am" || half == "night" && hour != 12 && hour < 6:
		return []int{morning}
	case half == "night" && hour == 12:
		return []int{0}
	case half != "":
		return []int{evening}
	case how == asWritten:
		return []int{hour}
	case q.has("day") && q.text("day") != "today" || q.has("repeat"):
		if hour < 6 || hour == 12 {
			return []int{evening}
		}
		return []int{morning}
	}
	return []int{morning, evening}
}
