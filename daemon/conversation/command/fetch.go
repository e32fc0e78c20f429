package command

import (
	"errors"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// ErrNothingFound is returned by Fill when the home has nothing that the sentence could mean: no such
// item on the list, no such title. It wraps what was looked for.
var ErrNothingFound = errors.New("nothing found")

// A Fetch is one or more calls of a service that changes nothing and answers with data, each on another entity,
// to be made before the command's calls. The response is keyed by entity ID, as Home Assistant gives it.
type Fetch struct {
	Calls []home.Call
	apply func(answer *intent.ResponseData, response map[string]any)
	fill  func(c home.Call, response map[string]any) (home.Call, error)
}

// Apply puts the response into the answer.
func (f *Fetch) Apply(answer *intent.ResponseData, response map[string]any) {
	if f.apply != nil {
		f.apply(answer, f.own(response))
	}
}

// Fill completes the data of one of the command's calls. Its entity and service stay as they are, so
// that what the gate has allowed is what is sent. A call must not be made when Fill returns an error,
// which wraps ErrNothingFound.
func (f *Fetch) Fill(c home.Call, response map[string]any) (home.Call, error) {
	if f.fill == nil {
		return c, nil
	}
	return f.fill(c, f.own(response))
}

// own is the part of the response that is about the one entity that was asked, all of it when there were several.
func (f *Fetch) own(response map[string]any) map[string]any {
	if len(f.Calls) == 1 {
		if own, ok := response[string(f.Calls[0].Entity)].(map[string]any); ok {
			return own
		}
	}
	return response
}

// Objects reads a list of objects, whether it came as JSON or from Go.
func Objects(response map[string]any, key string) []map[string]any {
	switch v := response[key].(type) {
	case []map[string]any:
		return v
	case []any:
		var found []map[string]any
		for _, item := range v {
			if m, ok := item.(map[string]any); ok {
				found = append(found, m)
			}
		}
		return found
	}
	return nil
}
