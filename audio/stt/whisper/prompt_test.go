package whisper

import (
	"fmt"
	"strings"
	"testing"
)

// letters is a model that has every letter as a token, and a few words.
func letters(words ...string) *model {
	m := &model{}
	for r := ' '; r <= 'z'; r++ {
		m.tokens = append(m.tokens, string(r))
	}
	m.tokens = append(m.tokens, words...)
	m.End = len(m.tokens)
	return m
}

func TestSpellOut(t *testing.T) {
	m := letters(" Kitchen", " Kit", " Lamp")
	ids := map[string]int{}
	for id, token := range m.tokens {
		ids[token] = id
	}
	got := m.text(spellOut(ids, "Kitchen  Lamps, Büro"))
	if want := "Kitchen Lamps, Bro"; got != want { // this vocabulary has no ü
		t.Errorf("spelled %q, want %q", got, want)
	}
	if n := len(spellOut(ids, "Kitchen Lamp")); n != 2 {
		t.Errorf("two known words take %d tokens, want 2", n)
	}
}

func TestPromptHoldsWhatFits(t *testing.T) {
	m := letters(strings.Fields("Lights, fans, blinds, doors, windows, timers.")...)
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprintf("Lamp %d", i))
	}
	tokens := m.prompt(names)
	text := m.text(tokens)
	if len(tokens) > maxPrompt || !strings.HasPrefix(text, topics+" Lamp 0, Lamp 1,") || !strings.HasSuffix(text, ".") || len(tokens) < maxPrompt-10 {
		t.Errorf("%d tokens: %q", len(tokens), text)
	}
	if got := m.text(m.prompt([]string{"Bed"})); got != topics+" Bed." {
		t.Errorf("prompt of one name: %q", got)
	}
	if got := m.text(m.prompt(nil)); got != topics {
		t.Errorf("prompt without names: %q", got)
	}
}
