// Package timer runs the timers that people set by voice. They are durable: each is stored before it
// is acknowledged and deleted only after it rang, so that a restart or a power cut loses none; one that
// came due meanwhile rings at the next start and says how late it is.
//
// It announces nothing itself: whoever constructs the Service is told of each ring.
package timer

import (
	"context"
	"time"

	"hearth/daemon/conversation"
)

// A Timer runs towards one moment, or stands still with some time left.
type Timer struct {
	ID      string
	Name    string        // "" when it has none
	Room    string        // area ID where it was set, "" when not known
	Command string        // sentence to carry out when it is due, "" when it only rings
	Length  time.Duration // as it was set; adding time later does not change it
	Due     time.Time     // wall clock; zero while paused
	Left    time.Duration // while paused; else 0
	Created time.Time
}

// Paused tells whether the timer stands still.
func (t Timer) Paused() bool { return t.Due.IsZero() }

// Remaining is what is left at now, never less than 0.
func (t Timer) Remaining(now time.Time) time.Duration {
	if t.Paused() {
		return t.Left
	}
	return max(0, t.Due.Sub(now))
}

// seenAt is the timer as a conversation sees it.
func (t Timer) seenAt(now time.Time) conversation.Timer {
	return conversation.Timer{
		ID: t.ID, Name: t.Name, Room: t.Room, Length: t.Length, Left: t.Remaining(now), Paused: t.Paused(), Command: t.Command,
	}
}

// A Store keeps timers for good. A method that returns nil has its change on the disk.
type Store interface {
	// SaveTimer inserts the timer, or replaces the one with its ID.
	SaveTimer(ctx context.Context, t Timer) error
	// DeleteTimer removes a timer; one that is not there is no error.
	DeleteTimer(ctx context.Context, id string) error
	// Timers are all that were saved and not deleted, in any order.
	Timers(ctx context.Context) ([]Timer, error)
}

// A Ring says that a timer is due.
type Ring struct {
	Timer Timer
	// Late is how long after Due it rings: 0, unless Hearth was off or the clock was set forward.
	Late time.Duration
}
