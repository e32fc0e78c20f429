package daemon

import (
	"context"

	"hearth/daemon/learned"
	"hearth/storage/history"
)

// A keeper keeps what people asked to be remembered in the history.
type keeper struct {
	*history.Store
	writer *history.Writer // nil while no daemon runs
	plans  *learned.Plans
}

func (d *Daemon) keeper() keeper { return keeper{d.store, d.history, d.plans} }

// ForgetPerson implements conversation.Memory. What the person's sentences have taught is forgotten with them. Turns
// that have yet to be written are written first, lest they come back.
func (m keeper) ForgetPerson(ctx context.Context, person string) error {
	if m.writer != nil {
		if err := m.writer.Flush(ctx); err != nil {
			return err
		}
	}
	if err := m.Store.ForgetPerson(ctx, person); err != nil {
		return err
	}
	m.plans.ForgetPerson(person)
	return nil
}
