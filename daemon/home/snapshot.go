package home

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// A Snapshot is the home at one moment. It does not change, and may be read by many at once.
type Snapshot struct {
	Entities []Entity // sorted by ID
	Areas    []Area   // sorted by ID
	Floors   []Floor  // sorted by ID
	registry string
}

// NewSnapshot sorts what it is given and keeps it.
func NewSnapshot(entities []Entity, areas []Area, floors []Floor) *Snapshot {
	slices.SortFunc(entities, func(a, b Entity) int { return strings.Compare(string(a.ID), string(b.ID)) })
	slices.SortFunc(areas, func(a, b Area) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(floors, func(a, b Floor) int { return strings.Compare(a.ID, b.ID) })
	s := &Snapshot{Entities: entities, Areas: areas, Floors: floors}
	s.registry = s.hashRegistry()
	return s
}

// With is the snapshot after one entity changed its state. The registry (names, areas, exposure) must
// be as before: With does not compute its hash again. An entity not in the snapshot is ignored.
func (s *Snapshot) With(e Entity) *Snapshot {
	i, ok := s.index(e.ID)
	if !ok {
		return s
	}
	next := *s
	next.Entities = slices.Clone(s.Entities)
	next.Entities[i] = e
	return &next
}

// WithStates is the snapshot with these entities in place of its own, which differ from them in their states only
// and are in the same order. They are kept.
func (s *Snapshot) WithStates(entities []Entity) *Snapshot {
	next := *s
	next.Entities = entities
	return &next
}

// Entity finds an entity by ID.
func (s *Snapshot) Entity(id EntityID) (Entity, bool) {
	if i, ok := s.index(id); ok {
		return s.Entities[i], true
	}
	return Entity{}, false
}

func (s *Snapshot) index(id EntityID) (int, bool) {
	return slices.BinarySearchFunc(s.Entities, id, func(e Entity, id EntityID) int {
		return strings.Compare(string(e.ID), string(id))
	})
}

// Area finds an area by ID.
func (s *Snapshot) Area(id string) (Area, bool) {
	i, ok := slices.BinarySearchFunc(s.Areas, id, func(a Area, id string) int { return strings.Compare(a.ID, id) })
	if !ok {
		return Area{}, false
	}
	return s.Areas[i], true
}

// Floor finds a floor by ID.
func (s *Snapshot) Floor(id string) (Floor, bool) {
	i, ok := slices.BinarySearchFunc(s.Floors, id, func(f Floor, id string) int { return strings.Compare(f.ID, id) })
	if !ok {
		return Floor{}, false
	}
	return s.Floors[i], true
}

// Registry identifies names, aliases, areas, floors and exposure, not states: two snapshots with the
// same value hear and match the same sentences.
func (s *Snapshot) Registry() string { return s.registry }

func (s *Snapshot) hashRegistry() string {
	h := sha256.New()
	line := func(fields ...string) { h.Write([]byte(strings.Join(fields, "\x1f") + "\x1e")) }
	for _, e := range s.Entities {
		exposed := "0"
		if e.Exposed {
			exposed = "1"
		}
		line("entity", string(e.ID), e.Name, strings.Join(e.Aliases, "\x1d"), e.Area, e.DeviceClass, exposed)
	}
	for _, a := range s.Areas {
		line("area", a.ID, a.Name, strings.Join(a.Aliases, "\x1d"), a.Floor)
	}
	for _, f := range s.Floors {
		line("floor", f.ID, f.Name, strings.Join(f.Aliases, "\x1d"))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
