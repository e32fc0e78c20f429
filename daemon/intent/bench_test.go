package intent

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// The names of the benchmarks say what is asked of them: "goal=p95<1ms". The goals are for a 64-bit x86
// processor that has nothing else to do; a Raspberry Pi 4 takes four to eight times as long. All of them, in a
// minute:
//
//	go test -run '^$' -bench . -benchtime 100x ./daemon/intent

// publishedLanguage loads the published sentences of a language from the assets.
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

// publishedCodes are the languages there are.
func publishedCodes(tb testing.TB) []string {
	tb.Helper()
	paths, err := filepath.Glob(filepath.Join(sentenceAssets(tb), "*.json"))
	if err != nil || len(paths) < 60 {
		tb.Fatalf("found %d languages: %v", len(paths), err)
	}
	var codes []string
	for _, path := range paths {
		if code := strings.TrimSuffix(filepath.Base(path), ".json"); code != "intents" {
			codes = append(codes, code)
		}
	}
	return codes
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

// each runs f over and over, and reports the median, the 95th percentile and the longest time it took.
func each(b *testing.B, f func(i int)) {
	b.ReportAllocs()
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		f(len(took))
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	for _, p := range []struct {
		of   int
		unit string
	}{{50, "p50-us"}, {95, "p95-us"}, {100, "max-us"}} {
		b.ReportMetric(float64(took[(len(took)-1)*p.of/100])/float64(time.Microsecond), p.unit)
	}
	b.ReportMetric(0, "ns/op") // the mean says less
}

var homeSizes = []struct {
	entities int
	goal     string
}{{50, "p95<1ms"}, {1_000, "p95<1ms"}, {10_000, "p95<5ms"}}

// BenchmarkRecognize says many different sentences: "again" when all of them were heard before, "first" when
// the sentence itself was not, and "cold" in a home that has not heard any.
func BenchmarkRecognize(b *testing.B) {
	l := publishedLanguage(b, "en")
	for _, size := range homeSizes {
		names := household(size.entities)
		for _, kind := range []string{"matched", "unmatched"} {
			said := saidTo(names, 200, kind == "matched")
			for _, heard := range []string{"again", "first", "cold"} {
				b.Run(fmt.Sprintf("entities=%d/%s/%s/goal=%s", size.entities, kind, heard, size.goal), func(b *testing.B) {
					h := l.Home(names)
					if heard == "again" {
						for _, s := range said {
							h.Recognize(s, Where{})
						}
					}
					each(b, func(i int) {
						if heard == "cold" || heard == "first" && i%len(said) == 0 {
							h.automaton.reset()
						}
						h.Recognize(said[i%len(said)], Where{})
					})
				})
			}
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	dir := sentenceAssets(b)
	for _, code := range publishedCodes(b) {
		b.Run(code+"/goal=p95<150ms", func(b *testing.B) {
			each(b, func(int) {
				if _, err := Load(filepath.Join(dir, code+".json")); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkHome(b *testing.B) {
	l := publishedLanguage(b, "en")
	for _, size := range homeSizes {
		names := household(size.entities)
		b.Run(fmt.Sprintf("entities=%d", size.entities), func(b *testing.B) {
			each(b, func(int) { l.Home(names) })
		})
	}
}

// BenchmarkMemory loads a language and a home, uses it, and reports what the heap holds afterwards.
func BenchmarkMemory(b *testing.B) {
	for _, code := range []string{"en", "de", "nl", "th", "ru", "ml", "fi"} {
		for _, entities := range []int{0, 1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/entities=%d/goal<40MB", code, entities), func(b *testing.B) {
				var names Names
				var said []string
				if entities > 0 {
					names = household(entities)
					said = slices.Concat(saidTo(names, 2_000, true), saidTo(names, 2_000, false))
				}
				for b.Loop() {
					before := heapInUse()
					l := publishedLanguage(b, code)
					loaded := heapInUse()
					h := l.Home(names)
					for _, s := range said {
						h.Recognize(s, Where{})
					}
					b.ReportMetric(float64(loaded-before)/1e6, "language-MB")
					b.ReportMetric(float64(heapInUse()-before)/1e6, "all-MB")
					runtime.KeepAlive(h)
				}
			})
		}
	}
}

// BenchmarkMemoryLeft loads all languages one after the other, and reports what the heap still holds.
func BenchmarkMemoryLeft(b *testing.B) {
	for b.Loop() {
		before := heapInUse()
		for _, code := range publishedCodes(b) {
			publishedLanguage(b, code).Home(household(50)).Recognize("turn on the light", Where{})
		}
		b.ReportMetric(float64(heapInUse()-before)/1e6, "MB")
	}
}

func heapInUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
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

// BenchmarkWith renames one entity after another in a home.
func BenchmarkWith(b *testing.B) {
	l := publishedLanguage(b, "en")
	for _, entities := range []int{1_000, 10_000} {
		b.Run(fmt.Sprintf("entities=%d/goal=p50<1ms", entities), func(b *testing.B) {
			names := household(entities)
			h := l.Home(names)
			each(b, func(i int) {
				names.Entities = slices.Clone(names.Entities)
				names.Entities[i*7919%entities].Names = []string{fmt.Sprint("Kitchen lamp number ", i)}
				h = h.With(names)
			})
		})
	}
}

// BenchmarkLanguages says what each language's templates make of the names of a home, drawn at random, to a
// home that has heard nothing.
func BenchmarkLanguages(b *testing.B) {
	for _, code := range publishedCodes(b) {
		b.Run(code+"/entities=1000/cold/goal=p95<1ms", func(b *testing.B) {
			h := publishedLanguage(b, code).Home(household(1_000))
			said := sampled(h.Grammar(), 100)
			each(b, func(i int) {
				h.automaton.reset()
				h.Recognize(said[i%len(said)], Where{})
			})
		})
	}
}

// sampled are n sentences of a grammar.
func sampled(g *Grammar, n int) []string {
	rng := rand.New(rand.NewPCG(3, 0))
	var said []string
	for len(said) < n {
		if s, ok := g.Sample(rng, 80); ok {
			said = append(said, s)
		}
	}
	return said
}
