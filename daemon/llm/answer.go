package llm

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// A writtenAnswer is what the model was asked to write.
type writtenAnswer struct {
	Calls []writtenCall   `json:"calls"`
	Tell  []home.EntityID `json:"tell"`
	Reply string          `json:"reply"`
}

type writtenCall struct {
	Entity  home.EntityID  `json:"entity,omitempty"`
	Area    string         `json:"area,omitempty"`   // in the place of an entity, with a domain
	Domain  string         `json:"domain,omitempty"` // likewise
	Service string         `json:"service"`
	Data    map[string]any `json:"data,omitempty"`
}

// An answer is what of it can be used: calls, or entities whose state is to be told, or a reply.
type answer struct {
	calls []home.Call
	tell  []home.EntityID
	reply string
}

// read reads an answer and checks it against what was offered. One call that makes no sense spoils the answer: half of
// what was asked is not what was asked. So does a reply that claims what only calls can do, or, unless a Witness has told,
// how something of the home is. Its errors are for the model to read.
func (q *question) read(output string, witnessed bool) (answer, error) {
	var w writtenAnswer
	// Nothing but white space follows a complete answer; a model whose output is not bound by the
	// schema may add words, which are of no use.
	if err := json.NewDecoder(strings.NewReader(withoutThoughts(output))).Decode(&w); err != nil {
		return answer{}, fmt.Errorf("the answer is not complete JSON: %w", err)
	}
	switch {
	case len(w.Calls) > maxCalls:
		return answer{}, fmt.Errorf("the answer has %d calls, more than %d", len(w.Calls), maxCalls)
	case len(w.Calls) > 0:
		calls, err := q.calls(w.Calls)
		return answer{calls: calls}, err
	case len(w.Tell) > 0:
		tell, err := q.told(w.Tell)
		return answer{tell: tell}, err
	case strings.TrimSpace(readable(w.Reply)) == "":
		return answer{}, errors.New("the answer has neither calls nor a reply")
	}
	reply := readable(w.Reply)
	return answer{reply: reply}, q.witness(witnessed).honest(reply)
}

// withoutThoughts drops what some models write before they answer although they were told not to.
func withoutThoughts(output string) string {
	if _, rest, found := strings.Cut(output, "</think>"); found && strings.HasPrefix(strings.TrimSpace(output), "<think>") {
		return rest
	}
	return output
}

// told are the entities that are to be told of, each once.
func (q *question) told(written []home.EntityID) ([]home.EntityID, error) {
	var tell []home.EntityID
	for _, id := range written[:min(len(written), maxTold)] {
		switch {
		case !q.offers(id):
			return nil, noEntity(id)
		case !tells(id):
			return nil, fmt.Errorf("the state of %s does not tell what is in it", id)
		}
		if !slices.Contains(tell, id) {
			tell = append(tell, id)
		}
	}
	return tell, nil
}

// tells tells whether an entity's state answers anything. That of a calendar, "on" during an event, does not, nor that of a
// list, how many things are left on it: who asks for them wants to know what is in there.
func tells(id home.EntityID) bool { return id.Domain() != "calendar" && id.Domain() != "todo" }

// calls are the calls that were written, each once: small models repeat themselves.
func (q *question) calls(written []writtenCall) ([]home.Call, error) {
	targets := q.targets()
	var calls []home.Call
	var faults []error
	for _, w := range written {
		meant, err := q.meant(targets, w)
		faults = append(faults, err)
		for _, call := range meant {
			if !slices.ContainsFunc(calls, func(c home.Call) bool { return reflect.DeepEqual(c, call) }) {
				calls = append(calls, call)
			}
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if len(calls) > maxTogether {
		return nil, fmt.Errorf("the answer has calls for %d entities, more than %d", len(calls), maxTogether)
	}
	return calls, nil
}

// meant are the calls that a written one stands for.
func (q *question) meant(targets []target, w writtenCall) ([]home.Call, error) {
	if w.Entity == "" && w.Area != "" {
		return q.group(w)
	}
	call, err := q.call(targets, w)
	if err != nil {
		return nil, err
	}
	return []home.Call{call}, nil
}

func (q *question) call(targets []target, w writtenCall) (home.Call, error) {
	i := slices.IndexFunc(targets, func(t target) bool { return t.id == w.Entity })
	if i < 0 {
		return home.Call{}, noEntity(w.Entity)
	}
	t := targets[i]
	name := strings.TrimPrefix(w.Service, t.id.Domain()+".")
	s := slices.IndexFunc(t.services, func(s command.Service) bool { return s.Name == name })
	if s < 0 {
		return home.Call{}, fmt.Errorf("%s has no service %s", t.id, quoted(w.Service))
	}
	call, err := t.make(t.services[s], w.Data)
	if err != nil {
		return home.Call{}, fmt.Errorf("%s of %s: %w", name, t.id, err)
	}
	return call, nil
}

func noEntity(id home.EntityID) error {
	return fmt.Errorf("there is no entity %s among those listed", quoted(string(id)))
}

// A target is something that can be called in answer to a question, with what it can be asked for.
type target struct {
	id       home.EntityID
	services []command.Service
	make     func(s command.Service, data map[string]any) (home.Call, error)
}

// targets are the entities that are offered, the timers there are, one that can be started, and the memory for what is to be remembered.
func (q *question) targets() []target {
	var all []target
	watched := make([]string, len(q.offered))
	for i, e := range q.offered {
		watched[i] = string(e.ID)
		all = append(all, target{e.ID, command.Services(q.Home, e), func(s command.Service, data map[string]any) (home.Call, error) {
			return s.Call(e, data)
		}})
	}
	for _, t := range q.running() {
		all = append(all, target{command.TimerEntity(t.ID), command.TimerServices(t), func(s command.Service, data map[string]any) (home.Call, error) {
			return s.TimerCall(t.ID, data)
		}})
	}
	in := command.Input{Home: q.Home, Room: q.Room, Now: q.now}
	all = append(all, target{command.NewTimer, command.NewTimerServices(watched), in.StartTimer})
	if q.MayRemember {
		all = append(all, target{command.Memory, command.MemoryServices(), command.Service.MemoryCall})
	}
	return all
}
