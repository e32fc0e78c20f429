package intent

import (
	"fmt"
	"strings"
	"time"

	"hearth/daemon/intent/jinja"
)

// A moment is Python's date, time or datetime for templates. Printed it has its layout.
type moment struct {
	time.Time
	layout string
}

func (m moment) String() string { return m.Format(m.layout) }

func (m moment) Attr(name string) (any, bool) {
	switch name {
	case "year":
		return m.Year(), true
	case "month":
		return int(m.Month()), true
	case "day":
		return m.Day(), true
	case "hour":
		return m.Hour(), true
	case "minute":
		return m.Minute(), true
	case "second":
		return m.Second(), true
	case "weekday": // Monday is 0
		return jinja.Func(func([]any) (any, error) { return (int(m.Weekday()) + 6) % 7, nil }), true
	case "isoweekday": // Monday is 1
		return jinja.Func(func([]any) (any, error) { return (int(m.Weekday())+6)%7 + 1, nil }), true
	case "strftime":
		return jinja.Func(m.strftime), true
	}
	return nil, false
}

// directives are strftime's, as layouts of Go's. Names of days and months are English.
var directives = map[byte]string{
	'A': "Monday", 'a': "Mon", 'B': "January", 'b': "Jan", 'd': "02", 'F': time.DateOnly, 'H': "15", 'I': "03", 'j': "002",
	'M': "04", 'm': "01", 'p': "PM", 'R': "15:04", 'S': "05", 'T': time.TimeOnly, 'Y': "2006", 'y': "06", 'Z': "MST", 'z': "-0700",
}

// strftime is Python's: "%H:%M"; with a hyphen, "%-H", numbers have no zero in front.
func (m moment) strftime(args []any) (any, error) {
	if len(args) != 1 {
		return nil, fmt.Errorf(`strftime needs one format, "%%H:%%M"`)
	}
	var b strings.Builder
	for text := fmt.Sprint(args[0]); text != ""; {
		before, rest, found := strings.Cut(text, "%")
		b.WriteString(before)
		if !found {
			break
		}
		bare := strings.HasPrefix(rest, "-")
		rest = strings.TrimPrefix(rest, "-")
		if rest == "" {
			return nil, fmt.Errorf("the format %q ends in a percent sign", args[0])
		}
		text = rest[1:]
		shown := "%"
		if rest[0] != '%' {
			layout, ok := directives[rest[0]]
			if !ok {
				return nil, fmt.Errorf("strftime does not know %%%c", rest[0])
			}
			shown = m.Format(layout)
		}
		if bare {
			shown = strings.TrimPrefix(shown, "0")
		}
		b.WriteString(shown)
	}
	return b.String(), nil
}

func timerVars(timers []Timer) []any {
	vars := make([]any, len(timers))
	for i, t := range timers {
		vars[i] = map[string]any{
			"is_active": t.Active, "name": t.Name, "area": t.Area,
			"start_hours": t.Start.Hours, "start_minutes": t.Start.Minutes, "start_seconds": t.Start.Seconds,
			"total_seconds_left": t.SecondsLeft, "message": t.Message, "when": t.When,
			"rounded_hours_left": t.Left.Hours, "rounded_minutes_left": t.Left.Minutes, "rounded_seconds_left": t.Left.Seconds,
		}
	}
	return vars
}

// SpanOf is a duration in hours, minutes and seconds.
func SpanOf(d time.Duration) Span {
	seconds := int(d / time.Second)
	return Span{seconds / 3600, seconds / 60 % 60, seconds % 60}
}

// RoundLeft rounds the time left to what people want to hear: half hours above an hour, half minutes above a
// minute, tens of seconds below, as Home Assistant's timers do.
func RoundLeft(left time.Duration) Span {
	s := SpanOf(left)
	switch {
	case s.Hours > 0:
		more, half := roundHalf(s.Minutes)
		return Span{Hours: s.Hours + more, Minutes: half}
	case s.Minutes > 0:
		more, half := roundHalf(s.Seconds)
		return Span{Minutes: s.Minutes + more, Seconds: half}
	case s.Seconds > 50:
		return Span{Minutes: 1}
	case s.Seconds < 10:
		return s
	}
	return Span{Seconds: s.Seconds - s.Seconds%10}
}

// roundHalf rounds sixtieths to nothing, a half or one more.
func roundHalf(sixtieths int) (more, half int) {
	switch {
	case sixtieths > 45:
		return 1, 0
	case sixtieths < 15:
		return 0, 0
	}
	return 0, 30
}
