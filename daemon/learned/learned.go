// Package learned keeps the plans that sentences were carried out as and confirmed: what a template recognised,
// which saves looking again, and what a language model made, which saves asking it. The owner may list, pin and
// delete those of a model, and take them along as training data.
//
// All of them are in the cache, which may be lost. A plan that the owner pinned is in the history as well: losing
// it would lose a decision of the owner's.
package learned

import (
	"context"
	"errors"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"hearth/daemon/conversation"
	"hearth/storage/cache"
)

// inMemory is how many plans of either kind are ready at once; the rest is read from the file.
const inMemory = 1000

// Pins keep for good which plans are pinned, by the sentence of their key (conversation.SplitPlanKey).
type Pins interface {
	PinPlan(ctx context.Context, sentence string, plan conversation.LearnedPlan) error
	// UnpinPlan forgets one; that it is not there is no error.
	UnpinPlan(ctx context.Context, sentence string) error
	PinnedPlans(ctx context.Context) (map[string]conversation.LearnedPlan, error)
}

// Plans are a conversation.Plans. They may be used by many at once.
type Plans struct {
	pins     Pins
	readings *cache.Namespace[conversation.LearnedPlan] // of templates
	plans    *cache.Namespace[conversation.LearnedPlan] // of models

	mu     sync.RWMutex
	pinned map[string]conversation.LearnedPlan // by sentence; nil until they could be read
	house  string                              // of the last key under which something was kept
}

var _ conversation.Plans = (*Plans)(nil)

// New opens the plans in a cache, of which it keeps at most so many of either kind, and reads the pins. When those
// cannot be read the log says so, and they are read when the owner next asks for them.
func New(db *cache.DB, most int, pins Pins, log *slog.Logger) *Plans {
	open := func(namespace string) *cache.Namespace[conversation.LearnedPlan] {
		return cache.NewNamespace[conversation.LearnedPlan](db, namespace, cache.Limits{Entries: most, InMemory: inMemory})
	}
	p := &Plans{pins: pins, readings: open("readings"), plans: open("plans")}
	if err := p.readPins(context.Background()); err != nil {
		log.Warn("pinned plans are not known yet", "error", err)
	}
	return p
}

// Get finds the plan for a key: a model's, else one that is pinned for the sentence whatever has become of the home
// since, else a reading.
func (p *Plans) Get(key string) (conversation.LearnedPlan, bool) {
	pin, pinned := p.pin(key)
	if plan, ok := p.plans.Get(key); ok {
		if pinned {
			plan.Pinned, plan.From = true, time.Time{} // whoever pinned it does not object
		}
		return plan, true
	}
	if pinned {
		return pin, true
	}
	return p.readings.Get(key)
}

// pin is the pinned plan of a key.
func (p *Plans) pin(key string) (conversation.LearnedPlan, bool) {
	_, sentence := conversation.SplitPlanKey(key)
	p.mu.RLock()
	defer p.mu.RUnlock()
	pin, ok := p.pinned[sentence]
	return pin, ok
}

// Put keeps a plan. The first one under other names or sentences ends all those of before: their keys are not asked
// for again.
func (p *Plans) Put(key string, plan conversation.LearnedPlan) error {
	p.purge(key)
	if plan.Intent != nil {
		return p.readings.Put(key, plan)
	}
	plan.Pinned = false // the history says so
	return p.plans.Put(key, plan)
}

func (p *Plans) purge(key string) {
	house, _ := conversation.SplitPlanKey(key)
	p.mu.Lock()
	changed := p.house != house
	p.house = house
	p.mu.Unlock()
	if changed {
		p.deleteFunc(func(of, _ string) bool { return of != house })
	}
}

// deleteFunc forgets the plans and readings of all homes and sentences of which it is true.
func (p *Plans) deleteFunc(which func(house, sentence string) bool) {
	of := func(key string) bool { return which(conversation.SplitPlanKey(key)) }
	p.plans.DeleteFunc(of)
	p.readings.DeleteFunc(of)
}

// Delete forgets a plan, unless it is pinned. What a model has made since of a pinned sentence may go.
func (p *Plans) Delete(key string) error {
	if pin, pinned := p.pin(key); pinned {
		if plan, ok := p.plans.Get(key); !ok || reflect.DeepEqual(plan.Calls, pin.Calls) {
			return conversation.ErrPinned
		}
	}
	return errors.Join(p.plans.Delete(key), p.readings.Delete(key))
}
