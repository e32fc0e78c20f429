package daemon

import (
	"errors"
	"slices"
	"testing"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

// sunnyHome is the simulated home with a sun, as Home Assistant shows it on a Saturday at three in the afternoon.
func sunnyHome(next map[string]any) *home.Snapshot {
	house := demo.New().Snapshot()
	sun := home.Entity{ID: "sun.sun", Name: "Sun", State: "above_horizon", Attributes: next}
	return home.NewSnapshot(append(slices.Clone(house.Entities), sun), house.Areas, house.Floors)
}

// TestTimesByTheSun says for sunset and sunrise what people say, in each language, and again where the home does not
// tell when they are.
func TestTimesByTheSun(t *testing.T) {
	now := time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)
	sunny := sunnyHome(map[string]any{"next_setting": "2026-11-28T16:12:34.567890+00:00", "next_rising": "2026-11-29T07:41:02+00:00"})
	sunset, sunrise := time.Date(2026, 11, 28, 16, 12, 0, 0, time.UTC), time.Date(2026, 11, 29, 7, 41, 0, 0, time.UTC)
	set := []command.Timer{
		{ID: "a", Kind: command.Alarm, Due: sunrise}, {ID: "b", Kind: command.Alarm, Due: sunset},
		{ID: "c", Kind: command.Reminder, Due: sunrise}, {ID: "d", Kind: command.Reminder, Due: sunset},
		{ID: "e", Kind: command.Planned, Due: sunrise}, {ID: "f", Kind: command.Planned, Due: sunset.Add(-30 * time.Minute)},
	}
	for language, cases := range timesByTheSun {
		h := supplementedLanguage(t, language).Home(namesOf(sunny))
		recognise := func(s string) []intent.Result { return h.Recognize(s, intent.Where{Area: "kitchen"}) }
		for said, want := range cases {
			results := command.Sensible(recognise(said), sunny, func(s string) command.Sense { return command.SenseOf(recognise(s)) })
			if len(results) == 0 {
				t.Errorf("%s: not understood: %q", language, said)
				continue
			}
			cmd, err := command.Build(results[0], command.Input{Home: sunny, Room: "kitchen", Now: now, Timers: set})
			got := inShort(cmd.Calls)
			if err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("%s: %q: %s, %q; want %q", language, said, results[0].Intent, got, want)
			}
			for _, r := range results {
				if r.Intent == command.Incomplete { // which is left out where there is another
					continue
				}
				if _, err := command.Build(r, command.Input{Home: demo.New().Snapshot(), Room: "kitchen", Now: now}); !errors.Is(err, command.ErrNoSun) {
					t.Errorf("%s: %q without a sun: %s, %v", language, said, r.Intent, err)
				}
			}
		}
	}
}

const onlyNext = "the home tells only the next sunrise and sunset"

