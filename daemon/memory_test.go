package daemon

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
)

// Every language asks for what was done, and to have it undone, in its own words.
var memories = []struct {
	language, lamp, kitchen, on string
	exchanges                   []exchange
}{
	{"en", "Ceiling Light", "Kitchen", "turn on the ceiling light", []exchange{
		{"why did you do that", "I was sent “turn on the ceiling light” at 18:05 (Kitchen). It fits one of my sentences for HassTurnOn. Done: Ceiling Light."},
		{"why is the ceiling light on", "I was sent “turn on"},
		{"why are the lights on", "I was sent “turn on"},
		{"who turned on the kitchen light", "I was sent “turn on"},
		{"what did you do in the last hour", "“turn on the ceiling light” at 18:05: Done: Ceiling Light."},
		{"what did you do in the kitchen", "“turn on the ceiling light” at 18:05:"},
		{"what did you hear", "I was sent “what did you do in the kitchen” at 18:05 (Kitchen). I said: “"},
		{"could you put it back please", "Put back: Ceiling Light."},
		{"that was wrong undo it", "Put back: Ceiling Light."},
	}},
	{"de", "Deckenlampe", "Küche", "schalte die Deckenlampe ein", []exchange{
		{"Warum hast du das gemacht?", "Man hat mir um 18:05 Uhr geschrieben: „schalte die Deckenlampe ein“ (Küche). Das ist einer meiner Sätze für HassTurnOn. Erledigt: Deckenlampe."},
		{"Warum ist die Deckenlampe an?", "Man hat mir um 18:05 Uhr geschrieben: „schalte die"},
		{"Wieso ist das Licht in der Küche an?", "Man hat mir um 18:05 Uhr geschrieben: „schalte die"},
		{"Wer hat das Licht eingeschaltet?", "Man hat mir um 18:05 Uhr geschrieben: „schalte die"},
		{"Was hast du in der letzten Stunde gemacht?", "„schalte die Deckenlampe ein“ um 18:05 Uhr: Erledigt: Deckenlampe."},
		{"Was hast du in der Küche gemacht?", "„schalte die Deckenlampe ein“ um 18:05 Uhr:"},
		{"Was hast du gehört?", "Man hat mir um 18:05 Uhr geschrieben: „Was hast du in der Küche gemacht?“"},
		{"Mach das bitte rückgängig!", "Wieder wie vorher: Deckenlampe."},
		{"Nein, mach das rückgängig!", "Wieder wie vorher: Deckenlampe."},
	}},
	{"fr", "Plafonnier", "Cuisine", "allume le plafonnier", []exchange{
		{"Pourquoi as-tu fait ça ?", "On m'a écrit « allume le plafonnier » à 18:05 (Cuisine). C'est une de mes phrases pour HassTurnOn. C'est fait : Plafonnier."},
		{"pourquoi le plafonnier est allumé", "On m'a écrit « allume"},
		{"pourquoi la lumière de la cuisine est allumée", "On m'a écrit « allume"},
		{"qui a allumé la lumière", "On m'a écrit « allume"},
		{"Qu'as-tu fait dans la dernière heure ?", "« allume le plafonnier » à 18:05 : C'est fait : Plafonnier."},
		{"qu'est-ce que tu as fait dans la cuisine", "« allume le plafonnier » à 18:05 :"},
		{"qu'as-tu entendu", "On m'a écrit « qu'est-ce que tu as fait dans la cuisine »"},
		{"annule ça", "C'est comme avant : Plafonnier."},
		{"non remets tout comme avant", "C'est comme avant : Plafonnier."},
	}},
	{"es", "Lámpara del techo", "Cocina", "enciende la lámpara del techo", []exchange{
		{"¿Por qué has hecho eso?", "Me han escrito «enciende la lámpara del techo» a las 18:05 (Cocina). Es una de mis frases para HassTurnOn. Hecho: Lámpara del techo."},
		{"por qué está encendida la lámpara del techo", "Me han escrito «enciende"},
		{"por qué está encendida la luz de la cocina", "Me han escrito «enciende"},
		{"quién ha encendido las luces", "Me han escrito «enciende"},
		{"qué has hecho en la última hora", "«enciende la lámpara del techo» a las 18:05: Hecho: Lámpara del techo."},
		{"qué has hecho en la cocina", "«enciende la lámpara del techo» a las 18:05:"},
		{"qué has oído", "Me han escrito «qué has hecho en la cocina»"},
		{"deshazlo por favor", "Como antes: Lámpara del techo."},
		{"no, deshaz eso", "Como antes: Lámpara del techo."},
	}},
	{"nl", "Plafondlamp", "Keuken", "zet de plafondlamp aan", []exchange{
		{"Waarom deed je dat?", "Ik kreeg het bericht “zet de plafondlamp aan” om 18:05 (Keuken). Het is een van mijn zinnen voor HassTurnOn. Klaar: Plafondlamp."},
		{"waarom is de plafondlamp aan", "Ik kreeg het bericht “zet"},
		{"waarom brandt het licht in de keuken", "Ik kreeg het bericht “zet"},
		{"wie heeft het licht aangedaan", "Ik kreeg het bericht “zet"},
		{"wat heb je in het laatste uur gedaan", "“zet de plafondlamp aan” om 18:05: Klaar: Plafondlamp."},
		{"wat heb je in de keuken gedaan", "“zet de plafondlamp aan” om 18:05:"},
		{"wat heb je gehoord", "Ik kreeg het bericht “wat heb je in de keuken gedaan”"},
		{"maak dat alsjeblieft ongedaan", "Weer zoals het was: Plafondlamp."},
		{"dat was fout, maak dat ongedaan", "Weer zoals het was: Plafondlamp."},
	}},
}

