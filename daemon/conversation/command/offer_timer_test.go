package command

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// Now, of all tests, is Saturday 14 March 2026, 15:09.
func TestTimersAreStartedAsSentencesStartThem(t *testing.T) {
	in := Input{Home: testHome(), Room: "kitchen", Now: now}
	offered := NewTimerServices([]string{"sensor.washer"})
	for _, c := range []struct{ service, data, want string }{
		{"start", `{"seconds": 600, "name": "pasta"}`, `{"kind":"timer","name":"pasta","room":"kitchen","seconds":600}`},
		{"start", `{"seconds": 600, "command": "turn off the light"}`, `{"command":"turn off the light","kind":"timer","room":"kitchen","seconds":600}`},
		{"start", `{"seconds": 60, "message": "drink"}`, `{"kind":"reminder","message":"drink","room":"kitchen","seconds":60}`},
		{"start", `{"seconds": 0}`, "seconds cannot be 0: give a whole number from 1 to 604800"},
		{"start_at", `{"at": "16:30"}`, `{"at":"2026-03-14T16:30","kind":"alarm","room":"kitchen"}`},
		{"start_at", `{"at": "07:30"}`, `{"at":"2026-03-15T07:30","kind":"alarm","room":"kitchen"}`},
		{"start_at", `{"at": "07:30", "days": "mon,tue"}`, `{"at":"2026-03-16T07:30","days":"mon,tue","kind":"alarm","room":"kitchen"}`},
		{"start_at", `{"at": "2026-03-20T08:00", "message": "dentist"}`, `{"at":"2026-03-20T08:00","kind":"reminder","message":"dentist","room":"kitchen"}`},
		{"start_at", `{"at": "22:00", "command": "lock the door"}`, `{"at":"2026-03-14T22:00","command":"lock the door","kind":"command","room":"kitchen"}`},
		{"start_at", `{"at": "2026-03-01T08:00"}`, ErrPast.Error()},
		{"start_at", `{"at": "soon"}`, "give a time such as 07:30"},
		{"start_at", `{"at": "08:00", "days": "someday"}`, "give days such as mon,tue"},
		{"wait_for", `{"entity": "sensor.washer", "state": "done", "command": "turn on the light"}`,
			`{"command":"turn on the light","entity":"sensor.washer","kind":"condition","room":"kitchen","state":"done"}`},
		{"wait_for", `{"entity": "lock.front_door", "state": "unlocked"}`, "one of sensor.washer"},
	} {
		i := slices.IndexFunc(offered, func(s Service) bool { return s.Name == c.service })
		var written map[string]any
		if err := json.Unmarshal([]byte(c.data), &written); err != nil {
			t.Fatal(err)
		}
		call, err := in.StartTimer(offered[i], written)
		got, _ := json.Marshal(call.Data)
		if err != nil {
			got = []byte(err.Error())
		}
		if !strings.Contains(string(got), c.want) || err == nil && call.Name() != "timer.start" {
			t.Errorf("%s %s:\n%s, want\n%s", c.service, c.data, got, c.want)
		}
	}
	if _, err := in.StartTimer(offered[1], map[string]any{"at": "2026-03-01T08:00"}); !errors.Is(err, ErrPast) {
		t.Errorf("a time that is over: %v", err)
	}
}

func TestATimerIsOfferedWhatItsStateAllows(t *testing.T) {
	for want, timer := range map[string]Timer{
		"cancel, pause, increase(seconds 1..86400), decrease(seconds 1..86400)":   {Kind: Countdown, Due: now.Add(time.Minute)},
		"cancel, unpause, increase(seconds 1..86400), decrease(seconds 1..86400)": {Kind: Countdown, Paused: true},
		"stop, snooze(seconds 1..86400)":                                          {Kind: Alarm, Ringing: true},
		"cancel":                                                                  {Kind: Alarm, Due: now.Add(time.Hour)},
	} {
		if got := describe(TimerServices(timer)); got != want {
			t.Errorf("%+v: %s, want %s", timer, got, want)
		}
	}
}
