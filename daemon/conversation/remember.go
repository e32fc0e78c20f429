package conversation

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// remember keeps what the sentence asks to be remembered, word for word.
func (c *Conversation) remember(ctx context.Context, t *Turn) error {
	slot := t.recognised.Slots["fact"]
	f := Fact{Text: cmp.Or(slot.Text, slot.String()), Person: t.Person}
	if _, correction := t.recognised.Slots["correction"]; correction {
		f.ID = c.corrected(ctx, t, f)
	}
	return c.consider(ctx, t, f, true)
}

// prefer is what somebody likes. That it was said does not mean that it is to be remembered, unless it was said so.
func (c *Conversation) prefer(ctx context.Context, t *Turn) error {
	r := t.recognised
	f := Fact{Person: t.Person, Likes: Warmth}
	slot, warmth := r.Slots["temperature"]
	if !warmth {
		slot, f.Likes = r.Slots["brightness"], Brightness
	}
	f.Value, _ = slot.Float()
	f.Unit = slot.Unit
	f.Text = c.Phrases.Likes[f.Likes].with("{value}", cmp.Or(slot.Text, slot.String()))
	if f.Room = t.Room; f.Person != "" {
		f.Room = "" // somebody who is known likes it so everywhere
	}
	if area := r.Slots["area"]; len(area.IDs) > 0 {
		f.Room = area.IDs[0]
	}
	_, explicit := r.Slots["explicit"]
	return c.consider(ctx, t, f, explicit)
}

// corrected is the ID of the fact that another is to replace: the one that is most like it, else the one that was
// just remembered. "" when none is.
func (c *Conversation) corrected(ctx context.Context, t *Turn, f Fact) string {
	facts, err := c.Memory.Facts(ctx, t.Person)
	if err != nil {
		return ""
	}
	if like := c.Phrases.about(facts, f.Text, (len(c.Phrases.telling(f.Text))+1)/2); len(like) > 0 {
		return like[0].ID
	}
	if slices.ContainsFunc(facts, func(f Fact) bool { return f.ID == t.context.Fact }) {
		return t.context.Fact
	}
	return ""
}

// consider remembers what was plainly asked to be remembered, and asks about all else. It keeps no secrets.
func (c *Conversation) consider(ctx context.Context, t *Turn, f Fact, explicit bool) error {
	t.veil = veilAll
	switch {
	case c.holdsSecret(t, f.Text):
		t.hide()
		t.Slots = map[string]any{}
		return &regretError{NotAllowed, string(c.Phrases.NoSecrets)}
	case !f.Shorten():
		return &regretError{NotAllowed, string(c.Phrases.FactTooLong)}
	case explicit && t.Heard.Verdict == Act:
		return c.note(ctx, t, f)
	}
	c.askConsent(t, &Pending{Fact: &f}, c.fill(c.Phrases.MayRemember, "{fact}", c.quote(t.home, f)))
	return nil
}

// askConsent puts a question about the memory.
func (c *Conversation) askConsent(t *Turn, p *Pending, question string) {
	p.Question, p.Intent, p.Decider, p.Rule = AsksConsent, t.Intent, t.DecidedBy, t.Rule
	if p.Fact != nil {
		c.proposals.Store(t.Session, p.Fact)
	}
	t.Asks, t.Reply, t.next = AsksConsent, question+" "+string(c.Phrases.SayYes), p
}

// consented does what the question before was about.
func (c *Conversation) consented(ctx context.Context, t *Turn, p *Pending) error {
	t.DecidedBy, t.Intent, t.Rule = p.Decider, p.Intent, p.Rule
	switch {
	case p.Fact != nil:
		return c.note(ctx, t, *p.Fact)
	case p.Everything:
		return c.forgetPerson(ctx, t)
	}
	return c.drop(ctx, t, p.Drop)
}

