package history

import (
	"context"
	"database/sql"
	"time"

	"hearth/daemon/timer"
)

// SaveTimer inserts the timer, or replaces the one with its ID. When it returns nil the timer is on the disk.
func (s *Store) SaveTimer(ctx context.Context, t timer.Timer) error {
	const statement = `INSERT OR REPLACE INTO timers (id, name, room, command, length_ns, due, left_ns, created)
		VALUES (?,?,?,?,?,?,?,?)`
	due := sql.NullString{String: formatTime(t.Due), Valid: !t.Paused()}
	return s.write(ctx, "save timer "+t.ID, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, t.ID, text(t.Name), text(t.Room), text(t.Command),
			int64(t.Length), due, int64(t.Left), formatTime(t.Created))
		return err
	})
}

// DeleteTimer removes a timer; one that is not there is no error.
func (s *Store) DeleteTimer(ctx context.Context, id string) error {
	return s.write(ctx, "delete timer "+id, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM timers WHERE id = ?`, id)
		return err
	})
}

// Timers are all that were saved and not deleted, the next one first and those that stand still last.
func (s *Store) Timers(ctx context.Context) ([]timer.Timer, error) {
	const statement = `SELECT id, name, room, command, length_ns, due, left_ns, created FROM timers
		ORDER BY due IS NULL, due, created`
	var timers []timer.Timer
	err := s.query(ctx, "read timers", statement, nil, func(scan scan) error {
		t, err := scanTimer(scan)
		timers = append(timers, t)
		return err
	})
	return timers, err
}

func scanTimer(scan scan) (t timer.Timer, err error) {
	var due sql.NullString
	var created string
	if err := scan(&t.ID, &t.Name, &t.Room, &t.Command, &t.Length, &due, &t.Left, &created); err != nil {
		return t, err
	}
	if due.Valid {
		if t.Due, err = time.Parse(timeFormat, due.String); err != nil {
			return t, err
		}
	}
	t.Created, err = time.Parse(timeFormat, created)
	return t, err
}
