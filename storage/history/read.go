package history

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hearth/daemon/conversation"
)

const selectTurns = `SELECT id, at, session, room, heard, heard_free, confidence, recogniser, decided_by, intent,
	slots, reply, asks, failure, timings, total_ms, person, trigger, rule, lookups FROM turns `

// Turn finds a turn by its ID; ErrNotFound when there is none. Sound is not kept: Clip, Voice and
// ReplyAudio are empty, and so are the fields of a step that only its execution needs.
func (s *Store) Turn(ctx context.Context, id string) (*conversation.Turn, error) {
	turns, err := s.turns(ctx, "read turn "+id, selectTurns+`WHERE id = ?`, id)
	if err != nil {
		return nil, err
	}
	if len(turns) == 0 {
		return nil, fmt.Errorf("history: turn %s: %w", id, ErrNotFound)
	}
	return turns[0], nil
}

func (s *Store) turns(ctx context.Context, doing, statement string, args ...any) ([]*conversation.Turn, error) {
	var turns []*conversation.Turn
	err := s.query(ctx, doing, statement, args, func(scan scan) error {
		t, err := scanTurn(scan)
		turns = append(turns, t)
		return err
	})
	if err != nil || len(turns) == 0 {
		return nil, err
	}
	return turns, s.addSteps(ctx, doing, turns)
}

func scanTurn(scan scan) (*conversation.Turn, error) {
	t := &conversation.Turn{Steps: []conversation.Step{}}
	var at, slots, timings, trigger, lookups string
	err := scan(&t.ID, &at, &t.Session, &t.Room, &t.Heard.Text, &t.Heard.Free, &t.Heard.Confidence, &t.Heard.Recogniser,
		&t.DecidedBy, &t.Intent, &slots, &t.Reply, &t.Asks, &t.Failure, &timings, &t.Total, &t.Person, &trigger, &t.Rule, &lookups)
	if err != nil {
		return nil, err
	}
	t.Channel, _, _ = strings.Cut(t.Session, "/")
	if t.At, err = time.Parse(timeFormat, at); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(slots), &t.Slots); err != nil {
		return nil, fmt.Errorf("slots of turn %s: %w", t.ID, err)
	}
	if err := json.Unmarshal([]byte(timings), &t.Timings); err != nil {
		return nil, fmt.Errorf("timings of turn %s: %w", t.ID, err)
	}
	if err := json.Unmarshal([]byte(trigger), &t.Trigger); err != nil {
		return nil, fmt.Errorf("trigger of turn %s: %w", t.ID, err)
	}
	if err := json.Unmarshal([]byte(lookups), &t.Lookups); err != nil {
		return nil, fmt.Errorf("lookups of turn %s: %w", t.ID, err)
	}
	return t, nil
}

// addSteps reads the steps of all turns with one statement. A turn's steps never change after it, so
// it does not matter that this is a second look at the database.
func (s *Store) addSteps(ctx context.Context, doing string, turns []*conversation.Turn) error {
	byID := make(map[string]*conversation.Turn, len(turns))
	ids := make([]string, len(turns))
	for i, t := range turns {
		byID[t.ID], ids[i] = t, t.ID
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	const statement = `SELECT turn_id, entity, service, data, outcome, evidence, ms FROM steps
		WHERE turn_id IN (SELECT value FROM json_each(?)) ORDER BY turn_id, seq`
	return s.query(ctx, doing, statement, []any{string(list)}, func(scan scan) error {
		var id, data string
		var step conversation.Step
		if err := scan(&id, &step.Entity, &step.Service, &data, &step.Outcome, &step.Evidence, &step.Millis); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(data), &step.Data); err != nil {
			return fmt.Errorf("data of a step of turn %s: %w", id, err)
		}
		byID[id].Steps = append(byID[id].Steps, step)
		return nil
	})
}
