package command

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"hearth/daemon/clock"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// saturday is three in the afternoon.
var saturday = time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)

// said is a sentence of one of Hearth's own intents.
func said(name string, slots attributes) intent.Result {
	r := intent.Result{Intent: name, Slots: map[string]intent.Slot{}}
	for slot, value := range slots {
		r.Slots[slot] = intent.Slot{Value: value, Text: fmt.Sprint(value)}
	}
	return r
}

func TestTimesOfDay(t *testing.T) {
	for _, c := range []struct {
		name            string
		slots           attributes
		alarm, reminder string // when each is due
	}{
		{"seven", attributes{"hour": 7}, "2026-11-29T07:00", "2026-11-28T19:00"},
		{"half past seven", attributes{"hour": 7, "minute": 30}, "2026-11-29T07:30", "2026-11-28T19:30"},
		{"halb acht", attributes{"hour": 8, "minute": -30}, "2026-11-29T07:30", "2026-11-28T19:30"},
		{"three, which is now", attributes{"hour": 3}, "2026-11-29T03:00", "2026-11-29T03:00"},
		{"four", attributes{"hour": 4}, "2026-11-29T04:00", "2026-11-28T16:00"},
		{"four pm", attributes{"hour": 4, "half": "pm"}, "2026-11-28T16:00", "2026-11-28T16:00"},
		{"twelve am", attributes{"hour": 12, "half": "am"}, "2026-11-29T00:00", "2026-11-29T00:00"},
		{"half past twelve pm", attributes{"hour": 12, "minute": 30, "half": "pm"}, "2026-11-29T12:30", "2026-11-29T12:30"},
		{"quarter to one pm", attributes{"hour": 1, "minute": -15, "half": "pm"}, "2026-11-29T12:45", "2026-11-29T12:45"},
		{"quarter to midnight", attributes{"exact_hour": 24, "minute": -15}, "2026-11-28T23:45", "2026-11-28T23:45"},
		{"quarter to twelve", attributes{"hour": 12, "minute": -15}, "2026-11-29T11:45", "2026-11-28T23:45"},
		{"two at night", attributes{"hour": 2, "half": "night"}, "2026-11-29T02:00", "2026-11-29T02:00"},
		{"ten at night", attributes{"hour": 10, "half": "night"}, "2026-11-28T22:00", "2026-11-28T22:00"},
		{"noon", attributes{"exact_hour": 12}, "2026-11-29T12:00", "2026-11-29T12:00"},
		{"midnight", attributes{"exact_hour": 24}, "2026-11-29T00:00", "2026-11-29T00:00"},
		{"22:15", attributes{"hour": 22, "minute": 15}, "2026-11-28T22:15", "2026-11-28T22:15"},
		{"0:15", attributes{"hour": 0, "minute": 15}, "2026-11-29T00:15", "2026-11-29T00:15"},
		{"tomorrow at seven", attributes{"hour": 7, "day": "tomorrow"}, "2026-11-29T07:00", "2026-11-29T07:00"},
		{"tomorrow at two", attributes{"hour": 2, "day": "tomorrow"}, "2026-11-29T02:00", "2026-11-29T14:00"},
		{"today at four", attributes{"hour": 4, "day": "today", "half": "pm"}, "2026-11-28T16:00", "2026-11-28T16:00"},
		{"the day after tomorrow", attributes{"hour": 8, "day": "overmorrow"}, "2026-11-30T08:00", "2026-11-30T08:00"},
		{"on Monday", attributes{"hour": 8, "day": "monday"}, "2026-11-30T08:00", "2026-11-30T08:00"},
		{"on Saturday, later", attributes{"hour": 20, "day": "saturday"}, "2026-11-28T20:00", "2026-11-28T20:00"},
		{"on Saturday, earlier", attributes{"hour": 8, "day": "saturday"}, "2026-12-05T08:00", "2026-12-05T08:00"},
		{"next Saturday, later", attributes{"hour": 20, "day": "saturday", "day_next": "next"}, "2026-12-05T20:00", "2026-12-05T20:00"},
		{"next Sunday", attributes{"hour": 20, "day": "sunday", "day_next": "next"}, "2026-11-29T20:00", "2026-11-29T20:00"},
		{"every day", attributes{"hour": 8, "repeat": "daily"}, "2026-11-29T08:00 mon,tue,wed,thu,fri,sat,sun", "2026-11-29T08:00 mon,tue,wed,thu,fri,sat,sun"},
		{"Mondays and Thursdays", attributes{"hour": 18, "repeat": "thursday", "repeat_and": "monday"}, "2026-11-30T18:00 mon,thu", "2026-11-30T18:00 mon,thu"},
		{"today at nine, which is past", attributes{"hour": 9, "day": "today", "half": "am"}, ErrPast.Error(), ErrPast.Error()},
		{"quarter to twelve in the morning", attributes{"hour": 12, "minute": -15, "half": "am"}, "2026-11-29T11:45", "2026-11-29T11:45"},
		{"morgen Vormittag um halb zwölf", attributes{"hour": 12, "minute": -30, "half": "am", "day": "tomorrow"}, "2026-11-29T11:30", "2026-11-29T11:30"},
		{"quarter to twelve tonight", attributes{"hour": 12, "minute": -15, "half": "evening"}, "2026-11-28T23:45", "2026-11-28T23:45"},
		{"halb zwölf mittags", attributes{"hour": 12, "minute": -30, "half": "noon"}, "2026-11-29T11:30", "2026-11-29T11:30"},
		{"halb eins mittags", attributes{"hour": 1, "minute": -30, "half": "noon"}, "2026-11-29T12:30", "2026-11-29T12:30"},
		{"halb eins", attributes{"hour": 1, "minute": -30}, "2026-11-29T12:30", "2026-11-29T00:30"},
		{"morgen um halb sechs", attributes{"hour": 6, "minute": -30, "day": "tomorrow"}, "2026-11-29T05:30", "2026-11-29T17:30"},
		{"halb sechs nachts", attributes{"hour": 6, "minute": -30, "half": "night"}, "2026-11-29T05:30", "2026-11-29T05:30"},
		{"today at six", attributes{"hour": 6, "day": "today"}, "2026-11-28T18:00", "2026-11-28T18:00"},
		{"today at two, which is past", attributes{"hour": 2, "day": "today"}, ErrPast.Error(), ErrPast.Error()},
		{"heute Nacht um drei", attributes{"hour": 3, "day": "today", "half": "overnight"}, "2026-11-29T03:00", "2026-11-29T03:00"},
		{"heute um drei Uhr nachts", attributes{"hour": 3, "day": "today", "half": "night"}, "2026-11-29T03:00", "2026-11-29T03:00"},
		{"morgen um drei Uhr nachts", attributes{"hour": 3, "day": "tomorrow", "half": "night"}, "2026-11-29T03:00", "2026-11-29T03:00"},
		{"morgen Nacht um drei", attributes{"hour": 3, "day": "tomorrow", "half": "overnight"}, "2026-11-30T03:00", "2026-11-30T03:00"},
		{"heute um Mitternacht", attributes{"exact_hour": 24, "day": "today"}, "2026-11-29T00:00", "2026-11-29T00:00"},
		{"heute um 24 Uhr", attributes{"hour": 24, "day": "today"}, "2026-11-29T00:00", "2026-11-29T00:00"},
		{"tomorrow at midnight", attributes{"exact_hour": 24, "day": "tomorrow"}, "2026-11-30T00:00", "2026-11-30T00:00"},
		{"on Saturday at midnight", attributes{"exact_hour": 24, "day": "saturday"}, "2026-11-29T00:00", "2026-11-29T00:00"},
		{"on Friday night at one", attributes{"hour": 1, "day": "friday", "half": "evening"}, "2026-12-05T01:00", "2026-12-05T01:00"},
		{"every day at midnight", attributes{"exact_hour": 24, "repeat": "daily"}, "2026-11-29T00:00 mon,tue,wed,thu,fri,sat,sun", "2026-11-29T00:00 mon,tue,wed,thu,fri,sat,sun"},
		{"twelve tonight", attributes{"hour": 12, "half": "evening"}, "2026-11-29T00:00", "2026-11-29T00:00"},
		{"half past twelve tonight", attributes{"hour": 12, "minute": 30, "half": "evening"}, "2026-11-29T00:30", "2026-11-29T00:30"},
		{"one tonight", attributes{"hour": 1, "half": "evening"}, "2026-11-29T01:00", "2026-11-29T01:00"},
		{"tomorrow night at twelve", attributes{"hour": 12, "day": "tomorrow", "half": "evening"}, "2026-11-30T00:00", "2026-11-30T00:00"},
		{"las doce de la mañana", attributes{"hour": 12, "half": "morning"}, "2026-11-29T12:00", "2026-11-29T12:00"},
		{"las tres de la mañana", attributes{"hour": 3, "half": "morning"}, "2026-11-29T03:00", "2026-11-29T03:00"},
		{"0:30 tonight", attributes{"hour": 0, "minute": 30, "day": "today", "half": "overnight"}, "2026-11-29T00:30", "2026-11-29T00:30"},
		{"a part of the day that is none", attributes{"hour": 5, "half": "sometime"}, ErrBadSlot.Error(), ErrBadSlot.Error()},
		{"every evening at eight", attributes{"hour": 8, "repeat": "evenings"}, "2026-11-28T20:00 mon,tue,wed,thu,fri,sat,sun", "2026-11-28T20:00 mon,tue,wed,thu,fri,sat,sun"},
		{"every evening at eight am, which is said", attributes{"hour": 8, "half": "am", "repeat": "evenings"}, "2026-11-29T08:00 mon,tue,wed,thu,fri,sat,sun", "2026-11-29T08:00 mon,tue,wed,thu,fri,sat,sun"},
		{"every morning at five", attributes{"hour": 5, "repeat": "mornings"}, "2026-11-29T05:00 mon,tue,wed,thu,fri,sat,sun", "2026-11-29T05:00 mon,tue,wed,thu,fri,sat,sun"},
		{"every afternoon at five", attributes{"hour": 5, "repeat": "afternoons"}, "2026-11-28T17:00 mon,tue,wed,thu,fri,sat,sun", "2026-11-28T17:00 mon,tue,wed,thu,fri,sat,sun"},
		{"every night at one", attributes{"hour": 1, "repeat": "nights"}, "2026-11-29T01:00 mon,tue,wed,thu,fri,sat,sun", "2026-11-29T01:00 mon,tue,wed,thu,fri,sat,sun"},
		{"every night at ten", attributes{"hour": 10, "repeat": "nights"}, "2026-11-28T22:00 mon,tue,wed,thu,fri,sat,sun", "2026-11-28T22:00 mon,tue,wed,thu,fri,sat,sun"},
		{"jeden Mittag um halb eins", attributes{"hour": 1, "minute": -30, "repeat": "noons"}, "2026-11-29T12:30 mon,tue,wed,thu,fri,sat,sun", "2026-11-29T12:30 mon,tue,wed,thu,fri,sat,sun"},
		{"no hour", attributes{"minute": 5}, ErrBadSlot.Error(), ErrBadSlot.Error()},
		{"too late an hour", attributes{"hour": 25}, ErrBadSlot.Error(), ErrBadSlot.Error()},
		{"too many minutes", attributes{"hour": 5, "minute": 60}, ErrBadSlot.Error(), ErrBadSlot.Error()},
		{"a day that is none", attributes{"hour": 5, "day": "someday"}, ErrBadSlot.Error(), ErrBadSlot.Error()},
	} {
		for name, want := range map[string]string{"HearthSetAlarm": c.alarm, "HearthPlanCommand": c.reminder} {
			got := ""
			cmd, err := Build(said(name, c.slots), Input{Home: testHome(), Now: saturday})
			for _, sentinel := range []error{ErrPast, ErrBadSlot} {
				if errors.Is(err, sentinel) {
					got = sentinel.Error()
				}
			}
			if err == nil {
				got = fmt.Sprint(cmd.Calls[0].Data["at"])
				if days, ok := cmd.Calls[0].Data["days"]; ok {
					got += " " + fmt.Sprint(days)
				}
			}
			if got != want {
				t.Errorf("%s: %s is due at %q (%v), want %q", c.name, name, got, err, want)
			}
		}
	}
}

