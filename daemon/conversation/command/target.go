package command

import (
	"slices"
	"strings"

	"hearth/daemon/home"
)

// A want limits which entities a sentence may mean, beyond what its slots say.
type want struct {
	domains []string   // any when empty
	can     capability // any when nil
	states  []string   // one of these, any when empty
	strict  bool       // a room that was only assumed does not give way
}

// targets are the exposed entities that the sentence means, sorted by ID and never empty without an
// error. A name means one entity, a list of names each of them; an area, a floor or a domain means all that fit.
//
// The order of the tests, and with it which apology is given, is Home Assistant's
// (homeassistant/helpers/intent.py, async_match_targets).
func (q request) targets(w want) ([]home.Entity, error) {
	p, err := q.place()
	if err != nil {
		return nil, err
	}
	candidates := q.candidates(w)
	here, err := q.inPlace(p, w, candidates)
	if err != nil {
		return nil, err
	}
	able := keep(here, w.can)
	if len(able) == 0 {
		return nil, &TargetError{Key: "feature_not_supported"}
	}
	ready := keep(able, w.inState)
	if len(ready) == 0 {
		return nil, &TargetError{"entity_wrong_state", map[string]any{"state": w.states[0]}}
	}
	if _, several := q.Slots["name"].Value.([]any); q.has("name") && !several {
		return q.oneOf(ready, p)
	}
	return ready, nil
}

// candidates are all entities that have the sentence's name, domain and device class, exposed or not.
func (q request) candidates(w want) []home.Entity {
	fits := func(e home.Entity) bool {
		return q.tellsOpening(e) || (len(w.domains) == 0 || slices.Contains(w.domains, e.Domain())) &&
			q.allows("domain", e.Domain()) && (q.allows("device_class", e.DeviceClass) || q.seesPeople(e))
	}
	if !q.has("name") {
		return keep(q.Home.Entities, fits)
	}
	return keep(q.bearers(), fits)
}

// seesPeople tells whether an entity is a sensor of another class than that of motion, which is asked for, but sees people too.
func (q request) seesPeople(e home.Entity) bool {
	return e.Domain() == "binary_sensor" && slices.Contains([]string{"occupancy", "presence"}, e.DeviceClass) && q.text("device_class") == "motion"
}

// allows tells whether a slot with one or more values admits value; a slot that is not there does.
func (q request) allows(slot, value string) bool {
	return !q.has(slot) || slices.Contains(q.Slots[slot].Strings(), value)
}

// bearers are the entities that bear the name of the sentence.
func (q request) bearers() []home.Entity {
	slot := q.Slots["name"]
	if len(slot.IDs) == 0 {
		name := q.text("name")
		return keep(q.Home.Entities, func(e home.Entity) bool { return named(name, e.Name, e.Aliases) })
	}
	return keep(q.Home.Entities, func(e home.Entity) bool { return slices.Contains(slot.IDs, string(e.ID)) })
}

// inPlace are the exposed candidates in the place. Unless strictly meant, a room that was only assumed
// gives way to the one entity of the home that fits.
func (q request) inPlace(p place, w want, candidates []home.Entity) ([]home.Entity, error) {
	exposed := keep(candidates, func(e home.Entity) bool { return e.Exposed })
	if p.unknown && len(exposed) > 1 && !q.has("name") {
		return nil, ErrNeedsRoom
	}
	holds := func(e home.Entity) bool { return p.holds(q.Home, e) }
	here := keep(exposed, holds)
	if len(here) == 0 && p.assumed && !w.strict && len(exposed) == 1 {
		here = exposed
	}
	if len(here) == 0 {
		return nil, q.missing(p, w, len(keep(candidates, holds)) > 0)
	}
	return here, nil
}

// oneOf chooses among entities of the same name: the one in the speaker's room, else on its floor.
func (q request) oneOf(entities []home.Entity, p place) ([]home.Entity, error) {
	near := []capability{
		func(home.Entity) bool { return true },
		func(e home.Entity) bool { return q.Room != "" && e.Area == q.Room },
		func(e home.Entity) bool {
			floor := floorOf(q.Home, q.Room)
			return floor != "" && e.Area != "" && floorOf(q.Home, e.Area) == floor
		},
	}
	for _, test := range near {
		if found := keep(entities, test); len(found) == 1 {
			return found, nil
		}
	}
	return nil, q.apology("duplicate_entities", p)
}

// missing is the apology for an empty place. Hidden says that something fits but is not exposed.
func (q request) missing(p place, w want, hidden bool) *TargetError {
	e := q.apology("no_"+q.subject(), p)
	if hidden {
		e.Key += "_exposed"
	}
	if _, ok := e.Data["domain"]; !ok && len(w.domains) > 0 {
		e.Data["domain"] = w.domains[0]
	}
	return e
}

// subject is what the sentence asks for: an entity by name, a device class or a domain.
func (q request) subject() string {
	switch {
	case q.has("name"):
		return "entity"
	case q.has("device_class"):
		return "device_class"
	}
	return "domain"
}

// apology is an error with the facts of the sentence, for the place it speaks of.
func (q request) apology(key string, p place) *TargetError {
	e := &TargetError{Key: key, Data: map[string]any{}}
	if q.has("name") {
		e.Data["entity"] = q.said("name")
	}
	for _, slot := range []string{"domain", "device_class"} {
		if q.has(slot) {
			e.Data[slot] = q.text(slot)
		}
	}
	switch {
	case p.areas != nil:
		e.Key += "_in_area"
		e.Data["area"] = q.areaName(p)
	case p.floors != nil:
		e.Key += "_in_floor"
		e.Data["floor"] = q.said("floor")
	}
	return e
}

// areaName is the area as it was said, or as it is called when it was not.
func (q request) areaName(p place) string {
	if !p.assumed {
		return q.said("area")
	}
	a, _ := q.Home.Area(p.areas[0])
	return a.Name
}

// inState tells whether the entity is in one of the wanted states. A device that reports nothing, or
// cannot be reached, is not known to be in another.
func (w want) inState(e home.Entity) bool {
	return len(w.states) == 0 || e.Assumed || !e.Available() ||
		slices.ContainsFunc(w.states, func(s string) bool { return strings.EqualFold(s, e.State) })
}

// keep gives the entities that pass the test, all of them when it is nil. It copies none while all pass,
// as most do in a large home: the result is not to be changed.
func keep(entities []home.Entity, test func(home.Entity) bool) []home.Entity {
	if test == nil {
		return entities
	}
	first := slices.IndexFunc(entities, func(e home.Entity) bool { return !test(e) })
	if first < 0 {
		return entities
	}
	kept := slices.Clip(entities[:first]) // without room to append in, which is the snapshot's
	for _, e := range entities[first+1:] {
		if test(e) {
			kept = append(kept, e)
		}
	}
	return kept
}
