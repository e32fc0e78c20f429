package timer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hearth/daemon/clock"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

var (
	// ErrService is returned for a service that timers do not have.
	ErrService = errors.New("timers have no such service")
	// ErrLength is returned for a length that is missing, not positive, or beyond Longest.
	ErrLength = errors.New("not a length for a timer")
	// ErrTime is returned for a time of day that is missing, past, or beyond Longest.
	ErrTime = errors.New("not a time for an alarm")
	// ErrTooMany is returned when there are as many timers as there may be.
	ErrTooMany = errors.New("too many timers")
)

// Longest is how far ahead a timer may be set.
const Longest = 7 * 24 * time.Hour

// conditionFor is how long a Condition is waited for.
const conditionFor = 24 * time.Hour

// Call carries out one of the services of the domain timer, and returns what proves it: "rings at 18:05". It
// returns when the change is stored.
//
// start sets a timer. It takes its kind (a command.Kind, "timer" when missing), the length in seconds, or the
// time of day at which it is due ("2026-11-29T07:30") and the days on which it is due again ("mon,tue"), or the
// entity and the state that it waits for, and name, room, message and command where there are any; turn,
// channel, person and talk say where it comes from. The others, cancel, stop, snooze, pause, unpause, increase and decrease,
// name their timer by the call's entity (command.TimerEntity), or leave it to be found by the data: name, room
// and start_seconds, its length as it was set. increase, decrease and snooze take seconds. A timer that is not
// found, or not the only one, is a *command.TargetError.
func (s *Service) Call(ctx context.Context, call home.Call) (evidence string, err error) {
	if err := s.load(ctx); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if call.Service == "start" {
		return s.start(ctx, call)
	}
	change, ok := changes[call.Service]
	if !ok {
		return "", fmt.Errorf("%w: %s", ErrService, call.Name())
	}
	e, err := s.find(call)
	if err != nil {
		return "", err
	}
	return change(s, ctx, e, call)
}

func (s *Service) start(ctx context.Context, call home.Call) (string, error) {
	e := &entry{Timer: Timer{
		ID: uuid.Must(uuid.NewV7()).String(), Kind: command.Kind(cmp.Or(text(call, "kind"), string(command.Countdown))),
		Name: text(call, "name"), Room: text(call, "room"), Command: text(call, "command"), Message: text(call, "message"),
		Turn: text(call, "turn"), Channel: text(call, "channel"), Person: text(call, "person"), Talk: text(call, "talk"), Created: s.now(),
	}}
	if err := s.set(e, call); err != nil {
		return "", err
	}
	if len(s.timers) >= most {
		return "", fmt.Errorf("%w: %d", ErrTooMany, most)
	}
	return s.keep(ctx, e)
}

// set says when a new timer is due.
func (s *Service) set(e *entry, call home.Call) (err error) {
	wall := s.now()
	switch {
	case e.Kind == command.Condition:
		e.Entity, e.State = home.EntityID(text(call, "entity")), text(call, "state")
		e.Due = wall.Add(conditionFor)
		if e.Entity == "" || e.State == "" {
			return fmt.Errorf("%w: a condition needs an entity and its state", ErrTime)
		}
	case call.Data["at"] != nil:
		if e.At, e.Days, err = timeOfDay(call); err != nil {
			return err
		}
		e.At = e.At.Next(e.Days, wall)
		e.Due = e.At.In(wall.Location())
		if left := e.Due.Sub(wall); left <= 0 || left > Longest+24*time.Hour { // the whole last day
			return fmt.Errorf("%w: %s is not within %s from now", ErrTime, e.At, Longest)
		}
	default:
		if e.Length, err = seconds(call, "seconds"); err != nil {
			return err
		}
		e.count(e.Length, wall)
	}
	return nil
}

// changes are what can be done to a timer that is there. They are called with the lock held, and change an entry
// only when that is stored.
var changes = map[string]func(s *Service, ctx context.Context, e *entry, call home.Call) (string, error){
	"cancel":   (*Service).cancel,
	"stop":     (*Service).stop,
	"snooze":   (*Service).snooze,
	"pause":    (*Service).pause,
	"unpause":  (*Service).unpause,
	"increase": (*Service).increase,
	"decrease": (*Service).decrease,
}

func (s *Service) cancel(ctx context.Context, e *entry, _ home.Call) (string, error) {
	if err := s.store.DeleteTimer(ctx, e.ID); err != nil {
		return "", fmt.Errorf("cancel timer %s: %w", e.ID, err)
	}
	delete(s.timers, e.ID)
	e.hush()
	s.changed()
	return "cancelled", nil
}

// stop ends a ring. An alarm that has more days rings on the next one.
func (s *Service) stop(ctx context.Context, e *entry, call home.Call) (string, error) {
	if e.until.IsZero() && !e.busy {
		return "", &command.TargetError{Key: "timer_not_found"}
	}
	if e.Days == 0 {
		return s.cancel(ctx, e, call)
	}
	next := *e
	next.Timer, next.until, next.retry = e.next(s.now()), time.Time{}, time.Time{}
	return s.replace(ctx, e, next)
}

