// Package clock reckons with times as a clock on the wall shows them: half past seven tomorrow, every
// weekday at six. Such a time has no zone; which moment it is depends on where the clock hangs, and is asked
// for again whenever that may have changed.
package clock

import (
	"fmt"
	"time"
)

// A Moment is a date and a time of day to the minute. The zero Moment is none.
type Moment struct {
	Year         int
	Month        time.Month
	Day          int
	Hour, Minute int
}

// layout is a Moment as it is stored and sent: ISO 8601 without a zone.
const layout = "2006-01-02T15:04"

// Of is what a clock shows at t, in t's own zone.
func Of(t time.Time) Moment {
	year, month, day := t.Date()
	return Moment{year, month, day, t.Hour(), t.Minute()}
}

// Parse reads "2026-11-29T07:30".
func Parse(text string) (Moment, error) {
	t, err := time.Parse(layout, text)
	if err != nil {
		return Moment{}, fmt.Errorf("%q is no date and time: want %q", text, layout)
	}
	return Of(t), nil
}

// String is the Moment as Parse reads it, "" for none.
func (m Moment) String() string {
	if m.IsZero() {
		return ""
	}
	return m.utc().Format(layout)
}

// IsZero tells whether it is none.
func (m Moment) IsZero() bool { return m == Moment{} }

// Weekday is the day of the week.
func (m Moment) Weekday() time.Weekday { return m.utc().Weekday() }

// Midnight is the beginning of its day.
func (m Moment) Midnight() Moment { return Moment{Year: m.Year, Month: m.Month, Day: m.Day} }

// AddDays is the same time of day so many days later.
func (m Moment) AddDays(n int) Moment { return Of(m.utc().AddDate(0, 0, n)) }

// AddMinutes is what a clock shows that many minutes later, on a day on which nobody sets it.
func (m Moment) AddMinutes(n int) Moment { return Of(m.utc().Add(time.Duration(n) * time.Minute)) }

// Before tells whether a clock that nobody sets shows m before other.
func (m Moment) Before(other Moment) bool { return m.utc().Before(other.utc()) }

func (m Moment) utc() time.Time {
	return time.Date(m.Year, m.Month, m.Day, m.Hour, m.Minute, 0, 0, time.UTC)
}

// In is when a clock in that zone first shows m. Where the clock is set forward over m, it is the moment at
// which it is set.
func (m Moment) In(zone *time.Location) time.Time {
	t := time.Date(m.Year, m.Month, m.Day, m.Hour, m.Minute, 0, 0, zone)
	start, end := t.ZoneBounds()
	if Of(t) != m { // Go takes the offset of either side
		if m.Before(Of(t)) {
			return start
		}
		return end
	}
	if start.IsZero() {
		return t
	}
	_, offset := t.Zone()
	_, before := start.Add(-time.Second).Zone()
	if earlier := t.Add(time.Duration(offset-before) * time.Second); earlier.Before(start) && Of(earlier) == m {
		return earlier
	}
	return t
}

// Next is the first Moment on one of the days, at m's time of day, that lies after t and not before m. With no
// days it is m.
func (m Moment) Next(days Days, t time.Time) Moment {
	if days == 0 {
		return m
	}
	if today := Of(t); m.Before(today) {
		m.Year, m.Month, m.Day = today.Year, today.Month, today.Day
	}
	for !days.Has(m.Weekday()) || !m.In(t.Location()).After(t) {
		m = m.AddDays(1)
	}
	return m
}
