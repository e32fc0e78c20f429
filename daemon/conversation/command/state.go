package command

import (
	"errors"
	"slices"
	"strings"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// getState answers what the state of something is, or which entities are in a state. Entities in the
// asked state are the answer's Matched, the other ones of the same kind and place its Unmatched.
//
// A question about any, which or how many of nothing has the true answer none; one about all of
// nothing, or about one by name, gets an apology. Home Assistant says yes to all of nothing.
func getState(q request) (Command, error) {
	targets, err := q.targets(want{})
	if err != nil {
		if q.has("name") || slices.Contains(ofSomething, q.Response) || slices.Contains(tellers, q.text("domain")) || !isAbsent(err) {
			return Command{}, err
		}
		return Command{}, nil
	}
	if q.asksDoorOfLock(targets) {
		targets = q.doorOf(targets[0])
	}
	for i := range targets {
		if opening, ok := map[string]string{"on": "open", "off": "closed"}[targets[i].State]; ok && q.tellsOpening(targets[i]) {
			targets[i].State = opening
		}
	}
	return Command{Answer: q.sorted(targets)}, nil
}

// ofSomething are the responses to questions that have no answer when there is nothing of what is asked about.
var ofSomething = []string{"all", "one_yesno"}

// tellers are the domains of what only tells: where no sensor looks nobody knows whether anything moves.
var tellers = []string{"binary_sensor", "person"}

// openings are the classes of sensors that tell whether something of a class of covers is open.
var openings = map[string]string{"window": "window", "door": "door", "garage_door": "garage"}

// tellsOpening tells whether an entity is a sensor that knows what is asked of covers: which windows are open. The
// published sentences ask for covers alone, and most homes have sensors.
func (q request) tellsOpening(e home.Entity) bool {
	return q.Intent == "HassGetState" && e.Domain() == "binary_sensor" && !q.has("name") && q.has("device_class") &&
		q.has("domain") && q.allows("domain", "cover") && openings[e.DeviceClass] != "" && q.allows("device_class", openings[e.DeviceClass])
}

// asksDoorOfLock tells whether a lock is asked by its name for what its door knows: whether it is open.
func (q request) asksDoorOfLock(found []home.Entity) bool {
	state := q.text("state")
	return q.has("name") && len(found) == 1 && found[0].Domain() == "lock" && (state == "open" || state == "closed")
}

// doorOf is the sensor of the door that a lock locks: one that is called like the lock ("Front Door Contact"), or the
// only one of a room with one lock. Without such a sensor it is the lock itself.
func (q request) doorOf(lock home.Entity) []home.Entity {
	doors := keep(q.Home.Entities, func(e home.Entity) bool {
		return e.Exposed && (e.State == "on" || e.State == "off") && e.Domain() == "binary_sensor" && slices.Contains([]string{"door", "garage_door", "opening"}, e.DeviceClass)
	})
	found := keep(doors, func(e home.Entity) bool {
		return slices.ContainsFunc(append([]string{lock.Name}, lock.Aliases...), func(name string) bool {
			return name != "" && strings.HasPrefix(strings.ToLower(e.Name), strings.ToLower(name))
		})
	})
	if len(found) == 0 && lock.Area != "" {
		here := func(e home.Entity) bool { return e.Area == lock.Area }
		if len(keep(q.Home.Entities, func(e home.Entity) bool { return e.Domain() == "lock" && here(e) })) == 1 {
			found = keep(doors, here)
		}
	}
	if len(found) != 1 {
		return []home.Entity{lock}
	}
	door := found[0]
	door.State = map[string]string{"on": "open", "off": "closed"}[door.State]
	return []home.Entity{door}
}

// isAbsent tells whether the error says only that there is nothing of that kind in a known place.
func isAbsent(err error) bool {
	var target *TargetError
	return errors.As(err, &target) && !strings.HasSuffix(target.Key, "_exposed") &&
		(strings.HasPrefix(target.Key, "no_domain") || strings.HasPrefix(target.Key, "no_device_class"))
}

// sorted puts entities in the asked state, or all when none is asked for, before the others. How those are that cannot be
// reached is not known, unless there are no others.
func (q request) sorted(entities []home.Entity) (answer intent.ResponseData) {
	if reached := keep(entities, home.Entity.Available); len(reached) > 0 && q.has("state") {
		entities = reached
	}
	for _, e := range entities {
		if q.inAskedState(e) {
			answer.Matched = append(answer.Matched, state(e))
		} else {
			answer.Unmatched = append(answer.Unmatched, state(e))
		}
	}
	if first := slices.Concat(answer.Matched, answer.Unmatched); len(first) > 0 {
		answer.State = &first[0]
	}
	return answer
}

// inAskedState compares without case: the zone of a person is whatever was said. A player that plays is on.
func (q request) inAskedState(e home.Entity) bool {
	if !q.has("state") {
		return true
	}
	return slices.ContainsFunc(q.Slots["state"].Strings(), func(s string) bool {
		return strings.EqualFold(s, e.State) || slices.Contains(busy, e.Domain()) && Shows(e, e.State, s) || s == "done" && InState(e, s)
	})
}

// getWeather answers with the weather as it is now, from the named source or the home's first.
func getWeather(q request) (Command, error) {
	targets, err := q.targets(want{domains: []string{"weather"}})
	if err != nil {
		return Command{}, err
	}
	return Command{Answer: about(targets[:1])}, nil
}
