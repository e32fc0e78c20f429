package gate

import (
	"path"
	"slices"
	"strings"

	"hearth/daemon/home"
)

// A Target is what a setting is about: a domain ("lock"), a device class of one ("cover.garage"), an entity
// ("switch.kitchen_oven"), in which * stands for any letters ("*.oven*"), or a service ("lock.unlock").
// One that could be read in two ways means both.
type Target string

// A change is what a call does to one entity: its own, or one in the group, scene or script that it names.
type change struct {
	entity  home.Entity
	service string // "lock.unlock"; "" when the call does not tell, as a scene's
	any     bool   // a service that the call does not tell counts as each of the domain's
	opaque  bool   // it is a script or an automation, and may do anything
}

func (t Target) covers(c change) bool {
	domain, rest, dotted := strings.Cut(string(t), ".")
	if !dotted {
		return domain == c.entity.Domain()
	}
	if matched, err := path.Match(string(t), string(c.entity.ID)); matched && err == nil {
		return true
	}
	if domain != c.entity.Domain() {
		return false
	}
	return rest == c.entity.DeviceClass || string(t) == c.service || c.service == "" && c.any && slices.Contains(services[domain], rest)
}

// Names tells whether the target is about an entity, whatever is called on it.
func (t Target) Names(e home.Entity) bool { return t.covers(change{entity: e}) }

func anyCovers(targets []Target, c change) bool {
	return slices.ContainsFunc(targets, func(t Target) bool { return t.covers(c) })
}

// changes are all that a call changes, its own entity first.
func (g *Gate) changes(snapshot *home.Snapshot, call home.Call) []change {
	var all []change
	seen := map[home.EntityID]bool{}
	var add func(id home.EntityID, direct bool)
	add = func(id home.EntityID, direct bool) {
		if seen[id] {
			return
		}
		seen[id] = true
		e, ok := snapshot.Entity(id)
		if !ok {
			e = home.Entity{ID: id, Name: string(id)}
		}
		c := change{entity: e}
		if direct && slices.Contains(services[e.Domain()], call.Service) {
			c.service = e.Domain() + "." + call.Service
		}
		members := e.Members()
		if runs(id.Domain(), call.Service, direct) {
			c.opaque = e.Runs == nil && !slices.Contains(g.options.Harmless, Target(id))
			members = append(members, e.Runs...)
		}
		all = append(all, c)
		for _, member := range members {
			add(member, direct && (e.Domain() == "group" || e.Domain() == member.Domain()))
		}
	}
	add(call.Entity, true)
	return all
}

// runs tells whether a service, or whatever may be called when it is not called directly, makes a script or an automation
// do what it is for.
func runs(domain, service string, direct bool) bool {
	switch domain {
	case "script":
		return !direct || service != "turn_off"
	case "automation":
		return !direct || service == "trigger"
	}
	return false
}

// lookForTargets logs which entities and rooms of the owner's settings a home does not have, once for each
// registry: what is misspelt protects nothing.
func (g *Gate) lookForTargets(snapshot *home.Snapshot) {
	if g.options.Log == nil || len(snapshot.Entities) == 0 {
		return
	}
	if seen := g.registry.Load(); seen != nil && *seen == snapshot.Registry() {
		return
	}
	registry := snapshot.Registry()
	g.registry.Store(&registry)
	if missing := g.missing(snapshot); len(missing) > 0 {
		g.options.Log.Warn("the gate's settings name what the home does not have", "names", missing)
	}
}

func (g *Gate) missing(snapshot *home.Snapshot) []string {
	var missing []string
	targets := slices.Concat(g.options.Critical, g.options.Harmless, g.options.PINFor)
	for _, r := range g.options.Rules {
		targets = append(targets, r.Targets...)
		for _, room := range r.Rooms {
			if _, ok := snapshot.Area(room); !ok {
				missing = append(missing, room)
			}
		}
	}
	for _, t := range targets {
		if t.isEntity() && !slices.ContainsFunc(snapshot.Entities, func(e home.Entity) bool { return t.covers(change{entity: e}) }) {
			missing = append(missing, string(t))
		}
	}
	return missing
}

// isEntity tells whether the target can only be an entity. The classes of the defaults are none, whether or
// not a home has any of them.
func (t Target) isEntity() bool {
	domain, rest, dotted := strings.Cut(string(t), ".")
	return dotted && !slices.Contains(services[domain], rest) && !slices.Contains(DefaultCritical(), t)
}
