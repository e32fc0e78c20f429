package history

import (
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/learned"
)

var _ learned.Pins = (*Store)(nil)

func TestPinnedPlans(t *testing.T) {
	s := openTemp(t)
	plan := conversation.LearnedPlan{Text: "Make it cosy!", Calls: []home.Call{{Domain: "light", Service: "turn_on", Entity: "light.a", Data: map[string]any{"brightness_pct": 40.0}}}}
	const here, there = "office\x00\x00make it cosy", "office\x00Anna\x00make it cosy"
	for _, sentence := range []string{here, there, here} { // the last one replaces the first
		if err := s.PinPlan(t.Context(), sentence, plan); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := s.UnpinPlan(t.Context(), there); err != nil {
			t.Fatal(err)
		}
	}
	plans, err := s.PinnedPlans(t.Context())
	if err != nil || len(plans) != 1 || asJSON(t, plans[here]) != asJSON(t, plan) {
		t.Errorf("%+v, %v", plans, err)
	}
	if err := s.PinPlan(t.Context(), "office", plan); err == nil || !strings.Contains(err.Error(), "1 parts") {
		t.Errorf("half a key: %v", err)
	}
}
