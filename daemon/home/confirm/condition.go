package confirm

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"hearth/daemon/home"
)

// becomes is met in any of the given states.
func becomes(states ...string) rule {
	return func(_ home.Call, before home.Entity) condition {
		return func(now home.Entity) (string, bool) {
			return moved(before, now, slices.Contains(states, now.State))
		}
	}
}

// leaves is met in any state but the given ones.
func leaves(states ...string) rule {
	states = append(states, home.Unknown)
	return func(_ home.Call, before home.Entity) condition {
		return func(now home.Entity) (string, bool) {
			return moved(before, now, !slices.Contains(states, now.State))
		}
	}
}

// starts is met in a state that only leads to the result, as well as by the result itself: a lock that
// is locking may jam, but an alarm that is arming has heard.
func starts(leading, to string) rule {
	return func(_ home.Call, before home.Entity) condition {
		return func(now home.Entity) (string, bool) {
			if now.State == leading {
				return "is " + leading, true
			}
			return moved(before, now, now.State == to)
		}
	}
}

// flips is met by off when the entity was in one of the states, and by on otherwise.
func flips(off, on rule, states ...string) rule {
	return func(call home.Call, before home.Entity) condition {
		if slices.Contains(states, before.State) {
			return off(call, before)
		}
		return on(call, before)
	}
}

// both is met when two rules are.
func both(first, second rule) rule {
	return func(call home.Call, before home.Entity) condition {
		return all(first(call, before), second(call, before))
	}
}

// all is met when each of its conditions is. Nil ones ask for nothing, and nothing but them is nil.
func all(conditions ...condition) condition {
	conditions = slices.DeleteFunc(conditions, func(c condition) bool { return c == nil })
	if len(conditions) == 0 {
		return nil
	}
	return func(now home.Entity) (string, bool) {
		var seen []string
		for _, c := range conditions {
			sees, met := c(now)
			if !met {
				return sees, false
			}
			seen = append(seen, sees)
		}
		return strings.Join(seen, ", "), true
	}
}

// moved says how the state changed, or that it did not, and passes on whether that is as wanted.
func moved(before, now home.Entity, met bool) (string, bool) {
	switch {
	case before.State == now.State && met:
		return "was already " + words(now.State), true
	case before.State == now.State:
		return "is still " + words(now.State), false
	case before.State == "" || before.State == home.Unknown || !before.Available():
		return "state is " + words(now.State), met
	}
	return "state went from " + words(before.State) + " to " + words(now.State), met
}

// stamped is met when a state that is a moment in time has changed.
func stamped(evidence string) rule {
	return func(_ home.Call, before home.Entity) condition {
		return func(now home.Entity) (string, bool) {
			if now.State == before.State {
				return "nothing happened", false
			}
			return evidence, true
		}
	}
}

// quantity is met when an attribute is near the value that a field of the call asks for.
type quantity struct {
	field, attribute string
	label            string
	scale            float64                // from the field's unit to the attribute's
	tolerance        float64                // in the attribute's unit
	show             func(v float64) string // of the attribute
}

// rule leaves out what the call does not ask for.
func (q quantity) rule(call home.Call, before home.Entity) condition {
	asked, ok := home.Number(call.Data[q.field])
	if !ok {
		return nil
	}
	return q.near(asked*q.scale, before)
}

func (q quantity) near(want float64, before home.Entity) condition {
	return func(now home.Entity) (string, bool) {
		got, ok := home.Number(now.Attributes[q.attribute])
		if !ok {
			return q.label + " is not known", false
		}
		if math.Abs(got-want) > q.tolerance+1e-9 {
			return q.label + " is " + q.show(got) + ", not " + q.show(want), false
		}
		if was, ok := home.Number(before.Attributes[q.attribute]); ok && was == got {
			return q.label + " was already " + q.show(got), true
		}
		return q.label + " is " + q.show(got), true
	}
}

// grows is met when a number in an attribute has gone up, or down for a negative sign, or has come to
// the given end of its range. It is nil for an entity that does not report the attribute.
func (q quantity) grows(sign, end float64) rule {
	return func(_ home.Call, before home.Entity) condition {
		was, ok := home.Number(before.Attributes[q.attribute])
		if !ok {
			return nil
		}
		return func(now home.Entity) (string, bool) {
			got, ok := home.Number(now.Attributes[q.attribute])
			if !ok {
				return q.label + " is not known", false
			}
			return q.label + " is " + q.show(got), (got-was)*sign > 0 || math.Abs(got-end) <= q.tolerance
		}
	}
}

// equals is met when an attribute has the value of a field, and is nil when the call has no such field.
func equals(field, attribute, label string) rule {
	return func(call home.Call, before home.Entity) condition {
		want, ok := call.Data[field]
		if !ok {
			return nil
		}
		return func(now home.Entity) (string, bool) {
			got := now.Attributes[attribute]
			switch {
			case !reflect.DeepEqual(got, want):
				return fmt.Sprintf("%s is %v, not %v", label, got, want), false
			case reflect.DeepEqual(before.Attributes[attribute], got):
				return fmt.Sprintf("%s was already %v", label, got), true
			}
			return fmt.Sprintf("%s is %v", label, got), true
		}
	}
}

// changes is met when any of the attributes is not what it was; the first one that is known is the evidence.
func changes(label string, attributes ...string) rule {
	return func(_ home.Call, before home.Entity) condition {
		return func(now home.Entity) (string, bool) {
			changed := slices.ContainsFunc(attributes, func(a string) bool {
				return !reflect.DeepEqual(now.Attributes[a], before.Attributes[a])
			})
			if !changed {
				return label + " is the same as before", false
			}
			for _, a := range attributes {
				if value := now.Attributes[a]; value != nil {
					return fmt.Sprintf("%s is now %v", label, value), true
				}
			}
			return label + " is another one", true
		}
	}
}

// words makes a state readable: "armed away".
func words(state string) string { return strings.ReplaceAll(state, "_", " ") }

func percent(v float64) string { return plain(math.Round(v)) + " %" }

func degrees(v float64) string { return plain(math.Round(v*10)/10) + "°" }

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
