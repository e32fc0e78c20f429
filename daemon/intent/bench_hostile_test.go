package intent

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// hostileSentences are what costs most: a beginning, what is said over and over, and an end. Nobody says them,
// and a caller may send them.
var hostileSentences = map[string][3]string{
	"repeated command":  {"", "turn on the ", ""},
	"command in itself": {"", "in five minutes turn on the ", ""},
	"names":             {"", "turn on the kitchen ceiling light and the kitchen floor lamp and ", ""},
	"numbers":           {"set a timer for ", "twenty one hours and twenty one minutes and ", ""},
	"skip words":        {"", "please ", ""},
	"dashes":            {"turn", "-on-the-", ""},
	"unmatched":         {"add ", "to in on my the list ", ""},
	"wildcard":          {"broadcast ", "in on my the list turn on the ", ""},
	"wildcards":         {"add ", "milk to my shopping list and add ", "to my shopping list"},
	"timers":            {"", "set a timer named x for five minutes ", "for five minutes"},
}

func longest(parts [3]string) string {
	room := maxSentence - len(parts[0]) - len(parts[2])
	return parts[0] + strings.Repeat(parts[1], room/len(parts[1])) + parts[2]
}

// sharedPrefixes is a home whose names all begin alike, and lie in each other.
func sharedPrefixes(n int) Names {
	var names Names
	for i := range n {
		names.Entities = append(names.Entities, Name{
			ID: fmt.Sprint("light.", i), Names: []string{strings.Repeat("on the ", i%40) + fmt.Sprint("lamp ", i)},
			Context: map[string]string{"domain": "light"},
		})
	}
	return names
}

// BenchmarkHostile recognises the longest sentences that are read at all, in a home that has heard nothing.
func BenchmarkHostile(b *testing.B) {
	for _, code := range []string{"en", "de"} {
		l := publishedLanguage(b, code)
		for home, names := range map[string]Names{"household": household(10_000), "prefixes": sharedPrefixes(10_000)} {
			for name, parts := range hostileSentences {
				b.Run(fmt.Sprintf("%s/%s/%s", code, home, name), func(b *testing.B) {
					text := longest(parts)
					h := l.Home(names)
					before := heapInUse()
					each(b, func(int) {
						h.automaton.reset()
						h.Recognize(text, Where{})
					})
					b.ReportMetric(float64(heapInUse()-before)/1e6, "MB")
					b.ReportMetric(float64(h.automaton.states.len()), "states")
					b.ReportMetric(float64(cap(h.tracker.events)), "events")
					b.ReportMetric(float64(len(h.Recognize(text, Where{}))), "results")
					runtime.KeepAlive(h)
				})
			}
		}
	}
}
