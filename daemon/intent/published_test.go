package intent

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestPublishedLanguages loads every published language, and makes sure that what it can hear in a home
// it also understands.
func TestPublishedLanguages(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(sentenceAssets(t), "*.json"))
	if err != nil || len(paths) < 60 {
		t.Fatalf("found %d languages: %v", len(paths), err)
	}
	names := manyNames(40)
	names.Floors = []Name{{ID: "ground", Names: []string{"Ground floor"}}}
	for _, path := range paths {
		code := strings.TrimSuffix(filepath.Base(path), ".json")
		if code == "intents" {
			continue
		}
		t.Run(code, func(t *testing.T) {
			l, err := Load(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(l.sentences) == 0 {
				t.Error("it has no sentences")
			}
			checkHeardIsUnderstood(t, l.Home(names), 40)
		})
	}
}

func TestSpeechLanguages(t *testing.T) {
	dir := sentenceAssets(t)
	full := publishedLanguage(t, "en").Home(manyNames(40))
	curated, err := LoadSpeech(filepath.Join(dir, "speech_to_phrase", "en.json"))
	if err != nil {
		t.Fatal(err)
	}
	g := curated.Home(manyNames(40)).Grammar()
	for _, tc := range []struct {
		sentence string
		want     bool
	}{
		{"turn on the room a ceiling light zero", true},
		{"set a timer for fifty minutes", true},
		{"in five minutes turn off the lights", false}, // only the full templates have it
	} {
		if got := g.Accepts(tc.sentence); got != tc.want {
			t.Errorf("curated: Accepts(%q) = %v", tc.sentence, got)
		}
		if !full.Grammar().Accepts(tc.sentence) {
			t.Errorf("full: does not accept %q", tc.sentence)
		}
	}
	checkHeardIsUnderstood(t, curated.Home(manyNames(40)), 300)
}
