package timer

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

func hour(d time.Duration) string { return time.Now().Add(d).Local().Format("15:04") }

func TestEvidence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, newMemory())
		expect := func(step, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s: evidence %q, want %q", step, got, want)
			}
		}
		expect("start", r.call("start", "", map[string]any{"seconds": 300}), "rings at "+hour(5*time.Minute))
		id := r.Running()[0].ID
		expect("increase", r.call("increase", id, map[string]any{"seconds": 600}), "rings at "+hour(15*time.Minute))
		expect("decrease", r.call("decrease", id, map[string]any{"seconds": 60}), "rings at "+hour(14*time.Minute))
		pass(4 * time.Minute)
		expect("pause", r.call("pause", id, nil), "paused with 10m0s left")
		pass(time.Hour)
		expect("increase paused", r.call("increase", id, map[string]any{"seconds": 30}), "paused with 10m30s left")
		expect("pause twice", r.call("pause", id, nil), "paused with 10m30s left")
		expect("unpause", r.call("unpause", id, nil), "rings at "+hour(10*time.Minute+30*time.Second))
		expect("cancel", r.call("cancel", id, nil), "cancelled")
		pass(time.Hour)
		if len(r.heard()) != 0 {
			t.Errorf("a cancelled timer rang: %v", r.heard())
		}
		short := time.Now().Add(45 * time.Second).Local().Format("15:04:05")
		expect("short", r.call("start", "", map[string]any{"seconds": 45}), "rings at "+short)
	})
}

func TestTakingMoreThanIsLeftRingsAtOnce(t *testing.T) {
	for _, paused := range []bool{false, true} {
		t.Run(fmt.Sprintf("paused=%v", paused), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := run(t, newMemory())
				id := r.start("egg", "", time.Minute)
				if paused {
					r.call("pause", id, nil)
				}
				r.call("decrease", id, map[string]any{"seconds": 90})
				synctest.Wait()
				if len(r.heard()) != 1 || r.heard()[0].Late != 0 {
					t.Errorf("rings %v, want one on time", r.heard())
				}
			})
		})
	}
}

func TestFinding(t *testing.T) {
	cases := []struct {
		name string
		data map[string]any
		want string // the timer's name, or the key of the error
	}{
		{"by name", map[string]any{"name": "Pasta"}, "pasta"},
		{"by a name that is not there", map[string]any{"name": "cake"}, "timer_not_found"},
		{"by length", map[string]any{"start_seconds": 600}, "bath"},
		{"by length, after JSON", map[string]any{"start_seconds": 600.0}, "bath"},
		{"by a length that two have", map[string]any{"start_seconds": 300}, "multiple_timers_matched"},
		{"by length and room", map[string]any{"start_seconds": 300, "room": "office"}, "tea"},
		{"the one in this room", map[string]any{"room": "bathroom"}, "bath"},
		{"nothing known", nil, "multiple_timers_matched"},
		{"a room without one", map[string]any{"room": "attic"}, "multiple_timers_matched"},
	}
	synctest.Test(t, func(t *testing.T) {
		r := run(t, newMemory())
		names := map[string]string{
			r.start("pasta", "kitchen", 5*time.Minute):  "pasta",
			r.start("tea", "office", 5*time.Minute):     "tea",
			r.start("bath", "bathroom", 10*time.Minute): "bath",
		}
		for _, c := range cases {
			r.mu.Lock()
			found, err := r.find(home.Call{Domain: "timer", Service: "pause", Data: c.data})
			r.mu.Unlock()
			var target *command.TargetError
			got := ""
			if errors.As(err, &target) {
				got = target.Key
			} else if found != nil {
				got = names[found.ID]
			}
			if got != c.want {
				t.Errorf("%s: %q (%v), want %q", c.name, got, err, c.want)
			}
		}
	})
}

func TestTheOnlyTimerNeedsNoName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, newMemory())
		r.start("", "kitchen", time.Minute)
		r.call("cancel", "", map[string]any{"room": "attic"})
		if left := r.Running(); len(left) != 0 {
			t.Errorf("still running: %v", left)
		}
	})
}

func TestBadCalls(t *testing.T) {
	cases := []struct {
		name string
		call home.Call
		want error
	}{
		{"no such service", home.Call{Service: "toggle"}, ErrService},
		{"no length", home.Call{Service: "start"}, ErrLength},
		{"zero", home.Call{Service: "start", Data: map[string]any{"seconds": 0}}, ErrLength},
		{"negative", home.Call{Service: "start", Data: map[string]any{"seconds": -5}}, ErrLength},
		{"words", home.Call{Service: "start", Data: map[string]any{"seconds": "five"}}, ErrLength},
		{"a month", home.Call{Service: "start", Data: map[string]any{"seconds": 30 * 24 * 3600}}, ErrLength},
		{"beyond all numbers", home.Call{Service: "start", Data: map[string]any{"seconds": 1e300}}, ErrLength},
		{"beyond the longest", home.Call{Service: "increase", Data: map[string]any{"seconds": 7 * 24 * 3600}}, ErrLength},
	}
	synctest.Test(t, func(t *testing.T) {
		r := run(t, newMemory())
		r.start("egg", "", time.Minute)
		for _, c := range cases {
			if evidence, err := r.Call(t.Context(), c.call); !errors.Is(err, c.want) {
				t.Errorf("%s: %q, %v, want %v", c.name, evidence, err, c.want)
			}
		}
		if _, err := r.Call(t.Context(), home.Call{Service: "cancel", Entity: "timer.gone"}); err == nil {
			t.Error("a timer that does not exist was cancelled")
		}
		for range most - 1 {
			r.call("start", "", map[string]any{"seconds": 600})
		}
		if _, err := r.Call(t.Context(), home.Call{Service: "start", Data: map[string]any{"seconds": 600}}); !errors.Is(err, ErrTooMany) {
			t.Errorf("timer number %d: %v, want ErrTooMany", most+1, err)
		}
	})
}

// A call that was learned or came from a model has been through JSON.
func TestCallsThroughJSON(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, newMemory())
		var call home.Call
		text := `{"domain":"timer","service":"start","entity_id":"","data":{"seconds":90,"name":"egg","command":"turn off the stove"}}`
		if err := json.Unmarshal([]byte(text), &call); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Call(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		pass(90 * time.Second)
		if len(r.heard()) != 1 || r.heard()[0].Timer.Command != "turn off the stove" || r.heard()[0].Timer.Name != "egg" {
			t.Errorf("rings %+v", r.heard())
		}
	})
}

func TestRunningIsSortedByWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, newMemory())
		r.start("long", "", time.Hour)
		paused := r.start("paused", "", time.Second)
		r.call("pause", paused, nil)
		r.start("short", "", time.Minute)
		var names []string
		for _, timer := range r.Running() {
			names = append(names, timer.Name)
		}
		if got := fmt.Sprint(names); got != "[short long paused]" {
			t.Errorf("running %s", got)
		}
	})
}
