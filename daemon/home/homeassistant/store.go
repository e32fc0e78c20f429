package homeassistant

import (
	"maps"
	"slices"
	"sync"

	"hearth/daemon/home"
)

// A store holds the home as it was last reported. A change costs the entity that changed; the snapshot is made
// when somebody asks for it.
type store struct {
	mu       sync.Mutex
	entities []home.Entity // sorted by ID; not shared with any snapshot
	index    map[home.EntityID]int
	snapshot *home.Snapshot
	stale    bool // a state has changed since the snapshot
	renamed  bool // so has something that the registry's hash covers
	watchers map[chan home.Change]bool
	// rewritten is set when a script has come or gone: what it does is to be read again.
	rewritten bool
}

func newStore() *store {
	return &store{snapshot: home.NewSnapshot(nil, nil, nil), index: map[home.EntityID]int{}, watchers: map[chan home.Change]bool{}}
}

// Snapshot is the home as it was last seen.
func (s *store) Snapshot() *home.Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.renamed:
		s.snapshot = home.NewSnapshot(slices.Clone(s.entities), s.snapshot.Areas, s.snapshot.Floors)
	case s.stale:
		s.snapshot = s.snapshot.WithStates(slices.Clone(s.entities))
	}
	s.stale, s.renamed = false, false
	return s.snapshot
}

// entity is one entity as it was last seen.
func (s *store) entity(id home.EntityID) (home.Entity, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.index[id]
	if !ok {
		return home.Entity{}, false
	}
	return s.entities[i], true
}

// replace takes another home, and tells the watchers what is different in the entities of both.
func (s *store) replace(next *home.Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.entities
	s.entities, s.snapshot, s.stale, s.renamed = slices.Clone(next.Entities), next, false, false
	was := s.index
	s.index = make(map[home.EntityID]int, len(s.entities))
	for i, e := range s.entities {
		s.index[e.ID] = i
		if j, ok := was[e.ID]; ok && !before[j].Changed.Equal(e.Changed) {
			s.tell(home.Change{Before: before[j], After: e})
		}
	}
}

// apply takes what has changed. Entities that the store does not know are left out: their names are not known.
func (s *store) apply(event stateEvent) (changes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, added := range event.Added {
		changes += s.change(id, added.on)
	}
	for id, change := range event.Changed {
		changes += s.change(id, change.on)
	}
	for _, id := range event.Removed {
		changes += s.change(id, unavailable)
	}
	return changes
}

func (s *store) change(id home.EntityID, with func(home.Entity) home.Entity) int {
	i, ok := s.index[id]
	if !ok {
		return 0
	}
	before := s.entities[i]
	after := with(before)
	if runnable(id) && after.Available() != before.Available() {
		after.Runs, s.rewritten = nil, true
	}
	if before.Name == ownName(id, before.Attributes) { // the state of a renamed entity may come after the registry was read
		after.Name = ownName(id, after.Attributes)
	}
	s.entities[i], s.stale = after, true
	s.renamed = s.renamed || after.DeviceClass != before.DeviceClass || after.Name != before.Name
	if after.State != before.State || !after.Changed.Equal(before.Changed) {
		s.tell(home.Change{Before: before, After: after})
	}
	return 1
}

// takeRewritten tells whether a script has come or gone since the last time.
func (s *store) takeRewritten() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.rewritten
	s.rewritten = false
	return was
}

// lose makes every entity unavailable: what is not connected tells no states.
func (s *store) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.entities {
		s.entities[i] = unavailable(s.entities[i])
	}
	s.stale = true
}

// unavailable is the entity without a state. A script is so for a moment when it is changed: what it did counts no more.
func unavailable(e home.Entity) home.Entity {
	e.State, e.Runs = home.Unavailable, nil
	return e
}

// Watch reports every change from now on until stop is called, which closes the channel. A watcher that leaves
// 256 changes unread loses those that follow.
func (s *store) Watch() (changes <-chan home.Change, stop func()) {
	c := make(chan home.Change, 256) // a busy house in the second that a turn may take to look
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[c] = true
	return c, sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, c)
		close(c)
	})
}

func (s *store) tell(change home.Change) {
	for c := range maps.Keys(s.watchers) {
		select {
		case c <- change:
		default: // it reads too slowly, and must look at the snapshot
		}
	}
}
