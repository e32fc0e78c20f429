package conversation

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
	w.Reply = veiledText
	if t.veil == veilAll {
		w.Heard.Text, w.Heard.Free, w.Slots = veiledText, "", map[string]any{}
		if t.Heard.Text == hidden {
			w.Heard.Text = hidden
		}
	}
	return &w
}