var timesByTheSun = map[string]map[string]string{
	"en": {
		"cancel my alarm at sunrise":                                     "cancel timer.a",
		"cancel the reminder for sunset":                                 "cancel timer.d",
		"cancel the planned command half an hour before sunset":          "cancel timer.f",
		"turn on the kitchen ceiling at sunset":                          "command 2026-11-28T16:12 turn on the kitchen ceiling",
		"turn on the kitchen ceiling when the sun sets":                  "command 2026-11-28T16:12 turn on the kitchen ceiling",
		"when the sun goes down turn on the kitchen ceiling":             "command 2026-11-28T16:12 turn on the kitchen ceiling",
		"at sunset tonight turn on the kitchen ceiling":                  "command 2026-11-28T16:12 turn on the kitchen ceiling",
		"turn off the kitchen ceiling at sunrise":                        "command 2026-11-29T07:41 turn off the kitchen ceiling",
		"turn off the kitchen ceiling tomorrow at sunrise":               "command 2026-11-29T07:41 turn off the kitchen ceiling",
		"turn off the kitchen ceiling when the sun rises on sunday":      "command 2026-11-29T07:41 turn off the kitchen ceiling",
		"turn off the kitchen ceiling when the sun comes up":             "command 2026-11-29T07:41 turn off the kitchen ceiling",
		"turn on the kitchen ceiling half an hour before sunset":         "command 2026-11-28T15:42 turn on the kitchen ceiling",
		"20 minutes after the sun goes down turn on the kitchen ceiling": "command 2026-11-28T16:32 turn on the kitchen ceiling",
		"turn on the kitchen ceiling two hours before sunset":            "the time is past",
		"turn on the kitchen ceiling tomorrow at sunset":                 onlyNext,
		"turn on the kitchen ceiling every day at sunset":                onlyNext,
		"turn on the kitchen ceiling at sunset on weekdays":              onlyNext,
		"turn off the kitchen ceiling today at sunrise":                  "the time is past",
		"remind me to water the plants at sunset":                        "reminder 2026-11-28T16:12 water the plants",
		"remind me when the sun sets to water the plants":                "reminder 2026-11-28T16:12 water the plants",
		"remind me ten minutes before sunset to water the plants":        "reminder 2026-11-28T16:02 water the plants",
		"remind me to water the plants at sunset tomorrow":               onlyNext,
		"remind me to water the plants every evening at sunset":          onlyNext,
		"wake me up at sunrise":                                          "alarm 2026-11-29T07:41",
		"wake me an hour before sunrise":                                 "alarm 2026-11-29T06:41",
		"set an alarm for sunrise":                                       "alarm 2026-11-29T07:41",
		"set an alarm for half an hour after sunrise tomorrow":           "alarm 2026-11-29T08:11",
		"wake me when the sun comes up every day":                        onlyNext,
	},
	"de": {
		"lösche den Wecker von Sonnenaufgang":                                    "cancel timer.a",
		"lösche die Erinnerung bei Sonnenuntergang":                              "cancel timer.d",
		"lösche den geplanten Befehl eine halbe Stunde vor Sonnenuntergang":      "cancel timer.f",
		"schalte kitchen ceiling bei Sonnenuntergang an":                         "command 2026-11-28T16:12 schalte kitchen ceiling an",
		"schalte bei Sonnenuntergang kitchen ceiling an":                         "command 2026-11-28T16:12 kitchen ceiling an",
		"wenn die Sonne untergeht mach kitchen ceiling an":                       "command 2026-11-28T16:12 mach kitchen ceiling an",
		"mach kitchen ceiling morgen früh bei Sonnenaufgang aus":                 "command 2026-11-29T07:41 mach kitchen ceiling aus",
		"mach kitchen ceiling aus sobald die Sonne aufgeht":                      "command 2026-11-29T07:41 mach kitchen ceiling aus",
		"mach kitchen ceiling eine halbe Stunde vor Sonnenuntergang an":          "command 2026-11-28T15:42 mach kitchen ceiling an",
		"20 Minuten nachdem die Sonne untergegangen ist mach kitchen ceiling an": "command 2026-11-28T16:32 mach kitchen ceiling an",
		"mach kitchen ceiling morgen bei Sonnenuntergang an":                     onlyNext,
		"mach kitchen ceiling jeden Tag bei Sonnenuntergang an":                  onlyNext,
		"erinnere mich bei Sonnenuntergang daran die Blumen zu gießen":           "reminder 2026-11-28T16:12 die Blumen zu gießen",
		"erinnere mich an die Blumen wenn die Sonne untergeht":                   "reminder 2026-11-28T16:12 die Blumen",
		"weck mich bei Sonnenaufgang":                                            "alarm 2026-11-29T07:41",
		"weck mich eine Stunde vor Sonnenaufgang":                                "alarm 2026-11-29T06:41",
		"stell einen Wecker auf Sonnenaufgang":                                   "alarm 2026-11-29T07:41",
	},
	"fr": {
		"annule mon réveil du lever du soleil":                                "cancel timer.a",
		"annule le rappel au coucher du soleil":                               "cancel timer.d",
		"annule la commande prévue une demi-heure avant le coucher du soleil": "cancel timer.f",
		"allume kitchen ceiling au coucher du soleil":                         "command 2026-11-28T16:12 allume kitchen ceiling",
		"quand le soleil se couche allume kitchen ceiling":                    "command 2026-11-28T16:12 allume kitchen ceiling",
		"au coucher du soleil ce soir allume kitchen ceiling":                 "command 2026-11-28T16:12 allume kitchen ceiling",
		"éteins kitchen ceiling demain au lever du soleil":                    "command 2026-11-29T07:41 éteins kitchen ceiling",
		"éteins kitchen ceiling dès que le soleil se lève":                    "command 2026-11-29T07:41 éteins kitchen ceiling",
		"allume kitchen ceiling une demi-heure avant le coucher du soleil":    "command 2026-11-28T15:42 allume kitchen ceiling",
		"20 minutes après le coucher du soleil allume kitchen ceiling":        "command 2026-11-28T16:32 allume kitchen ceiling",
		"allume kitchen ceiling demain au coucher du soleil":                  onlyNext,
		"allume kitchen ceiling tous les jours au coucher du soleil":          onlyNext,
		"rappelle-moi d'arroser le jardin au coucher du soleil":               "reminder 2026-11-28T16:12 arroser le jardin",
		"rappelle-moi au coucher du soleil d'arroser le jardin":               "reminder 2026-11-28T16:12 arroser le jardin",
		"rappelle-moi d'arroser le jardin au coucher du soleil demain":        onlyNext,
		"réveille-moi au lever du soleil":                                     "alarm 2026-11-29T07:41",
		"réveille-moi une heure avant le lever du soleil":                     "alarm 2026-11-29T06:41",
		"mets un réveil pour le lever du soleil":                              "alarm 2026-11-29T07:41",
	},
	"es": {
		"cancela la alarma del amanecer":                                  "cancel timer.a",
		"cancela el recordatorio de la puesta del sol":                    "cancel timer.d",
		"cancela la orden programada media hora antes del atardecer":      "cancel timer.f",
		"enciende kitchen ceiling al atardecer":                           "command 2026-11-28T16:12 enciende kitchen ceiling",
		"enciende kitchen ceiling a la puesta del sol":                    "command 2026-11-28T16:12 enciende kitchen ceiling",
		"cuando se ponga el sol enciende kitchen ceiling":                 "command 2026-11-28T16:12 enciende kitchen ceiling",
		"apaga kitchen ceiling mañana al amanecer":                        "command 2026-11-29T07:41 apaga kitchen ceiling",
		"apaga kitchen ceiling cuando salga el sol":                       "command 2026-11-29T07:41 apaga kitchen ceiling",
		"enciende kitchen ceiling media hora antes del atardecer":         "command 2026-11-28T15:42 enciende kitchen ceiling",
		"20 minutos después de la puesta de sol enciende kitchen ceiling": "command 2026-11-28T16:32 enciende kitchen ceiling",
		"enciende kitchen ceiling mañana al atardecer":                    onlyNext,
		"enciende kitchen ceiling todos los días al atardecer":            onlyNext,
		"recuérdame regar las plantas al atardecer":                       "reminder 2026-11-28T16:12 regar las plantas",
		"recuérdame al atardecer regar las plantas":                       "reminder 2026-11-28T16:12 regar las plantas",
		"recuérdame regar las plantas al atardecer mañana":                onlyNext,
		"despiértame al amanecer":                                         "alarm 2026-11-29T07:41",
		"despiértame una hora antes del amanecer":                         "alarm 2026-11-29T06:41",
		"pon una alarma para la salida del sol":                           "alarm 2026-11-29T07:41",
	},
	"nl": {
		"annuleer de wekker voor zonsopgang":                            "cancel timer.a",
		"annuleer de herinnering bij zonsondergang":                     "cancel timer.d",
		"annuleer de geplande opdracht een half uur voor zonsondergang": "cancel timer.f",
		"zet kitchen ceiling bij zonsondergang aan":                     "command 2026-11-28T16:12 zet kitchen ceiling aan",
		"zet bij zonsondergang kitchen ceiling aan":                     "command 2026-11-28T16:12 kitchen ceiling aan",
		"als de zon ondergaat zet kitchen ceiling aan":                  "command 2026-11-28T16:12 zet kitchen ceiling aan",
		"zet kitchen ceiling uit bij zonsopgang morgen":                 "command 2026-11-29T07:41 zet kitchen ceiling uit",
		"zet kitchen ceiling uit zodra de zon opkomt":                   "command 2026-11-29T07:41 zet kitchen ceiling uit",
		"zet kitchen ceiling een half uur voor zonsondergang aan":       "command 2026-11-28T15:42 zet kitchen ceiling aan",
		"20 minuten na zonsondergang zet kitchen ceiling aan":           "command 2026-11-28T16:32 zet kitchen ceiling aan",
		"zet kitchen ceiling morgen bij zonsondergang aan":              onlyNext,
		"zet kitchen ceiling elke dag bij zonsondergang aan":            onlyNext,
		"herinner me eraan de planten water te geven bij zonsondergang": "reminder 2026-11-28T16:12 de planten water te geven",
		"herinner me bij zonsondergang aan de planten":                  "reminder 2026-11-28T16:12 de planten",
		"wek me bij zonsopgang":                                         "alarm 2026-11-29T07:41",
		"maak me een uur voor zonsopkomst wakker":                       "alarm 2026-11-29T06:41",
		"zet een wekker voor zonsopgang":                                "alarm 2026-11-29T07:41",
	},
}

