package command

import (
	"testing"
	"time"

	"hearth/daemon/intent"
)

var someTimers = []Timer{
	{ID: "a", Name: "Pasta", Room: "kitchen", Length: 8 * time.Minute, Left: 90 * time.Second},
	{ID: "b", Room: "kitchen", Length: 90 * time.Minute, Left: time.Hour},
	{ID: "c", Room: "office", Length: 8 * time.Minute, Left: 5 * time.Minute, Paused: true},
}

func TestTimers(t *testing.T) {
	check(t, []sentence{
		{name: "start", intent: "HassStartTimer", combination: "hours_minutes_seconds", room: "kitchen",
			slots: attributes{"hours": 1, "minutes": 2, "seconds": 3}, calls: []string{`timer.start {"room":"kitchen","seconds":3723}`}},
		{name: "start with a name", intent: "HassStartTimer", combination: "name_minutes",
			slots: attributes{"minutes": 5, "name": "eggs"}, calls: []string{`timer.start {"name":"eggs","seconds":300}`}},
		{name: "start for half a minute", intent: "HassStartTimer", combination: "seconds_only",
			slots: attributes{"seconds": 30}, calls: []string{`timer.start {"seconds":30}`}},
		{name: "a command for later", intent: "HassStartTimer", combination: "command_minutes",
			slots: attributes{"minutes": 5, "conversation_command": "open the garage"}, calls: []string{`timer.start {"command":"open the garage","seconds":300}`}},
		{name: "start without length", intent: "HassStartTimer", combination: "minutes_only", err: ErrBadSlot.Error()},

		{name: "cancel by name", intent: "HassCancelTimer", combination: "name_only", timers: someTimers,
			slots: attributes{"name": "pasta"}, calls: []string{"timer.cancel timer.a"}},
		{name: "cancel by length, said another way", intent: "HassCancelTimer", combination: "hours_only", timers: someTimers,
			slots: attributes{"start_hours": 1, "start_minutes": 30}, calls: []string{"timer.cancel timer.b"}},
		{name: "cancel by area", intent: "HassCancelTimer", combination: "area_only", timers: someTimers,
			slots: attributes{"area": "Study"}, calls: []string{"timer.cancel timer.c"}},
		{name: "cancel the one of this room", intent: "HassCancelTimer", combination: "default", timers: someTimers, room: "office",
			calls: []string{"timer.cancel timer.c"}},
		{name: "cancel one of several", intent: "HassCancelTimer", combination: "default", timers: someTimers, room: "kitchen", err: "multiple_timers_matched"},
		{name: "cancel one by a length that two have", intent: "HassCancelTimer", combination: "minutes_only", timers: someTimers,
			slots: attributes{"start_minutes": 8}, err: "multiple_timers_matched"},
		{name: "cancel none", intent: "HassCancelTimer", combination: "default", err: "timer_not_found"},
		{name: "cancel one in an unknown area", intent: "HassCancelTimer", combination: "area_only", timers: someTimers,
			slots: attributes{"area": "Attic"}, err: "no_area"},
		{name: "cancel all", intent: "HassCancelAllTimers", combination: "default", timers: someTimers,
			calls: []string{"timer.cancel timer.a", "timer.cancel timer.b", "timer.cancel timer.c"}},
		{name: "cancel all of an area", intent: "HassCancelAllTimers", combination: "area_only", timers: someTimers,
			slots: attributes{"area": "Kitchen"}, calls: []string{"timer.cancel timer.a", "timer.cancel timer.b"}},
		{name: "cancel all of none", intent: "HassCancelAllTimers", combination: "default"},

		{name: "resume the paused one", intent: "HassUnpauseTimer", combination: "default", timers: someTimers, calls: []string{"timer.unpause timer.c"}},
		{name: "pause one that runs", intent: "HassPauseTimer", combination: "minutes_only", timers: someTimers,
			slots: attributes{"start_minutes": 8}, calls: []string{"timer.pause timer.a"}},
		{name: "pause the only one, paused as it is", intent: "HassPauseTimer", combination: "default", timers: someTimers[2:], calls: []string{"timer.pause timer.c"}},
		{name: "increase", intent: "HassIncreaseTimer", combination: "name_minutes", timers: someTimers,
			slots: attributes{"name": "pasta", "minutes": 2}, calls: []string{`timer.increase timer.a {"seconds":120}`}},
		{name: "decrease", intent: "HassDecreaseTimer", combination: "minutes_start_hours", timers: someTimers,
			slots: attributes{"minutes": 10, "start_minutes": 90}, calls: []string{`timer.decrease timer.b {"seconds":600}`}},
		{name: "increase by nothing", intent: "HassIncreaseTimer", combination: "name_minutes", timers: someTimers,
			slots: attributes{"name": "pasta"}, err: ErrBadSlot.Error()},
	})
}

func TestTimerStatus(t *testing.T) {
	s := testHome()
	got, err := Build(read(s, "HassTimerStatus", "default", "default", nil), Input{Home: s, Room: "office", Timers: someTimers})
	if err != nil {
		t.Fatal(err)
	}
	want := []intent.Timer{
		{Active: false, Area: "Office", Start: intent.Span{Minutes: 8}, Left: intent.Span{Minutes: 5}, SecondsLeft: 300},
		{Active: true, Name: "Pasta", Area: "Kitchen", Start: intent.Span{Minutes: 8}, Left: intent.Span{Minutes: 1, Seconds: 30}, SecondsLeft: 90},
		{Active: true, Area: "Kitchen", Start: intent.Span{Hours: 1, Minutes: 30}, Left: intent.Span{Hours: 1}, SecondsLeft: 3600},
	}
	if len(got.Calls) != 0 || len(got.Answer.Timers) != len(want) {
		t.Fatalf("calls %v, timers %+v", got.Calls, got.Answer.Timers)
	}
	for i, w := range want {
		if got.Answer.Timers[i] != w {
			t.Errorf("timer %d: %+v, want %+v", i, got.Answer.Timers[i], w)
		}
	}
	none, err := Build(read(s, "HassTimerStatus", "name_only", "default", attributes{"name": "cake"}), Input{Home: s, Timers: someTimers})
	if err != nil || len(none.Answer.Timers) != 0 {
		t.Errorf("status of a timer that is not there: %+v, %v", none.Answer, err)
	}
}
