package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/daemon/intent"
)

var someTimers = []Timer{
	{ID: "a", Kind: Countdown, Name: "Pasta", Room: "kitchen", Length: 8 * time.Minute, Left: 90 * time.Second},
	{ID: "b", Kind: Countdown, Room: "kitchen", Length: 90 * time.Minute, Left: time.Hour},
	{ID: "c", Kind: Countdown, Room: "office", Length: 8 * time.Minute, Left: 5 * time.Minute, Paused: true},
}

func TestTimers(t *testing.T) {
	check(t, []sentence{
		{name: "start", intent: "HassStartTimer", combination: "hours_minutes_seconds", room: "kitchen",
			slots: attributes{"hours": 1, "minutes": 2, "seconds": 3}, calls: []string{`timer.start {"room":"kitchen","seconds":3723}`}},
		{name: "start with a name", intent: "HassStartTimer", combination: "name_minutes",
			slots: attributes{"minutes": 5, "name": "eggs"}, calls: []string{`timer.start {"name":"eggs","seconds":300}`}},
		{name: "start with a name that a hyphen joins", intent: "HassStartTimer", combination: "name_minutes",
			slots: attributes{"minutes": 5, "name": "Pizza-"}, calls: []string{`timer.start {"name":"Pizza","seconds":300}`}},
		{name: "start for half a minute", intent: "HassStartTimer", combination: "seconds_only",
			slots: attributes{"seconds": 30}, calls: []string{`timer.start {"seconds":30}`}},
		{name: "a command for later", intent: "HassStartTimer", combination: "command_minutes",
			slots: attributes{"minutes": 5, "conversation_command": "open the garage"}, calls: []string{`timer.start {"command":"open the garage","seconds":300}`}},
		{name: "start for half an hour", intent: "HassStartTimer", combination: "hours_only",
			slots: attributes{"hours": 0.5}, calls: []string{`timer.start {"seconds":1800}`}},
		{name: "start without length", intent: "HassStartTimer", combination: "minutes_only", err: ErrBadSlot.Error()},

		{name: "cancel by name", intent: "HassCancelTimer", combination: "name_only", timers: someTimers,
			slots: attributes{"name": "pasta"}, calls: []string{"timer.cancel timer.a"}},
		{name: "cancel by another form of the name", intent: "HassCancelTimer", combination: "name_only", timers: someTimers,
			slots: attributes{"name": "Pastas-"}, calls: []string{"timer.cancel timer.a"}},
		{name: "cancel by a name that is another word", intent: "HassCancelTimer", combination: "name_only", timers: someTimers,
			slots: attributes{"name": "pastrami"}, err: "timer_not_found"},
		{name: "cancel by a name with a longer one beside it", intent: "HassCancelTimer", combination: "name_only",
			timers: append([]Timer{{ID: "d", Kind: Countdown, Name: "Pastas"}}, someTimers...),
			slots:  attributes{"name": "pasta"}, calls: []string{"timer.cancel timer.a"}},
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
	cake := read(s, "HassTimerStatus", "name_only", "default", attributes{"name": "cake"})
	if none, err := Build(cake, Input{Home: s, Timers: someTimers}); keyOf(err) != "timer_not_found" { // there are timers
		t.Errorf("status of a timer that is not there: %+v, %v", none.Answer, err)
	}
	if none, err := Build(cake, Input{Home: s}); err != nil || len(none.Answer.Timers) != 0 {
		t.Errorf("status where there is none: %+v, %v", none.Answer, err)
	}
}

// TestSpokenTimers hears timers in the published sentences of five languages.
func TestSpokenTimers(t *testing.T) {
	for language, cases := range map[string]map[string]string{
		"en": {
			"timer for one and a half hours":          `timer.start {"seconds":5400}`,
			"set a timer for half an hour":            `timer.start {"seconds":1800}`,
			"add half a minute to my timer":           `timer.increase timer.b {"seconds":30}`,
			"cancel my 90 minute timer":               `timer.cancel timer.b`,
			"turn off the Radio in five minutes":      `timer.start {"command":"turn off the Radio","seconds":300}`,
			"set a 2 hour 5 minute 10 second timer":   `timer.start {"seconds":7510}`,
			"set a twenty five minute timer for Eggs": `timer.start {"name":"Eggs","seconds":1500}`,
		},
		"de": {
			"timer für anderthalb Stunden":                  `timer.start {"seconds":5400}`,
			"timer für zweieinhalb Stunden":                 `timer.start {"seconds":9000}`,
			"timer für eineinhalb Minuten":                  `timer.start {"seconds":90}`,
			"timer für 2 Stunden 30 Minuten":                `timer.start {"seconds":9000}`,
			"verlängere den timer um eine halbe Stunde":     `timer.increase timer.b {"seconds":1800}`,
			"timer für fünfundzwanzig Minuten namens Pizza": `timer.start {"name":"Pizza","seconds":1500}`,
		},
		"fr": {
			"minuteur de 1 heure et 30 minutes": `timer.start {"seconds":5400}`,
			"minuteur de vingt-cinq minutes":    `timer.start {"seconds":1500}`,
			"minuteur de septante secondes":     `timer.start {"seconds":70}`,
		},
		"es": {
			"temporizador de una hora y media":           `timer.start {"seconds":5400}`,
			"temporizador de media hora":                 `timer.start {"seconds":1800}`,
			"temporizador de 5 minutos y medio":          `timer.start {"seconds":330}`,
			"aumentar el temporizador en 1 hora y media": `timer.increase timer.b {"seconds":5400}`,
		},
		"nl": {
			"timer voor anderhalf uur":              `timer.start {"seconds":5400}`,
			"timer voor twee en een half uur":       `timer.start {"seconds":9000}`,
			"over anderhalf uur open de Garagedeur": `timer.start {"command":"open de Garagedeur","seconds":5400}`,
			"haal half uur af van de timer":         `timer.decrease timer.b {"seconds":1800}`,
		},
	} {
		h := publishedHome(t, language)
		for said, want := range cases {
			results := h.Recognize(said, intent.Where{})
			if len(results) == 0 {
				t.Errorf("%s: not understood: %q", language, said)
				continue
			}
			got, err := Build(results[0], Input{Home: testHome(), Timers: someTimers[1:2]})
			if err != nil || !slices.Equal(lines(got.Calls), []string{want}) {
				t.Errorf("%s: %q: %v, %v, want %s", language, said, lines(got.Calls), err, want)
			}
		}
	}
}

// TestFractionsOfAnHour counts in hours, which the published sentences do in whole ones only.
func TestFractionsOfAnHour(t *testing.T) {
	path := filepath.Join(t.TempDir(), "en.json")
	sentences := `{"language": "en",
		"lists": {"length": {"range": {"from": 0, "to": 12, "fractions": "halves"}}},
		"intents": {"HassStartTimer": {"data": [{"sentences": ["timer for {length:hours} hour[s]"]}]}}}`
	if err := os.WriteFile(path, []byte(sentences), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := intent.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	h := l.Home(intent.Names{})
	for said, want := range map[string]string{
		"timer for 0.5 hours":             `timer.start {"seconds":1800}`,
		"timer for one and a half hours":  `timer.start {"seconds":5400}`,
		"timer for 2 and a half hours":    `timer.start {"seconds":9000}`,
		"timer for two point five hours":  `timer.start {"seconds":9000}`,
		"timer for twelve and half hours": ``,
	} {
		var got []string
		for _, r := range h.Recognize(said, intent.Where{}) {
			c, err := Build(r, Input{Home: testHome()})
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, lines(c.Calls)...)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%q: %s, want %s", said, got, want)
		}
	}
}
