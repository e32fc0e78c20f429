package history

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"hearth/daemon/clock"
	"hearth/daemon/conversation"
	"hearth/daemon/timer"
)

const saveTimer = `INSERT INTO timers (id, kind, name, room, command, message, length_ns, due, left_ns, at, days, entity, state,
	turn, channel, person, talk, created) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
	ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, room = excluded.room, command = excluded.command,
	message = excluded.message, length_ns = excluded.length_ns, due = excluded.due, left_ns = excluded.left_ns,
	at = excluded.at, days = excluded.days, entity = excluded.entity, state = excluded.state, turn = excluded.turn,
	channel = excluded.channel, person = excluded.person, talk = excluded.talk, created = excluded.created`

// SaveTimer inserts the timer, or replaces the one with its ID, whose claims stay. When it returns nil the timer
// is on the disk.
func (s *Store) SaveTimer(ctx context.Context, t timer.Timer) error {
	due := sql.NullString{String: formatTime(t.Due), Valid: !t.Paused()}
	return s.write(ctx, "save timer "+t.ID, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, saveTimer, t.ID, string(t.Kind), text(t.Name), text(t.Room), text(t.Command), text(t.Message),
			int64(t.Length), due, int64(t.Left), t.At.String(), t.Days.String(), text(string(t.Entity)), text(t.State),
			t.Turn, t.Channel, t.Person, t.Talk, formatTime(t.Created))
		return err
	})
}

// DeleteTimer removes a timer and its claims; one that is not there is no error.
func (s *Store) DeleteTimer(ctx context.Context, id string) error {
	return s.write(ctx, "delete timer "+id, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM timers WHERE id = ?`, id)
		return err
	})
}

// Claim writes down that what the timer is to do is begun under this key. It returns conversation.ErrClaimed when
// that was written before. When it returns nil the claim is on the disk.
func (s *Store) Claim(ctx context.Context, id, key string) error {
	const statement = `INSERT INTO claims (key, timer_id, at) VALUES (?,?,?) ON CONFLICT (key) DO NOTHING`
	return s.write(ctx, "claim "+key, func(tx *sql.Tx) error {
		inserted, err := tx.ExecContext(ctx, statement, key, id, formatTime(time.Now()))
		if err != nil {
			return err
		}
		if n, err := inserted.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return conversation.ErrClaimed
	})
}

// Timers are all that were saved and not deleted, the next one first and those that stand still last.
func (s *Store) Timers(ctx context.Context) ([]timer.Timer, error) {
	const statement = `SELECT id, kind, name, room, command, message, length_ns, due, left_ns, at, days, entity, state,
		turn, channel, person, talk, created FROM timers ORDER BY due IS NULL, due, created`
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
	var at, days, created string
	if err := scan(&t.ID, &t.Kind, &t.Name, &t.Room, &t.Command, &t.Message, &t.Length, &due, &t.Left, &at, &days, &t.Entity,
		&t.State, &t.Turn, &t.Channel, &t.Person, &t.Talk, &created); err != nil {
		return t, err
	}
	if due.Valid {
		if t.Due, err = time.Parse(timeFormat, due.String); err != nil {
			return t, err
		}
	}
	if at != "" {
		if t.At, err = clock.Parse(at); err != nil {
			return t, fmt.Errorf("timer %s: %w", t.ID, err)
		}
	}
	if t.Days, err = clock.ParseDays(days); err != nil {
		return t, fmt.Errorf("timer %s: %w", t.ID, err)
	}
	t.Created, err = time.Parse(timeFormat, created)
	return t, err
}
