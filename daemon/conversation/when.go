package conversation

import (
	"strconv"
	"strings"
	"time"

	"hearth/daemon/clock"
	"hearth/daemon/conversation/command"
)

// An occasion is the key of a phrase about time: a day, an alarm that rings, how long ago something was.
type occasion string

// A Due is a timer that is due, for Announce.
type Due struct {
	Timer   Timer
	Thing   string        // what people call the entity of a condition
	Late    time.Duration // 0 when it is on time
	Missed  bool          // it is too late to ring, or to do it
	Expired bool          // a condition that did not come about
}

// Announce says that a timer is due. Its time of day is told in the time zone of Timer.Due.
func (p *Phrases) Announce(d Due) string {
	kind := d.Timer.Kind
	if d.Timer.State != "" { // snoozed, it is a reminder of what came about
		kind = command.Condition
	}
	key := occasion(kind)
	switch {
	case d.Expired:
		key = "expired"
	case d.Missed:
		key = "missed_" + key
	case d.Late > 0 && kind != command.Condition:
		key = "late_" + key
	}
	if _, ok := p.Rings["named_"+key]; ok && d.Timer.Name != "" {
		key = "named_" + key
	}
	return strings.NewReplacer("{name}", d.Timer.Name, "{message}", d.Timer.Message, "{time}", p.timeOf(d.Timer.Due),
		"{ago}", p.ago(d.Late), "{state}", p.stateOf(d.Thing, d.Timer.State)).Replace(string(p.Rings[key]))
}

// when says on which day and at what time a timer is due, or what it waits for, as seen at now. A timer that stands
// still is due at no time: "".
func (p *Phrases) when(t Timer, thing string, now time.Time) string {
	due := t.Due.In(now.Location())
	switch {
	case t.Kind == command.Condition:
		return p.When["state"].with("{state}", p.stateOf(thing, t.State))
	case t.Paused || t.Due.IsZero():
		return ""
	case t.Days != 0:
		return p.at(p.repeated(t.Days), due)
	}
	return p.at(p.day(due, now), due)
}

func (p *Phrases) at(day string, due time.Time) string {
	return strings.NewReplacer("{day}", day, "{time}", p.timeOf(due)).Replace(string(p.When["at"]))
}

// day is "today", "tomorrow" or "on Monday".
func (p *Phrases) day(due, now time.Time) string {
	today, day := clock.Of(now).Midnight(), clock.Of(due).Midnight()
	switch day {
	case today:
		return string(p.When["today"])
	case today.AddDays(1):
		return string(p.When["tomorrow"])
	}
	return p.When["on"].with("{day}", p.weekday(day.Weekday()))
}

// repeated is "every weekday" or "every Monday and Friday".
func (p *Phrases) repeated(days clock.Days) string {
	switch days {
	case clock.EveryDay:
		return string(p.When["daily"])
	case clock.Weekdays:
		return string(p.When["weekdays"])
	case clock.Weekend:
		return string(p.When["weekend"])
	}
	var names []string
	for _, d := range days.List() {
		names = append(names, p.weekday(d))
	}
	return p.When["each"].with("{days}", p.join(names))
}

func (p *Phrases) weekday(d time.Weekday) string {
	return string(p.When[occasion(strings.ToLower(d.String()))])
}

// timeOf is a time of day: "7:30 AM".
func (p *Phrases) timeOf(t time.Time) string {
	return p.inSentence(t, strings.NewReplacer("{hour}", strconv.Itoa(t.Hour()), "{minute}", t.Format("04"), "{hour12}", t.Format("3"),
		"{half}", t.Format("PM")).Replace(p.Clock))
}

// inSentence is a time of day, as it is written, with the article that it has in a sentence: "la 1:05", "las 7:30".
func (p *Phrases) inSentence(t time.Time, written string) string {
	hour := occasion("other")
	if t.Hour() == 1 {
		hour = "one"
	}
	return p.Hours[hour].with("{time}", written)
}

// ago is how long ago something was: "10 minutes ago". Less than a minute and a half is a minute.
func (p *Phrases) ago(d time.Duration) string {
	n, unit := int(d.Round(time.Minute)/time.Minute), occasion("minute")
	switch {
	case d >= 36*time.Hour:
		n, unit = int(d.Round(24*time.Hour)/(24*time.Hour)), "day"
	case d >= 90*time.Minute:
		n, unit = int(d.Round(time.Hour)/time.Hour), "hour"
	}
	if n > 1 {
		unit += "s"
	}
	return p.Ago[unit].with("{n}", strconv.Itoa(n))
}

// stateOf is a sentence without its full stop: "Washing Machine is done".
func (p *Phrases) stateOf(thing, state string) string {
	phrase, ok := p.States[occasion(state)]
	if !ok {
		phrase = p.States["other"]
	}
	return strings.NewReplacer("{name}", thing, "{state}", strings.ReplaceAll(state, "_", " ")).Replace(string(phrase))
}
