package command

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A time by the sun is that of the home, to the minute, in the time zone of the clock on the wall.
func TestTimesByTheSun(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	const setting = "next_setting"
	for _, c := range []struct {
		name  string
		sun   attributes // of the home; nil for none
		slots attributes
		want  string
	}{
		{"sunset", attributes{setting: "2026-11-28T16:12:59.9+00:00"}, attributes{"sun": setting}, "2026-11-28T17:12"},
		{"tonight at sunset", attributes{setting: "2026-11-28T16:12:59Z"}, attributes{"sun": setting, "half": "evening"}, "2026-11-28T17:12"},
		{"in a few seconds", attributes{setting: "2026-11-28T15:00:20Z"}, attributes{"sun": setting}, "2026-11-28T16:01"},
		{"an hour and a half after", attributes{setting: "2026-11-28T16:12:00Z"}, attributes{"sun": setting, "sun_side": "after", "hours": 1, "minutes": 30}, "2026-11-28T18:42"},
		{"before, which is past", attributes{setting: "2026-11-28T16:12:00Z"}, attributes{"sun": setting, "sun_side": "before", "minutes": 75}, ErrPast.Error()},
		{"today, when it has set", attributes{setting: "2026-11-29T16:11:00Z"}, attributes{"sun": setting, "day": "today"}, ErrPast.Error()},
		{"tonight, when it has set", attributes{setting: "2026-11-29T16:11:00Z"}, attributes{"sun": setting, "half": "evening"}, ErrPast.Error()},
		{"tonight, of the next sunrise", attributes{"next_rising": "2026-11-29T07:20:00Z"}, attributes{"sun": "next_rising", "half": "overnight"}, "2026-11-29T08:20"},
		{"tomorrow, when it has set", attributes{setting: "2026-11-29T16:11:00Z"}, attributes{"sun": setting, "day": "tomorrow"}, "2026-11-29T17:11"},
		{"tomorrow in the morning", attributes{"next_rising": "2026-11-29T07:20:00Z"}, attributes{"sun": "next_rising", "day": "tomorrow", "half": "am"}, "2026-11-29T08:20"},
		{"tomorrow, of two", attributes{setting: "2026-11-28T16:12:00Z"}, attributes{"sun": setting, "day": "tomorrow"}, ErrNextSun.Error()},
		{"on Saturday", attributes{setting: "2026-11-28T16:12:00Z"}, attributes{"sun": setting, "day": "saturday"}, "2026-11-28T17:12"},
		{"next Saturday", attributes{setting: "2026-11-28T16:12:00Z"}, attributes{"sun": setting, "day": "saturday", "day_next": "next"}, ErrNextSun.Error()},
		{"on Monday", attributes{setting: "2026-11-28T16:12:00Z"}, attributes{"sun": setting, "day": "monday"}, ErrNextSun.Error()},
		{"every day", attributes{setting: "2026-11-28T16:12:00Z"}, attributes{"sun": setting, "repeat": "daily"}, ErrNextSun.Error()},
		{"a day that is none", attributes{setting: "2026-11-28T16:12:00Z"}, attributes{"sun": setting, "day": "someday"}, ErrBadSlot.Error()},
		{"a home without a sun", nil, attributes{"sun": setting}, ErrNoSun.Error()},
		{"no sunset", attributes{"next_rising": "2026-11-29T07:20:00Z"}, attributes{"sun": setting}, ErrNoSun.Error()},
		{"a sunset that is none", attributes{setting: "soon"}, attributes{"sun": setting}, ErrNoSun.Error()},
		{"a number for one", attributes{setting: 1764346320}, attributes{"sun": setting}, ErrNoSun.Error()},
		{"a state of yesterday", attributes{setting: "2026-11-27T16:13:00Z"}, attributes{"sun": setting}, ErrNoSun.Error()},
	} {
		var entities []home.Entity
		if c.sun != nil {
			entities = []home.Entity{{ID: "sun.sun", State: "above_horizon", Attributes: c.sun}}
		}
		in := Input{Home: home.NewSnapshot(entities, nil, nil), Now: saturday.In(paris)}
		cmd, err := Build(said("HearthPlanCommand", c.slots), in)
		got := ""
		for _, sentinel := range []error{ErrPast, ErrNoSun, ErrNextSun, ErrBadSlot} {
			if errors.Is(err, sentinel) {
				got = sentinel.Error()
			}
		}
		if err == nil {
			got = fmt.Sprint(cmd.Calls[0].Data["at"])
		}
		if got != c.want {
			t.Errorf("%s: %q (%v), want %q", c.name, got, err, c.want)
		}
	}
}

// What is for sunset is nothing else, unless the words are a title or come after what somebody wants remembered.
func TestSensibleByTheSun(t *testing.T) {
	bySun := func(name, command string) intent.Result {
		return said(name, attributes{"sun": "next_setting", "conversation_command": command})
	}
	search, reminder, broadcast := said("HassMediaSearchAndPlay", nil), said("HearthSetReminder", nil), said("HassBroadcast", nil)
	for _, c := range []struct {
		name    string
		results []intent.Result
		want    string
	}{
		{"jazz at sunset", []intent.Result{search, bySun("HearthPlanCommand", "play jazz")}, "HearthPlanCommand"},
		{"a title", []intent.Result{bySun("HearthPlanCommand", "play"), search}, "HassMediaSearchAndPlay"},
		{"a reminder for tomorrow, of sunset", []intent.Result{reminder, bySun("HearthSetReminder", "")}, "HearthSetReminder"},
		{"a broadcast at sunset", []intent.Result{bySun("HearthPlanCommand", "announce dinner"), broadcast}, "HearthPlanCommand"},
		{"a broadcast about sunset", []intent.Result{broadcast, bySun("HearthPlanCommand", "announce it")}, "HassBroadcast HearthPlanCommand"},
		{"nothing by the sun", []intent.Result{reminder, search}, "HearthSetReminder HassMediaSearchAndPlay"},
	} {
		got := ""
		for _, r := range Sensible(c.results, home.NewSnapshot(nil, nil, nil), func(string) Sense { return Plain }) {
			got += " " + r.Intent
		}
		if got != " "+c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