// TestSunsetIsToldByTheClock puts off by the sun and answers with the time, lists it and cancels it; without a sun it
// says so, in each language, and sets nothing. There is no language model to ask.
func TestSunsetIsToldByTheClock(t *testing.T) {
	setting := time.Now().Add(90 * time.Minute)
	sunny := sunnyHome(map[string]any{"next_setting": setting.UTC().Format(time.RFC3339)})
	say := func(d *Daemon, text string) string {
		turn, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", text)
		if err != nil {
			t.Fatal(err)
		}
		return turn.Reply
	}
	d := quietDaemon(t, "en", demo.New(demo.WithSnapshot(sunny)))
	day, at := "today", setting.Format("3:04 PM")
	if setting.Day() != time.Now().Day() {
		day = "tomorrow"
	}
	for _, c := range [][2]string{
		{"turn on the kitchen ceiling at sunset", "I will do that " + day + " at " + at},
		{"what is planned", "Planned: turn on the kitchen ceiling, " + day + " at " + at},
		{"cancel the planned command at sunset", "Cancelled: turn on the kitchen ceiling"},
		{"turn on the kitchen ceiling and the counter lights when the sun sets", "I will do that " + day + " at " + at},
		{"remind me to feed the cat", "When?"},
		{"at sunset", "I will remind you " + day + " at " + at},
		{"remind me at sunset", "Of what?"},
		{"to water the plants", "I will remind you " + day + " at " + at},
		{"turn on the kitchen ceiling every day at sunset", "The home tells me only the next sunrise and sunset."},
		{"turn on the kitchen ceiling at sunrise", "The home does not tell me when the sun rises and sets."},
	} {
		if reply := say(d, c[0]); reply != c[1] {
			t.Errorf("%q: %q, want %q", c[0], reply, c[1])
		}
	}
	for language, c := range map[string][2]string{
		"en": {"turn on the kitchen ceiling and lock the front door at sunset", "The home does not tell me when the sun rises and sets."},
		"de": {"mach Kitchen Ceiling bei Sonnenuntergang an", "Das Haus sagt mir nicht, wann die Sonne auf- und untergeht."},
		"fr": {"allume Kitchen Ceiling au coucher du soleil", "La maison ne me dit pas quand le soleil se lève et se couche."},
		"es": {"enciende Kitchen Ceiling al atardecer", "La casa no me dice cuándo sale y se pone el sol."},
		"nl": {"zet Kitchen Ceiling bij zonsondergang aan", "Het huis vertelt me niet wanneer de zon opkomt en ondergaat."},
	} {
		d := quietDaemon(t, language, demo.New())
		if reply := say(d, c[0]); reply != c[1] || len(d.timers.Running()) > 0 {
			t.Errorf("%s: %q: %q, want %q; set %v", language, c[0], reply, c[1], d.timers.Running())
		}
	}
}
