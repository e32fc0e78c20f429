package homeassistant

import (
	"errors"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

var _ conversation.Chronicle = (*Home)(nil)

func TestTheRecordersStates(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"lock.door": "Door"})
		// As Home Assistant 2026.2.3 answered: the first one is what the state was at the start of the period.
		s.answer("history/history_during_period", map[string]any{"lock.door": []any{
			map[string]any{"s": "locked", "lu": 1795862000.0},
			map[string]any{"s": "unlocked", "lu": 1795862722.5},
			map[string]any{"s": "locked", "lu": 1795862999.0, "lc": 1795862724.25},
			map[string]any{"s": "nonsense", "lu": -1.0},
			map[string]any{"s": "nonsense", "lu": 1e300},
		}})
		var asked map[string]any
		s.handle = func(_ *client, command map[string]any) bool {
			if command["type"] == "history/history_during_period" {
				asked = command
			}
			return false
		}
		h := newTestHome(s, goodToken)
		started(t, h)
		since, until := time.Unix(1795862000, 0), time.Unix(1795863000, 0)
		moments, err := h.States(t.Context(), "lock.door", since, until)
		if err != nil || len(moments) != 3 || moments[1].State != "unlocked" || !moments[1].At.Equal(time.UnixMilli(1795862722500)) ||
			!moments[2].At.Equal(time.UnixMilli(1795862724250)) {
			t.Errorf("%v, %v", moments, err)
		}
		if asked["start_time"] != "2026-11-28T10:33:20Z" || asked["no_attributes"] != true {
			t.Errorf("asked %v", asked)
		}
		if _, err := h.States(t.Context(), "lock.secret", since, until); !errors.Is(err, home.ErrUnknownEntity) {
			t.Errorf("of what is not exposed: %v", err)
		}
	})
}

func TestAHomeAssistantWithoutHistory(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"lock.door": "Door"})
		h := newTestHome(s, goodToken)
		if _, err := h.States(t.Context(), "lock.door", time.Now(), time.Now()); !errors.Is(err, home.ErrDisconnected) {
			t.Errorf("before it is connected: %v", err)
		}
		started(t, h)
		if _, err := h.States(t.Context(), "lock.door", time.Now(), time.Now()); !errors.Is(err, home.ErrNotSupported) {
			t.Errorf("without the integration: %v", err)
		}
	})
}
