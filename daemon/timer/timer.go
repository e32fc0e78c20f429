// Package timer runs what people set by voice for later: timers, alarms, reminders, and commands that wait for
// a time or for a state of the home. Each is stored before it is acknowledged and deleted only after it rang,
// so that a restart or a power cut loses none; one that came due meanwhile rings at the next start and says how
// late it is.
//
// What is counted down keeps its length when the clock is set, and what is set to a time of day goes by the
// clock. What was interrupted while it rang rings again; a command is begun once at most: its key is stored
// before anything is sent (Service.Claim), and is refused to whoever comes with it again.
//
// It announces nothing itself and carries out nothing: whoever constructs the Service does.
package timer

import (
	"cmp"
	"context"
	"time"

	"hearth/daemon/clock"
	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// A Timer runs towards one moment, stands still with some time left, or waits for the home.
type Timer struct {
	ID      string
	Kind    command.Kind
	Name    string        // "" when it has none
	Room    string        // area ID where it was set, "" when not known
	Command string        // sentence to carry out when it is due, "" when it only rings
	Message string        // what to say of it when it is due, "" for the usual
	Length  time.Duration // as it was set; adding time later does not change it. 0 when it goes by the clock
	Due     time.Time     // zero while paused; of a Condition, when it is given up
	Left    time.Duration // while paused; else 0
	At      clock.Moment  // what a clock shows when it is due; none when it is counted down
	Days    clock.Days    // on which it rings again; none when it rings once
	Entity  home.EntityID // of a Condition: it is due when the state of this entity
	State   string        // becomes this one
	Turn    string        // ID of the turn that set it, "" when not known
	Channel string        // through which that turn came
	Person  string        // who spoke in it, "" when not known
	Talk    string        // which of the channel's conversations it was part of, "" when there is one
	Created time.Time
}

// Paused tells whether the timer stands still.
func (t Timer) Paused() bool { return t.Due.IsZero() }

// Key names one time at which the timer is due: what is done then is done once. A snoozed alarm has another.
func (t Timer) Key() string { return t.ID + "@" + t.Due.UTC().Format(time.RFC3339) }

// Seen is the timer as a conversation sees it, without what is left of it.
func (t Timer) Seen() conversation.Timer {
	return conversation.Timer{
		ID: t.ID, Kind: t.Kind, Name: t.Name, Room: t.Room, Message: cmp.Or(t.Message, t.Command), Length: t.Length,
		Due: t.Due, Days: t.Days, Entity: t.Entity, State: t.State, Paused: t.Paused(),
	}
}

// next is the timer set to the next of its days after now, the wall clock's time.
func (t Timer) next(now time.Time) Timer {
	t.At = t.At.AddDays(1).Next(t.Days, now)
	t.Due = t.At.In(now.Location())
	return t
}

// A Store keeps timers for good. A method that returns nil has its change on the disk.
type Store interface {
	// SaveTimer inserts the timer, or replaces the one with its ID.
	SaveTimer(ctx context.Context, t Timer) error
	// DeleteTimer removes a timer and its claims; one that is not there is no error.
	DeleteTimer(ctx context.Context, id string) error
	// Timers are all that were saved and not deleted, in any order.
	Timers(ctx context.Context) ([]Timer, error)
	// Claim writes down that what the timer is to do is begun under this key. It returns
	// conversation.ErrClaimed when that was written before.
	Claim(ctx context.Context, id, key string) error
}

// A Ring says that a timer is due.
type Ring struct {
	Timer Timer
	// Late is how long after Due it rings: 0, unless Hearth was off or the clock was set forward.
	Late time.Duration
	// Missed is set for an alarm or a command so late that it is told of instead of done.
	Missed bool
	// Expired is set for a Condition that did not come about in time.
	Expired bool
}

// A Ringer makes a ring heard in the room where its timer was set.
type Ringer interface {
	// Ring rings once and returns when that is over. Heard is false when there is nothing in the room to hear
	// it by: it is then not repeated. A ring that fails is tried again after a minute. When ctx ends somebody
	// has stopped it.
	Ring(ctx context.Context, ring Ring) (heard bool, err error)
	// CarryOut does what the timer's Command says, and returns when that is done or has failed, which it tells
	// itself; an error means that it could not even be tried.
	CarryOut(ctx context.Context, ring Ring) error
}

// A Home tells of its states, for conditions.
type Home interface {
	Snapshot() *home.Snapshot
	// Watch reports every change from now on until stop is called; a watcher that does not read loses some.
	Watch() (changes <-chan home.Change, stop func())
}

var _ conversation.Timers = (*Service)(nil)
