package daemon

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"hearth/daemon/intent"
)

// TestSpokenLengths sets timers, and commands for later, by how people say a length.
func TestSpokenLengths(t *testing.T) {
	for language, cases := range map[string][]struct {
		said    string
		length  time.Duration
		command string
		reply   string
	}{
		"en": {
			{"set a timer for an hour and a half", 90 * time.Minute, "", "Timer set for an hour and a half"},
			{"set a pizza timer for 12 minutes", 12 * time.Minute, "", "Timer set for 12 minutes named pizza"},
			{"start a twenty minute egg timer", 20 * time.Minute, "", "Timer set for twenty minutes named egg"},
			{"set a roast timer for an hour and a half", 90 * time.Minute, "", "Timer set for an hour and a half named roast"},
			{"wake me in an hour", time.Hour, "", "Timer set for an hour"},
			{"count down from 30 seconds", 30 * time.Second, "", ""},
			{"set a half hour timer", 30 * time.Minute, "", "Timer set for half hour"},
			{"wake me up in 20 minutes", 20 * time.Minute, "", "Timer set for 20 minutes"},
			{"wake me in half an hour", 30 * time.Minute, "", ""},
			{"timer for three quarters of an hour", 45 * time.Minute, "", "Timer set for three quarters of an hour"},
			{"turn off the lights in half an hour", 30 * time.Minute, "turn off the lights", "Command will be executed in half an hour"},
			{"in an hour and a half turn off the lights", 90 * time.Minute, "turn off the lights", "Command will be executed in an hour and a half"},
			{"in two and a half hours turn off the lights", 150 * time.Minute, "turn off the lights", "Command will be executed in two hours and 30 minutes"},
		},
		"de": {
			{"mach in anderthalb Stunden das Licht aus", 90 * time.Minute, "das Licht aus", "Anweisung wird in anderthalb Stunden ausgeführt"},
			{"schalte das Licht aus in einer halben Stunde", 30 * time.Minute, "schalte das Licht aus", ""},
			{"Weck mich in 20 Minuten", 20 * time.Minute, "", ""},
			{"wecke mich in einer halben Stunde", 30 * time.Minute, "", ""},
		},
		"fr": {
			{"mets un minuteur d'une heure et demie", 90 * time.Minute, "", "Minuteur lancé"},
			{"minuteur de trois quarts d'heure", 45 * time.Minute, "", "Minuteur lancé"},
			{"réveille-moi dans vingt minutes", 20 * time.Minute, "", ""},
			{"dans une demi-heure éteins la lumière", 30 * time.Minute, "éteins la lumière", "Commande reçue"},
		},
		"es": {
			{"temporizador de hora y media", 90 * time.Minute, "", "Temporizador iniciado"},
			{"despiértame en 20 minutos", 20 * time.Minute, "", ""},
			{"apaga la luz dentro de media hora", 30 * time.Minute, "apaga la luz", "Orden recibida"},
		},
		"nl": {
			{"zet een timer voor een half uur", 30 * time.Minute, "", "Timer gezet voor 30 minuten"},
			{"maak me wakker over 20 minuten", 20 * time.Minute, "", ""},
			{"over een kwartier doe het licht uit", 15 * time.Minute, "doe het licht uit", "Opdracht wordt uitgevoerd over 15 minuten"},
			{"over een half uur doe het licht uit", 30 * time.Minute, "doe het licht uit", ""},
		},
	} {
		l := supplementedLanguage(t, language)
		h := l.Home(intent.Names{})
		for _, c := range cases {
			results := h.Recognize(c.said, intent.Where{})
			if len(results) == 0 {
				t.Errorf("%s: not understood: %q", language, c.said)
				continue
			}
			r := results[0]
			length, _ := r.Duration()
			if r.Intent != "HassStartTimer" || length != c.length || r.Slots["conversation_command"].String() != c.command {
				t.Errorf("%s: %q: %s of %v, then %q", language, c.said, r.Intent, length, r.Slots["conversation_command"])
			}
			if c.command != "" && len(h.Recognize(c.command, intent.Where{})) == 0 {
				t.Errorf("%s: %q: nothing is done later, for %q means nothing", language, c.said, c.command)
			}
			if reply, err := l.Respond(r, intent.ResponseData{}); err != nil || c.reply != "" && reply != c.reply {
				t.Errorf("%s: %q: reply %q, %v, want %q", language, c.said, reply, err, c.reply)
			}
		}
	}
}

// supplementedLanguage is a published language with what Hearth adds, or the test is skipped.
func supplementedLanguage(t *testing.T, code string) *intent.Language {
	t.Helper()
	l, err := intent.Load(filepath.Join(assetsDir(t, "sentences"), code+".json"))
	if err == nil {
		l, err = supplemented(l)
	}
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// assetsDir is a folder of the assets, or the test is skipped.
func assetsDir(t *testing.T, name string) string {
	t.Helper()
	assets := os.Getenv("HEARTH_ASSETS")
	if assets == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skipf("no cache folder for assets: %v", err)
		}
		assets = filepath.Join(cache, "hearth", "assets")
	}
	dir := filepath.Join(assets, name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("assets are not here, run make assets: %v", err)
	}
	return dir
}
