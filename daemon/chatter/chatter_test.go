package chatter

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/intent"
)

func published(t *testing.T, language string) *intent.Language {
	t.Helper()
	dir := os.Getenv("HEARTH_ASSETS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skipf("no cache folder for assets: %v", err)
		}
		dir = filepath.Join(cache, "hearth", "assets")
	}
	path := filepath.Join(dir, "sentences", language+".json")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("sentence templates are not here, run make assets: %v", err)
	}
	l, err := intent.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestOrdinaryText has sentences full of what commands are made of, none of which is one.
func TestOrdinaryText(t *testing.T) {
	for _, language := range []string{"en", "de", "fr", "es", "nl"} {
		l := published(t, language)
		homes, err := Homes(language)
		if err != nil {
			t.Fatal(err)
		}
		phrases, err := conversation.LoadPhrases(language)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range homes {
			text, err := os.Open(filepath.Join("testdata", language+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			score, err := Run(l, phrases.JoinsIn(language), h, text)
			if err != nil {
				t.Fatal(err)
			}
			text.Close()
			if score.Sentences < 40 || score.Acted > 0 || score.Asked > 2 {
				t.Errorf("%s, %s: %+v", language, h.Name, score)
			}
		}
	}
}

// TestCommandsAreNoChatter makes sure that the measure can tell.
func TestCommandsAreNoChatter(t *testing.T) {
	l := published(t, "en")
	text := `Turn on the kitchen light. What time is it? Add milk to my shopping list! Play the rolling stones.
In ten minutes turn off the printer. He will get up in ten minutes. Turn on the kitchen light.`
	homes, err := Homes("en")
	if err != nil {
		t.Fatal(err)
	}
	score, err := Run(l, []string{"and"}, homes[0], strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if score.Sentences != 6 || score.Acted != 3 || score.Asked != 1 || score.Answered != 1 || score.PerThousand() != 500 {
		t.Errorf("got %+v", score)
	}
}

func TestSentences(t *testing.T) {
	text := "A heading without a stop\n\nHe said: \"Go home!\" Mr. J. Smith\ndid so. Ah!\n \n  option  7  table\n\nLast one?"
	var got []string
	for s, err := range Sentences(strings.NewReader(text)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, s)
	}
	want := []string{"He said: \"Go home!", "Mr. J. Smith did so.", "Last one?"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