// note keeps a fact and says whose it is.
func (c *Conversation) note(ctx context.Context, t *Turn, f Fact) error {
	t.veil = veilAll
	facts, err := c.Memory.Facts(ctx, f.Person)
	if err != nil {
		return c.unkept(t, err)
	}
	same := func(o Fact) bool {
		return o.Likes == f.Likes && o.Value == f.Value && o.Room == f.Room && normalise(o.Text) == normalise(f.Text)
	}
	switch i := slices.IndexFunc(facts, same); {
	case i >= 0:
		t.fact, t.Reply = facts[i].ID, string(c.Phrases.KnownAlready)
		return nil
	case len(facts) >= MaxFacts && f.ID == "":
		return &regretError{NotAllowed, string(c.Phrases.MemoryFull)}
	}
	f.ID, f.At = cmp.Or(f.ID, NewFactID()), t.At
	if err := c.Memory.SaveFact(ctx, f); err != nil {
		return c.unkept(t, err)
	}
	t.fact = f.ID
	phrase := c.Phrases.Remembered
	if f.Person == "" {
		phrase = c.Phrases.RememberedHere
	}
	t.Reply = c.fill(phrase, "{person}", f.Person, "{fact}", c.quote(t.home, f))
	return nil
}

// unkept is the regret that the memory cannot be written or read.
func (c *Conversation) unkept(t *Turn, err error) error {
	c.Log.Error("memory failed", "turn", t.ID, "error", err)
	return &regretError{Internal, string(c.Phrases.MemoryFailed)}
}

// holdsSecret tells whether a text may hold a PIN or a code: a number of that length, in digits or in words, where
// one is in use. Whether it is the right one makes no difference: else who asks for enough could find out.
func (c *Conversation) holdsSecret(t *Turn, text string) bool {
	return c.guards(t.home) && HoldsLongNumber(text, t.language.Digits)
}

// WantsCodes tells whether a lock or an alarm of the home takes a code of its own.
func WantsCodes(snapshot *home.Snapshot) bool {
	return slices.ContainsFunc(snapshot.Entities, func(e home.Entity) bool {
		return e.WantsCode("unlock") || e.WantsCode("alarm_disarm")
	})
}

// HoldsLongNumber tells whether a text holds a number as long as a PIN. Digits is an Understanding's.
func HoldsLongNumber(text string, digits func(text string) (string, bool)) bool {
	words := strings.Fields(text)
	for i := range words {
		for n := 1; i+n <= len(words) && n <= shortestSecret+1; n++ {
			said, bare := digits(strings.Join(words[i:i+n], " "))
			if !bare {
				break
			}
			if len(said) >= shortestSecret {
				return true
			}
		}
	}
	return false
}

// shortestSecret is how many digits a PIN has at least.
const shortestSecret = 4

// idea parts what a model would like to be remembered from the calls that it makes. It is asked about, and only when
// there is nothing else to do, and no text from outside that may have given it the idea.
func (c *Conversation) idea(t *Turn, calls []home.Call) (rest []home.Call, f *Fact) {
	for _, call := range calls {
		if call.Domain != memoryDomain {
			rest = append(rest, call)
			continue
		}
		text, _ := call.Data["text"].(string)
		f = &Fact{Text: text, Person: t.Person}
	}
	if f != nil && (len(rest) > 0 || t.outside || c.Memory == nil || !f.Shorten() || c.holdsSecret(t, f.Text)) {
		f = nil
	}
	return rest, f
}

// suggest asks whether to remember what a model would like to, after what it said.
func (c *Conversation) suggest(t *Turn, f *Fact) {
	t.veil = veilAll
	said := t.Reply
	c.askConsent(t, &Pending{Fact: f}, c.fill(c.Phrases.MayRemember, "{fact}", c.quote(t.home, *f)))
	if said != "" {
		if t.pieces > 0 {
			c.words(t, " "+t.Reply)
		}
		t.Reply = said + " " + t.Reply
	}
}

// memoryDomain is that of the call "memory.remember" with its text, which only a model makes. It reaches no home.
const memoryDomain = string(command.Memory)
