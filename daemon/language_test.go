package daemon

import (
	"slices"
	"testing"
)

func TestNamesAreSaidWithoutMarksAndEmoji(t *testing.T) {
	got := sayable(`Anna's "night" light`, []string{"Lamp", "[x] (old)", "()", "Sparkle 💡✨", "❤️"})
	want := []string{`Anna's "night" light`, "Lamp", "[x] (old)", "()", "Sparkle 💡✨", "❤️", "Anna's night light", "x old", "Sparkle"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
