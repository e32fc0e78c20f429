package intent

import "hearth/daemon/intent/jinja"

// States that say nothing of a device, in Home Assistant's words.
const (
	stateUnknown     = "unknown"
	stateUnavailable = "unavailable"
)

// A stateLookup is what Home Assistant's functions about entities ask: the entities that the response is about,
// and for an owner's own responses all others by their ID.
type stateLookup struct {
	about  []any
	entity func(id string) (State, bool) // nil for no others
}

func (l stateLookup) find(args []any) (State, bool) {
	if len(args) == 0 {
		return State{}, false
	}
	for _, s := range l.about {
		if s := s.(stateVar); s.id() == args[0] {
			return *s.State, true
		}
	}
	if id, ok := args[0].(string); ok && l.entity != nil {
		return l.entity(id)
	}
	return State{}, false
}

// state is states(entity_id): "unknown" when there is no such entity.
func (l stateLookup) state(args []any) (any, error) {
	s, ok := l.find(args)
	if !ok {
		return stateUnknown, nil
	}
	return s.State, nil
}

// isState is is_state(entity_id, state).
func (l stateLookup) isState(args []any) (any, error) {
	s, ok := l.find(args)
	if !ok || len(args) < 2 {
		return false, nil
	}
	return args[1] == s.State, nil
}

// attribute is state_attr(entity_id, name): none when there is no such attribute.
func (l stateLookup) attribute(args []any) (any, error) {
	s, ok := l.find(args)
	if !ok || len(args) < 2 {
		return nil, nil
	}
	name, _ := args[1].(string)
	return responseValue(s.Attributes[name]), nil
}

// hasValue is has_value(entity_id): whether its state says anything.
func (l stateLookup) hasValue(args []any) (any, error) {
	s, ok := l.find(args)
	return ok && s.State != stateUnknown && s.State != stateUnavailable, nil
}

func (l stateLookup) addTo(vars jinja.Vars) {
	vars["states"], vars["is_state"] = jinja.Func(l.state), jinja.Func(l.isState)
	vars["state_attr"], vars["has_value"] = jinja.Func(l.attribute), jinja.Func(l.hasValue)
}
