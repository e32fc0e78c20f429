package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"hearth/daemon/conversation"
)

const selectFacts = `SELECT id, person, room, text, likes, value, unit, at FROM facts `

// Facts are what is remembered of these people, "" being the household, the latest first.
func (s *Store) Facts(ctx context.Context, people ...string) ([]conversation.Fact, error) {
	list, err := json.Marshal(append([]string{}, people...))
	if err != nil {
		return nil, err
	}
	return s.facts(ctx, selectFacts+`WHERE person IN (SELECT value FROM json_each(?)) ORDER BY at DESC, id DESC`, string(list))
}

// AllFacts are what is remembered of everybody, the latest first.
func (s *Store) AllFacts(ctx context.Context) ([]conversation.Fact, error) {
	return s.facts(ctx, selectFacts+`ORDER BY at DESC, id DESC`)
}

func (s *Store) facts(ctx context.Context, statement string, args ...any) ([]conversation.Fact, error) {
	facts := []conversation.Fact{}
	err := s.query(ctx, "read what is remembered", statement, args, func(scan scan) error {
		var f conversation.Fact
		var at string
		err := scan(&f.ID, &f.Person, &f.Room, &f.Text, &f.Likes, &f.Value, &f.Unit, &at)
		if err == nil {
			f.At, err = time.Parse(timeFormat, at)
		}
		facts = append(facts, f)
		return err
	})
	return facts, err
}

// SaveFact keeps a fact in place of the one with its ID, and of the one that says what the same person likes in the
// same room. When it returns nil the fact is on the disk, and what it replaced is not.
func (s *Store) SaveFact(ctx context.Context, f conversation.Fact) error {
	if err := finite(f.Value); err != nil {
		return err
	}
	return s.erase(ctx, "remember", func(tx *sql.Tx) (erased int64, err error) {
		erased, err = deleted(tx.ExecContext(ctx, `DELETE FROM facts WHERE id = ? OR (likes <> '' AND person = ? AND room = ? AND likes = ?)`,
			f.ID, text(f.Person), text(f.Room), string(f.Likes)))
		if err != nil {
			return erased, err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO facts (id, person, room, text, likes, value, unit, at) VALUES (?,?,?,?,?,?,?,?)`,
			f.ID, text(f.Person), text(f.Room), text(f.Text), string(f.Likes), f.Value, string(f.Unit), formatTime(f.At))
		return erased, err
	})
}

// DeleteFacts deletes facts by their IDs; one that is not there is no error.
func (s *Store) DeleteFacts(ctx context.Context, ids ...string) error {
	list, err := json.Marshal(append([]string{}, ids...))
	if err != nil {
		return err
	}
	return s.erase(ctx, "forget", func(tx *sql.Tx) (int64, error) {
		return deleted(tx.ExecContext(ctx, `DELETE FROM facts WHERE id IN (SELECT value FROM json_each(?))`, string(list)))
	})
}

// ForgetPerson deletes what is remembered of a person, the person's turns, and the plans of theirs that are pinned. The
// audit stays: it has no words in it. For "", the household, it deletes what is remembered and nothing else.
func (s *Store) ForgetPerson(ctx context.Context, person string) error {
	tables := []string{"facts", "pinned_plans", "turns"}
	if person == "" {
		tables = tables[:1]
	}
	return s.erase(ctx, "forget a person", func(tx *sql.Tx) (erased int64, err error) {
		for _, table := range tables {
			n, err := deleted(tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE person = ?", person))
			if erased += n; err != nil {
				return erased, err
			}
		}
		return erased, nil
	})
}

// erase is write for what deletes, and tells how many rows. SQLite overwrites what is deleted (secure_delete); the log
// still holds it until it is cut, which has to wait while somebody reads: then the next one that is erased, or Close, does
// it. A copy from before an upgrade may hold it, too, and goes as a whole.
func (s *Store) erase(ctx context.Context, doing string, f func(*sql.Tx) (erased int64, err error)) error {
	var erased int64
	err := s.write(ctx, doing, func(tx *sql.Tx) (err error) {
		erased, err = f(tx)
		return err
	})
	if err != nil {
		return err
	}
	var busy, frames, done int
	_ = s.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &done)
	if erased == 0 {
		return nil
	}
	if err := removeCopies(s.path, ""); err != nil {
		return fmt.Errorf("history: %s in the copy from before an upgrade: %w", doing, classify(err))
	}
	return nil
}

func deleted(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
