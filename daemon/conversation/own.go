package conversation

import (
	"context"

	"hearth/daemon/intent"
)

// Intents that lead to no calls: they are about the conversation itself, or about what was.
const (
	undoIntent  = "HearthUndo"
	whyIntent   = "HearthWhy"
	didIntent   = "HearthWhatDidYouDo"
	heardIntent = "HearthWhatDidYouHear"
	lastIntent  = "HearthWhenLast"
	sinceIntent = "HearthSinceWhen"
)

// own is how each of them is answered.
var own = map[string]func(*Conversation, context.Context, *Turn) error{
	undoIntent:  (*Conversation).undo,
	whyIntent:   (*Conversation).why,
	didIntent:   (*Conversation).whatDidYouDo,
	heardIntent: (*Conversation).whatDidYouHear,
	lastIntent:  (*Conversation).whenLast,
	sinceIntent: (*Conversation).sinceWhen,
}

// answerItself answers such an intent. It is never learned: the same words mean something else each time.
func (c *Conversation) answerItself(ctx context.Context, t *Turn, r intent.Result, answer func(*Conversation, context.Context, *Turn) error) error {
	t.DecidedBy, t.Rule, t.Intent, t.key = ByGrammar, r.Template, r.Intent, ""
	for name, slot := range r.Slots {
		t.Slots[name] = slot.Value
	}
	t.recognised = &r
	return answer(c, ctx, t)
}
