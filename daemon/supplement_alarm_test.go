package daemon

import (
	"testing"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// "Turn off the alarm" stops what rings, else it is about an alarm panel that is armed, else about an alarm that is set,
// else about the panel; "my alarm" is no panel. Each language says it.
func TestTurnOffTheAlarm(t *testing.T) {
	panel := func(state string) *home.Snapshot {
		return home.NewSnapshot([]home.Entity{{ID: "alarm_control_panel.x", Name: "Guard", State: state, Exposed: true}}, nil, nil)
	}
	due := time.Date(2026, 11, 29, 7, 0, 0, 0, time.UTC)
	set := command.Timer{ID: "a", Kind: command.Alarm, Due: due}
	rings := command.Timer{ID: "b", Kind: command.Countdown, Ringing: true}
	type cases = []struct {
		home   *home.Snapshot
		timers []command.Timer
		want   string
	}
	either := cases{
		{panel("armed_away"), []command.Timer{set, rings}, "timer.stop b"},
		{panel("armed_away"), []command.Timer{set}, "alarm_control_panel.alarm_disarm x"},
		{panel("triggered"), nil, "alarm_control_panel.alarm_disarm x"},
		{panel("disarmed"), []command.Timer{set}, "timer.cancel a"},
		{panel("disarmed"), nil, "alarm_control_panel.alarm_disarm x"},
		{home.NewSnapshot(nil, nil, nil), []command.Timer{set}, "timer.cancel a"},
		{home.NewSnapshot(nil, nil, nil), nil, "Nothing is ringing"},
	}
	mine := cases{
		{panel("armed_away"), []command.Timer{set, rings}, "timer.stop b"},
		{panel("armed_away"), []command.Timer{set}, "timer.cancel a"},
		{panel("armed_away"), nil, "Nothing is ringing"},
	}
	english := supplementedLanguage(t, "en")
	for language, said := range map[string][2]string{
		"en": {"turn off the alarm", "turn my alarm off"}, "de": {"schalte den Alarm aus", "mach meinen Alarm aus"},
		"fr": {"éteins l'alarme", "éteins mon alarme"}, "es": {"apaga la alarma", "apaga mi alarma"}, "nl": {"zet het alarm uit", "zet mijn alarm uit"},
	} {
		l := supplementedLanguage(t, language)
		for i, those := range []cases{either, mine} {
			for _, c := range those {
				results := command.StopFirst(l.Home(namesOf(c.home)).Recognize(said[i], intent.Where{}))
				if got := doneOrSaid(english, results, command.Input{Home: c.home, Timers: c.timers, Now: due.Add(-time.Hour)}); got != c.want {
					t.Errorf("%s: %q with %d entities and %d timers: %q, want %q", language, said[i], len(c.home.Entities), len(c.timers), got, c.want)
				}
			}
		}
	}
}
