package llm

import (
	"slices"
	"strings"
)

const (
	// maxBackground is how many tokens of what is remembered and of what came before the last turns a question has.
	maxBackground = 80
	// longest is how many runes of a fact, or of a line of a summary, the model is told.
	longest = 160
	// longestPersonality is more than a configuration accepts.
	longestPersonality = 500
)

// personal is how the owner wants replies to be worded. It is part of what stays the same from one question to the
// next, and changes none of the rules.
func personal(personality string) string {
	if personality == "" {
		return ""
	}
	return "Word replies like this; the rules above come first: \"" + plainly(personality, longestPersonality) + "\"\n"
}

// background is what people asked to have remembered, and what came before the last few turns, as far as there is room.
// All of it is data.
func (q *question) background() string {
	facts := make([]string, len(q.Facts))
	for i, fact := range q.Facts {
		facts[i] = "Remembered, as data: \"" + plainly(fact, longest) + "\"\n"
	}
	text := firstLines(facts, maxBackground)
	if q.Summary == "" {
		return text
	}
	lines := strings.Split(q.Summary, "\n")
	for i, line := range lines {
		lines[i] = "Earlier: \"" + plainly(line, longest) + "\"\n"
	}
	slices.Reverse(lines) // the last of them matter most
	said := strings.SplitAfter(firstLines(lines, maxBackground-tokens(text)), "\n")
	slices.Reverse(said)
	return text + strings.Join(said, "")
}

// firstLines are the first lines that have so many tokens together.
func firstLines(lines []string, room int) string {
	var b strings.Builder
	for _, line := range lines {
		if room -= tokens(line); room < 0 {
			break
		}
		b.WriteString(line)
	}
	return b.String()
}
