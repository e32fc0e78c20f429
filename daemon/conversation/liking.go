package conversation

import (
	"context"
	"errors"
	"slices"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// asILike sets what the sentence speaks of as the speaker likes it: temperature, light, or all that is known. It is a
// plan like any other.
func (c *Conversation) asILike(ctx context.Context, t *Turn) error {
	facts, err := c.facts(ctx, t)
	if err != nil {
		return c.unkept(t, err)
	}
	r := *t.recognised
	room := t.Room
	if area := r.Slots["area"]; len(area.IDs) > 0 {
		room = area.IDs[0]
	}
	wanted := []Liking{Warmth, Brightness}
	if likes, ok := r.Slots["likes"].Value.(string); ok {
		wanted = []Liking{Liking(likes)}
	}
	var known bool
	var first error
	var made []intent.Result
	for _, likes := range wanted {
		f, ok := liked(facts, likes, t.Person, room)
		if !ok {
			continue
		}
		known = true
		as := f.sentence(r)
		cmd, err := command.Build(as, c.input(t))
		if len(wanted) > 1 && err == nil && !c.suits(t, &cmd) {
			continue
		}
		if err != nil {
			first = errors.Join(first, err)
			continue
		}
		c.take(t, ByGrammar, as, command.Command{Calls: append(t.calls, cmd.Calls...), Answer: cmd.Answer})
		made = append(made, as)
	}
	t.key = ""
	switch {
	case !known:
		return &regretError{NoTarget, string(c.Phrases.NoLiking)}
	case len(made) == 0:
		return c.cannot(t, first)
	case len(made) > 1:
		t.recognised = nil // no published response speaks of both
	}
	return nil
}

// suits leaves out the lamps that are off, for a sentence that does not speak of light, and tells whether anything
// is left.
func (c *Conversation) suits(t *Turn, cmd *command.Command) bool {
	cmd.Calls = slices.DeleteFunc(cmd.Calls, func(call home.Call) bool {
		e, _ := t.home.Entity(call.Entity)
		return e.Domain() == "light" && e.State != "on"
	})
	return len(cmd.Calls) > 0
}

// liked is how something is liked in a room, by the person who speaks before the household, and in that room before
// everywhere.
func liked(facts []Fact, likes Liking, person, room string) (Fact, bool) {
	for _, want := range []struct{ person, room string }{{person, room}, {person, ""}, {"", room}, {"", ""}} {
		for _, f := range facts {
			if f.Likes == likes && f.Person == want.person && f.Room == want.room {
				return f, true
			}
		}
	}
	return Fact{}, false
}

// sentence is a preference as the sentence that would set it where another sentence says.
func (f Fact) sentence(r intent.Result) intent.Result {
	as := intent.Result{Slots: map[string]intent.Slot{}, NeedsArea: true, Text: r.Text, Template: r.Template}
	if area, ok := r.Slots["area"]; ok {
		as.Slots["area"], as.NeedsArea = area, false
	}
	value := intent.Slot{Value: f.Value, Unit: f.Unit}
	if f.Value == float64(int(f.Value)) {
		value.Value = int(f.Value)
	}
	switch f.Likes {
	case Warmth:
		as.Intent, as.Response, as.Slots["temperature"] = "HassClimateSetTemperature", "default", value
	default:
		as.Intent, as.Response, as.Slots["brightness"] = "HassLightSet", "brightness", value
		as.Slots["domain"] = intent.Slot{Value: "light"}
	}
	return as
}
