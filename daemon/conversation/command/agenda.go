package command

import (
	"slices"
	"strings"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// getEvents answers with what is on a day: in the named calendar, or in all of them.
func getEvents(q request) (Command, error) {
	calendars, err := q.targets(want{domains: []string{"calendar"}, can: home.Entity.Available})
	if err != nil {
		return Command{}, err
	}
	begin := q.day()
	data := map[string]any{
		"start_date_time": begin.Format(time.RFC3339), "end_date_time": begin.AddDate(0, 0, 1).Format(time.RFC3339),
	}
	f := &Fetch{apply: func(answer *intent.ResponseData, response map[string]any) {
		answer.Facts = map[string]any{"events": events(response, begin)}
	}}
	for _, e := range calendars {
		f.Calls = append(f.Calls, call(e, "get_events", data))
	}
	return Command{Answer: about(calendars), Fetch: f}, nil
}

// events are those of all calendars in the order of their beginning, each with its summary and the hour and minute
// at which it begins; an event that lasts all day, or began before it, has no time.
func events(response map[string]any, day time.Time) []any {
	type event struct {
		at    time.Time
		facts map[string]any
	}
	var found []event
	calendars := response
	if _, only := response["events"]; only { // it was the one that was asked
		calendars = map[string]any{"": response}
	}
	for _, calendar := range calendars {
		calendar, _ := calendar.(map[string]any)
		for _, item := range Objects(calendar, "events") {
			summary, _ := item["summary"].(string)
			text, _ := item["start"].(string)
			facts := map[string]any{"summary": strings.TrimSpace(summary)}
			at, err := time.Parse(time.RFC3339, text)
			if at = at.In(day.Location()); err == nil && !at.Before(day) {
				facts["time"] = at.Format("15:04")
			}
			found = append(found, event{at, facts})
		}
	}
	slices.SortFunc(found, func(a, b event) int {
		if order := a.at.Compare(b.at); order != 0 {
			return order
		}
		return strings.Compare(a.facts["summary"].(string), b.facts["summary"].(string))
	})
	all := make([]any, len(found))
	for i, e := range found {
		all[i] = e.facts
	}
	return all
}
