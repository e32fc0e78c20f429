package conversation

import "slices"

// A veil is what of a turn is not written down: what was told to be remembered is kept in one place, from where it can
// be deleted.
type veil int

const (
	unveiled  veil = iota
	veilReply      // the reply may repeat what is remembered
	veilAll        // the sentence may, too
)

// veiledText stands in the history for what is not written there.
const veiledText = "[memory]"

// Written is the turn as it may be kept or published. The turn itself, which whoever asked reads, stays as it is.
func (t *Turn) Written() *Turn {
	if t.veil == unveiled {
		return t
	}
	w := *t
	w.Steps = veiledSteps(t.Steps)
	w.Reply = veiledText
	if t.veil == veilAll {
		w.Heard.Text, w.Heard.Free, w.Slots = veiledText, "", map[string]any{}
		if t.Heard.Text == hidden {
			w.Heard.Text = hidden
		}
	}
	return &w
}

// veiledSteps are steps without their words: a model may have put into them what it was told.
func veiledSteps(steps []Step) []Step {
	written := slices.Clone(steps)
	for i := range written {
		s := &written[i]
		if s.Call.Domain == errandDomain { // which has the words in its name, too
			s.Name, s.Evidence = s.Service, veiledText
		}
		s.Data = veiledData(s.Data)
		s.Call.Data = s.Data
	}
	return written
}

func veiledData(data map[string]any) map[string]any {
	written := map[string]any{}
	for key, value := range data {
		switch value.(type) {
		case bool, int, int64, float64:
		default:
			value = veiledText
		}
		written[key] = value
	}
	return written
}