// After midnight the night of today is the one that goes on.
func TestTimesOfTheNightThatGoesOn(t *testing.T) {
	for name, c := range map[string]struct {
		slots attributes
		want  string
	}{
		"heute Nacht um drei": {attributes{"hour": 3, "day": "today", "half": "overnight"}, "2026-11-28T03:00"},
		"tonight at three":    {attributes{"hour": 3, "half": "evening"}, "2026-11-28T03:00"},
		"heute um eins":       {attributes{"hour": 1, "day": "today"}, "2026-11-28T13:00"},
	} {
		cmd, err := Build(said("HearthPlanCommand", c.slots), Input{Home: testHome(), Now: saturday.Add(-14 * time.Hour)})
		if err != nil || cmd.Calls[0].Data["at"] != c.want {
			t.Errorf("%s: %v, %v, want %s", name, lines(cmd.Calls), err, c.want)
		}
	}
}

// In the night in which clocks are set forward, half past two is the moment at which they are.
func TestATimeOfDayThatNoClockShows(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	cmd, err := Build(said("HearthSetAlarm", attributes{"hour": 2, "minute": 30}),
		Input{Home: testHome(), Now: time.Date(2026, 3, 29, 1, 0, 0, 0, berlin)})
	if err != nil || cmd.Calls[0].Data["at"] != "2026-03-29T02:30" || cmd.Timers[0].Left != time.Hour {
		t.Errorf("%+v, %v, want it in an hour", cmd.Timers, err)
	}
}

