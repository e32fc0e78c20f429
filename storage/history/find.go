package history

import (
	"context"
	"encoding/json"
	"strings"

	"hearth/daemon/conversation"
)

// Find gives the turns that fit, the latest first. Turns that a Writer still holds are not among them: flush it first.
func (s *Store) Find(ctx context.Context, q conversation.TurnQuery) ([]*conversation.Turn, error) {
	where, args, err := conditions(q)
	if err != nil {
		return nil, err
	}
	return s.turns(ctx, "find turns", selectTurns+where+` ORDER BY at DESC, id DESC LIMIT ?`, append(args, max(1, q.Limit))...)
}

// conditions are those of a query, with what is to be put into them.
func conditions(q conversation.TurnQuery) (where string, args []any, err error) {
	var all []string
	add := func(condition string, values ...any) { all, args = append(all, condition), append(args, values...) }
	if q.ID != "" {
		add(`id = ?`, q.ID)
	}
	switch {
	case q.Session != "" && q.Room != "":
		add(`(session = ? OR room = ?)`, q.Session, q.Room)
	case q.Session != "":
		add(`session = ?`, q.Session)
	case q.Room != "":
		add(`room = ?`, q.Room)
	}
	if !q.Since.IsZero() {
		add(`at >= ?`, formatTime(q.Since))
	}
	if !q.Until.IsZero() {
		add(`at < ?`, formatTime(q.Until))
	}
	switch {
	case len(q.Entities) > 0:
		list, err := json.Marshal(q.Entities)
		if err != nil {
			return "", nil, err
		}
		add(`id IN (SELECT turn_id FROM steps WHERE entity IN (SELECT value FROM json_each(?)) AND outcome IN ('confirmed', 'sent'))`, string(list))
	case q.Acted:
		add(`EXISTS (SELECT 1 FROM steps WHERE turn_id = turns.id AND outcome <> 'refused')`)
	}
	if len(all) == 0 {
		return "", nil, nil
	}
	return `WHERE ` + strings.Join(all, ` AND `), args, nil
}
