package tool

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
)

// Lists makes the tool "lists": what is on the to-do lists. Others than those who live here may write on them, so
// that it counts as text from outside.
func Lists() *Tool {
	return &Tool{
		name: "lists", hint: `{"of"?: "shopping", "done"?: true}: items of to-do lists`,
		form:    json.RawMessage(`{"type":"object","properties":{"of":{"type":"string","maxLength":100},"done":{"type":"boolean"}}}`),
		private: true,
		fits:    hasDomain("todo"), look: lookAtLists,
	}
}

func lookAtLists(ctx context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error) {
	var asked struct {
		Of   string
		Done bool
	}
	if err := read(with, &asked); err != nil {
		return "", err
	}
	lists, err := chosen(q.Home, "todo", asked.Of)
	if err != nil {
		return "", err
	}
	status := "needs_action"
	if asked.Done {
		status = "completed"
	}
	answers, err := ask(ctx, q, lists, "get_items", map[string]any{"status": []string{status}})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i, e := range lists {
		items := command.Objects(answers[i], "items")
		fmt.Fprintf(&b, "%s (%s), %d items:\n", e.Name, e.ID, len(items))
		for _, item := range items {
			b.WriteString("- " + text(item, "summary"))
			if due := text(item, "due"); due != "" {
				b.WriteString(", due " + due)
			}
			b.WriteByte('\n')
		}
	}
	return b.String(), nil
}
