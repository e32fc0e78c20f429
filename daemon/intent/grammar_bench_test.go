package intent

import (
	"fmt"
	"testing"
)

// BenchmarkGrammarMarshal passes a grammar to a child process: its size is the metric "bytes".
func BenchmarkGrammarMarshal(b *testing.B) {
	for _, language := range []string{"en", "de", "fr", "es", "nl"} {
		l := publishedLanguage(b, language)
		for _, entities := range []int{50, 1000} {
			g := l.Home(manyNames(entities)).Grammar()
			encoded, err := g.MarshalBinary()
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%s/entities=%d/encode", language, entities), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := g.MarshalBinary(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(len(encoded)), "bytes")
			})
			b.Run(fmt.Sprintf("%s/entities=%d/decode", language, entities), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := UnmarshalGrammar(encoded); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkGrammarWeights weighs one sentence, rune by rune: the first time, and when it was heard before.
func BenchmarkGrammarWeights(b *testing.B) {
	const said = "please set the room a ceiling light 0 brightness to fifty five percent"
	g := publishedLanguage(b, "en").Home(manyNames(1000)).Grammar()
	b.Run("first", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			g.automaton.reset()
			g.weigher.forget()
			g.Prior(said)
		}
	})
	b.Run("again", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			g.Prior(said)
		}
	})
}
