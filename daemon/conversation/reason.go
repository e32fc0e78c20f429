package conversation

import (
	"context"
	"errors"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// A Reason is why a step was not done, as one of a short fixed set: it is the key of the sentence that
// people are told, in Phrases.NotDone or among the language's published error responses.
type Reason string

// Reasons of the gate.
const (
	NoEntity   Reason = "no_entity"         // published
	NotExposed Reason = "no_entity_exposed" // published
	Forbidden  Reason = "forbidden"
	TooOften   Reason = "too_often"
	NotNow     Reason = "not_now"  // at these hours
	NotHere    Reason = "not_here" // from this room
	NotYou     Reason = "not_you"  // for this person
	WrongPIN   Reason = "wrong_pin"
	LockedOut  Reason = "locked_out" // after too many wrong PINs
	NoPerson   Reason = "no_person"  // it takes a person's answer, and a program asks
)

// Reasons why a call that was allowed did not succeed.
const (
	Unreachable  Reason = "unreachable"
	Unsupported  Reason = "unsupported"
	WrongCode    Reason = "wrong_code" // of a device's own
	Disconnected Reason = "disconnected"
	NotFound     Reason = "not_found" // by the name that was said
	TimedOut     Reason = "timed_out"
	Unconfirmed  Reason = "unconfirmed" // accepted, but the home does not show it
	Jammed       Reason = "jammed"      // as the device itself says
	Interrupted  Reason = "interrupted" // by a stop of Hearth or a lost connection, perhaps after it was sent
	OtherReason  Reason = "failed"
)

// Reasons why something stays although it was to be undone are those of undo.Reason.

// reasonOf is the reason in the error of a call.
func reasonOf(err error) Reason {
	if target := (*command.TargetError)(nil); errors.As(err, &target) {
		return Reason(target.Key)
	}
	for _, known := range reasons {
		if errors.Is(err, known.err) {
			return known.reason
		}
	}
	return OtherReason
}

var reasons = []struct {
	err    error
	reason Reason
}{
	{home.ErrUnavailable, Unreachable},
	{home.ErrNotSupported, Unsupported},
	{home.ErrCode, WrongCode},
	{home.ErrUnknownEntity, NoEntity},
	{home.ErrDisconnected, Disconnected},
	{home.ErrInterrupted, Interrupted},
	{command.ErrNothingFound, NotFound},
	{context.DeadlineExceeded, TimedOut},
}
