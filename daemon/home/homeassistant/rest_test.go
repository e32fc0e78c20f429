package homeassistant

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestFramesGatherOnlyWhileNobodyWaits: after a call each change is read as it comes; later one waits
// until others may have come too, or until somebody looks at the home.
func TestFramesGatherOnlyWhileNobodyWaits(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp"})
		h := newTestHome(s, goodToken)
		started(t, h)
		changes, unwatch := h.Watch()
		defer unwatch()
		readAfter := func(state string) time.Duration {
			began := time.Now()
			go s.change("light.lamp", state, nil)
			<-changes
			return time.Since(began)
		}
		if _, err := h.Call(t.Context(), lamp); err != nil {
			t.Fatal(err)
		}
		for _, state := range []string{"on", "off", "on"} {
			if took := readAfter(state); took != 0 {
				t.Errorf("after a call, %q was read after %s", state, took)
			}
		}
		time.Sleep(restAfter + time.Second)
		for _, state := range []string{"off", "on"} { // what was asked before may still cut a rest short
			if took := readAfter(state); took > restFor {
				t.Errorf("later, %q was read after %s", state, took)
			}
		}
		if took := readAfter("off"); took == 0 || took > restFor {
			t.Errorf("then a change was read after %s, want a rest of %s at most", took, restFor)
		}
		synctest.Wait()
		h.Snapshot()
		if took := readAfter("on"); took != 0 {
			t.Errorf("after a look at the home, a change was read after %s", took)
		}
	})
}
