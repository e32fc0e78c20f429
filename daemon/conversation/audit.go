package conversation

import (
	"time"

	"hearth/daemon/home"
)

// An AuditEntry is one call that the gate did not simply let pass, or that is critical, and what became of it.
type AuditEntry struct {
	At        time.Time     `json:"at"`
	Turn      string        `json:"turn_id"`
	Session   string        `json:"session"`
	Channel   string        `json:"channel"`          // the way it came
	Room      string        `json:"room,omitempty"`   // area ID, "" when not known
	Person    string        `json:"person,omitempty"` // "" when not known
	DecidedBy Decider       `json:"decided_by"`
	Entity    home.EntityID `json:"entity_id"`
	Service   string        `json:"service"`
	Verdict   AuditVerdict  `json:"verdict"`
	Reason    string        `json:"reason"`         // why, in English words
	Rule      string        `json:"rule,omitempty"` // the setting that decided
}

// AuditVerdict is what became of a call: an Outcome, or why it was not made.
type AuditVerdict string

const (
	AuditAsked    AuditVerdict = "asked"     // it waits for an answer: a yes, the PIN or a code
	AuditWrongPIN AuditVerdict = "wrong_pin" // the answer was wrong
	AuditRefused  AuditVerdict = "refused"
)

// Audit is what the history keeps for good of the turn's calls, whatever becomes of the turn.
func (t *Turn) Audit() []AuditEntry {
	var entries []AuditEntry
	for _, s := range t.Steps {
		if s.Decision.Verdict == Allow && !s.Decision.Critical && s.Decision.Rule == "" {
			continue
		}
		entries = append(entries, AuditEntry{
			At: t.At, Turn: t.ID, Session: t.origin(), Channel: t.Channel, Room: t.Room, Person: t.Person, DecidedBy: t.DecidedBy,
			Entity: s.Entity, Service: s.Service, Verdict: s.auditVerdict(), Reason: s.Decision.Evidence, Rule: s.Decision.Rule,
		})
	}
	return entries
}

func (s Step) auditVerdict() AuditVerdict {
	switch {
	case s.Decision.Reason == WrongPIN:
		return AuditWrongPIN
	case s.Decision.Verdict == Refuse:
		return AuditRefused
	case s.Outcome == Refused:
		return AuditAsked
	}
	return AuditVerdict(s.Outcome)
}
