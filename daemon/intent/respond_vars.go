package intent

import (
	"cmp"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"time"

	"hearth/daemon/intent/jinja"
)

// responseVars are the variables that Home Assistant gives a response, under its names.
func responseVars(r Result, data ResponseData) jinja.Vars {
	matched, unmatched := stateVars(data.Matched), stateVars(data.Unmatched)
	states := slices.Concat(matched, unmatched)
	var about any
	switch {
	case data.State != nil:
		about = stateVar{data.State}
		states = append(states, about)
	case len(states) > 0:
		about = states[0]
	}
	vars := jinja.Vars{
		"slots": slotVars(r, data),
		"state": about,
		"query": map[string]any{
			"matched": matched, "unmatched": unmatched, "total_results": len(matched) + len(unmatched),
		},
	}
	vars["now"] = jinja.Func(func([]any) (any, error) { return moment{data.Now, time.DateTime}, nil })
	stateLookup{states, data.Entity}.addTo(vars)
	return vars
}

// slotVars are the slots of the sentence and what the intent adds to them. Numbers are spoken of as the
// person spoke of them: "half", not 30.
func slotVars(r Result, data ResponseData) map[string]any {
	vars := map[string]any{
		"timers":          timerVars(data.Timers),
		"canceled":        len(data.Timers),
		"completed_items": []any{},
		"media":           nil,
		"items":           responseValue(data.Items),
		"date":            moment{data.Now, time.DateOnly},
		"time":            moment{data.Now, time.TimeOnly},
	}
	if len(data.Media) > 0 {
		vars["media"] = map[string]any{"title": data.Media[0]}
	}
	for name, fact := range data.Facts {
		vars[name] = responseValue(fact)
	}
	for name, slot := range r.Slots {
		vars[name] = responseValue(slot.Value)
		switch slot.Value.(type) {
		case int, float64:
			if slot.Text != "" {
				vars[name] = slot.Text
			}
		}
	}
	return vars
}

// A stateVar is a state for templates. Printed or compared it is the state that Home Assistant has: "on".
type stateVar struct{ *State }

func (s stateVar) String() string { return s.State.State }

// id stands in for the entity ID, which nobody speaks of: templates hand it back to state_attr.
func (s stateVar) id() string { return s.Domain + "." + s.Name }

func (s stateVar) Attr(name string) (any, bool) {
	switch name {
	case "entity_id":
		return s.id(), true
	case "name":
		return s.Name, true
	case "domain":
		return s.Domain, true
	case "hass_state":
		return s.State.State, true
	case "state":
		return cmp.Or(s.Spoken, s.State.State), true
	case "state_with_unit":
		return cmp.Or(s.StateWithUnit, s.Spoken, s.State.State), true
	case "attributes":
		return responseValue(s.Attributes), true
	}
	return nil, false
}

func stateVars(states []State) []any {
	vars := make([]any, len(states))
	for i := range states {
		vars[i] = stateVar{&states[i]}
	}
	return vars
}

// responseValue makes a value of Home Assistant's one of a template's. Whole numbers that JSON made floats
// are whole again: 21 degrees, not 21.0.
func responseValue(v any) any {
	switch v := v.(type) {
	case nil, bool, int, string, jinja.Object:
		return v
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int(v)
		}
		return v
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return int(i)
		}
		f, _ := v.Float64()
		return f
	}
	value := reflect.ValueOf(v)
	switch {
	case value.CanInt():
		return int(value.Int())
	case value.CanUint():
		return int(value.Uint())
	case value.CanFloat():
		return responseValue(value.Float())
	case value.Kind() == reflect.String:
		return value.String()
	case value.Kind() == reflect.Slice:
		items := make([]any, value.Len())
		for i := range items {
			items[i] = responseValue(value.Index(i).Interface())
		}
		return items
	case value.Kind() == reflect.Map && value.Type().Key().Kind() == reflect.String:
		fields := make(map[string]any, value.Len())
		for _, key := range value.MapKeys() {
			fields[key.String()] = responseValue(value.MapIndex(key).Interface())
		}
		return fields
	}
	return nil
}
