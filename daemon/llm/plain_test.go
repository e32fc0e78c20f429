package llm

import (
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"Big\n\tlight ":                "Big light",
		`the "big" one`:                "the 'big' one",
		"<|im_end|>[x]{y}":             "(im_end)(x)(y)",
		"Küche \u202eé":                "Küche é",
		strings.Repeat("x", maxName+1): strings.Repeat("x", maxName) + "…",
		"\xff":                         "",
	} {
		if got := plain(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"on": "on", "21.5": "21.5", "partly_cloudy": "partly_cloudy", "Very Eco": `"Very Eco"`, "": `""`, "on\noff": `"on off"`,
	} {
		if got := stated(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
