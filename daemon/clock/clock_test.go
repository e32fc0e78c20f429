package clock

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func moment(t *testing.T, text string) Moment {
	t.Helper()
	m, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestIn is about the days on which clocks are set, on both sides of the equator, by an hour and by half of one.
func TestIn(t *testing.T) {
	for _, c := range []struct{ zone, moment, want string }{
		{"Europe/Berlin", "2026-07-01T07:30", "2026-07-01T05:30:00Z"},
		{"Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59:00Z"},
		{"Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00:00Z"}, // not shown: it is set from 2 to 3
		{"Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00:00Z"},
		{"Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00Z"},
		{"Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z"}, // shown twice: the first counts
		{"Europe/Berlin", "2026-10-25T02:00", "2026-10-25T00:00:00Z"},
		{"Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00Z"},
		{"America/New_York", "2026-03-08T02:30", "2026-03-08T07:00:00Z"},
		{"America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z"},
		{"Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30:00Z"},
		{"Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z"},
		{"UTC", "2026-03-29T02:30", "2026-03-29T02:30:00Z"},
	} {
		got := moment(t, c.moment).In(zone(t, c.zone)).UTC().Format(time.RFC3339)
		if got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.moment, c.zone, got, c.want)
		}
	}
}

func TestNext(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for _, c := range []struct {
		name, moment string
		days         Days
		after, want  string
	}{
		{"once", "2026-11-29T07:30", 0, "2026-11-30T00:00:00Z", "2026-11-29T07:30"},
		{"later today", "2026-11-28T07:30", EveryDay, "2026-11-28T05:00:00Z", "2026-11-28T07:30"},
		{"the very moment is over", "2026-11-28T07:30", EveryDay, "2026-11-28T06:30:00Z", "2026-11-29T07:30"},
		{"over the weekend", "2026-11-27T07:30", Weekdays, "2026-11-27T06:30:00Z", "2026-11-30T07:30"},
		{"one day of the week", "2026-11-27T07:30", On(time.Friday), "2026-11-27T06:30:01Z", "2026-12-04T07:30"},
		{"after weeks without power", "2026-11-02T07:30", On(time.Monday) | On(time.Sunday), "2026-11-24T12:00:00Z", "2026-11-29T07:30"},
		{"not before it begins", "2026-12-24T07:30", EveryDay, "2026-11-24T12:00:00Z", "2026-12-24T07:30"},
		{"on a day that has no such time", "2026-03-28T02:30", EveryDay, "2026-03-28T01:30:00Z", "2026-03-29T02:30"},
		{"rung at the gap", "2026-03-29T02:30", EveryDay, "2026-03-29T01:00:00Z", "2026-03-30T02:30"},
		{"only the first of two", "2026-10-25T02:30", EveryDay, "2026-10-25T00:30:00Z", "2026-10-26T02:30"},
	} {
		after, err := time.Parse(time.RFC3339, c.after)
		if err != nil {
			t.Fatal(err)
		}
		if got := moment(t, c.moment).Next(c.days, after.In(berlin)); got.String() != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestDays(t *testing.T) {
	for _, text := range []string{"", "mon,tue,wed,thu,fri", "sat,sun", "wed"} {
		if d, err := ParseDays(text); err != nil || d.String() != text {
			t.Errorf("%q: %q, %v", text, d, err)
		}
	}
	for _, text := range []string{"someday", "mon,", ",", "Mon"} {
		if d, err := ParseDays(text); err == nil {
			t.Errorf("%q was read as %s", text, d)
		}
	}
	if Weekdays.String() != "mon,tue,wed,thu,fri" || len(EveryDay.List()) != 7 || EveryDay.List()[0] != time.Monday {
		t.Errorf("weekdays %s, every day %v", Weekdays, EveryDay.List())
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2026-11-29T07:30")
	f.Add("0000-01-01T00:00")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Parse(text)
		if err != nil {
			return
		}
		if again, err := Parse(m.String()); !m.IsZero() && (err != nil || again != m) {
			t.Errorf("%q: %v, then %v, %v", text, m, again, err)
		}
	})
}
