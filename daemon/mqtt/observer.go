package mqtt

import (
	"slices"
	"time"

	"hearth/daemon/conversation"
)

var _ conversation.Observer = (*Client)(nil)

// A state is what Hearth is doing, for the state topic.
type state string

const (
	idle      state = "idle"
	listening state = "listening"
	thinking  state = "thinking"
	acting    state = "acting"
	speaking  state = "speaking"
)

// after is the state that follows a stage, "" when the stage changes nothing.
func after(stage string, t *conversation.Turn) state {
	switch stage {
	case "transcribe", "recall":
		return thinking
	case "gate":
		if acts(t) {
			return acting
		}
	}
	return ""
}

// acts tells whether the turn has steps to be carried out, and not only an answer or a question.
func acts(t *conversation.Turn) bool {
	return slices.ContainsFunc(t.Steps, func(s conversation.Step) bool { return s.Outcome == "" })
}

// activity adds up what several turns do at the same time to one state.
type activity struct {
	turns     map[string]int // turns that are under way, with the sentences each has had
	last      state          // of the turn that reported last
	listening bool
}

func (a *activity) state() state {
	switch {
	case len(a.turns) > 0:
		return a.last
	case a.listening:
		return listening
	}
	return idle
}

// A part is one message of a reply's stream.
type part struct {
	Sequence int    `json:"sequence"` // counts from 0
	Text     string `json:"text"`
	Final    bool   `json:"final"` // nothing follows
}

// Listening says that an utterance has begun, or that none came.
func (c *Client) Listening(on bool) {
	c.change(func(a *activity) { a.listening = on })
}

// StageDone publishes the state that the stage led to.
func (c *Client) StageDone(t *conversation.Turn, stage string, _ time.Duration, _ error) {
	if next := after(stage, t); next != "" {
		c.change(func(a *activity) { a.reach(t, next) })
	}
}

// Sentence publishes one sentence of the reply.
func (c *Client) Sentence(t *conversation.Turn, sequence int, text string) {
	c.change(func(a *activity) {
		a.reach(t, speaking)
		a.turns[t.ID] = sequence + 1
	})
	c.publish("reply/"+t.ID, part{Sequence: sequence, Text: text})
}

// TurnDone publishes the end of the reply's stream and the turn.
func (c *Client) TurnDone(t *conversation.Turn) {
	var spoken int
	c.change(func(a *activity) {
		spoken = a.turns[t.ID]
		delete(a.turns, t.ID)
	})
	c.publish("reply/"+t.ID, part{Sequence: spoken, Final: true})
	c.publish("turn", t)
}

func (a *activity) reach(t *conversation.Turn, next state) {
	if _, begun := a.turns[t.ID]; !begun {
		a.turns[t.ID] = 0
	}
	a.last = next
}

// change publishes the state when it is another one afterwards.
func (c *Client) change(f func(*activity)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.activity.state()
	f(&c.activity)
	if now := c.activity.state(); now != before {
		c.send(c.retained("state", string(now)))
	}
}
