package command

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"hearth/daemon/home"
)

// maxText is how many runes a text has that a device is given: an item, a message.
const maxText = 200

// Call is the call of the service with what somebody wrote for its data, who need not be trusted: whole numbers as int,
// words in the device's own spelling, and nothing that the service does not have. The error names each field and what it
// may be.
func (s Service) Call(e home.Entity, written map[string]any) (home.Call, error) {
	c := call(e, s.Name, nil)
	if e.Domain() == "group" {
		c.Domain = "homeassistant" // groups have no services of their own
	}
	data, err := s.data(written)
	if value, ok := data["value"].(float64); ok {
		data["value"] = onStep(e, value)
	}
	if len(data) > 0 {
		c.Data = data
	}
	return c, err
}

func (s Service) data(written map[string]any) (map[string]any, error) {
	data := map[string]any{}
	var faults []error
	for _, f := range s.Fields {
		value, given := written[f.Name]
		if !given && !f.Required {
			continue
		}
		checked, ok := f.check(value)
		if !ok {
			faults = append(faults, fmt.Errorf("%s cannot be %s: give %s", f.Name, shown(value), f.wanted()))
			continue
		}
		data[f.Name] = checked
	}
	for name := range written {
		if !slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Name == name }) {
			faults = append(faults, fmt.Errorf("there is no field %q", shortened(name)))
		}
	}
	return data, errors.Join(faults...)
}

// check returns the value in the type that a call has.
func (f Field) check(value any) (any, bool) {
	switch v := value.(type) {
	case float64:
		within := f.Min <= v && v <= f.Max
		if f.Kind == Whole {
			return int(math.Round(v)), within && v == math.Trunc(v)
		}
		return v, f.Kind == Number && within
	case bool:
		return v, f.Kind == Flag
	case string:
		if f.Choices == nil {
			v = strings.TrimSpace(v)
			return v, f.Kind == Text && v != "" && utf8.RuneCountInString(v) <= maxText
		}
		i := slices.IndexFunc(f.Choices, func(c string) bool { return strings.EqualFold(readable(c), readable(v)) })
		if i < 0 {
			return nil, false
		}
		if f.list {
			return []string{f.Choices[i]}, true
		}
		return f.Choices[i], true
	}
	return nil, false
}

// wanted says what a field may be.
func (f Field) wanted() string {
	switch {
	case f.Choices != nil:
		return "one of " + strings.Join(f.Choices, ", ")
	case f.Kind == Whole:
		return fmt.Sprintf("a whole number from %v to %v", f.Min, f.Max)
	case f.Kind == Number:
		return fmt.Sprintf("a number from %v to %v", f.Min, f.Max)
	case f.Kind == Flag:
		return "true or false"
	}
	return fmt.Sprintf("a text of up to %d letters", maxText)
}

func shown(value any) string { return shortened(fmt.Sprint(value)) }

func shortened(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "..."
	}
	return text
}
