package main

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home/homeassistant"
)

// TestHomeAssistantPlans has a model's plan learned in a real Home Assistant: what it showed to have worked is carried out
// again without the model, until a name there changes.
func TestHomeAssistantPlans(t *testing.T) {
	requireAssets(t)
	h := startHomeAssistant(t)
	h.furnish()
	h.exposeAll()
	var asked atomic.Int32
	model := scriptedOllama(func(sentence string) string {
		if !strings.Contains(sentence, "write a letter") {
			return `{"calls": [], "reply": "I do not know."}`
		}
		asked.Add(1)
		return `{"calls": [{"entity": "light.office_rgbw_lights", "service": "turn_on", "data": {"brightness_pct": 70}}], "reply": ""}`
	})
	t.Cleanup(model.Close)
	d := startHearthWith(t, h, model.URL)
	d.follows()
	d.waitFor("model")

	// said says the sentence in the dark, and wants it to be decided so, and done.
	said := func(by conversation.Decider, questions int32) {
		t.Helper()
		h.ask(homeassistant.Command{"type": "call_service", "domain": "light", "service": "turn_off", "target": map[string]any{"entity_id": "light.office_rgbw_lights"}}, nil)
		turn, err := d.say("office", "I have to write a letter")
		if err != nil {
			t.Fatal(err)
		}
		if turn.DecidedBy != by || asked.Load() != questions {
			t.Errorf("decided by %q after %d questions, want %q after %d", turn.DecidedBy, asked.Load(), by, questions)
		}
		if len(turn.Steps) != 1 || turn.Steps[0].Outcome != conversation.Confirmed {
			t.Errorf("the steps are %+v", turn.Steps)
		}
		if lamp := h.states()["light.office_rgbw_lights"]; lamp.State != "on" || fmt.Sprint(lamp.Attributes["brightness"]) != "178" {
			t.Errorf("the lamp is %+v", lamp)
		}
	}
	said(conversation.ByModel, 1)
	if _, err := d.say("office", "what time is it"); err != nil { // and nobody objects
		t.Fatal(err)
	}
	said(conversation.ByPlan, 1)

	h.alias("light.bed_light", "reading lamp")
	eventuallyTrue(t, func() error { // the new name has come
		turn, err := d.say("bedroom", "is the reading lamp on")
		if err == nil && turn.DecidedBy != conversation.ByGrammar {
			err = fmt.Errorf("decided by %q: %q", turn.DecidedBy, turn.Reply)
		}
		return err
	})
	said(conversation.ByModel, 2)
}
