package command

import (
	"math"
	"strings"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A request is one sentence in one home, as rules see it.
type request struct {
	intent.Result
	Input
}

// text is a slot's value as text, "" when the sentence does not have it.
func (q request) text(slot string) string { return strings.TrimSpace(q.Slots[slot].String()) }

// said is the words of a slot, for an apology.
func (q request) said(slot string) string {
	if text := strings.TrimSpace(q.Slots[slot].Text); text != "" {
		return text
	}
	return q.text(slot)
}

// has tells whether the sentence has this slot.
func (q request) has(slot string) bool {
	_, ok := q.Slots[slot]
	return ok
}

// number is a slot's number. A slot that is not there is an error.
func (q request) number(slot string) (float64, error) {
	if n, ok := q.Slots[slot].Float(); ok {
		return n, nil
	}
	return 0, errorf(ErrBadSlot, "%s of %s: want a number, have %v", slot, q.Intent, q.Slots[slot].Value)
}

// percent is a slot's value as a whole number from 0 to 100.
func (q request) percent(slot string) (int, error) {
	n, err := q.number(slot)
	if err != nil {
		return 0, err
	}
	if n < 0 || n > 100 {
		return 0, errorf(ErrBadSlot, "%s of %s: want 0 to 100, have %v", slot, q.Intent, n)
	}
	return int(math.Round(n)), nil
}

// act is the command that makes call for each entity and may speak of them all.
func act(entities []home.Entity, call func(e home.Entity) home.Call) Command {
	c := Command{Answer: about(entities)}
	for _, e := range entities {
		c.Calls = append(c.Calls, call(e))
	}
	return c
}

// about is an answer that speaks of these entities.
func about(entities []home.Entity) intent.ResponseData {
	var answer intent.ResponseData
	for _, e := range entities {
		answer.Matched = append(answer.Matched, state(e))
	}
	if len(answer.Matched) > 0 {
		answer.State = &answer.Matched[0]
	}
	return answer
}

// state is an entity as response templates see it.
func state(e home.Entity) intent.State {
	s := intent.State{
		Name: e.Name, Domain: e.Domain(), State: e.State, StateWithUnit: e.State, Attributes: e.Attributes,
	}
	if e.Unit != "" && e.Available() && e.State != home.Unknown {
		s.StateWithUnit = e.State + " " + e.Unit
	}
	return s
}

// call is a call of the entity's own domain.
func call(e home.Entity, service string, data map[string]any) home.Call {
	return home.Call{Domain: e.Domain(), Service: service, Entity: e.ID, Data: data}
}