func TestWhatWasDoneIsToldAndUndoneInEveryLanguage(t *testing.T) {
	at := regexp.MustCompile(`( (yesterday|gestern|hier|ayer|gisteren))? (at|um|à|a las|om) \d\d:\d\d`)
	for _, m := range memories {
		t.Run(m.language, func(t *testing.T) {
			h := household{m.language, m.kitchen, m.lamp, "-", "-", nil}
			d := quietDaemon(t, m.language, demo.New(demo.WithPace(0), demo.WithSnapshot(h.home())))
			say := func(text string) *conversation.Turn {
				turn, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", text)
				if err != nil {
					t.Fatal(err)
				}
				return turn
			}
			if turn := say(m.on); len(turn.Steps) != 1 || turn.Rule == "" {
				t.Fatalf("%q: %+v", m.on, turn)
			}
			for _, x := range m.exchanges {
				turn := say(x.said)
				if reply := at.ReplaceAllString(strings.ReplaceAll(turn.Reply, " a la 01:", " a las 01:"), " $3 18:05"); !strings.HasPrefix(reply, x.reply) {
					t.Errorf("%q: %q, want %q", x.said, turn.Reply, x.reply)
				}
			}
			if e, _ := d.home.Snapshot().Entity("light.kitchen_ceiling"); e.State != "on" {
				t.Errorf("after two undos the light is %s", e.State)
			}
		})
	}
}

// What was done with a timer is undone: one that was cancelled goes on with the time it had, and what it was to do.
func TestTimersAreUndone(t *testing.T) {
	d := quietDaemon(t, "en", demo.New(demo.WithPace(0)))
	say := func(text string) {
		t.Helper()
		turn, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", text)
		if err != nil || turn.Failure != "" {
			t.Fatalf("%q: %q, %v", text, turn.Reply, err)
		}
	}
	running := func(n int) conversation.Timer {
		t.Helper()
		timers := d.timers.Running()
		if len(timers) != n {
			t.Fatalf("%d timers, want %d: %+v", len(timers), n, timers)
		}
		if n == 0 {
			return conversation.Timer{}
		}
		return timers[0]
	}
	say("turn off the lights in ten minutes")
	say("cancel the timer")
	running(0)
	say("undo that")
	if timer := running(1); timer.Message != "turn off the lights" || timer.Room != "kitchen" || timer.Left.Round(time.Minute) != 10*time.Minute {
		t.Errorf("after undoing the cancel: %+v", timer)
	}
	say("pause the timer")
	say("undo that")
	if timer := running(1); timer.Paused {
		t.Error("it still stands still")
	}
	say("add five minutes to the timer")
	say("undo that")
	if timer := running(1); timer.Left.Round(time.Minute) != 10*time.Minute {
		t.Errorf("after undoing the addition: %v", timer.Left)
	}
	say("set a timer for 20 minutes")
	running(2)
	say("undo that")
	running(1)
}