// snooze ends a ring and rings again after so many seconds. An alarm that has more days keeps them, and what was waited
// for is told again, whatever the home is like by then.
func (s *Service) snooze(ctx context.Context, e *entry, call home.Call) (string, error) {
	pause, err := seconds(call, "seconds")
	if err != nil {
		return "", err
	}
	if e.until.IsZero() && !e.busy {
		return "", &command.TargetError{Key: "timer_not_found"}
	}
	again := &entry{Timer: e.Timer}
	again.ID, again.At, again.Days = uuid.Must(uuid.NewV7()).String(), clock.Moment{}, 0
	if again.Kind == command.Condition {
		again.Kind = command.Reminder
	}
	again.count(pause, s.now())
	evidence, err := s.keep(ctx, again) // first: rather two rings than none
	if err != nil {
		return "", err
	}
	if _, err := s.stop(ctx, e, call); err != nil {
		return "", err
	}
	return evidence, nil
}

// hush ends the ring that is being heard.
func (e *entry) hush() {
	if e.silence != nil {
		e.silence()
	}
}

func (s *Service) pause(ctx context.Context, e *entry, _ home.Call) (string, error) {
	next := *e
	if err := e.countsDown(); err != nil {
		return "", err
	}
	if !e.Paused() {
		next.Left, next.Due, next.ends = max(0, e.left(time.Now(), s.now())), time.Time{}, time.Time{}
	}
	return s.replace(ctx, e, next)
}

func (s *Service) unpause(ctx context.Context, e *entry, _ home.Call) (string, error) {
	next := *e
	if e.Paused() {
		next.count(e.Left, s.now())
	}
	return s.replace(ctx, e, next)
}

func (s *Service) increase(ctx context.Context, e *entry, call home.Call) (string, error) {
	by, err := seconds(call, "seconds")
	if err != nil {
		return "", err
	}
	return s.shift(ctx, e, by)
}

// decrease takes time away. A timer with none left rings at once.
func (s *Service) decrease(ctx context.Context, e *entry, call home.Call) (string, error) {
	by, err := seconds(call, "seconds")
	if err != nil {
		return "", err
	}
	return s.shift(ctx, e, -by)
}

func (s *Service) shift(ctx context.Context, e *entry, by time.Duration) (string, error) {
	if err := e.countsDown(); err != nil {
		return "", err
	}
	left := max(0, max(0, e.left(time.Now(), s.now()))+by)
	if left > Longest {
		return "", fmt.Errorf("%w: %s is more than %s", ErrLength, left, Longest)
	}
	next := *e
	next.until, next.retry = time.Time{}, time.Time{}
	if e.Paused() && left > 0 {
		next.Left = left
	} else {
		next.count(left, s.now())
	}
	return s.replace(ctx, e, next)
}

// countsDown refuses what goes by the clock or waits for the home: it has no length to change.
func (e *entry) countsDown() error {
	if !e.At.IsZero() || e.Kind == command.Condition {
		return &command.TargetError{Key: "timer_not_found"}
	}
	return nil
}

// replace stores the entry as it is to be and then makes it so. A ring that is being heard ends.
func (s *Service) replace(ctx context.Context, e *entry, next entry) (string, error) {
	if err := s.store.SaveTimer(ctx, next.Timer); err != nil {
		return "", fmt.Errorf("save timer %s: %w", e.ID, err)
	}
	e.hush()
	*e = next
	s.changed()
	return e.evidence(), nil
}

// keep stores a new timer.
func (s *Service) keep(ctx context.Context, e *entry) (string, error) {
	if err := s.store.SaveTimer(ctx, e.Timer); err != nil {
		return "", fmt.Errorf("save timer %s: %w", e.ID, err)
	}
	s.timers[e.ID] = e
	s.changed()
	return e.evidence(), nil
}

// evidence says when the timer rings, seconds only for one that is so short that they matter, the day only for
// one that may be due on another.
func (e *entry) evidence() string {
	switch {
	case e.Paused():
		return "paused with " + e.Left.Round(time.Second).String() + " left"
	case e.Kind == command.Condition:
		return fmt.Sprintf("waits until %s is %s, at most until %s", e.Entity, e.State, e.Due.Local().Format("2006-01-02 15:04"))
	case e.Days != 0:
		return fmt.Sprintf("rings at %s on %s", e.Due.Format("15:04"), e.Days)
	case !e.At.IsZero():
		return "rings at " + e.Due.Format("2006-01-02 15:04")
	case e.Length < time.Minute:
		return "rings at " + e.Due.Local().Format("15:04:05")
	}
	return "rings at " + e.Due.Local().Format("15:04")
}

// find is the timer that the call means. It is called with the lock held.
func (s *Service) find(call home.Call) (*entry, error) {
	if call.Entity != "" {
		id := strings.TrimPrefix(string(call.Entity), "timer.")
		if e, ok := s.timers[id]; ok {
			return e, nil
		}
		return nil, &command.TargetError{Key: "timer_not_found"}
	}
	query := command.TimerQuery{Kinds: []command.Kind{command.Countdown}, Name: text(call, "name"), Room: text(call, "room")}
	if _, ok := call.Data["start_seconds"]; ok {
		length, err := seconds(call, "start_seconds")
		if err != nil {
			return nil, err
		}
		query.Length = length
	}
	found, err := command.FindTimer(s.candidates(), query)
	if err != nil {
		return nil, err
	}
	return s.timers[found.ID], nil
}

// candidates are all timers as a query sees them.
func (s *Service) candidates() []command.Timer {
	steady, wall := time.Now(), s.now()
	timers := make([]command.Timer, 0, len(s.timers))
	for _, e := range s.timers {
		timers = append(timers, command.Timer(e.seen(steady, wall)))
	}
	slices.SortFunc(timers, func(a, b command.Timer) int { return strings.Compare(a.ID, b.ID) })
	return timers
}
