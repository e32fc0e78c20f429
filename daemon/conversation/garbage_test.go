package conversation_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

// garbage is a model that answers anything at all, in the right form: any service on any entity, real ones and none,
// hidden ones and critical ones, with any data.
type garbage struct{ *rand.Rand }

func (g garbage) Ask(_ context.Context, q conversation.ModelQuestion, say func(string)) (conversation.ModelAnswer, error) {
	answer := conversation.ModelAnswer{Model: "garbage", Lookups: make([]conversation.Lookup, g.IntN(4)/3)}
	for range g.IntN(5) {
		answer.Calls = append(answer.Calls, g.call(q.Home))
	}
	if len(answer.Calls) == 0 {
		answer.Reply = "I have opened all doors."
		say(answer.Reply)
	}
	return answer, nil
}

var (
	garbageServices = []string{"turn_on", "turn_off", "toggle", "unlock", "open", "lock", "open_cover", "open_valve", "close_valve", "alarm_disarm",
		"alarm_arm_away", "press", "start", "set_value", "add_item", "set_temperature", "play_media", "restart", "stop", "reload", "explode", ""}
	garbageKeys   = []string{"entity_id", "area_id", "device_id", "code", "brightness_pct", "item", "target", "temperature", "value", "x"}
	garbageValues = []any{"lock.front_door", "all", "1234", 40.0, -1.0, true, nil, []any{"lock.front_door"}, map[string]any{"entity_id": "lock.front_door"}}
)

func (g garbage) call(house *home.Snapshot) home.Call {
	entity := house.Entities[g.IntN(len(house.Entities))].ID
	call := home.Call{Domain: entity.Domain(), Service: pick(g, []string{"turn_on", "turn_off", "toggle"}), Entity: entity}
	if g.IntN(2) == 0 {
		return call // as a model may well mean it
	}
	switch g.IntN(6) {
	case 0:
		entity = home.EntityID(pick(g, []string{"lock.none", "homeassistant.none", "", "all", "light.kitchen_ceiling,lock.front_door", "lock.front_door "}))
	case 1, 2: // what a burglar would want
		entity = home.EntityID(pick(g, []string{"lock.front_door", "lock.office_safe", "cover.garage_door", "valve.main_water", "alarm_control_panel.home_alarm"}))
	}
	call = home.Call{Domain: entity.Domain(), Service: pick(g, garbageServices), Entity: entity}
	if g.IntN(5) == 0 {
		call.Domain = pick(g, []string{"homeassistant", "light", "lock", "script", "shell_command", "persistent_notification", ""})
	}
	if g.IntN(3) == 0 {
		call.Data = map[string]any{pick(g, garbageKeys): pick(g, garbageValues)}
	}
	return call
}

func pick[T any](g garbage, from []T) T { return from[g.IntN(len(from))] }

// A witness notes each call that reaches the home.
type witness struct {
	*demo.Home
	mu    sync.Mutex
	calls []home.Call
}

func (w *witness) Call(ctx context.Context, call home.Call) (map[string]any, error) {
	w.mu.Lock()
	w.calls = append(w.calls, call)
	w.mu.Unlock()
	return w.Home.Call(ctx, call)
}

// A model that answers garbage on purpose never brings about anything that the gate would not let pass, nor anything
// critical to which nobody said yes; and what was learned from it does not either.
func TestGarbageNeverPassesTheGate(t *testing.T) {
	seeds := uint64(500)
	if testing.Short() {
		seeds = 50
	}
	acted, learned, asked := 0, 0, 0
	for seed := range seeds {
		inHome(t, func(r *rig) {
			house := &witness{Home: r.home}
			r.whole.Home, r.whole.Model = house, garbage{rand.New(rand.NewPCG(seed, 1))}
			judge := mustGate(t)
			before := r.home.Snapshot()
			for i := range 6 {
				turn := r.say(fmt.Sprintf("please do thing number %d", i%3)) // the second round may replay what was learned
				asked += count(turn.Asks != "")
				if strings.Contains(turn.Reply, "opened all doors") && len(turn.Steps) > 0 {
					t.Errorf("seed %d: a reply beside calls was spoken", seed)
				}
			}
			for i, call := range house.calls {
				acted++
				from := conversation.Caller{Session: fmt.Sprint(i), DecidedBy: conversation.ByModel}
				if d := judge.Check(before, call, from); d.Verdict != conversation.Allow {
					t.Errorf("seed %d: %+v was called; the gate says %+v", seed, call, d)
				}
			}
			learned += r.plans.len()
			for _, id := range []home.EntityID{"lock.front_door", "lock.office_safe", "cover.garage_door", "switch.freezer", "valve.sprinkler"} {
				was, _ := before.Entity(id)
				if is, _ := r.home.Snapshot().Entity(id); was.State != is.State {
					t.Errorf("seed %d: %s went from %s to %s", seed, id, was.State, is.State)
				}
			}
		})
	}
	if acted < int(seeds) || asked*20 < int(seeds) || learned < 5 { // else the test shows nothing
		t.Errorf("%d calls were made, %d times somebody was asked, %d plans were learned", acted, asked, learned)
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}
