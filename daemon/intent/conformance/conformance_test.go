package conformance

import (
	"os"
	"path/filepath"
	"testing"
)

// shared finds the folder of published tests: HEARTH_SHARED, or ../shared beside the module.
func shared(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("HEARTH_SHARED")
	for up := "."; dir == ""; up = filepath.Join(up, "..") {
		if _, err := os.Stat(filepath.Join(up, "go.mod")); err == nil {
			dir = filepath.Join(up, "..", "shared")
		}
		if len(up) > 60 {
			t.Fatal("no go.mod above the test")
		}
	}
	dir = filepath.Join(dir, "data", "intents")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("published sentence tests are not here (set HEARTH_SHARED): %v", err)
	}
	return dir
}

// assets finds the sentence templates.
func assets(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("HEARTH_ASSETS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skipf("no cache folder for assets: %v", err)
		}
		dir = filepath.Join(cache, "hearth", "assets")
	}
	dir = filepath.Join(dir, "sentences")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("sentence templates are not here, run make assets: %v", err)
	}
	return dir
}

func TestPublishedSentences(t *testing.T) {
	tests, sentences := shared(t), assets(t)
	// The tests are older than the templates: Spanish has another intent for 13 sentences now, and words 12
	// responses differently.
	for _, want := range []Score{
		{Language: "en", Sentences: 1110, Slots: 1110, Response: 1110},
		{Language: "de", Sentences: 3601, Slots: 3601, Response: 3601},
		{Language: "fr", Sentences: 955, Slots: 955, Response: 955},
		{Language: "es", Sentences: 1079, Slots: 1066, Response: 1054},
		{Language: "nl", Sentences: 1290, Slots: 1290, Response: 1290},
	} {
		t.Run(want.Language, func(t *testing.T) {
			var got Score
			if err := RunAll(tests, sentences, []string{want.Language}, func(s Score) { got = s }); err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: %d sentences, intent %d, combination %d, slots %d, response %d, p50 %v, p95 %v", got.Language,
				got.Sentences, got.Intent, got.Combination, got.Slots, got.Response, got.P50, got.P95)
			if got.Sentences != want.Sentences || got.Slots < want.Slots {
				t.Errorf("%d of %d sentences have the right slots, want %d of %d", got.Slots, got.Sentences, want.Slots, want.Sentences)
			}
			if got.Response < want.Response {
				t.Errorf("%d sentences get the right response, want %d", got.Response, want.Response)
			}
			for i, f := range got.Failures {
				if i == 12 {
					break
				}
				t.Logf("%s %q: %s: want %s, got %s", f.File, f.Sentence, f.Part, f.Want, f.Got)
			}
		})
	}
}
