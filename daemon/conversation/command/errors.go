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

// errorf wraps a sentinel with what it is about.
func errorf(sentinel error, format string, args ...any) error {
	return fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...))
}