var laterOnes = []Timer{
	{ID: "a", Kind: Alarm, Name: "Work", Room: "bedroom", Due: saturday.Add(16 * time.Hour), Left: 16 * time.Hour},
	{ID: "b", Kind: Alarm, Room: "bedroom", Due: saturday.Add(64 * time.Hour), Left: 64 * time.Hour},
	{ID: "r", Kind: Reminder, Message: "trash", Room: "kitchen", Due: saturday.Add(5 * time.Hour)},
	{ID: "c", Kind: Countdown, Room: "kitchen", Length: time.Hour, Due: saturday.Add(time.Hour), Ringing: true},
	{ID: "d", Kind: Countdown, Message: "turn off the light", Length: time.Hour, Due: saturday.Add(time.Hour)},
	{ID: "e", Kind: Condition, Entity: "switch.washer", State: "done", Due: saturday.Add(24 * time.Hour)},
	{ID: "f", Kind: Alarm, Room: "office", Due: saturday, Ringing: true},
}

func TestFindingWhatIsSetForLater(t *testing.T) {
	for _, c := range []struct {
		name, intent, room string
		slots              attributes
		timers             []Timer
		want               []string // calls
		about              int      // how many timers the answer speaks of
		err                string
	}{
		{name: "list alarms", intent: "HearthListAlarms", timers: laterOnes[:4], about: 2},
		{name: "list those of tomorrow", intent: "HearthListAlarms", timers: laterOnes[:4], slots: attributes{"day": "tomorrow"}, about: 1},
		{name: "list those of Tuesday", intent: "HearthListAlarms", timers: laterOnes[:4], slots: attributes{"day": "tuesday"}, about: 1},
		{name: "list none", intent: "HearthListAlarms"},
		{name: "cancel by time", intent: "HearthCancelAlarm", timers: laterOnes[:3], slots: attributes{"hour": 7}, err: "multiple_timers_matched"},
		{name: "cancel by time and day", intent: "HearthCancelAlarm", timers: laterOnes[:3], slots: attributes{"hour": 7, "day": "tuesday"}, about: 1,
			want: []string{"timer.cancel timer.b"}},
		{name: "cancel by name", intent: "HearthCancelAlarm", timers: laterOnes[:3], slots: attributes{"name": "work"}, about: 1, want: []string{"timer.cancel timer.a"}},
		{name: "cancel the next", intent: "HearthCancelAlarm", timers: laterOnes[:3], slots: attributes{"next": "next"}, about: 1, want: []string{"timer.cancel timer.a"}},
		{name: "cancel one that is not there", intent: "HearthCancelAlarm", timers: laterOnes[2:6], err: "timer_not_found"},
		{name: "move the only alarm, on its day", intent: "HearthMoveAlarm", timers: laterOnes[1:4], slots: attributes{"hour": 8}, about: 1,
			want: []string{`timer.start {"at":"2026-12-01T08:00","kind":"alarm","room":"bedroom"}`, "timer.cancel timer.b"}},
		{name: "move it to a day", intent: "HearthMoveAlarm", timers: laterOnes[1:4], slots: attributes{"hour": 8, "day": "tomorrow"}, about: 1,
			want: []string{`timer.start {"at":"2026-11-29T08:00","kind":"alarm","room":"bedroom"}`, "timer.cancel timer.b"}},
		{name: "move one that has a name and repeats", intent: "HearthMoveAlarm", room: "office", slots: attributes{"hour": 6, "minute": 15}, about: 1,
			timers: []Timer{{ID: "w", Kind: Alarm, Name: "Work", Room: "bedroom", Due: saturday.Add(40 * time.Hour), Days: clock.Weekdays}},
			want:   []string{`timer.start {"at":"2026-11-30T06:15","days":"mon,tue,wed,thu,fri","kind":"alarm","name":"Work","room":"bedroom"}`, "timer.cancel timer.w"}},
		{name: "move one of several", intent: "HearthMoveAlarm", timers: laterOnes[:4], slots: attributes{"hour": 8}, err: "multiple_timers_matched"},
		{name: "move none", intent: "HearthMoveAlarm", timers: laterOnes[2:6], slots: attributes{"hour": 8}, err: "timer_not_found"},
		{name: "cancel all alarms", intent: "HearthCancelAllAlarms", timers: laterOnes[:6], about: 2, want: []string{"timer.cancel timer.a", "timer.cancel timer.b"}},
		{name: "cancel a reminder by what it says", intent: "HearthCancelReminder", timers: laterOnes, slots: attributes{"message": "Trash"}, about: 1,
			want: []string{"timer.cancel timer.r"}},
		{name: "what is planned", intent: "HearthListPlanned", timers: laterOnes, about: 2},
		{name: "cancel what is planned", intent: "HearthCancelAllPlanned", timers: laterOnes, about: 2, want: []string{"timer.cancel timer.d", "timer.cancel timer.e"}},
		{name: "stop here", intent: "HearthStopRinging", timers: laterOnes, room: "office", about: 1, want: []string{"timer.stop timer.f"}},
		{name: "stop anywhere", intent: "HearthStopRinging", timers: laterOnes, room: "bathroom", about: 2, want: []string{"timer.stop timer.c", "timer.stop timer.f"}},
		{name: "never mind", intent: "HassNevermind", timers: laterOnes, room: "kitchen", about: 1, want: []string{"timer.stop timer.c"}},
		{name: "snooze", intent: "HearthSnooze", timers: laterOnes, room: "office", slots: attributes{"minutes": 5}, about: 1, want: []string{`timer.snooze timer.f {"seconds":300}`}},
		{name: "nothing rings", intent: "HearthSnooze", timers: laterOnes[:3]},
	} {
		cmd, err := Build(said(c.intent, c.slots), Input{Home: testHome(), Room: c.room, Now: saturday, Timers: c.timers})
		if key := keyOf(err); key != c.err {
			t.Errorf("%s: %v, want %q", c.name, err, c.err)
			continue
		}
		if c.err != "" {
			continue
		}
		if !slices.Equal(lines(cmd.Calls), c.want) || len(cmd.Answer.Timers) != c.about || len(cmd.Timers) != c.about {
			t.Errorf("%s: %v about %d, want %v about %d", c.name, lines(cmd.Calls), len(cmd.Answer.Timers), c.want, c.about)
		}
	}
}

