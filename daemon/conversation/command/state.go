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
		if q.has("name") || q.Response == "all" || !isAbsent(err) {
			return Command{}, err
		}
		return Command{}, nil
	}
	return Command{Answer: q.sorted(targets)}, nil
}

// isAbsent tells whether the error says only that there is nothing of that kind in a known place.
func isAbsent(err error) bool {
	var target *TargetError
	return errors.As(err, &target) && !strings.HasSuffix(target.Key, "_exposed") &&
		(strings.HasPrefix(target.Key, "no_domain") || strings.HasPrefix(target.Key, "no_device_class"))
}

// sorted puts entities in the asked state, or all when none is asked for, before the others.
func (q request) sorted(entities []home.Entity) (answer intent.ResponseData) {
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

// inAskedState compares without case: the zone of a person is whatever was said.
func (q request) inAskedState(e home.Entity) bool {
	if !q.has("state") {
		return true
	}
	return slices.ContainsFunc(q.Slots["state"].Strings(), func(s string) bool { return strings.EqualFold(s, e.State) })
}

// getWeather answers with the weather as it is now, from the named source or the home's first.
func getWeather(q request) (Command, error) {
	targets, err := q.targets(want{domains: []string{"weather"}})
	if err != nil {
		return Command{}, err
	}
	return Command{Answer: about(targets[:1])}, nil
}
