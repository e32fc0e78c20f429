package mqtt

import (
	"time"

	"hearth/daemon/conversation"
)

// A chunk is one message of a reply's stream. Joined, the texts are the reply.
type chunk struct {
	Sequence int    `json:"seq"` // counts from 0
	Text     string `json:"text"`
	Done     bool   `json:"done"` // nothing follows

	// Of the last chunk only.
	Turn    string                `json:"turn_id,omitempty"`
	Outcome string                `json:"outcome,omitempty"`
	Asks    conversation.Question `json:"asks,omitempty"`
	Error   string                `json:"error,omitempty"` // why there was no turn
}

// A reply is the stream that answers one question. It observes that turn alone.
type reply struct {
	client *Client
	id     string // last level of its topic, "" for the turn's ID
	next   int    // sequence number
	ended  bool
}

var _ conversation.Observer = (*reply)(nil)

// StageDone implements conversation.Observer.
func (r *reply) StageDone(*conversation.Turn, string, time.Duration, error) {}

// Words publishes a piece of the reply.
func (r *reply) Words(t *conversation.Turn, _ int, text string) {
	r.publish(t.ID, chunk{Text: text})
}

// TurnDone publishes how the turn went.
func (r *reply) TurnDone(t *conversation.Turn) {
	r.publish(t.ID, chunk{Done: true, Turn: t.ID, Outcome: outcome(t), Asks: t.Asks})
}

// fail ends the stream of a question that became no turn, if the asker can know where to look.
func (r *reply) fail(err error) {
	if r.id != "" && !r.ended {
		r.publish("", chunk{Done: true, Outcome: failed, Error: err.Error()})
	}
}

func (r *reply) publish(turn string, c chunk) {
	id := r.id
	if id == "" {
		id = turn
	}
	c.Sequence = r.next
	r.next++
	r.ended = c.Done
	r.client.publish("reply/"+id, c)
}

// outcome is how a turn ended, in one word: its failure, that it asks, how far its steps are known to have
// come, or that it was answered.
func outcome(t *conversation.Turn) string {
	switch {
	case t.Failure != "":
		return string(t.Failure)
	case t.Asks != "":
		return "asked"
	case len(t.Steps) == 0:
		return "answered"
	}
	for _, s := range t.Steps {
		if s.Outcome != conversation.Confirmed {
			return string(s.Outcome)
		}
	}
	return string(conversation.Confirmed)
}
