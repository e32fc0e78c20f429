package llm

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"hearth/daemon/home"
)

// A writtenAnswer is what the model was asked to write.
type writtenAnswer struct {
	Calls []writtenCall `json:"calls"`
	Reply string        `json:"reply"`
}

type writtenCall struct {
	Entity  home.EntityID  `json:"entity"`
	Service string         `json:"service"`
	Data    map[string]any `json:"data"`
}

// parse reads an answer and checks its calls against the home. One call that makes no sense spoils the
// answer: half of what was asked is not what was asked. Its errors are for the model to read.
func parse(output string, snapshot *home.Snapshot) (reply string, calls []home.Call, err error) {
	var a writtenAnswer
	// Nothing but white space follows a complete answer; a model whose output is not bound by the
	// schema may add words, which are of no use.
	if err := json.NewDecoder(strings.NewReader(withoutThoughts(output))).Decode(&a); err != nil {
		return "", nil, fmt.Errorf("the answer is not complete JSON: %w", err)
	}
	if len(a.Calls) == 0 && strings.TrimSpace(a.Reply) == "" {
		return "", nil, errors.New("the answer has neither calls nor a reply")
	}
	if len(a.Calls) > maxCalls {
		return "", nil, fmt.Errorf("the answer has %d calls, more than %d", len(a.Calls), maxCalls)
	}
	var faults []error
	for _, written := range a.Calls {
		call, err := check(written, snapshot)
		calls, faults = append(calls, call), append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return "", nil, err
	}
	return a.Reply, calls, nil
}

// withoutThoughts drops what some models write before they answer although they were told not to.
func withoutThoughts(output string) string {
	if _, rest, found := strings.Cut(output, "</think>"); found && strings.HasPrefix(strings.TrimSpace(output), "<think>") {
		return rest
	}
	return output
}

func check(w writtenCall, snapshot *home.Snapshot) (home.Call, error) {
	e, ok := snapshot.Entity(w.Entity)
	if !ok || !e.Exposed {
		return home.Call{}, fmt.Errorf("there is no entity %q", w.Entity)
	}
	name := strings.TrimPrefix(w.Service, e.Domain()+".")
	s, ok := find(e.Domain(), name)
	if !ok {
		return home.Call{}, fmt.Errorf("%s has no service %q", e.ID, w.Service)
	}
	data, err := checkData(s, w.Data)
	if err != nil {
		return home.Call{}, fmt.Errorf("%s of %s: %w", name, e.ID, err)
	}
	return home.Call{Domain: e.Domain(), Service: name, Entity: e.ID, Data: data}, nil
}

func checkData(s service, written map[string]any) (map[string]any, error) {
	data := map[string]any{}
	for _, f := range s.fields {
		value, given := written[f.name]
		if !given && !f.required {
			continue
		}
		checked, ok := f.check(value)
		if !ok {
			return nil, fmt.Errorf("%s cannot be %v", f.name, value)
		}
		data[f.name] = checked
	}
	for name := range written {
		if !slices.ContainsFunc(s.fields, func(f field) bool { return f.name == name }) {
			return nil, fmt.Errorf("there is no field %q", name)
		}
	}
	if len(data) == 0 {
		return nil, nil
	}
	return data, nil
}

// check returns the value in the type a call has: an int where the field is a whole number.
func (f field) check(value any) (any, bool) {
	switch v := value.(type) {
	case float64:
		if f.kind == "integer" {
			return int(v), v == math.Trunc(v) && f.min <= v && v <= f.max
		}
		return v, f.kind == "number" && f.min <= v && v <= f.max
	case string:
		known := f.choices == nil && strings.TrimSpace(v) != "" || slices.Contains(f.choices, v)
		return v, f.kind == "string" && known
	case bool:
		return v, f.kind == "boolean"
	}
	return nil, false
}
