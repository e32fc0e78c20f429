package clock

import (
	"fmt"
	"strings"
	"time"
)

// Days are days of the week; none is 0.
type Days uint8

// Days that have a name together.
const (
	EveryDay Days = 1<<7 - 1
	Weekend       = Days(1<<time.Saturday | 1<<time.Sunday)
	Weekdays      = EveryDay &^ Weekend
)

// On is one day of the week.
func On(day time.Weekday) Days { return 1 << day }

// Has tells whether the day is among them.
func (d Days) Has(day time.Weekday) bool { return d&On(day) != 0 }

// names are the days as they are stored and sent, Monday first.
var names = []struct {
	day  time.Weekday
	name string
}{
	{time.Monday, "mon"}, {time.Tuesday, "tue"}, {time.Wednesday, "wed"}, {time.Thursday, "thu"},
	{time.Friday, "fri"}, {time.Saturday, "sat"}, {time.Sunday, "sun"},
}

// List are the days one by one, Monday first.
func (d Days) List() []time.Weekday {
	var all []time.Weekday
	for _, n := range names {
		if d.Has(n.day) {
			all = append(all, n.day)
		}
	}
	return all
}

// String is "mon,tue", "" for none.
func (d Days) String() string {
	var all []string
	for _, n := range names {
		if d.Has(n.day) {
			all = append(all, n.name)
		}
	}
	return strings.Join(all, ",")
}

// ParseDays reads "mon,tue"; "" is none.
func ParseDays(text string) (Days, error) {
	var d Days
	if text == "" {
		return d, nil
	}
	for name := range strings.SplitSeq(text, ",") {
		day, ok := dayNamed(name)
		if !ok {
			return 0, fmt.Errorf("%q is no day of the week: want mon, tue, wed, thu, fri, sat or sun", name)
		}
		d |= On(day)
	}
	return d, nil
}

func dayNamed(name string) (time.Weekday, bool) {
	for _, n := range names {
		if n.name == name {
			return n.day, true
		}
	}
	return 0, false
}
