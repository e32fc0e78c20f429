package command

import (
	"time"

	"hearth/daemon/clock"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// What a sentence says of a time by the sun is in these slots:
//
//   - sun, which attribute of home.Sun has the moment: next_setting or next_rising
//   - sun_side, "before" or "after", with a length of time in hours, minutes and seconds
//   - half, day, day_next and repeat, as with a time of day

// getSun answers with the time at which the sun next rises, or sets, and whether that is tomorrow.
func getSun(q request) (Command, error) {
	at, err := q.nextSun(q.text("event"))
	if err != nil {
		return Command{}, err
	}
	facts := map[string]any{"time": at.Format("15:04"), "tomorrow": at.YearDay() != q.Now.YearDay()}
	return Command{Answer: intent.ResponseData{Facts: facts}}, nil
}

// nextSun is when the sun next does what the attribute tells, which is ErrNoSun where the home does not tell it, or told
// it too long ago.
func (q request) nextSun(attribute string) (time.Time, error) {
	sun, _ := q.Home.Entity(home.Sun)
	text, _ := sun.Attributes[attribute].(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || !at.After(q.Now) {
		return time.Time{}, ErrNoSun
	}
	return at.In(q.Now.Location()), nil
}

// sunTime is the minute of the next sunrise or sunset, or of a time before or after it. Of other days the home tells none.
func (q request) sunTime() (clock.Moment, error) {
	at, err := q.nextSun(q.text("sun"))
	if err != nil {
		return clock.Moment{}, err
	}
	onDay, err := q.onDay()
	if err != nil {
		return clock.Moment{}, err
	}
	day := clock.Of(at).Midnight()
	switch today := clock.Of(q.Now).Midnight(); {
	case q.has("repeat"), !q.saysToday() && !onDay(day):
		return clock.Moment{}, ErrNextSun
	case q.saysToday() && day != today:
		return clock.Moment{}, ErrPast
	}
	length, _ := q.Duration()
	if q.text("sun_side") == "before" {
		length = -length
	}
	if at = at.Add(length); !at.After(q.Now) {
		return clock.Moment{}, ErrPast
	}
	m := clock.Of(at)
	if !q.ahead(m) {
		m = m.AddMinutes(1)
	}
	return m, nil
}

// saysToday tells whether the sentence is about this day, or this evening. A night has the next sunrise.
func (q request) saysToday() bool {
	return q.text("day") == "today" || !q.has("day") && q.has("half") && q.part() != "overnight"
}
