package conformance

import (
	"path/filepath"
	"testing"

	"hearth/daemon/intent"
)

func TestHeardSentences(t *testing.T) {
	tests, sentences := shared(t), assets(t)
	for _, code := range []string{"en", "de", "fr", "es", "nl"} {
		t.Run(code, func(t *testing.T) {
			language, err := intent.Load(filepath.Join(sentences, code+".json"))
			if err != nil {
				t.Fatal(err)
			}
			files, err := readTests(filepath.Join(tests, "tests", code))
			if err != nil {
				t.Fatal(err)
			}
			total, heard := 0, 0
			for _, f := range files {
				home := language.Home(names(f))
				g := home.Grammar()
				for _, test := range f.Tests {
					for _, s := range test.Sentences {
						if len(home.Recognize(s, contextArea(f))) == 0 {
							continue
						}
						total++
						if g.Accepts(s) {
							heard++
						} else {
							t.Logf("%s/%s: %s", f.intent, f.combination, s)
						}
					}
				}
			}
			t.Logf("%d of %d", heard, total)
		})
	}
}
