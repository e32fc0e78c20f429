package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home/homeassistant"
)

// oddNames gives a switch one more name after the other, and says it as it can be said.
func oddNames(t *testing.T, d *hearth, h *homeAssistant) {
	long := strings.TrimSpace(strings.Repeat("very ", 58)) + " long name"
	for name, said := range map[string]string{
		"Sparkle 💡✨":           "sparkle",
		`Anna's "night" light`: "anna's night light",
		"מנורה":                "מנורה",
		"\u202bמתג\u202c":      "מתג",
		"{{ 7 * 7 }} Fan [x]":  "7 * 7 fan x",
		"Cafe\u0301 lamp":      "café lamp",
		long:                   long,
	} {
		h.alias("switch.ac", name)
		for _, state := range []string{"on", "off"} {
			eventuallyTrue(t, func() error { // it reads the registry when that has been quiet for a moment
				turn, err := d.say("", "turn "+state+" "+said)
				if err == nil && outcomes(turn.Steps) != "switch.turn_"+state+" confirmed" {
					err = fmt.Errorf("%q: %q, %s", turn.Heard.Text, turn.Reply, outcomes(turn.Steps))
				}
				return err
			})
		}
	}
}

// rewrittenMeanwhile has a script unlock a door that did nothing of the kind when Hearth read it.
func rewrittenMeanwhile(t *testing.T, d *hearth, h *homeAssistant) {
	path := filepath.Join(h.install, h.run, "config/packages/home.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const before = "{action: input_select.select_option, target: {entity_id: input_select.house_mode}, data: {option: Home}}"
	after := strings.Replace(string(text), before, "{action: lock.unlock, target: {entity_id: lock.front_door}}", 1)
	if after == string(text) {
		t.Fatal("the home has another script")
	}
	if err := os.WriteFile(path, []byte(after), 0o600); err != nil {
		t.Fatal(err)
	}
	h.ask(homeassistant.Command{"type": "call_service", "domain": "script", "service": "reload"}, nil)
	time.Sleep(time.Second) // what has changed is read within a fifth of it
	d.check(t, h, spoken{"", "run good night", "script.turn_on refused", "lock.front_door locked", `Shall I turn on Good Night\? Say yes or no\.`})
	d.check(t, h, spoken{"", "no", "", "lock.front_door locked", ""})
}

// removedMeanwhile removes a lock between the question and the yes.
func removedMeanwhile(t *testing.T, d *hearth, h *homeAssistant) {
	d.check(t, h, spoken{"", "unlock the shed door", "lock.unlock refused", "lock.shed_door locked", `Shall I unlock Shed Door\? Say yes or no\.`})
	h.ask(homeassistant.Command{"type": "config/entity_registry/update", "entity_id": "lock.shed_door", "disabled_by": "user"}, nil)
	turn, err := d.say("", "yes")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range turn.Steps {
		if s.Outcome != conversation.Failed && s.Outcome != conversation.Refused {
			t.Errorf("%s of a lock that is gone is %s: %q", s.Service, s.Outcome, turn.Reply)
		}
	}
	if turn.Failure == "" || turn.Reply == "" {
		t.Errorf("failure %q, reply %q", turn.Failure, turn.Reply)
	}
}

// restartInTheMiddle restarts Home Assistant while it carries out two calls: one that may be made twice, and one
// that may not. What Hearth says of them must be true, and it must work again by itself.
func restartInTheMiddle(t *testing.T, d *hearth, h *homeAssistant) {
	turns := make(chan *conversation.Turn, 2)
	for room, text := range map[string]string{"kitchen": "turn on the slow pump", "garden": "press the slow bell"} {
		go func() {
			turn, err := d.say(room, text)
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
			turns <- turn
		}()
	}
	if err := h.comesTo("counter.pump 1; counter.bell 1"); err != nil {
		t.Fatal(err)
	}
	h.script("restart", h.install)
	h.connect()
	for range 2 {
		if turn := <-turns; turn != nil {
			honest(t, h, turn)
		}
	}
	if err := h.comesTo("counter.bell 1"); err != nil {
		t.Errorf("the bell was rung again: %v", err)
	}
	d.follows()
	d.check(t, h, spoken{"", "turn on the bed light", "light.turn_on confirmed", "light.bed_light on", ""})
	d.check(t, h, spoken{"", "turn on the slow pump", "switch.turn_on confirmed", "switch.slow_pump on", ""})
}

// honest compares what a turn says with what Home Assistant shows.
func honest(t *testing.T, h *homeAssistant, turn *conversation.Turn) {
	t.Helper()
	t.Logf("%q: %s, reply %q, evidence %q", turn.Heard.Text, outcomes(turn.Steps), turn.Reply, evidence(turn.Steps))
	if turn.Reply == "" || len(turn.Steps) != 1 {
		t.Errorf("%q: reply %q, %d steps", turn.Heard.Text, turn.Reply, len(turn.Steps))
		return
	}
	step := turn.Steps[0]
	done := map[string]string{"switch.slow_pump": "switch.slow_pump on", "button.slow_bell": "button.slow_bell ..."}[string(step.Entity)]
	if err := h.comesTo(done); step.Outcome == conversation.Confirmed && err != nil {
		t.Errorf("%q is said to be done: %v", turn.Heard.Text, err)
	}
	if step.Outcome != conversation.Confirmed && turn.Failure == "" {
		t.Errorf("%q came to %s, and no failure is told", turn.Heard.Text, step.Outcome)
	}
}
