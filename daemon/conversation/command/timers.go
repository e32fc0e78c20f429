package command

import (
	"maps"
	"slices"
	"strings"
	"time"

	"hearth/daemon/clock"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A Timer is one that runs, is paused, or rings. Its fields are those of conversation.Timer, so that the one
// converts to the other.
type Timer struct {
	ID      string
	Kind    Kind
	Name    string
	Room    string // area ID where it was set
	Message string // what to remind of, or the sentence to carry out
	Length  time.Duration
	Left    time.Duration
	Due     time.Time
	Days    clock.Days
	Entity  home.EntityID // of a Condition, with its State
	State   string
	Paused  bool
	Ringing bool
}

// A Kind is what a timer is to the person who set it. They are listed and cancelled apart.
type Kind string

// Kinds. A command for later is a Countdown, as in Home Assistant, or Planned when it has a time of day.
const (
	Countdown Kind = "timer"
	Alarm     Kind = "alarm"
	Reminder  Kind = "reminder"
	Planned   Kind = "command"   // a sentence to carry out at a time of day
	Condition Kind = "condition" // a sentence to carry out when an entity comes into a state
)

// TimerEntity is the entity ID under which calls of the domain timer name a running timer. A
// "timer.start" has no entity.
func TimerEntity(id string) home.EntityID { return home.EntityID("timer." + id) }

// TimerCall is a call of the domain timer on a timer that is there.
func TimerCall(service, id string, data map[string]any) home.Call {
	return home.Call{Domain: "timer", Service: service, Entity: TimerEntity(id), Data: data}
}

// A TimerQuery says which timer is meant. Fields that are zero do not matter.
type TimerQuery struct {
	Kinds   []Kind // any when empty
	Name    string
	Areas   []string      // area IDs
	Length  time.Duration // as it was set
	Paused  *bool
	Ringing bool   // only those that ring
	Room    string // area ID of the speaker: decides among several
}

// FindTimer is the one timer that is meant: the only one that fits, or the only one of those that was
// set in the speaker's room. Otherwise it returns a *TargetError with the key timer_not_found or
// multiple_timers_matched.
func FindTimer(timers []Timer, want TimerQuery) (Timer, error) {
	found := want.all(timers)
	switch len(found) {
	case 0:
		return Timer{}, &TargetError{Key: "timer_not_found"}
	case 1:
		return found[0], nil
	}
	if here := keepTimers(found, func(t Timer) bool { return want.Room != "" && t.Room == want.Room }); len(here) == 1 {
		return here[0], nil
	}
	return Timer{}, &TargetError{Key: "multiple_timers_matched"}
}

// all are the timers that fit. Whether one is paused only decides among several: a timer that is
// resumed twice is still found.
func (w TimerQuery) all(timers []Timer) []Timer {
	fits := func(t Timer) bool {
		return (len(w.Kinds) == 0 || slices.Contains(w.Kinds, t.Kind)) &&
			(t.Ringing || !w.Ringing) &&
			(w.Areas == nil || slices.Contains(w.Areas, t.Room)) &&
			(w.Length == 0 || t.Length == w.Length)
	}
	found := keepTimers(timers, fits)
	if w.Name != "" {
		found = w.called(found)
	}
	if w.Paused == nil {
		return found
	}
	if so := keepTimers(found, func(t Timer) bool { return t.Paused == *w.Paused }); len(so) > 0 {
		return so
	}
	return found
}

// called are the timers of the name, or else those whose name is another form of the word: the "Nudeltimer" is the one
// for "Nudeln".
func (w TimerQuery) called(timers []Timer) []Timer {
	if found := keepTimers(timers, func(t Timer) bool { return named(w.Name, t.Name, nil) }); len(found) > 0 {
		return found
	}
	return keepTimers(timers, func(t Timer) bool { return sameWord(timerName(w.Name), timerName(t.Name)) })
}

// timerName is a name without the hyphen of the word that it is a part of: "Pizza-Timer".
func timerName(said string) string { return strings.TrimRight(said, " -") }

// maxEnding is how many letters an ending has that joins a word to the next, or makes several of one.
const maxEnding = 2

// sameWord tells whether two words differ in their endings at most.
func sameWord(a, b string) bool {
	short, long := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	if len(short) > len(long) {
		short, long = long, short
	}
	return len(short) > maxEnding && len(long)-len(short) <= maxEnding && string(long[:len(short)]) == string(short)
}

func keepTimers(timers []Timer, test func(Timer) bool) []Timer {
	var kept []Timer
	for _, t := range timers {
		if test(t) {
			kept = append(kept, t)
		}
	}
	return kept
}

// startTimer calls timer.start with the length in whole seconds, and name, room and command where the
// sentence has them. A command is a sentence to carry out later, in place of ringing.
func startTimer(q request) (Command, error) {
	seconds, err := q.seconds()
	if err != nil {
		return Command{}, err
	}
	data := map[string]any{"seconds": seconds}
	name := timerName(q.text("name"))
	for key, value := range map[string]string{"name": name, "room": q.Room, "command": putOff(q.Slots)} {
		if value != "" {
			data[key] = value
		}
	}
	c := Command{Calls: []home.Call{{Domain: "timer", Service: "start", Data: data}}}
	if name != q.text("name") { // and so it is told
		as := q.Result
		as.Slots = maps.Clone(as.Slots)
		as.Slots["name"] = intent.Slot{Value: name, Text: name}
		c.As = &as
	}
	return c, nil
}

// seconds is how long the sentence says, which must be something.
func (q request) seconds() (int, error) {
	length, _ := q.Duration()
	seconds := int(length.Round(time.Second).Seconds())
	if seconds <= 0 {
		return 0, errorf(ErrBadSlot, "%s has no length", q.Intent)
	}
	return seconds, nil
}

// Which timers an intent prefers when several fit.
var (
	anyTimer     *bool
	runningTimer = new(bool)
	pausedTimer  = func() *bool { paused := true; return &paused }()
)

// changeTimer is the rule for calling timer.SERVICE on one timer.
func changeTimer(service string, paused *bool) rule {
	return func(q request) (Command, error) { return q.timerCall(service, paused, nil) }
}

// adjustTimer is the rule for adding time to a timer, or taking it away, in whole seconds.
func adjustTimer(service string) rule {
	return func(q request) (Command, error) {
		seconds, err := q.seconds()
		if err != nil {
			return Command{}, err
		}
		return q.timerCall(service, anyTimer, map[string]any{"seconds": seconds})
	}
}

func (q request) timerCall(service string, paused *bool, data map[string]any) (Command, error) {
	query, err := q.timerQuery()
	if err != nil {
		return Command{}, err
	}
	query.Paused = paused
	timer, err := FindTimer(q.Timers, query)
	if err != nil {
		return Command{}, err
	}
	c := TimerCall(service, timer.ID, data)
	return Command{Calls: []home.Call{c}, Answer: intent.ResponseData{Timers: q.seen([]Timer{timer})}}, nil
}

// cancelAllTimers calls timer.cancel on every timer, or on every one of an area. The answer's Timers
// are those.
func cancelAllTimers(q request) (Command, error) {
	query, err := q.timerQuery()
	if err != nil {
		return Command{}, err
	}
	found := query.all(q.Timers)
	c := Command{Answer: intent.ResponseData{Timers: q.seen(found)}}
	for _, t := range found {
		c.Calls = append(c.Calls, TimerCall("cancel", t.ID, nil))
	}
	return c, nil
}

// timerStatus answers with every timer that fits; no timer is an answer too, unless others run than the one meant.
func timerStatus(q request) (Command, error) {
	query, err := q.timerQuery()
	if err != nil {
		return Command{}, err
	}
	found := query.all(q.Timers)
	if others := (TimerQuery{Kinds: query.Kinds}).all(q.Timers); len(found) == 0 && len(others) > 0 && (query.Name != "" || query.Length > 0) {
		return Command{}, &TargetError{Key: "timer_not_found"}
	}
	return Command{Answer: intent.ResponseData{Timers: q.seen(found)}}, nil
}

func (q request) timerQuery() (TimerQuery, error) {
	length, _ := q.StartDuration()
	query := TimerQuery{Kinds: []Kind{Countdown}, Name: q.text("name"), Length: length, Room: q.Room}
	if q.has("area") {
		p, err := q.place()
		if err != nil {
			return TimerQuery{}, err
		}
		query.Areas = p.areas
	}
	return query, nil
}

// seen are timers as response templates see them, those of the speaker's room first.
func (q request) seen(timers []Timer) []intent.Timer {
	here := keepTimers(timers, func(t Timer) bool { return q.Room != "" && t.Room == q.Room })
	elsewhere := keepTimers(timers, func(t Timer) bool { return q.Room == "" || t.Room != q.Room })
	return q.shown(slices.Concat(here, elsewhere))
}

// shown are timers as response templates see them, in their order.
func (q request) shown(timers []Timer) []intent.Timer {
	seen := make([]intent.Timer, 0, len(timers))
	for _, t := range timers {
		area, _ := q.Home.Area(t.Room)
		left := t.Left.Round(time.Second)
		seen = append(seen, intent.Timer{
			Active: !t.Paused, Name: t.Name, Area: area.Name,
			Start: intent.SpanOf(t.Length), Left: intent.RoundLeft(left), SecondsLeft: int(left.Seconds()),
			Message: t.Message,
		})
	}
	return seen
}

// without is the slots but one.
func without(slots map[string]intent.Slot, name string) map[string]intent.Slot {
	rest := maps.Clone(slots)
	delete(rest, name)
	return rest
}
