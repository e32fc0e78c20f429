package conversation

import (
	"slices"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

const (
	// referWithin is how long a sentence may refer to what was spoken of before.
	referWithin = 5 * time.Minute
	// maxSpokenOf is the most things that "them" can mean.
	maxSpokenOf = 50
)

// asksAbout are the intents of the conversation's own that speak of things.
var asksAbout = []string{whyIntent, lastIntent, sinceIntent}

// before is what a sentence at that time may refer to, nil for nothing.
func (c Context) before(now time.Time) *command.Before {
	if c.Before == nil || now.Sub(c.Spoken) >= referWithin {
		return nil
	}
	return c.Before
}

// leads tells whether something was said before that a sentence may lean on.
func (c Context) leads() bool { return len(c.Earlier) > 0 || c.Summary != "" || c.Before != nil }

// lastSpokenOf is the last thing that was spoken of and the area, "" when not known.
func (c Context) lastSpokenOf(t *Turn) (last home.EntityID, area string) {
	before := c.before(t.At)
	if before == nil {
		return "", ""
	}
	if ids := before.Result.Slots["area"].IDs; len(ids) > 0 {
		area = ids[0]
	}
	if n := len(before.Entities); n > 0 {
		last = before.Entities[n-1]
	}
	if e, ok := t.home.Entity(last); ok && area == "" {
		area = e.Area
	}
	return last, area
}

// spokenOfHere is what the turn leaves to refer to: what it changed, or else what it named. It is nil for a turn that
// speaks of nothing, and while a question is open.
func (c *Conversation) spokenOfHere(t *Turn) *command.Before {
	if t.Asks != "" {
		return nil
	}
	b := &command.Before{}
	for _, s := range t.Steps {
		if s.Outcome != Refused && s.Call.Domain != timerDomain && s.Call.Domain != errandDomain && s.Entity != "" && !slices.Contains(t.back, s.Entity) {
			b.Entities = append(b.Entities, s.Entity)
		}
	}
	switch r := t.recognised; {
	case r == nil && (t.Intent == "" || t.Intent == severalIntent): // a model's calls, or a program's
		b.Result = command.ReadingOf(t.calls, t.home)
	case r == nil:
	case slices.Contains(asksAbout, r.Intent) && len(r.Slots["name"].IDs) > 0: // "why is the lamp on", "turn it off"
		b.Entities = c.named(t)
	case own[r.Intent] == nil:
		b.Result = *r
		b.Result.Metadata, b.Result.Captures = nil, nil
		if len(t.Steps) == 0 {
			b.Entities = c.named(t)
		}
	}
	if len(b.Entities) == 0 || len(b.Entities) > maxSpokenOf {
		return nil
	}
	return b
}

// named are the things that a sentence names which asks for nothing to be done.
func (c *Conversation) named(t *Turn) []home.EntityID {
	found, err := command.SpokenOf(*t.recognised, c.input(t))
	if err != nil {
		return nil
	}
	ids := make([]home.EntityID, len(found))
	for i, e := range found {
		ids[i] = e.ID
	}
	return ids
}
