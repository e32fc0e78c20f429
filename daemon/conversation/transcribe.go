package conversation

import (
	"context"
	"errors"
)

// transcribe fills t.Heard from the clip. Typed text is there already. A sentence that was not heard
// well enough is never guessed at.
func (c *Conversation) transcribe(ctx context.Context, t *Turn) error {
	if t.Heard.Recogniser != "" {
		return nil
	}
	if c.Recogniser == nil {
		return &regretError{NotHeard, string(c.Phrases.NoHearing)}
	}
	heard, err := c.Recogniser.Transcribe(ctx, t.Clip)
	if errors.Is(err, ErrNoRecogniser) {
		return &regretError{NotHeard, string(c.Phrases.NoHearingYet)}
	}
	if err != nil {
		c.Log.Error("speech not recognised", "turn", t.ID, "error", err)
		return &regretError{NotHeard, string(c.Phrases.NotHeard)}
	}
	t.Heard = heard
	switch heard.Verdict {
	case Reject:
		c.hideRejected(t)
		t.Asks = AsksRepeat
		return &regretError{NotHeard, string(c.Phrases.NotHeard)}
	case Open:
		t.Heard.Text = heard.Free
	}
	return nil
}
