package timer

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/home"
)

const (
	// recheck is how often due timers are looked for even when none is expected, since the wall clock
	// may have been set.
	recheck = time.Minute
	// onTime is how late a ring may be without being called late, and how far the wall clock may stray
	// from a steady one without having been set.
	onTime = 2 * time.Second
	// missedAfter is how late an alarm or a command may be and still ring or be carried out.
	missedAfter = time.Hour
	// ringFor is how long a ring is repeated when nobody stops it, ringPause the silence between.
	ringFor, ringPause = 2 * time.Minute, 3 * time.Second
	// deleteWithin is how long a stopping Service waits for its store.
	deleteWithin = 2 * time.Second
	// most is how many timers there may be at once.
	most = 1000
)

// Options are what a Service needs besides its store.
type Options struct {
	Ringer  Ringer // nil for none: nothing is heard
	Home    Home   // nil for none: conditions never come about
	Log     *slog.Logger
	Metrics prometheus.Registerer // nil for none
	Wall    func() time.Time      // the wall clock, in the home's time zone; nil for the system's
}

// A Service holds the timers and rings those that are due. Its methods are safe for concurrent use.
type Service struct {
	store   Store
	ringer  Ringer
	home    Home
	log     *slog.Logger
	wall    func() time.Time
	metrics *metrics
	wake    chan struct{} // one signal is enough: Run looks at all timers
	acting  sync.WaitGroup

	mu       sync.Mutex
	loaded   bool
	timers   map[string]*entry
	watchers map[chan struct{}]bool
	steady   time.Time     // when the clocks were last compared, by the steady one
	offset   time.Duration // from the steady clock to the wall clock, then
}

// An entry is a timer and what of it need not survive a restart.
type entry struct {
	Timer
	ends    time.Time // when it is due by the steady clock; zero when it goes by the wall clock
	retry   time.Time // not to be rung before, by the steady clock
	until   time.Time // it rings until then, by the steady clock; zero when it does not ring
	busy    bool      // its command is being carried out
	came    bool      // what it waits for has come about
	silence context.CancelFunc
}

// New makes a Service. It starts nothing and reads nothing.
func New(store Store, opts Options) *Service {
	s := &Service{
		store:    store,
		ringer:   opts.Ringer,
		home:     opts.Home,
		log:      opts.Log,
		wall:     opts.Wall,
		wake:     make(chan struct{}, 1),
		timers:   map[string]*entry{},
		watchers: map[chan struct{}]bool{},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.wall == nil {
		s.wall = time.Now
	}
	s.metrics = newMetrics(opts.Metrics, s)
	return s
}

// Run rings timers when they are due, first those that came due while Hearth was off, until ctx ends.
// It fails only when the stored timers cannot be read.
func (s *Service) Run(ctx context.Context) error {
	if err := s.load(ctx); err != nil {
		return err
	}
	defer s.acting.Wait()
	var changes <-chan home.Change // nil while there is no condition: a busy home would wake this for nothing
	unwatch := func() {}
	defer func() { unwatch() }()
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case change := <-changes:
			if !s.awaits(change) {
				continue
			}
		case <-s.wake:
		case <-next.C:
		}
		switch waits := s.waitsForHome(); { // before the conditions are looked at, so that none comes about unseen
		case waits && changes == nil:
			changes, unwatch = s.home.Watch()
		case !waits && changes != nil:
			unwatch()
			changes, unwatch = nil, func() {}
		}
		s.keepTime(ctx)
		s.ringDue(ctx)
		next.Reset(s.untilNext())
	}
}

// load reads the stored timers, once.
func (s *Service) load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loaded {
		return nil
	}
	stored, err := s.store.Timers(ctx)
	if err != nil {
		return fmt.Errorf("read stored timers: %w", err)
	}
	for _, t := range stored {
		if !t.At.IsZero() {
			t.Due = t.At.In(s.now().Location()) // the home may have moved
		}
		s.timers[t.ID] = &entry{Timer: t}
	}
	s.steady, s.loaded = time.Now(), true
	s.offset = s.now().Sub(s.steady.Round(0))
	return nil
}

// now is the wall clock's time, by which timers are stored.
func (s *Service) now() time.Time { return s.wall().Round(0) }

// changed wakes Run and tells whoever watches. It is called with the lock held.
func (s *Service) changed() {
	notify(s.wake)
	for w := range s.watchers {
		notify(w)
	}
}

// notify leaves a signal, unless one is there that nobody has seen.
func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Watch signals after every change of what Running returns, except that time passes, until stop is called.
// Several changes may be one signal.
func (s *Service) Watch() (changes <-chan struct{}, stop func()) {
	w := make(chan struct{}, 1) // one signal is enough
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[w] = true
	return w, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, w)
	}
}

// Claim implements conversation.Timers.
func (s *Service) Claim(ctx context.Context, id, key string) error {
	return s.store.Claim(ctx, id, key)
}
