package conversation

import (
	"context"
	"slices"
	"strings"

	"hearth/daemon/conversation/command"
	"hearth/daemon/intent"
)

// answer puts the outcome into words, hands them to whoever listens, and speaks them. It says "done"
// for steps that were confirmed and for no others.
func (c *Conversation) answer(ctx context.Context, t *Turn) error {
	if t.Reply == "" {
		c.compose(t)
	}
	switch {
	case t.pieces == 0:
		t.remark()
		c.words(t, t.Reply)
	case t.Failure != "": // what was begun cannot be taken back
		t.speech.drop()
		t.remark()
		c.words(t, " "+t.Reply)
	case len(t.remarks) > 0:
		c.words(t, " "+strings.Join(t.remarks, " "))
	}
	t.Reply = t.told
	c.keepSpeech(ctx, t)
	return nil
}

// remark adds what there is to say besides. A question comes last, since it is to be answered.
func (t *Turn) remark() {
	parts := append([]string{t.Reply}, t.remarks...)
	if t.Asks != "" {
		parts = append(slices.Clone(t.remarks), t.Reply)
	}
	for i, part := range parts[:len(parts)-1] { // published responses end without a full stop
		if part != "" && !strings.ContainsAny(part[len(part)-1:], ".!?") {
			parts[i] += "."
		}
	}
	t.Reply = strings.TrimSpace(strings.Join(parts, " "))
}

// reportKept logs when spoken replies cease to be kept, and when they are kept again.
func (c *Conversation) reportKept(err error) {
	switch lost := c.repliesLost.Swap(err != nil); {
	case err != nil && !lost:
		c.Log.Warn("spoken replies are not kept", "error", err)
	case err == nil && lost:
		c.Log.Info("spoken replies are kept again")
	}
}

// words tells the observers the next piece of the reply, and speaks it.
func (c *Conversation) words(t *Turn, text string) {
	t.speech.write(text, t.Failure)
	for _, o := range c.observers(t) {
		o.Words(t, t.pieces, text)
	}
	t.pieces++
	t.told += text
}

// compose says what is true of the steps.
func (c *Conversation) compose(t *Turn) {
	confirmed, sent, excuses := t.named(Confirmed), t.named(Sent), c.excuses(t)
	if back := t.names(func(s Step) bool { return s.Outcome == Confirmed && slices.Contains(t.back, s.Entity) }); len(back) > 0 {
		t.remarks = append([]string{c.Phrases.Undone.with("{names}", c.Phrases.join(back))}, t.remarks...)
	}
	if len(excuses) > 0 && t.Failure == "" {
		t.Failure = StepFailed
	}
	var parts []string
	switch {
	case len(sent)+len(excuses) == 0:
		parts = append(parts, c.published(t))
	case len(confirmed) > 0:
		parts = append(parts, c.done(t).with("{names}", c.Phrases.join(confirmed)))
	}
	if len(sent) > 0 {
		parts = append(parts, c.Phrases.Sent.with("{names}", c.Phrases.join(sent)))
	}
	if len(sent)+len(excuses) > 0 {
		parts = append(parts, c.repliesTo(t, func(p command.Part) bool { return p.Asks })...)
	}
	t.Reply = strings.Join(append(parts, excuses...), " ")
}

// done is how it is said that things are as they were to be.
func (c *Conversation) done(t *Turn) Phrase {
	if t.Intent == undoIntent {
		return c.Phrases.Undone
	}
	return c.Phrases.Done
}

// named are the names of the steps with this outcome, each once, without what was confirmed to be put back.
func (t *Turn) named(o Outcome) []string {
	return t.names(func(s Step) bool {
		return s.Outcome == o && (o != Confirmed || !slices.Contains(t.back, s.Entity))
	})
}

func (t *Turn) names(which func(Step) bool) []string {
	var names []string
	for _, s := range t.Steps {
		if which(s) && !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}

// excuses are sentences about the steps that were not done, each once.
func (c *Conversation) excuses(t *Turn) []string {
	var all []string
	for _, s := range t.Steps {
		if s.Outcome != Failed && s.Outcome != Refused {
			continue
		}
		if excuse := c.excuse(t, s.reason, s.Name); !slices.Contains(all, excuse) {
			all = append(all, excuse)
		}
	}
	return all
}

// excuse says why nothing was done with the entity of that name.
func (c *Conversation) excuse(t *Turn, why Reason, name string) string {
	if phrase, ok := c.Phrases.NotDone[why]; ok {
		return phrase.with("{name}", name)
	}
	published := t.language.Apology(string(why), map[string]any{"entity": name})
	return strings.TrimSuffix(published, ".") + "."
}

// published is the reply of the language's response templates. A plan that came from a model has
// none: it gets the plain words that are true.
func (c *Conversation) published(t *Turn) string {
	if t.parts != nil {
		return c.tellParts(t)
	}
	if t.recognised != nil {
		if reply := c.respond(t, *t.recognised, t.data); reply != "" {
			return reply
		}
	}
	if confirmed := t.named(Confirmed); len(confirmed) > 0 {
		return c.done(t).with("{names}", c.Phrases.join(confirmed))
	}
	return string(c.Phrases.AllRight)
}

// respond is a published reply, "" when there is none.
func (c *Conversation) respond(t *Turn, r intent.Result, data intent.ResponseData) string {
	reply, err := t.language.Respond(r, data)
	if err != nil {
		c.Log.Warn("response template failed", "turn", t.ID, "intent", r.Intent, "error", err)
		return ""
	}
	return reply
}
