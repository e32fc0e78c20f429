package demo

import (
	"maps"
	"slices"
	"time"

	"hearth/daemon/home"
)

// An Event is an entry of a calendar, from Start until before End. One of whole days begins and ends at midnight.
type Event struct {
	Summary, Description, Location string
	Start, End                     time.Time
	WholeDays                      bool
}

// WithEvents puts events into calendars.
func WithEvents(events map[home.EntityID][]Event) Option {
	return func(h *Home) { h.events = maps.Clone(events) }
}

// calendarEvents answers calendar.get_events: the events that overlap the time asked for, the first one first.
func calendarEvents(h *Home, e home.Entity, d *data) any {
	begin, ok := d.moment("start_date_time")
	if !ok {
		begin = h.now()
	}
	end, ok := d.moment("end_date_time")
	d.need("end_date_time", ok, "a time after start_date_time")
	found := slices.Clone(h.events[e.ID])
	found = slices.DeleteFunc(found, func(e Event) bool { return !e.Start.Before(end) || !e.End.After(begin) })
	slices.SortStableFunc(found, func(a, b Event) int { return a.Start.Compare(b.Start) })
	answer := []any{}
	for _, event := range found {
		answer = append(answer, event.entry())
	}
	return map[string]any{"events": answer}
}

func (e Event) entry() map[string]any {
	layout := time.RFC3339
	if e.WholeDays {
		layout = time.DateOnly
	}
	entry := map[string]any{"summary": e.Summary, "start": e.Start.Format(layout), "end": e.End.Format(layout)}
	if e.Description != "" {
		entry["description"] = e.Description
	}
	if e.Location != "" {
		entry["location"] = e.Location
	}
	return entry
}

// moment is a field that holds a time.
func (d *data) moment(field string) (time.Time, bool) {
	text, ok := d.text(field)
	if !ok {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		d.refuse(field, text, "a time like 2026-11-29T18:00:00+01:00")
	}
	return at, err == nil
}
