package main

import (
	"strings"
	"testing"

	"hearth/daemon/conversation"
)

// What a model writes is printed as it comes; a reply in one piece waits for the turn, which has more to show.
func TestWordsArePrintedAsTheyCome(t *testing.T) {
	var out strings.Builder
	words := &wordPrinter{w: &out}
	steps := []struct {
		news conversation.News
		want string
	}{
		{conversation.News{Heard: &conversation.Heard{Text: "why", Recogniser: "text"}}, ""},
		{conversation.News{Words: "It"}, ""},
		{conversation.News{Words: " scatters", Sequence: 1}, "you   \"why\"                                      typed\nsaid  \"It scatters"},
		{conversation.News{Words: ".", Sequence: 2}, "."},
	}
	for _, step := range steps {
		before := out.Len()
		words.print(step.news)
		if got := out.String()[before:]; got != step.want {
			t.Errorf("after %+v: %q, want %q", step.news, got, step.want)
		}
	}
	if err := words.end(); err != nil || !strings.HasSuffix(out.String(), "scatters.\"\n") {
		t.Errorf("at the end: %q, %v", out.String(), err)
	}
	out.Reset()
	words = &wordPrinter{w: &out}
	words.print(conversation.News{Words: "Turned on the light"})
	if err := words.end(); err != nil || words.printed || out.String() != "" {
		t.Errorf("of one piece: %q, %v", out.String(), err)
	}
}
