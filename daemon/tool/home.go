package tool

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// maxFound is how many entities are told at once.
const maxFound = 12

// A Home finds entities that the model was not shown. It is an llm.Finder: what it finds may be called.
type Home struct{ *Tool }

// NewHome makes the tool "home".
func NewHome() Home {
	return Home{&Tool{
		name:   "home",
		hint:   `{"words": "kitchen window", "state"?: "open"}: devices with their states now, by name, room or kind`,
		form:   json.RawMessage(`{"type":"object","properties":{"words":{"type":"string","maxLength":100},"state":{"type":"string","maxLength":100}},"required":["words"]}`),
		inside: true,
	}}
}

// Find gives at most maxFound entities, the best first.
func (h Home) Find(q conversation.ModelQuestion, with json.RawMessage) ([]home.Entity, error) {
	var asked struct{ Words, State string }
	if err := read(with, &asked); err != nil {
		return nil, err
	}
	if strings.TrimSpace(asked.Words) == "" {
		return nil, wrongly("words: name a device, a room or a kind")
	}
	found := find(q.Home, asked.Words, func(e home.Entity) bool {
		return asked.State == "" || shows(e, e.State, asked.State)
	})
	return slices.Clip(found[:min(len(found), maxFound)]), nil
}

// Look lists what Find finds.
func (h Home) Look(_ context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error) {
	found, err := h.Find(q, with)
	var b strings.Builder
	for _, e := range found {
		b.WriteString(e.Name + " (" + placeOf(q.Home, e) + "): " + stateOf(e) + "\n")
	}
	return b.String(), err
}

// stateOf is a state with its unit.
func stateOf(e home.Entity) string { return strings.TrimSpace(e.State + " " + e.Unit) }
