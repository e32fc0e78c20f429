package learned

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"hearth/daemon/conversation"
)

// List are the plans of models, the one that was used or learned last first. Their IDs are set. They hold what
// people said.
func (p *Plans) List(ctx context.Context) ([]conversation.LearnedPlan, error) {
	all, err := p.bySentence(ctx)
	if err != nil {
		return nil, err
	}
	list := slices.AppendSeq(make([]conversation.LearnedPlan, 0, len(all)), maps.Values(all))
	slices.SortFunc(list, func(a, b conversation.LearnedPlan) int {
		if by := lastSeen(b).Compare(lastSeen(a)); by != 0 {
			return by
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list, nil
}

func lastSeen(plan conversation.LearnedPlan) time.Time {
	if plan.LastUsed.After(plan.Learned) {
		return plan.LastUsed
	}
	return plan.Learned
}

// bySentence are the plans of models, with their IDs.
func (p *Plans) bySentence(ctx context.Context) (map[string]conversation.LearnedPlan, error) {
	if err := p.readPins(ctx); err != nil {
		return nil, err
	}
	all := map[string]conversation.LearnedPlan{}
	for key, plan := range p.plans.All() {
		_, sentence := conversation.SplitPlanKey(key)
		if known, ok := all[sentence]; !ok || known.Learned.Before(plan.Learned) { // the home may just have changed
			all[sentence] = plan
		}
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	for sentence, pin := range p.pinned {
		if plan := all[sentence]; plan.Uses > pin.Uses {
			pin.Uses, pin.LastUsed = plan.Uses, plan.LastUsed
		}
		all[sentence] = pin
	}
	for sentence, plan := range all {
		plan.ID = idOf(sentence)
		all[sentence] = plan
	}
	return all, nil
}

// idOf is short enough to be typed. Of 10,000 sentences, two share one with a chance of 1 in 20,000.
func idOf(sentence string) string {
	sum := sha256.Sum256([]byte(sentence))
	return hex.EncodeToString(sum[:5])
}

// readPins reads the pins unless that was done.
func (p *Plans) readPins(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pinned != nil {
		return nil
	}
	pinned, err := p.pins.PinnedPlans(ctx)
	if err != nil {
		return err
	}
	p.pinned = map[string]conversation.LearnedPlan{}
	for sentence, plan := range pinned {
		p.pinned[sentence] = asPinned(plan)
	}
	return nil
}

func asPinned(plan conversation.LearnedPlan) conversation.LearnedPlan {
	plan.Pinned, plan.From, plan.ID = true, time.Time{}, ""
	return plan
}

// ForgetPerson drops the plans and readings of a person's sentences. What the history holds of them is forgotten there:
// history.Store.ForgetPerson. Plans of nobody known stay.
func (p *Plans) ForgetPerson(person string) {
	if person == "" {
		return
	}
	p.mu.Lock()
	maps.DeleteFunc(p.pinned, func(sentence string, _ conversation.LearnedPlan) bool { return personOf(sentence) == person })
	p.mu.Unlock()
	p.deleteFunc(func(_, sentence string) bool { return personOf(sentence) == person })
}

// personOf is who spoke a sentence of SplitPlanKey, "" when not known.
func personOf(sentence string) string {
	_, rest, _ := strings.Cut(sentence, "\x00")
	person, _, _ := strings.Cut(rest, "\x00")
	return person
}

// find is the plan with an ID and its sentence, or conversation.ErrNoPlan.
func (p *Plans) find(ctx context.Context, id string) (string, conversation.LearnedPlan, error) {
	all, err := p.bySentence(ctx)
	if err != nil {
		return "", conversation.LearnedPlan{}, err
	}
	for sentence, plan := range all {
		if plan.ID == id {
			return sentence, plan, nil
		}
	}
	return "", conversation.LearnedPlan{}, conversation.ErrNoPlan
}

// Pin keeps a plan for its sentence in its room until it is unpinned, as long as what it is about is called as it is
// now. When Pin returns no error, that is on the disk.
func (p *Plans) Pin(ctx context.Context, id string) (conversation.LearnedPlan, error) {
	sentence, plan, err := p.find(ctx, id)
	if err != nil || plan.Pinned {
		return plan, err
	}
	pin := asPinned(plan)
	if err := p.pins.PinPlan(ctx, sentence, pin); err != nil {
		return plan, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pinned[sentence] = pin
	plan.Pinned = true
	return plan, nil
}

// Unpin makes a pinned plan one like any other; one that the cache has lost is gone then.
func (p *Plans) Unpin(ctx context.Context, id string) (conversation.LearnedPlan, error) {
	sentence, plan, err := p.find(ctx, id)
	if err != nil {
		return plan, err
	}
	return p.unpin(ctx, sentence, plan)
}

func (p *Plans) unpin(ctx context.Context, sentence string, plan conversation.LearnedPlan) (conversation.LearnedPlan, error) {
	if err := p.pins.UnpinPlan(ctx, sentence); err != nil {
		return plan, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pinned, sentence)
	plan.Pinned = false
	return plan, nil
}

// Remove forgets a plan, pinned or not.
func (p *Plans) Remove(ctx context.Context, id string) (conversation.LearnedPlan, error) {
	sentence, plan, err := p.find(ctx, id)
	if err != nil {
		return plan, err
	}
	if plan, err = p.unpin(ctx, sentence, plan); err != nil {
		return plan, err
	}
	for key := range p.plans.All() {
		if _, of := conversation.SplitPlanKey(key); of == sentence {
			if err := p.plans.Delete(key); err != nil {
				return plan, err
			}
		}
	}
	return plan, nil
}