func TestRemindersWithoutATime(t *testing.T) {
	for _, c := range []struct {
		name  string
		now   int // hour of Saturday
		slots attributes
		want  string
	}{
		{"tomorrow", 15, attributes{"day": "tomorrow"}, "2026-11-29T09:00"},
		{"tomorrow afternoon", 16, attributes{"day": "tomorrow", "half": "pm"}, "2026-11-29T15:00"},
		{"tomorrow at noon", 15, attributes{"day": "tomorrow", "half": "noon"}, "2026-11-29T12:00"},
		{"tonight", 15, attributes{"half": "evening"}, "2026-11-28T19:00"},
		{"tonight, late", 20, attributes{"half": "evening"}, "2026-11-28T21:00"},
		{"heute Nacht, late", 23, attributes{"day": "today", "half": "overnight"}, "2026-11-29T00:00"},
		{"this morning, in the afternoon", 15, attributes{"day": "today", "half": "am"}, ErrPast.Error()},
		{"today, late", 15, attributes{"day": "today"}, ErrPast.Error()},
		{"saturday", 15, attributes{"day": "saturday"}, "2026-12-05T09:00"},
	} {
		slots := attributes{"message": "call mom"}
		for slot, value := range c.slots {
			slots[slot] = value
		}
		cmd, err := Build(said("HearthSetReminder", slots), Input{Home: testHome(), Now: time.Date(2026, 11, 28, c.now, 0, 0, 0, time.UTC)})
		got := ""
		if errors.Is(err, ErrPast) {
			got = ErrPast.Error()
		} else if err == nil {
			got = fmt.Sprint(cmd.Calls[0].Data["at"])
		}
		if got != c.want {
			t.Errorf("%s: %q (%v), want %q", c.name, got, err, c.want)
		}
	}
}

