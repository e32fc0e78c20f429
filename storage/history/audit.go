package history

import (
	"context"
	"time"

	"hearth/daemon/conversation"
)

const selectAudit = `SELECT at, turn_id, session, channel, room, person, decided_by, entity, service, verdict, reason, rule FROM audit `

// Audit are the last n entries of the audit, the latest first. It keeps them when their turns are deleted.
func (s *Store) Audit(ctx context.Context, n int) ([]conversation.AuditEntry, error) {
	return s.audit(ctx, "read the audit", selectAudit+`ORDER BY seq DESC LIMIT ?`, max(0, n))
}

// WrongPINs are the wrong PINs since then, one entry for each turn.
func (s *Store) WrongPINs(ctx context.Context, since time.Time) ([]conversation.AuditEntry, error) {
	return s.audit(ctx, "read the wrong PINs", selectAudit+`WHERE verdict = ? AND at >= ? GROUP BY turn_id ORDER BY seq`,
		string(conversation.AuditWrongPIN), formatTime(since))
}

func (s *Store) audit(ctx context.Context, doing, statement string, args ...any) ([]conversation.AuditEntry, error) {
	var entries []conversation.AuditEntry
	err := s.query(ctx, doing, statement, args, func(scan scan) error {
		var e conversation.AuditEntry
		var at string
		err := scan(&at, &e.Turn, &e.Session, &e.Channel, &e.Room, &e.Person, &e.DecidedBy, &e.Entity, &e.Service,
			&e.Verdict, &e.Reason, &e.Rule)
		if err == nil {
			e.At, err = time.Parse(timeFormat, at)
		}
		entries = append(entries, e)
		return err
	})
	return entries, err
}
