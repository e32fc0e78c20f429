package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"hearth/daemon/conversation"
)

// A record is a turn as the rows that it becomes, cut loose from the turn itself.
type record struct {
	id, at string
	turn   []any
	steps  [][]any
	audit  [][]any
}

// encode makes the rows of a turn. It fails only on values that neither JSON nor SQLite can hold.
func encode(t *conversation.Turn) (*record, error) {
	r := &record{id: text(t.ID), at: formatTime(t.At)}
	if err := r.encode(t); err != nil {
		return nil, fmt.Errorf("history: record turn %s: %w", t.ID, err)
	}
	return r, nil
}

func (r *record) encode(t *conversation.Turn) error {
	if err := finite(t.Heard.Confidence, t.Total); err != nil {
		return err
	}
	slots, err := json.Marshal(t.Slots)
	if err != nil {
		return fmt.Errorf("slots: %w", err)
	}
	timings, err := json.Marshal(t.Timings)
	if err != nil {
		return fmt.Errorf("timings: %w", err)
	}
	trigger, err := json.Marshal(t.Trigger)
	if err != nil {
		return fmt.Errorf("trigger: %w", err)
	}
	lookups, err := json.Marshal(t.Lookups)
	if err != nil {
		return fmt.Errorf("lookups: %w", err)
	}
	r.turn = []any{
		r.id, r.at, text(t.Session), text(t.Room), text(t.Heard.Text), text(t.Heard.Free), t.Heard.Confidence,
		text(t.Heard.Recogniser), string(t.DecidedBy), text(t.Intent), string(slots), text(t.Reply),
		string(t.Asks), string(t.Failure), string(timings), t.Total, text(t.Person), string(trigger), text(t.Rule), string(lookups),
	}
	for i, step := range t.Steps {
		if err := r.encodeStep(i, step); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
	}
	for _, e := range t.Audit() {
		r.audit = append(r.audit, []any{
			r.at, r.id, text(e.Session), text(string(e.Entity)), text(e.Service), string(e.Verdict), text(e.Reason),
			text(e.Channel), text(e.Room), text(e.Person), string(e.DecidedBy), text(e.Rule),
		})
	}
	return nil
}

func (r *record) encodeStep(seq int, s conversation.Step) error {
	if err := finite(s.Millis); err != nil {
		return err
	}
	data, err := json.Marshal(s.Data)
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	entity, service, evidence := text(string(s.Entity)), text(s.Service), text(s.Evidence)
	r.steps = append(r.steps, []any{r.id, seq, entity, service, string(data), string(s.Outcome), evidence, s.Millis})
	return nil
}

// text replaces what is not UTF-8: SQLite would keep it, and JSON readers would stumble over it.
func text(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func finite(numbers ...float64) error {
	for _, x := range numbers {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("%v is not a number that can be stored", x)
		}
	}
	return nil
}

// Record writes a turn, its steps, their audit and its place in the outbox: all of
// them, or none. When it returns nil they are on the disk. A turn that is already there stays as it is.
func (s *Store) Record(ctx context.Context, t *conversation.Turn) error {
	r, err := encode(t)
	if err != nil {
		return err
	}
	return s.record(ctx, r)
}

const (
	insertTurn = `INSERT INTO turns (id, at, session, room, heard, heard_free, confidence, recogniser, decided_by, intent,
		slots, reply, asks, failure, timings, total_ms, person, trigger, rule, lookups) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING`
	insertStep  = `INSERT INTO steps (turn_id, seq, entity, service, data, outcome, evidence, ms) VALUES (?,?,?,?,?,?,?,?)`
	insertAudit = `INSERT INTO audit (at, turn_id, session, entity, service, verdict, reason, channel, room, person,
		decided_by, rule) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`
	insertOutbox = `INSERT INTO outbox (turn_id, created) VALUES (?,?)`
)

func (s *Store) record(ctx context.Context, r *record) error {
	return s.write(ctx, "record turn "+r.id, func(tx *sql.Tx) error {
		inserted, err := tx.ExecContext(ctx, insertTurn, r.turn...)
		if err != nil {
			return err
		}
		if n, err := inserted.RowsAffected(); err != nil || n == 0 {
			return err // recorded before, by a write whose acknowledgement was lost
		}
		for _, step := range r.steps {
			if _, err := tx.ExecContext(ctx, insertStep, step...); err != nil {
				return err
			}
		}
		for _, entry := range r.audit {
			if _, err := tx.ExecContext(ctx, insertAudit, entry...); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, insertOutbox, r.id, formatTime(time.Now()))
		return err
	})
}
