package learned

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// An Example is one plan as training data, a line of JSON: a conversation in the format that fine-tuning programs
// read, and beside it what it was made of. docs/plans.md describes it for owners.
type Example struct {
	Messages []Message            `json:"messages"` // system, user, assistant
	Room     string               `json:"room,omitempty"`
	Entities []conversation.Thing `json:"entities"`
	Calls    []home.Call          `json:"calls"`
	Outcome  string               `json:"outcome"` // "confirmed": each call was seen to have its effect, and nobody objected
	Model    string               `json:"model"`
	Learned  time.Time            `json:"learned"`
	Uses     int                  `json:"uses"`
	Pinned   bool                 `json:"pinned"`
}

// A Message is one turn of such a conversation.
type Message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// Export writes the plans as training data. Those that may still be objected to are left out; it tells how many it
// has written.
func Export(w io.Writer, plans []conversation.LearnedPlan, now time.Time) (written int, err error) {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, plan := range plans {
		if now.Before(plan.From) {
			continue
		}
		example, err := exampleOf(plan)
		if err != nil {
			return written, fmt.Errorf("plan %s: %w", plan.ID, err)
		}
		if err := encoder.Encode(example); err != nil {
			return written, err
		}
		written++
	}
	return written, nil
}

func exampleOf(plan conversation.LearnedPlan) (Example, error) {
	entities := plan.Offered
	for _, about := range plan.Things { // what it was told of is not known of every model
		if !slices.Contains(entities, about) {
			entities = append(slices.Clip(entities), about)
		}
	}
	answer, err := answerOf(plan.Calls)
	return Example{
		Messages: []Message{{"system", system(entities, plan.Room)}, {"user", plan.Text}, {"assistant", answer}},
		Room:     plan.Room, Entities: entities, Calls: plan.Calls, Outcome: string(conversation.Confirmed),
		Model: plan.Model, Learned: plan.Learned, Uses: plan.Uses, Pinned: plan.Pinned,
	}, err
}

// system tells what the home has, one entity a line.
func system(entities []conversation.Thing, room string) string {
	var b strings.Builder
	b.WriteString("You turn a sentence into calls of the devices of a home. The devices, as identifier, name and area:\n")
	for _, e := range entities {
		fmt.Fprintf(&b, "%s | %s | %s\n", e.ID, e.Name, cmp.Or(e.Area, "-"))
	}
	fmt.Fprintf(&b, "The speaker is in: %s", cmp.Or(room, "unknown"))
	return b.String()
}

// answerOf is what a model answers, in the form that Hearth asks of one.
func answerOf(calls []home.Call) (string, error) {
	type written struct {
		Entity  home.EntityID  `json:"entity"`
		Service string         `json:"service"`
		Data    map[string]any `json:"data,omitempty"`
	}
	answer := struct {
		Calls []written `json:"calls"`
		Reply string    `json:"reply"`
	}{Calls: []written{}}
	for _, call := range calls {
		answer.Calls = append(answer.Calls, written{call.Entity, call.Service, call.Data})
	}
	text, err := json.Marshal(answer)
	return string(text), err
}
