package timer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

var (
	// ErrService is returned for a service that timers do not have.
	ErrService = errors.New("timers have no such service")
	// ErrLength is returned for a length that is missing, not positive, or beyond Longest.
	ErrLength = errors.New("not a length for a timer")
	// ErrTooMany is returned when there are as many timers as there may be.
	ErrTooMany = errors.New("too many timers")
)

// Longest is how far ahead a timer may be set.
const Longest = 7 * 24 * time.Hour

// Call carries out one of the services timer.start, cancel, pause, unpause, increase and decrease, and
// returns what proves it: "rings at 18:05". It returns when the change is stored.
//
// start takes the length in seconds, and name, room and command where there are any. increase and
// decrease take seconds. All but start name their timer by the call's entity (command.TimerEntity), or
// leave it to be found by the data: name, room and start_seconds, its length as it was set. A timer that
// is not found, or not the only one, is a *command.TargetError.
func (s *Service) Call(ctx context.Context, call home.Call) (evidence string, err error) {
	if err := s.load(ctx); err != nil {
		return "", err
	}
	if call.Service == "start" {
		return s.start(ctx, call)
	}
	change, ok := changes[call.Service]
	if !ok {
		return "", fmt.Errorf("%w: %s", ErrService, call.Name())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(call)
	if err != nil {
		return "", err
	}
	return change(s, ctx, t, call)
}

func (s *Service) start(ctx context.Context, call home.Call) (string, error) {
	length, err := seconds(call, "seconds")
	if err != nil {
		return "", err
	}
	now := time.Now().Round(0) // wall clock only: it has to hold after a restart
	t := Timer{
		ID: uuid.Must(uuid.NewV7()).String(), Name: text(call, "name"), Room: text(call, "room"),
		Command: text(call, "command"), Length: length, Due: now.Add(length), Created: now,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.timers) >= most {
		return "", fmt.Errorf("%w: %d", ErrTooMany, most)
	}
	return s.keep(ctx, t)
}

// changes are what can be done to a timer that is there. They are called with the lock held.
var changes = map[string]func(s *Service, ctx context.Context, t Timer, call home.Call) (string, error){
	"cancel":   (*Service).cancel,
	"pause":    (*Service).pause,
	"unpause":  (*Service).unpause,
	"increase": (*Service).increase,
	"decrease": (*Service).decrease,
}

func (s *Service) cancel(ctx context.Context, t Timer, _ home.Call) (string, error) {
	if err := s.store.DeleteTimer(ctx, t.ID); err != nil {
		return "", fmt.Errorf("cancel timer %s: %w", t.ID, err)
	}
	delete(s.timers, t.ID)
	delete(s.retry, t.ID)
	return "cancelled", nil
}

func (s *Service) pause(ctx context.Context, t Timer, _ home.Call) (string, error) {
	if !t.Paused() {
		t.Left, t.Due = t.Remaining(time.Now()), time.Time{}
	}
	return s.keep(ctx, t)
}

func (s *Service) unpause(ctx context.Context, t Timer, _ home.Call) (string, error) {
	if t.Paused() {
		t.Due, t.Left = time.Now().Round(0).Add(t.Left), 0
	}
	return s.keep(ctx, t)
}

func (s *Service) increase(ctx context.Context, t Timer, call home.Call) (string, error) {
	by, err := seconds(call, "seconds")
	if err != nil {
		return "", err
	}
	return s.shift(ctx, t, by)
}

// decrease takes time away. A timer with none left rings at once.
func (s *Service) decrease(ctx context.Context, t Timer, call home.Call) (string, error) {
	by, err := seconds(call, "seconds")
	if err != nil {
		return "", err
	}
	return s.shift(ctx, t, -by)
}

func (s *Service) shift(ctx context.Context, t Timer, by time.Duration) (string, error) {
	now := time.Now().Round(0)
	left := max(0, t.Remaining(now)+by)
	if left > Longest {
		return "", fmt.Errorf("%w: %s is more than %s", ErrLength, left, Longest)
	}
	if t.Paused() && left > 0 {
		t.Left = left
	} else {
		t.Due, t.Left = now.Add(left), 0
	}
	return s.keep(ctx, t)
}

// keep stores the timer as it is now and wakes Run. The evidence says when it rings.
func (s *Service) keep(ctx context.Context, t Timer) (string, error) {
	if err := s.store.SaveTimer(ctx, t); err != nil {
		return "", fmt.Errorf("save timer %s: %w", t.ID, err)
	}
	s.timers[t.ID] = t
	select {
	case s.wake <- struct{}{}:
	default: // Run has not looked since the last signal
	}
	if t.Paused() {
		return "paused with " + t.Left.Round(time.Second).String() + " left", nil
	}
	return "rings at " + t.Due.Local().Format(layout(t)), nil
}

// layout shows seconds only for a timer that is so short that they matter.
func layout(t Timer) string {
	if t.Length < time.Minute {
		return "15:04:05"
	}
	return "15:04"
}

// find is the timer that the call means. It is called with the lock held.
func (s *Service) find(call home.Call) (Timer, error) {
	if call.Entity != "" {
		id := strings.TrimPrefix(string(call.Entity), "timer.")
		if t, ok := s.timers[id]; ok {
			return t, nil
		}
		return Timer{}, &command.TargetError{Key: "timer_not_found"}
	}
	query := command.TimerQuery{Name: text(call, "name"), Room: text(call, "room")}
	if _, ok := call.Data["start_seconds"]; ok {
		length, err := seconds(call, "start_seconds")
		if err != nil {
			return Timer{}, err
		}
		query.Length = length
	}
	found, err := command.FindTimer(s.candidates(), query)
	return s.timers[found.ID], err
}

// candidates are all timers as a query sees them.
func (s *Service) candidates() []command.Timer {
	now := time.Now()
	timers := make([]command.Timer, 0, len(s.timers))
	for _, t := range s.timers {
		timers = append(timers, command.Timer(t.seenAt(now)))
	}
	slices.SortFunc(timers, func(a, b command.Timer) int { return strings.Compare(a.ID, b.ID) })
	return timers
}

func text(call home.Call, key string) string {
	s, _ := call.Data[key].(string)
	return strings.TrimSpace(s)
}

// seconds reads a length, which is a float64 once it has been through JSON.
func seconds(call home.Call, key string) (time.Duration, error) {
	var n float64
	switch v := call.Data[key].(type) {
	case int:
		n = float64(v)
	case int64:
		n = float64(v)
	case float64:
		n = v
	default:
		return 0, fmt.Errorf("%w: %s of %s: want seconds, have %v", ErrLength, key, call.Name(), v)
	}
	if !(n >= 1 && n <= Longest.Seconds()) {
		return 0, fmt.Errorf("%w: %s of %s: want 1 to %.0f, have %v", ErrLength, key, call.Name(), Longest.Seconds(), n)
	}
	return time.Duration(math.Round(n)) * time.Second, nil
}
