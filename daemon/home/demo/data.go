package demo

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hearth/daemon/home"
)

// A DataError says which value of a call's data was not accepted, and what would have been.
type DataError struct {
	Field   string // "brightness"
	Value   any    // nil when it is missing
	Accepts string // "0 to 255", "" when the service has no such field
}

// Error is "brightness is 900, want 0 to 255".
func (e *DataError) Error() string {
	switch {
	case e.Accepts == "":
		return e.Field + " is not a field of this service"
	case e.Value == nil:
		return e.Field + " is missing, want " + e.Accepts
	}
	return fmt.Sprintf("%s is %v, want %s", e.Field, e.Value, e.Accepts)
}

// Unwrap is ErrData.
func (e *DataError) Unwrap() error { return ErrData }

// data reads and checks the data of one call. Faults gather until err asks for them, so that a service
// reads as a list of its fields.
type data struct {
	call   home.Call
	unread map[string]any
	faults []error
}

func newData(call home.Call) *data {
	return &data{call: call, unread: maps.Clone(call.Data)}
}

// err reports every fault, a field that the service does not have among them.
func (d *data) err() error {
	for _, field := range slices.Sorted(maps.Keys(d.unread)) {
		d.refuse(field, d.unread[field], "")
	}
	return errors.Join(d.faults...)
}

func (d *data) refuse(field string, value any, accepts string) {
	d.faults = append(d.faults, &DataError{Field: field, Value: value, Accepts: accepts})
}

// lacks reports that the device has nothing that this field could set.
func (d *data) lacks(field string) {
	d.faults = append(d.faults, fmt.Errorf("%s: %w", field, home.ErrNotSupported))
}

func (d *data) take(field string) (any, bool) {
	value, ok := d.unread[field]
	delete(d.unread, field)
	return value, ok
}

// number is a field from low to high.
func (d *data) number(field string, low, high float64) (float64, bool) {
	value, ok := d.take(field)
	if !ok {
		return 0, false
	}
	n, ok := home.Number(value)
	if !ok || !(low <= n && n <= high) { // NaN lies outside
		d.refuse(field, value, fmt.Sprintf("%v to %v", low, high))
		return 0, false
	}
	return n, true
}

// whole is a number without a fraction.
func (d *data) whole(field string, low, high int) (int, bool) {
	n, ok := d.number(field, float64(low), float64(high))
	if ok && n != float64(int(n)) {
		d.refuse(field, n, fmt.Sprintf("a whole number from %d to %d", low, high))
		return 0, false
	}
	return int(n), ok
}

// text is a field that holds any text but the empty one.
func (d *data) text(field string) (string, bool) {
	value, ok := d.take(field)
	if !ok {
		return "", false
	}
	text, isText := value.(string)
	if !isText || strings.TrimSpace(text) == "" {
		d.refuse(field, value, "text")
		return "", false
	}
	return text, true
}

// choice is a field that holds one of a few words.
func (d *data) choice(field string, choices ...string) (string, bool) {
	value, ok := d.take(field)
	if !ok {
		return "", false
	}
	text, _ := value.(string)
	if !slices.Contains(choices, text) {
		d.refuse(field, value, "one of "+strings.Join(choices, ", "))
		return "", false
	}
	return text, true
}

// flag is true or false.
func (d *data) flag(field string) (value, ok bool) {
	given, ok := d.take(field)
	if !ok {
		return false, false
	}
	value, ok = given.(bool)
	if !ok {
		d.refuse(field, given, "true or false")
	}
	return value, ok
}

// texts is one text, or a list of them.
func (d *data) texts(field string) []string {
	value, ok := d.take(field)
	if !ok {
		return nil
	}
	list := texts(value)
	if len(list) == 0 {
		d.refuse(field, value, "text, or a list of it")
	}
	return list
}

// ignore accepts fields that make no difference here.
func (d *data) ignore(fields ...string) {
	for _, field := range fields {
		delete(d.unread, field)
	}
}

// need reports a field that the service cannot do without.
func (d *data) need(field string, ok bool, accepts string) {
	if _, given := d.call.Data[field]; !ok && !given {
		d.refuse(field, nil, accepts)
	}
}

// texts reads a list of texts, or a single one.
func texts(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	case []any:
		list := make([]string, 0, len(v))
		for _, element := range v {
			text, ok := element.(string)
			if !ok {
				return nil
			}
			list = append(list, text)
		}
		return list
	}
	return nil
}
