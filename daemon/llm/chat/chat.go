// Package chat is what providers of language models have in common: what is asked of them, what it
// cost, and the faults that callers tell apart. It talks to nobody.
package chat

import (
	"encoding/json"
	"errors"
	"time"
)

// A Role is whose words a message holds.
type Role string

// The roles. A System message comes first, and only there.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
)

// A Message is one part of a prompt.
type Message struct {
	Role    Role
	Content string
}

// A Request is a prompt and what the answer has to look like.
type Request struct {
	Messages []Message
	// Form is the JSON schema that the whole output must have, an object's; nil for free text.
	Form json.RawMessage
	// MaxTokens is how long the output may get. One with a form that is longer returns ErrEndless; free text
	// just ends there.
	MaxTokens int
}

// Size is the length of the prompt in bytes, its form included.
func (r Request) Size() int {
	size := len(r.Form)
	for _, m := range r.Messages {
		size += len(m.Content)
	}
	return size
}

// Usage is what one answer has cost, as far as the provider tells; what it does not tell is 0.
type Usage struct {
	Prompt, Output         int           // tokens; those of the prompt that were remembered count, too
	PromptTime, OutputTime time.Duration // to read the prompt, less what was remembered, and to write
	LoadTime               time.Duration // to load the model before that
}

// Errors of a provider. Each is wrapped in one that tells what the provider said.
var (
	ErrAbsent  = errors.New("the server cannot be reached")
	ErrNoModel = errors.New("the server does not have this model")
	ErrLoading = errors.New("the model is still being loaded")
	ErrMemory  = errors.New("the model needs more memory than there is")
	ErrBusy    = errors.New("the server has too much to do")
	ErrTooLong = errors.New("the prompt is longer than the model can read")
	ErrCut     = errors.New("the connection ended in the middle of the answer")
	ErrEndless = errors.New("the answer does not end")
	ErrRefused = errors.New("the server refuses: the key, or what may be spent")
)

// MaxThought is how much a model may think before it answers, in bytes: about a thousand tokens. One
// that goes on returns ErrEndless. What it thinks is handed to nobody.
const MaxThought = 4 << 10

// ThoughtTokens is what MaxThought takes at most, beside Request.MaxTokens, of a model that cannot but think.
const ThoughtTokens = 1024
