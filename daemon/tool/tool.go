// Package tool is what a language model may look up before it answers: the home and its history, timers, lists, the
// forecast, the calendar, sums and units, the web, and what people have had written down. Tools only read. What they
// tell is text for a model; whatever comes of it goes through the gate like all else.
package tool

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// A Tool is one of them, an llm.Tool. It may be asked by many at once.
type Tool struct {
	name, hint string
	form       json.RawMessage
	inside     bool
	witness    bool
	private    bool
	leaves     bool
	fits       func(*home.Snapshot) bool // nil for every home
	look       func(ctx context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error)
}

// Name is what the model calls it.
func (t *Tool) Name() string { return t.name }

// Hint tells the model what it is asked, and what it answers.
func (t *Tool) Hint() string { return t.hint }

// Form is the JSON schema of what it is asked with.
func (t *Tool) Form() json.RawMessage { return t.form }

// Inside tells whether strangers can have written nothing of what it answers.
func (t *Tool) Inside() bool { return t.inside }

// Witness tells whether it knows how things of the home are, or were.
func (t *Tool) Witness() bool { return t.witness }

// Private tells whether it answers with what people have written down for themselves.
func (t *Tool) Private() bool { return t.private }

// Leaves tells whether what it is asked leaves the house.
func (t *Tool) Leaves() bool { return t.leaves }

// Fits tells whether a home has a use for it.
func (t *Tool) Fits(s *home.Snapshot) bool { return t.fits == nil || t.fits(s) }

// Look answers. Its errors wrap conversation.ErrAskedWrongly or conversation.ErrNotAllowed, or mean that there is no
// answer now.
func (t *Tool) Look(ctx context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error) {
	return t.look(ctx, q, with)
}

// read reads what a tool is asked with. What it does not know is an error: the model meant something by it.
func read(with json.RawMessage, into any) error {
	if len(with) == 0 {
		with = json.RawMessage("{}")
	}
	d := json.NewDecoder(bytes.NewReader(with))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return wrongly("%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// wrongly is an error that tells the model how to ask.
func wrongly(format string, args ...any) error {
	return fmt.Errorf("%w: %s", conversation.ErrAskedWrongly, fmt.Sprintf(format, args...))
}

// hasDomain tells whether voice may hear of an entity of that domain.
func hasDomain(domain string) func(*home.Snapshot) bool {
	return func(s *home.Snapshot) bool {
		for _, e := range s.Entities {
			if e.Exposed && e.Domain() == domain {
				return true
			}
		}
		return false
	}
}

// placeOf is where an entity is: "Kitchen", "" when that is not known.
func placeOf(s *home.Snapshot, e home.Entity) string {
	area, _ := s.Area(e.Area)
	return area.Name
}
