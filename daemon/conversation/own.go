package conversation

import (
	"context"

	"hearth/daemon/conversation/command"
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
	sayIntent   = "HearthRepeat"
)

// Intents about what is remembered.
const (
	rememberIntent   = "HearthRemember"
	preferIntent     = "HearthPrefer"
	asILikeIntent    = "HearthAsILike"
	recallIntent     = "HearthRecall"
	forgetThatIntent = "HearthForgetThat"
	forgetFactIntent = "HearthForgetFact"
	forgetMeIntent   = "HearthForgetMe"
)

// own is how each of them is answered.
var own = map[string]func(*Conversation, context.Context, *Turn) error{
	undoIntent:  (*Conversation).undo,
	whyIntent:   (*Conversation).why,
	didIntent:   (*Conversation).whatDidYouDo,
	heardIntent: (*Conversation).whatDidYouHear,
	lastIntent:  (*Conversation).whenLast,
	sinceIntent: (*Conversation).sinceWhen,
	sayIntent:   (*Conversation).repeat,

	command.Incomplete: (*Conversation).askForMore,

	rememberIntent:   withMemory((*Conversation).remember),
	preferIntent:     withMemory((*Conversation).prefer),
	asILikeIntent:    withMemory((*Conversation).asILike),
	recallIntent:     withMemory((*Conversation).whatDoYouKnow),
	forgetThatIntent: (*Conversation).forgetThat,
	forgetFactIntent: withMemory((*Conversation).forgetFact),
	forgetMeIntent:   withMemory((*Conversation).forgetMe),
}

// withMemory regrets where nothing can be remembered.
func withMemory(answer func(*Conversation, context.Context, *Turn) error) func(*Conversation, context.Context, *Turn) error {
	return func(c *Conversation, ctx context.Context, t *Turn) error {
		if c.Memory == nil {
			return &regretError{NoTarget, string(c.Phrases.NoMemory)}
		}
		return answer(c, ctx, t)
	}
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
