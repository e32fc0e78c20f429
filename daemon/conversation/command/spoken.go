package command

import (
	"slices"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// SpokenOf are the exposed entities that a sentence names, whatever it asks: by name, by domain, by area, or by
// several of them. A speaker's room stands in for an area only when the sentence wants one and that is known. It is
// nil for a sentence that names nothing, and a *TargetError when nothing in this home fits.
func SpokenOf(r intent.Result, in Input) ([]home.Entity, error) {
	q := request{r, in}
	if !q.has("name") && !q.has("domain") && !q.has("area") {
		return nil, nil
	}
	q.NeedsArea = false
	found, err := q.targets(want{})
	if err != nil {
		return nil, err
	}
	return slices.Clone(found), nil
}
