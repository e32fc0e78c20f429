package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A TargetError says that nothing in the home, or too much of it, fits the sentence.
type TargetError struct {
	// Key names one of the language's error responses: "no_entity_in_area", "duplicate_entities",
	// "timer_not_found" (responses.errors in the published sentences).
	Key string
	// Data is what that response may speak of: entity, area, floor, domain, device_class, state.
	Data map[string]any
}

func (e *TargetError) Error() string {
	facts := make([]string, 0, len(e.Data))
	for _, key := range slices.Sorted(maps.Keys(e.Data)) {
		facts = append(facts, fmt.Sprintf("%s=%v", key, e.Data[key]))
	}
	return strings.TrimSpace("no fitting target: " + e.Key + " " + strings.Join(facts, " "))
}

// An OptionError says that a device cannot be set to a word, and to which it can.
type OptionError struct {
	Entity  string // its name
	Option  string // as it was said
	Options []string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("%s cannot be set to %q, only to %s", e.Entity, e.Option, strings.Join(e.Options, ", "))
}

// A RangeError says that a number is beyond what a device can be set to.
type RangeError struct {
	Entity   string // its name
	Min, Max float64
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("%s can only be set from %v to %v", e.Entity, e.Min, e.Max)
}

// errorf wraps a sentinel with what it is about.
func errorf(sentinel error, format string, args ...any) error {
	return fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...))
}
