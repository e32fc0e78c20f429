package conversation

import (
	"cmp"
	"context"
	"strings"
)

// whatDoYouKnow tells what is remembered: of whoever asks, of a topic, or all that they may hear.
func (c *Conversation) whatDoYouKnow(ctx context.Context, t *Turn) error {
	facts, err := c.facts(ctx, t)
	if err != nil {
		return c.unkept(t, err)
	}
	slot, topical := t.recognised.Slots["topic"]
	about, _ := t.recognised.Slots["about"].Value.(string)
	switch {
	case topical:
		return c.whatAbout(ctx, t, facts, cmp.Or(slot.Text, slot.String()))
	case about == "me" && t.Person != "":
		facts = of(t.Person, facts)
	}
	t.veil = veilAll
	if about == "me" && t.Person == "" {
		t.remarks = append(t.remarks, string(c.Phrases.Stranger))
	}
	t.Reply = string(c.Phrases.RecalledNothing)
	if len(facts) > 0 {
		t.Reply = c.fill(c.Phrases.Recalled, "{facts}", c.quote(t.home, facts...))
	}
	return nil
}

// of are the facts of one person.
func of(person string, facts []Fact) (theirs []Fact) {
	for _, f := range facts {
		if f.Person == person {
			theirs = append(theirs, f)
		}
	}
	return theirs
}

// whatAbout tells what is remembered of a topic. What was not told to Hearth a model may know.
func (c *Conversation) whatAbout(ctx context.Context, t *Turn, facts []Fact, topic string) error {
	found := c.Phrases.about(facts, topic, (len(c.Phrases.telling(topic))+1)/2)
	if len(found) > 0 {
		t.veil = veilAll
		t.Reply = c.fill(c.Phrases.Recalled, "{facts}", c.quote(t.home, found...))
		return nil
	}
	by, rule, name := t.DecidedBy, t.Rule, t.Intent
	t.Intent, t.recognised = "", nil
	if err := c.askModel(ctx, t); !failedWith(err, NoModel) {
		return err
	}
	t.DecidedBy, t.Rule, t.Intent, t.Reply, t.veil = by, rule, name, string(c.Phrases.RecalledNothing), veilAll
	return nil
}

// forgetThat takes the last sentence out of this conversation, with the plan that it taught and what it had
// remembered.
func (c *Conversation) forgetThat(ctx context.Context, t *Turn) error {
	if t.context.Plan != "" && !c.forget(t, t.context.Plan, planCorrected) {
		t.remarks = append(t.remarks, string(c.Phrases.PinnedPlan))
	}
	if n := len(t.context.Earlier); n > 0 && !t.context.Veiled {
		t.context.Earlier = t.context.Earlier[:n-1]
	}
	t.veil, t.context.Before, t.context.Plan = veilAll, nil, ""
	if t.context.Fact != "" {
		return c.drop(ctx, t, []string{t.context.Fact})
	}
	t.Reply = string(c.Phrases.ForgottenTurn)
	return nil
}

// forgetFact forgets the one fact that the sentence means.
func (c *Conversation) forgetFact(ctx context.Context, t *Turn) error {
	t.veil = veilAll
	facts, err := c.facts(ctx, t)
	if err != nil {
		return c.unkept(t, err)
	}
	slot := t.recognised.Slots["topic"]
	topic := cmp.Or(slot.Text, slot.String())
	found := c.Phrases.about(facts, topic, len(c.Phrases.telling(topic)))
	for _, f := range found {
		if normalise(f.Text) == normalise(topic) {
			found = []Fact{f}
			break
		}
	}
	switch {
	case len(found) == 0:
		t.Reply = string(c.Phrases.RecalledNothing)
		return nil
	case len(found) > 1:
		t.Reply = c.fill(c.Phrases.WhichFact, "{facts}", c.quote(t.home, found...))
		return nil
	case t.Heard.Verdict != Act:
		c.askConsent(t, &Pending{Drop: []string{found[0].ID}}, c.fill(c.Phrases.MayForget, "{facts}", c.quote(t.home, found[0])))
		return nil
	}
	return c.drop(ctx, t, []string{found[0].ID})
}

// drop forgets facts that the speaker may hear, and says which.
func (c *Conversation) drop(ctx context.Context, t *Turn, ids []string) error {
	t.veil = veilAll
	facts, err := c.facts(ctx, t)
	if err != nil {
		return c.unkept(t, err)
	}
	dropped := c.byID(facts, ids)
	if len(dropped) == 0 {
		t.Reply = string(c.Phrases.RecalledNothing)
		return nil
	}
	if err := c.Memory.DeleteFacts(ctx, ids...); err != nil {
		return c.unkept(t, err)
	}
	t.Reply = c.fill(c.Phrases.Forgotten, "{facts}", c.quote(t.home, dropped...))
	return nil
}

func (c *Conversation) byID(facts []Fact, ids []string) (found []Fact) {
	for _, f := range facts {
		for _, id := range ids {
			if f.ID == id {
				found = append(found, f)
			}
		}
	}
	return found
}

// forgetMe asks whether to forget all of the person who speaks, or of the household when nobody is known.
func (c *Conversation) forgetMe(ctx context.Context, t *Turn) error {
	t.veil = veilAll
	question := c.fill(c.Phrases.MayForgetPerson, "{person}", t.Person)
	if t.Person == "" {
		facts, err := c.facts(ctx, t)
		switch {
		case err != nil:
			return c.unkept(t, err)
		case len(facts) == 0:
			t.Reply = strings.Join([]string{string(c.Phrases.Stranger), string(c.Phrases.RecalledNothing)}, " ")
			return nil
		}
		question = string(c.Phrases.Stranger) + " " + c.fill(c.Phrases.MayForgetHere, "{facts}", c.quote(t.home, facts...))
	}
	c.askConsent(t, &Pending{Everything: true}, question)
	return nil
}

// forgetPerson forgets all of whoever has just said yes to it, and what was said here before.
func (c *Conversation) forgetPerson(ctx context.Context, t *Turn) error {
	t.veil = veilAll
	if err := c.Memory.ForgetPerson(ctx, t.Person); err != nil {
		return c.unkept(t, err)
	}
	t.context = Context{At: t.context.At}
	t.Reply = string(c.Phrases.ForgottenPerson)
	return nil
}
