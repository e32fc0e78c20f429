package command

import (
	"slices"
	"strings"

	"hearth/daemon/home"
)

// A place is where a sentence means: areas or floors it names, or the room it was said in.
type place struct {
	areas  []string // area IDs; nil when the sentence is not limited to areas
	floors []string // floor IDs; nil likewise
	// assumed is set when the room was not spoken of but is the speaker's. It is then a preference: what
	// the room does not have may be the only one of the home.
	assumed bool
	unknown bool // the speaker's room is meant, and not known
}

// place reads the slots area and floor.
func (q request) place() (place, error) {
	var p place
	switch {
	case q.has("area"):
		p.areas, p.assumed = q.areas(), !q.namesArea()
		if len(p.areas) == 0 {
			return p, &TargetError{"no_area", map[string]any{"area": q.said("area")}}
		}
	case q.NeedsArea && q.Room != "":
		p.areas, p.assumed = []string{q.Room}, true
	case q.NeedsArea:
		p.unknown = true
	}
	if q.has("floor") {
		p.floors = q.floors()
		if len(p.floors) == 0 {
			return p, &TargetError{"no_floor", map[string]any{"floor": q.said("floor")}}
		}
	}
	return p, nil
}

// namesArea tells whether the area slot was spoken, and not filled in from where the speaker is.
func (q request) namesArea() bool { return q.Slots["area"].Text != "" }

// areas are the IDs of the areas that the slot names.
func (q request) areas() []string {
	slot := q.Slots["area"]
	if len(slot.IDs) > 0 {
		return slot.IDs
	}
	var ids []string
	for _, a := range q.Home.Areas {
		if a.ID == q.text("area") || named(q.text("area"), a.Name, a.Aliases) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// floors are the IDs of the floors that the slot names.
func (q request) floors() []string {
	slot := q.Slots["floor"]
	if len(slot.IDs) > 0 {
		return slot.IDs
	}
	var ids []string
	for _, f := range q.Home.Floors {
		if f.ID == q.text("floor") || named(q.text("floor"), f.Name, f.Aliases) {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// named tells whether somebody who says text means the thing with this name and these aliases.
func named(text, name string, aliases []string) bool {
	same := func(other string) bool { return strings.EqualFold(strings.TrimSpace(other), strings.TrimSpace(text)) }
	return same(name) || slices.ContainsFunc(aliases, same)
}

// holds tells whether the entity is in the place.
func (p place) holds(s *home.Snapshot, e home.Entity) bool {
	if p.areas != nil && !slices.Contains(p.areas, e.Area) {
		return false
	}
	return p.floors == nil || e.Area != "" && slices.Contains(p.floors, floorOf(s, e.Area))
}

// floorOf is the floor of an area, "" when it has none.
func floorOf(s *home.Snapshot, area string) string {
	a, _ := s.Area(area)
	return a.Floor
}

// chosen is the sensor that the owner chose to speak for the one area that the sentence means, if it is exposed
// and tells something.
func (q request) chosen(sensor func(home.Area) home.EntityID) (home.Entity, bool) {
	p, err := q.place()
	if err != nil || q.has("name") || len(p.areas) != 1 || p.floors != nil {
		return home.Entity{}, false
	}
	area, _ := q.Home.Area(p.areas[0])
	e, ok := q.Home.Entity(sensor(area))
	return e, ok && e.Exposed && e.Available() && e.State != home.Unknown
}
