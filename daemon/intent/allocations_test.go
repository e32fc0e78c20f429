package intent

import (
	"testing"
)

// TestAllocations holds a match to 20 allocations, whether its sentence was heard before or not.
func TestAllocations(t *testing.T) {
	l := publishedLanguage(t, "en")
	names := household(1_000)
	h := l.Home(names)
	for _, matched := range []bool{true, false} {
		for _, text := range saidTo(names, 200, matched) {
			for _, cold := range []bool{true, false} {
				n := testing.AllocsPerRun(1, func() {
					if cold {
						h.automaton.reset()
					}
					h.Recognize(text, Where{})
				})
				if n > 20 {
					t.Errorf("%q (cold: %v): %v allocations", text, cold, n)
				}
			}
		}
	}
}
