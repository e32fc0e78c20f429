package tool

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
)

const (
	maxDays   = 31
	maxEvents = 20
)

// Calendar makes the tool "calendar": events to come. Whoever sends an invitation writes into a calendar, so that it
// counts as text from outside.
func Calendar() *Tool {
	return &Tool{
		name: "calendar", hint: `{"from"?: "2026-12-24", "days"?: 7, "of"?: "name"}: events`,
		form:    json.RawMessage(`{"type":"object","properties":{"from":{"type":"string","maxLength":100},"days":{"type":"integer","minimum":1,"maximum":31},"of":{"type":"string","maxLength":100}}}`),
		private: true,
		fits:    hasDomain("calendar"), look: lookAtCalendar,
	}
}

func lookAtCalendar(ctx context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error) {
	var asked struct {
		From string
		Days int
		Of   string
	}
	if err := read(with, &asked); err != nil {
		return "", err
	}
	year, month, day := time.Now().Date()
	from := time.Date(year, month, day, 0, 0, 0, 0, time.Local)
	if asked.From != "" {
		var err error
		if from, err = time.ParseInLocation(time.DateOnly, asked.From, time.Local); err != nil {
			return "", wrongly("from: want a day such as 2026-12-24")
		}
	}
	if asked.Days == 0 {
		asked.Days = 7
	}
	if asked.Days < 0 || asked.Days > maxDays {
		return "", wrongly("days: want 1 to %d", maxDays)
	}
	calendars, err := chosen(q.Home, "calendar", asked.Of)
	if err != nil {
		return "", err
	}
	answers, err := ask(ctx, q, calendars, "get_events", map[string]any{
		"start_date_time": from.Format(time.RFC3339), "end_date_time": from.AddDate(0, 0, asked.Days).Format(time.RFC3339),
	})
	if err != nil {
		return "", err
	}
	var events []event
	for _, a := range answers {
		for _, item := range command.Objects(a, "events") {
			events = append(events, eventOf(item))
		}
	}
	return tellEvents(events, from, asked.Days), nil
}

type event struct {
	at    time.Time
	whole bool // it lasts all day, or it is not known when it begins
	what  string
}

func eventOf(item map[string]any) event {
	e := event{what: text(item, "summary")}
	if place := text(item, "location"); place != "" {
		e.what += ", " + place
	}
	start := text(item, "start")
	at, err := time.Parse(time.RFC3339, start)
	if err != nil {
		at, _ = time.ParseInLocation(time.DateOnly, start, time.Local)
		e.whole = true
	}
	e.at = at.Local()
	return e
}

func tellEvents(events []event, from time.Time, days int) string {
	period := fmt.Sprintf("from %s for %d days", from.Format("Monday 2 January"), days)
	if len(events) == 0 {
		return "No events " + period + "."
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	var b strings.Builder
	fmt.Fprintf(&b, "%d events %s:\n", len(events), period)
	for _, e := range events[:min(len(events), maxEvents)] {
		layout := "Monday 2 January 15:04"
		if e.whole {
			layout = "Monday 2 January"
		}
		b.WriteString(e.at.Format(layout) + ": " + e.what + "\n")
	}
	return b.String()
}
