package intent

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// publishedLanguage loads the published English sentences from the assets.
func publishedLanguage(tb testing.TB, name string) *Language {
	tb.Helper()
	l, err := Load(filepath.Join(sentenceAssets(tb), name+".json"))
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

func sentenceAssets(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("HEARTH_ASSETS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			tb.Skipf("no cache folder for assets: %v", err)
		}
		dir = filepath.Join(cache, "hearth", "assets")
	}
	dir = filepath.Join(dir, "sentences")
	if _, err := os.Stat(dir); err != nil {
		tb.Skipf("sentence templates are not here, run make assets: %v", err)
	}
	return dir
}

// manyNames is a home of n entities in twenty rooms.
func manyNames(n int) Names {
	var names Names
	domains := []string{"light", "switch", "cover", "fan", "climate", "media_player", "sensor", "lock"}
	things := []string{"ceiling light", "outlet", "curtain", "fan", "thermostat", "speaker", "meter", "door"}
	for i := range 20 {
		names.Areas = append(names.Areas, Name{ID: fmt.Sprint("area", i), Names: []string{fmt.Sprintf("Room %c", 'A'+i)}})
	}
	for i := range n {
		k := i % len(domains)
		names.Entities = append(names.Entities, Name{
			ID:      fmt.Sprintf("%s.e%d", domains[k], i),
			Names:   []string{fmt.Sprintf("Room %c %s %d", 'A'+i%20, things[k], i/20)},
			Context: map[string]string{"domain": domains[k]},
		})
	}
	return names
}

var benchSentences = []struct{ name, text string }{
	{"matched", "turn on the room a ceiling light 0"},
	{"number", "set the room a ceiling light 0 brightness to fifty five percent"},
	{"wildcard", "add oat milk to my shopping list"},
	{"unmatched", "turn on the lamp behind the aquarium of my aunt"},
	{"chatter", "I was thinking about what we could have for dinner tomorrow"},
}

func BenchmarkRecognize(b *testing.B) {
	l := publishedLanguage(b, "en")
	for _, entities := range []int{50, 1000} {
		h := l.Home(manyNames(entities))
		for _, s := range benchSentences {
			b.Run(fmt.Sprintf("entities=%d/%s", entities, s.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					h.Recognize(s.text, Where{Area: "area0"})
				}
			})
		}
	}
}

// BenchmarkRecognizeFirst recognises each sentence in an automaton that has heard nothing before.
func BenchmarkRecognizeFirst(b *testing.B) {
	l := publishedLanguage(b, "en")
	for _, entities := range []int{50, 1000} {
		h := l.Home(manyNames(entities))
		for _, s := range benchSentences {
			b.Run(fmt.Sprintf("entities=%d/%s", entities, s.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					h.automaton.reset()
					h.Recognize(s.text, Where{Area: "area0"})
				}
			})
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	path := filepath.Join(sentenceAssets(b), "en.json")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(path); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHome(b *testing.B) {
	l := publishedLanguage(b, "en")
	for _, entities := range []int{50, 1000} {
		names := manyNames(entities)
		b.Run(fmt.Sprintf("entities=%d", entities), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Home(names)
			}
		})
	}
}

// BenchmarkGrammar hears one sentence, rune by rune, that was heard before.
func BenchmarkGrammar(b *testing.B) {
	g := publishedLanguage(b, "en").Home(manyNames(1000)).Grammar()
	b.ReportAllocs()
	for b.Loop() {
		if !g.Accepts("please set the room a ceiling light 0 brightness to fifty five percent") {
			b.Fatal("not heard")
		}
	}
}