// What was set is cancelled in the words in which it was set.
func TestCancelledAsItWasSet(t *testing.T) {
	for name, slots := range map[string]attributes{
		"five tomorrow":             {"hour": 5, "day": "tomorrow"},
		"five":                      {"hour": 5},
		"next Saturday at eight pm": {"hour": 8, "half": "pm", "day": "saturday", "day_next": "next"},
		"five pm tomorrow":          {"hour": 5, "half": "pm", "day": "tomorrow"},
		"today at six":              {"hour": 6, "day": "today"},
		"tomorrow at midnight":      {"exact_hour": 24, "day": "tomorrow"},
		"midnight":                  {"exact_hour": 24},
		"one tonight":               {"hour": 1, "half": "evening"},
		"Friday night at one":       {"hour": 1, "half": "evening", "day": "friday"},
		"quarter to six on Monday":  {"hour": 6, "minute": -15, "day": "monday"},
		"two at night on Wednesday": {"hour": 2, "half": "night", "day": "wednesday"},
	} {
		in := Input{Home: testHome(), Now: saturday}
		set, err := Build(said("HearthSetAlarm", slots), in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		set.Timers[0].ID = "set"
		in.Timers = append(set.Timers, Timer{ID: "other", Kind: Alarm, Due: saturday.Add(75 * time.Minute)},
			Timer{ID: "today", Kind: Alarm, Due: saturday.Add(5 * time.Hour)})
		cmd, err := Build(said("HearthCancelAlarm", slots), in)
		if err != nil || !slices.Equal(lines(cmd.Calls), []string{"timer.cancel timer.set"}) {
			t.Errorf("%s: %v, %v", name, lines(cmd.Calls), err)
		}
	}
}

func TestInState(t *testing.T) {
	window := home.Entity{ID: "binary_sensor.window", DeviceClass: "window"}
	motion := home.Entity{ID: "binary_sensor.motion", DeviceClass: "motion"}
	washer := home.Entity{ID: "sensor.washer"}
	light := home.Entity{ID: "light.lamp"}
	blind := home.Entity{ID: "cover.blind"}
	for _, c := range []struct {
		e             home.Entity
		state, wanted string
		want          bool
	}{
		{window, "on", "open", true}, {window, "off", "open", false}, {window, "off", "closed", true}, {window, "on", "on", true},
		{motion, "on", "open", false}, {motion, "on", "on", true},
		{washer, "Finished", "done", true}, {washer, "running", "done", false}, {washer, "unavailable", "done", false},
		{light, "off", "done", true}, {light, "on", "open", false}, {light, "off", "closed", false},
		{blind, "open", "open", true}, {blind, "opening", "open", false}, {blind, "closed", "closed", true},
	} {
		c.e.State = c.state
		if got := InState(c.e, c.wanted); got != c.want {
			t.Errorf("%s %s is %s: %v, want %v", c.e.ID, c.state, c.wanted, got, c.want)
		}
	}
}

func TestListProof(t *testing.T) {
	list := func(items ...string) map[string]any {
		all := []any{}
		for _, item := range items {
			all = append(all, map[string]any{"summary": item})
		}
		return map[string]any{"todo.chores": map[string]any{"items": all}}
	}
	done := map[string]any{"status": "completed"}
	for _, c := range []struct {
		service, item string
		data          map[string]any
		before, after map[string]any
		ok            bool
		evidence      string // "" when it is not met
	}{
		{"add_item", "sweep", nil, list("Mop"), list("Mop", "Sweep"), true, "the list shows it"},
		{"add_item", "mow", nil, list(), list("Sweep"), true, ""},
		{"add_item", "sweep", nil, list("Sweep"), list("Sweep", "sweep"), true, "the list shows it once more"},
		{"add_item", "sweep", nil, list("Sweep"), list("Sweep"), true, ""}, // it was there before
		{"add_item", "sweep", nil, nil, list("Sweep"), true, ""},           // who knows
		{"update_item", "Sweep", done, nil, list("Sweep"), true, "the list shows it as done"},
		{"update_item", "Sweep", done, nil, list("Mop"), true, ""},
		{"update_item", "Sweep", map[string]any{"rename": "Mop"}, nil, list("Sweep"), false, ""},
		{"remove_item", "Sweep", nil, list("Sweep"), list(), true, "the list no longer shows it"},
		{"remove_item", "Sweep", nil, list("Sweep", "sweep"), list("sweep"), true, "the list shows it once less"},
		{"remove_item", "Sweep", nil, list("Sweep"), list("Sweep"), true, ""},
		{"remove_item", "Sweep", nil, list(), list(), true, ""},
		{"remove_item", "Sweep", nil, nil, list(), true, ""},
		{"remove_item", "Sweep", nil, list("Sweep"), nil, true, ""}, // a list that does not answer proves nothing
		{"remove_completed_items", "", nil, nil, list("Sweep"), false, ""},
	} {
		call := home.Call{Domain: "todo", Service: c.service, Entity: "todo.chores", Data: map[string]any{"item": c.item}}
		for key, value := range c.data {
			call.Data[key] = value
		}
		look, proves, ok := ListProof(call)
		if ok != c.ok {
			t.Errorf("%s: can be proved %v, want %v", c.service, ok, c.ok)
			continue
		}
		if !ok {
			continue
		}
		evidence, met := proves(c.before, c.after)
		if met != (c.evidence != "") || met && evidence != c.evidence || look.Name() != "todo.get_items" {
			t.Errorf("%s %s: met %v, %q by %s, want %q", c.service, c.item, met, evidence, look.Name(), c.evidence)
		}
	}
}
