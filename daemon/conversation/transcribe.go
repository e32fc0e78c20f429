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
		return &regretError{NotHeard, "I cannot hear speech: no recogniser is installed."}
	}
	heard, err := c.Recogniser.Transcribe(ctx, t.Clip)
	if errors.Is(err, ErrNoRecogniser) {
		return &regretError{NotHeard, "I cannot hear speech yet. Please try again in a moment."}
	}
	if err != nil {
		c.Log.Error("speech not recognised", "turn", t.ID, "error", err)
		return &regretError{NotHeard, "Sorry, my hearing failed just then. Please say it again."}
	}
	t.Heard = heard
	c.Log.Debug("heard", "turn", t.ID, "text", heard.Text, "confidence", heard.Confidence)
	switch heard.Verdict {
	case Reject:
		t.Asks = AsksRepeat
		return &regretError{NotHeard, "Sorry, I did not catch that."}
	case Open:
		t.Heard.Text = heard.Free
	}
	return nil
}
