package conversation

import (
	"context"
	"errors"
	"slices"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// askedAtMost is how many things of the same name are looked up for one question.
const askedAtMost = 5

// A change is when a thing came into the state that was asked about.
type change struct {
	entity home.Entity
	at     time.Time
	always bool // it was so as far back as is remembered: at is only that
	found  bool
}

// whenLast tells when something last came into a state: was opened, turned on, locked.
func (c *Conversation) whenLast(ctx context.Context, t *Turn) error {
	wanted, _ := t.Slots["state"].(string)
	all, err := c.changesInto(ctx, t, wanted)
	if err != nil {
		return err
	}
	t.Reply = c.lastChange(t, wanted, latest(all))
	return nil
}

// sinceWhen tells since when something is in a state, or when it last was.
func (c *Conversation) sinceWhen(ctx context.Context, t *Turn) error {
	wanted, _ := t.Slots["state"].(string)
	all, err := c.changesInto(ctx, t, wanted)
	if err != nil {
		return err
	}
	now := slices.DeleteFunc(slices.Clone(all), func(ch change) bool { return !command.Shows(ch.entity, ch.entity.State, wanted) })
	if len(now) == 0 {
		t.Reply = string(c.Phrases.NotSoNow) + " " + c.lastChange(t, wanted, latest(all))
		return nil
	}
	last := latest(now)
	if last.always || !last.found {
		t.Reply = c.fill(c.Phrases.SoForLonger, "{name}", last.entity.Name, "{days}", command.LookBack)
		return nil
	}
	t.Reply = c.lastChange(t, wanted, last)
	return nil
}

// changesInto looks up what the sentence names.
func (c *Conversation) changesInto(ctx context.Context, t *Turn, wanted string) ([]change, error) {
	named, err := c.spokenOf(t)
	if err != nil {
		return nil, err
	}
	if c.Chronicle == nil {
		return nil, &regretError{NoTarget, string(c.Phrases.NoRecord)}
	}
	var all []change
	for _, e := range named[:min(len(named), askedAtMost)] {
		moments, err := c.Chronicle.States(ctx, e.ID, t.At.AddDate(0, 0, -command.LookBack), t.At)
		switch {
		case errors.Is(err, home.ErrNotSupported):
			return nil, &regretError{NoTarget, string(c.Phrases.NoRecord)}
		case err != nil:
			c.Log.Warn("history not read", "turn", t.ID, "entity", e.ID, "error", err)
			return nil, &regretError{StepFailed, c.excuse(t, reasonOf(err), e.Name)}
		}
		ch := change{entity: e}
		ch.at, ch.always, ch.found = home.LastInto(moments, func(state string) bool { return command.Shows(e, state, wanted) })
		all = append(all, ch)
	}
	return all, nil
}

// latest is the last change, one whose time is known before one of which only is known that it was so.
func latest(all []change) change {
	var last change
	for i, ch := range all {
		better := ch.found && !ch.always
		if i == 0 || better && (!last.found || last.always || ch.at.After(last.at)) {
			last = ch
		}
	}
	return last
}

// lastChange says when that was.
func (c *Conversation) lastChange(t *Turn, wanted string, last change) string {
	phrase, ok := c.Phrases.Last[occasion(wanted)]
	if !ok || !last.found || last.always {
		return c.fill(c.Phrases.NotRecorded, "{name}", last.entity.Name, "{days}", command.LookBack)
	}
	return c.fill(phrase, "{name}", last.entity.Name, "{when}", c.when(t.At, last.at), "{ago}", c.Phrases.ago(t.At.Sub(last.at)))
}
