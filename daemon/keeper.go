package daemon

import (
	"context"

	"hearth/storage/history"
)

// A keeper keeps what people asked to be remembered in the history.
type keeper struct {
	*history.Store
	writer *history.Writer
}

// ForgetPerson implements conversation.Memory. Turns that have yet to be written are written first, lest they come
// back.
func (m keeper) ForgetPerson(ctx context.Context, person string) error {
	if err := m.writer.Flush(ctx); err != nil {
		return err
	}
	return m.Store.ForgetPerson(ctx, person)
}
