package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hearth/daemon/conversation"
)

// PinPlan keeps a plan for a sentence (conversation.SplitPlanKey), in place of the one that was pinned before. When
// it returns nil the plan is on the disk.
func (s *Store) PinPlan(ctx context.Context, sentence string, plan conversation.LearnedPlan) error {
	const statement = `INSERT INTO pinned_plans (room, person, said, plan, at) VALUES (?,?,?,?,?)
		ON CONFLICT (room, person, said) DO UPDATE SET plan = excluded.plan, at = excluded.at`
	encoded, err := json.Marshal(plan)
	if err != nil {
		return fmt.Errorf("history: pin a plan: %w", err)
	}
	where, err := parts(sentence)
	if err != nil {
		return fmt.Errorf("history: pin a plan: %w", err)
	}
	return s.write(ctx, "pin a plan", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, append(where, string(encoded), formatTime(time.Now()))...)
		return err
	})
}

// UnpinPlan forgets that the plan for a sentence was pinned; that it was not is no error.
func (s *Store) UnpinPlan(ctx context.Context, sentence string) error {
	where, err := parts(sentence)
	if err != nil {
		return fmt.Errorf("history: unpin a plan: %w", err)
	}
	return s.write(ctx, "unpin a plan", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM pinned_plans WHERE room = ? AND person = ? AND said = ?`, where...)
		return err
	})
}

// parts are room, person and words of a sentence.
func parts(sentence string) ([]any, error) {
	fields := strings.Split(sentence, "\x00")
	if len(fields) != 3 {
		return nil, fmt.Errorf("the key of a plan has %d parts, not 3", len(fields))
	}
	return []any{text(fields[0]), text(fields[1]), text(fields[2])}, nil
}

// PinnedPlans are the plans that are pinned, by their sentences.
func (s *Store) PinnedPlans(ctx context.Context) (map[string]conversation.LearnedPlan, error) {
	plans := map[string]conversation.LearnedPlan{}
	err := s.query(ctx, "read the pinned plans", `SELECT room, person, said, plan FROM pinned_plans`, nil, func(scan scan) error {
		var room, person, said, encoded string
		var plan conversation.LearnedPlan
		if err := scan(&room, &person, &said, &encoded); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(encoded), &plan)
		plans[strings.Join([]string{room, person, said}, "\x00")] = plan
		return err
	})
	return plans, err
}
