package daemon

import (
	"context"
	"time"

	"hearth/daemon/conversation"
	"hearth/storage/history"
)

// writeWithin is how long a question about the past waits for what has yet to be written.
const writeWithin = 500 * time.Millisecond

// A past answers from the history, with the turns that have only just ended.
type past struct {
	writer *history.Writer
	store  *history.Store
}

// Find implements conversation.Past. Turns that cannot be written are missing, which the log and /readyz say.
func (p past) Find(ctx context.Context, q conversation.TurnQuery) ([]*conversation.Turn, error) {
	flush, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	_ = p.writer.Flush(flush) // what is written is looked at all the same
	return p.store.Find(ctx, q)
}

// recent are the last n turns, the latest first.
func (p past) recent(ctx context.Context, n int) ([]*conversation.Turn, error) {
	return p.Find(ctx, conversation.TurnQuery{Limit: n})
}

// turn is the one with an ID, nil when there is none.
func (p past) turn(ctx context.Context, id string) (*conversation.Turn, error) {
	turns, err := p.Find(ctx, conversation.TurnQuery{ID: id})
	if len(turns) == 0 {
		return nil, err
	}
	return turns[0], err
}
