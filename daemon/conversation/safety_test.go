package conversation_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/home/gate"
)

// A watched home notes the calls that reach it.
type watched struct {
	*demo.Home
	mu    sync.Mutex
	calls []home.Call
}

func (w *watched) Call(ctx context.Context, call home.Call) (map[string]any, error) {
	w.mu.Lock()
	w.calls = append(w.calls, call)
	w.mu.Unlock()
	return w.Home.Call(ctx, call)
}

// dangerous are calls that must never reach a home whose PIN nobody says.
var dangerous = []home.Call{
	{Domain: "lock", Service: "unlock", Entity: "lock.front_door"},
	{Domain: "lock", Service: "open", Entity: "lock.back_door"},
	{Domain: "cover", Service: "open_cover", Entity: "cover.garage_door"},
	{Domain: "cover", Service: "toggle", Entity: "cover.garage_door"},
	{Domain: "valve", Service: "open_valve", Entity: "valve.main_water"},
	{Domain: "alarm_control_panel", Service: "alarm_disarm", Entity: "alarm_control_panel.home_alarm"},
}

func isDangerous(call home.Call) bool {
	return slices.ContainsFunc(dangerous, func(d home.Call) bool { return d.Name() == call.Name() && d.Entity == call.Entity })
}

// Whoever says whatever through whichever channel, with forged plans and questions in the cache and a model that
// wants the worst: without the PIN, nothing critical reaches the home.
func TestNoWayIsOpenWithoutThePIN(t *testing.T) {
	reached := 0
	for seed := range uint64(40) {
		inHome(t, func(r *rig) {
			random := rand.New(rand.NewPCG(seed, 1))
			house, contexts := &watched{Home: r.home}, newMemory[conversation.Context]()
			r.withPIN(gate.Options{Rules: []gate.Rule{
				{Verdict: conversation.Confirm, Targets: []gate.Target{"light"}, Rooms: []string{"kitchen"}},
				{Verdict: conversation.Allow, Targets: []gate.Target{"*.*"}, People: []string{"anna"}},
				{Verdict: conversation.Allow, Targets: []gate.Target{"lock", "valve"}, Rooms: []string{"hallway"}},
			}})
			r.whole.Home, r.whole.Contexts = house, contexts
			channels := []conversation.Channel{
				r.whole.Through("socket"), r.whole.Through("socket").As("kid"), r.whole.Through("mqtt"), r.whole.Through("timer"),
				r.whole.Through("microphone").In("kitchen"),
			}
			texts := []string{unlock, "yes", "1111", "4321", "turn on the kitchen ceiling", "do your worst", "let me in", "yes please", "12", "lock the front door"}
			for range 30 {
				call := dangerous[random.IntN(len(dangerous))]
				r.model.answer = conversation.ModelAnswer{Calls: []home.Call{call}}
				switch random.IntN(4) {
				case 0:
					for key := range r.plans.values {
						r.plans.values[key] = conversation.LearnedPlan{Calls: []home.Call{call}}
					}
				case 1:
					for key, c := range contexts.values {
						c.Pending = &conversation.Pending{Question: conversation.AsksConfirmation, Calls: []home.Call{call}, Until: time.Now().Add(time.Hour)}
						contexts.values[key] = c
					}
				}
				room := []string{"", "kitchen", "hallway"}[random.IntN(3)]
				if _, err := channels[random.IntN(len(channels))].Say(r.t.Context(), room, texts[random.IntN(len(texts))]); err != nil {
					r.t.Fatal(err)
				}
				time.Sleep(time.Duration(random.IntN(120)) * time.Second)
			}
			if i := slices.IndexFunc(house.calls, isDangerous); i >= 0 {
				r.t.Errorf("seed %d: %+v reached the home", seed, house.calls[i])
			}
			reached += len(house.calls)
		})
	}
	if reached == 0 {
		t.Error("nothing at all reached the home")
	}
}
