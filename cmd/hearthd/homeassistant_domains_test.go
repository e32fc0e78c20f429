package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// A spoken sentence, and what must come of it.
type spoken struct {
	room string // area ID where it is said
	say  string
	// does are the services called, and how far each came: "light.turn_on confirmed", separated by commas and in
	// the order of the entities' IDs. Several alike are written once: "light.turn_on confirmed x3".
	does string
	// then is what Home Assistant shows in the end: entity, state or "-", and attributes; separated by semicolons.
	then  string
	reply string // a pattern of the whole reply, "" for any
}

// TestHomeAssistant speaks to a real Home Assistant, domain by domain, and looks there for what came of it.
func TestHomeAssistant(t *testing.T) {
	requireAssets(t)
	h := startHomeAssistant(t)
	h.furnish()
	h.exposeAll()
	d := startHearth(t, h)
	d.follows()
	for _, part := range []struct {
		domain    string
		sentences []spoken
	}{
		{"light", lights},
		{"partly done", partlyDone},
		{"switch", switches},
		{"cover and valve", openings},
		{"lock and alarm", locks},
		{"climate, humidifier and water heater", airAndWater},
		{"fan", fans},
		{"media player", players},
		{"vacuum and lawn mower", cleaners},
		{"scene, script and button", scenes},
		{"list", lists},
		{"input, number and select", inputs},
		{"camera", cameras},
		{"weather, calendar and sensor", questions},
		{"timer", timers},
	} {
		t.Run(part.domain, func(t *testing.T) {
			for _, s := range part.sentences {
				d.check(t, h, s)
			}
		})
	}
	t.Run("picture", func(t *testing.T) {
		if kept, err := filepath.Glob(filepath.Join(h.install, h.run, "config/media/hearth/camera.demo_camera *.jpg")); err != nil || len(kept) != 1 {
			t.Errorf("pictures in Home Assistant's media folder: %q, %v", kept, err)
		}
	})
	t.Run("a script that is rewritten", func(t *testing.T) { rewrittenMeanwhile(t, d, h) })
	t.Run("odd names", func(t *testing.T) { oddNames(t, d, h) })
	t.Run("an entity that is removed meanwhile", func(t *testing.T) { removedMeanwhile(t, d, h) })
	t.Run("restart", func(t *testing.T) { restartInTheMiddle(t, d, h) })
}

// check says a sentence and compares what came of it.
func (d *hearth) check(t *testing.T, h *homeAssistant, s spoken) {
	t.Helper()
	turn, err := d.say(s.room, s.say)
	if err != nil {
		t.Errorf("%q: %v", s.say, err)
		return
	}
	t.Logf("%q: %q", s.say, turn.Reply)
	if does := outcomes(turn.Steps); does != s.does {
		t.Errorf("%q: does %q, want %q; reply %q, intent %q, evidence %q", s.say, does, s.does, turn.Reply, turn.Intent, evidence(turn.Steps))
	}
	if turn.Reply == "" || s.reply != "" && !regexp.MustCompile("^(?:"+s.reply+")$").MatchString(turn.Reply) {
		t.Errorf("%q: reply %q, want %q", s.say, turn.Reply, s.reply)
	}
	if strings.TrimSpace(s.then) == "" {
		return
	}
	if err := h.comesTo(s.then); err != nil {
		t.Errorf("%q: %v; reply %q", s.say, err, turn.Reply)
	}
}

// comesTo waits until Home Assistant shows what is wanted; blinds take their time.
func (h *homeAssistant) comesTo(want string) error {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		states := h.states()
		var errs []error
		for _, entity := range strings.Split(want, ";") {
			errs = append(errs, shows(states, entity))
		}
		if err := errors.Join(errs...); err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

// outcomes are the steps in the form of spoken.does.
func outcomes(steps []conversation.Step) string {
	var all []string
	for i := 0; i < len(steps); {
		same := i
		for same < len(steps) && steps[same].Service == steps[i].Service && steps[same].Outcome == steps[i].Outcome {
			same++
		}
		one := steps[i].Service + " " + string(steps[i].Outcome)
		if same > i+1 {
			one += fmt.Sprintf(" x%d", same-i)
		}
		all, i = append(all, one), same
	}
	return strings.Join(all, ", ")
}

func evidence(steps []conversation.Step) []string {
	var all []string
	for _, s := range steps {
		all = append(all, s.Evidence)
	}
	return all
}

// shows compares an entity with "light.bed_light on brightness=102".
func shows(states map[string]state, want string) error {
	words := strings.Fields(want)
	s, ok := states[words[0]]
	if !ok {
		return fmt.Errorf("Home Assistant has no %s", words[0])
	}
	if words[1] != "-" && !sameValue(s.State, words[1]) {
		return fmt.Errorf("%s is %s, want %s", s.ID, s.State, words[1])
	}
	for _, attribute := range words[2:] {
		name, value, _ := strings.Cut(attribute, "=")
		if !sameValue(s.Attributes[name], value) {
			return fmt.Errorf("%s of %s is %v, want %s", name, s.ID, s.Attributes[name], value)
		}
	}
	return nil
}

// sameValue compares numbers as numbers; "_" stands for a space, and "..." for a moment.
func sameValue(got any, want string) bool {
	text := strings.ReplaceAll(fmt.Sprint(got), " ", "_")
	if want == "..." {
		return strings.HasPrefix(text, "20")
	}
	n, isNumber := home.Number(got)
	m, wantsNumber := home.Number(want)
	return text == want || isNumber && wantsNumber && n == m
}
