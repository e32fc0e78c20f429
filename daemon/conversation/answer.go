package conversation

import (
	"context"
	"errors"
	"strings"
)

// answer puts the outcome into words, hands them to whoever listens, and speaks them. It says "done"
// for steps that were confirmed and for no others.
func (c *Conversation) answer(ctx context.Context, t *Turn) error {
	if t.Reply == "" {
		c.compose(t)
	}
	if t.sentences == 0 {
		c.sentence(t, t.Reply)
	}
	if c.Voice == nil || t.Reply == "" {
		return nil
	}
	clip, err := c.Voice.Speak(ctx, t.Reply)
	if errors.Is(err, ErrNoVoice) {
		return nil
	}
	if err != nil {
		c.Log.Warn("reply not spoken", "turn", t.ID, "error", err)
		return nil
	}
	t.Voice = clip
	if c.KeepReply != nil {
		t.ReplyAudio, err = c.KeepReply(t.ID, clip)
		c.reportKept(err)
	}
	return nil
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

// sentence tells the observers the next sentence of the reply.
func (c *Conversation) sentence(t *Turn, text string) {
	for _, o := range c.Observers {
		o.Sentence(t, t.sentences, text)
	}
	t.sentences++
}

func (c *Conversation) compose(t *Turn) {
	confirmed, sent, failed, refused := t.byOutcome()
	if len(failed)+len(refused) > 0 && t.Failure == "" {
		t.Failure = StepFailed
	}
	var parts []string
	if len(failed)+len(refused)+len(sent) == 0 {
		parts = append(parts, c.published(t))
	} else if len(confirmed) > 0 {
		parts = append(parts, "Done for "+join(confirmed)+".")
	}
	if len(sent) > 0 {
		parts = append(parts, "I sent it to "+join(sent)+", which does not report back.")
	}
	parts = append(parts, failed...)
	parts = append(parts, refused...)
	t.Reply = strings.Join(parts, " ")
}

// byOutcome gives names for what went well and whole sentences for what did not.
func (t *Turn) byOutcome() (confirmed, sent, failed, refused []string) {
	for _, s := range t.Steps {
		switch s.Outcome {
		case Confirmed:
			confirmed = append(confirmed, s.Name)
		case Sent:
			sent = append(sent, s.Name)
		case Refused:
			refused = append(refused, "I may not touch "+s.Name+": "+s.Evidence+".")
		default:
			failed = append(failed, s.Name+" failed: "+s.Evidence+".")
		}
	}
	return confirmed, sent, failed, refused
}

// published is the reply of the language's response templates. A plan that came from a model has
// none: it gets the plain words that are true.
func (c *Conversation) published(t *Turn) string {
	if t.recognised != nil {
		reply, err := t.language.Respond(*t.recognised, t.data)
		if err == nil && reply != "" {
			return reply
		}
		if err != nil {
			c.Log.Warn("response template failed", "turn", t.ID, "intent", t.Intent, "error", err)
		}
	}
	if confirmed, _, _, _ := t.byOutcome(); len(confirmed) > 0 {
		return "Done: " + join(confirmed) + "."
	}
	return "All right."
}
