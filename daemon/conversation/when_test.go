package conversation

import (
	"testing"
	"time"

	"hearth/daemon/clock"
	"hearth/daemon/conversation/command"
)

func phrasesOf(t *testing.T, language string) *Phrases {
	t.Helper()
	p, err := LoadPhrases(language)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhen(t *testing.T) {
	now := time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC) // a Saturday
	at := func(days, hours, minutes int) time.Time {
		return time.Date(2026, 11, 28+days, hours, minutes, 0, 0, time.UTC)
	}
	for _, c := range []struct {
		language string
		timer    Timer
		want     string
	}{
		{"en", Timer{Due: at(0, 19, 5)}, "today at 7:05 PM"},
		{"en", Timer{Due: at(1, 0, 0)}, "tomorrow at 12:00 AM"},
		{"en", Timer{Due: at(2, 7, 30)}, "on Monday at 7:30 AM"},
		{"en", Timer{Due: at(1, 7, 30), Days: clock.EveryDay}, "every day at 7:30 AM"},
		{"en", Timer{Due: at(2, 7, 30), Days: clock.On(time.Monday) | clock.On(time.Friday)}, "every Monday and Friday at 7:30 AM"},
		{"en", Timer{Kind: command.Condition, State: "done"}, "as soon as it is so: Washer is done"},
		{"en", Timer{Kind: command.Condition, State: "armed_away"}, "as soon as it is so: Washer is armed away"},
		{"en", Timer{Paused: true}, ""},
		{"de", Timer{Due: at(1, 7, 5)}, "morgen um 7:05 Uhr"},
		{"de", Timer{Due: at(2, 7, 30), Days: clock.Weekdays}, "an Werktagen um 7:30 Uhr"},
		{"fr", Timer{Due: at(1, 19, 30)}, "demain à 19 h 30"},
		{"es", Timer{Due: at(3, 7, 30)}, "el martes a las 7:30"},
		{"es", Timer{Due: at(1, 1, 5)}, "mañana a la 1:05"},
		{"es", Timer{Due: at(1, 13, 5)}, "mañana a las 13:05"},
		{"es", Timer{Kind: command.Condition, State: "on"}, "en cuanto sea así: Washer está en estado encendido"},
		{"fr", Timer{Due: at(1, 1, 5)}, "demain à 1 h 05"},
		{"nl", Timer{Due: at(1, 1, 5)}, "morgen om 1:05 uur"},
		{"nl", Timer{Due: at(0, 19, 30)}, "vandaag om 19:30 uur"},
	} {
		if got := phrasesOf(t, c.language).when(c.timer, "Washer", now); got != c.want {
			t.Errorf("%s: %q, want %q", c.language, got, c.want)
		}
	}
}

func TestAnnounce(t *testing.T) {
	at := time.Date(2026, 11, 28, 7, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		language string
		due      Due
		want     string
	}{
		{"en", Due{Timer: Timer{Kind: command.Countdown}}, "Your timer is done."},
		{"en", Due{Timer: Timer{Kind: command.Countdown, Name: "egg"}, Late: 10 * time.Minute}, "Your egg timer was done 10 minutes ago."},
		{"en", Due{Timer: Timer{Kind: command.Countdown}, Late: 3 * time.Second}, "Your timer was done a minute ago."},
		{"en", Due{Timer: Timer{Kind: command.Alarm, Due: at}}, "Your alarm: it is 7:00 AM."},
		{"en", Due{Timer: Timer{Kind: command.Alarm, Due: at, Name: "Work"}}, "Work: it is 7:00 AM."},
		{"en", Due{Timer: Timer{Kind: command.Alarm, Due: at, Name: "Work"}, Late: 3 * time.Hour, Missed: true}, "You have missed your alarm for 7:00 AM, 3 hours ago."},
		{"en", Due{Timer: Timer{Kind: command.Reminder, Message: "trash"}, Late: 48 * time.Hour}, "I should have reminded you 2 days ago: trash."},
		{"en", Due{Timer: Timer{Kind: command.Planned, Message: "open the blinds"}, Late: 2 * time.Hour, Missed: true}, "I was off, 2 hours ago, when I should have done this: open the blinds."},
		{"en", Due{Timer: Timer{Kind: command.Condition, State: "done"}, Thing: "Washer"}, "You wanted to know: Washer is done."},
		{"en", Due{Timer: Timer{Kind: command.Reminder, State: "done"}, Thing: "Washer"}, "You wanted to know: Washer is done."}, // snoozed
		{"en", Due{Timer: Timer{Kind: command.Condition, State: "open"}, Thing: "Window", Expired: true}, "I no longer wait for this: Window is open."},
		{"es", Due{Timer: Timer{Kind: command.Alarm, Due: at}}, "Tu alarma de las 7:00."},
		{"es", Due{Timer: Timer{Kind: command.Alarm, Due: at.Add(-6 * time.Hour)}}, "Tu alarma de la 1:00."},
		{"es", Due{Timer: Timer{Kind: command.Alarm, Due: at.Add(-6 * time.Hour), Name: "Trabajo"}}, "Trabajo: tu alarma de la 1:00."},
		{"es", Due{Timer: Timer{Kind: command.Alarm, Due: at.Add(-6 * time.Hour)}, Late: 5 * time.Minute}, "Tu alarma de la 1:00 tenía que haber sonado hace 5 minutos."},
		{"es", Due{Timer: Timer{Kind: command.Alarm, Due: at.Add(-6 * time.Hour)}, Late: 3 * time.Hour, Missed: true}, "Te has perdido tu alarma de la 1:00, hace 3 horas."},
		{"es", Due{Timer: Timer{Kind: command.Condition, State: "closed"}, Thing: "Ventana"}, "Querías saberlo: Ventana está en estado cerrado."},
		{"de", Due{Timer: Timer{Kind: command.Countdown}, Late: time.Hour}, "Dein Timer ist vor 60 Minuten abgelaufen."},
	} {
		if got := phrasesOf(t, c.language).Announce(c.due); got != c.want {
			t.Errorf("%s: %q, want %q", c.language, got, c.want)
		}
	}
}

// Whatever can be due is announced in every language.
func TestWhateverIsDueIsAnnounced(t *testing.T) {
	for _, language := range []string{"en", "de", "fr", "es", "nl"} {
		for _, kind := range []command.Kind{command.Countdown, command.Alarm, command.Reminder, command.Planned, command.Condition} {
			for _, due := range []Due{{}, {Late: time.Minute}, {Late: 2 * time.Hour, Missed: true}, {Expired: true}} {
				carriesOut := kind == command.Planned && !due.Missed && !due.Expired
				if due.Timer.Kind = kind; carriesOut || due.Missed && (kind == command.Reminder || kind == command.Condition) {
					continue
				}
				if phrasesOf(t, language).Announce(due) == "" {
					t.Errorf("%s: nothing is said of %s, %+v", language, kind, due)
				}
			}
		}
	}
}
