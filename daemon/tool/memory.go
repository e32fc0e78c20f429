package tool

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"hearth/daemon/conversation"
)

// Memory makes the tool "memory". What is in it was said by those who live here, with their consent.
func Memory() *Tool {
	return &Tool{
		name: "memory", hint: `{"words"?: "birthday"}: what people asked you to remember`,
		form:   json.RawMessage(`{"type":"object","properties":{"words":{"type":"string","maxLength":100}}}`),
		inside: true, private: true,
		look: func(ctx context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error) {
			var asked struct{ Words string }
			if err := read(with, &asked); err != nil {
				return "", err
			}
			if q.Recall == nil {
				return "", conversation.ErrNotAllowed
			}
			facts, err := q.Recall(ctx)
			if err != nil {
				return "", fmt.Errorf("read what is remembered: %w", err)
			}
			return strings.Join(remembered(facts, words(asked.Words)), "\n"), nil
		},
	}
}

// remembered are the facts that share a word with what is asked for, all of them when nothing is.
func remembered(facts, asked []string) []string {
	if len(asked) == 0 {
		return facts
	}
	var found []string
	for _, fact := range facts {
		if sharesWord(words(fact), asked) {
			found = append(found, fact)
		}
	}
	return found
}

func sharesWord(a, b []string) bool {
	for _, one := range a {
		for _, other := range b {
			if alike(one, other) {
				return true
			}
		}
	}
	return false
}
