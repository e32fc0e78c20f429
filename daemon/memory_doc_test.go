package daemon

import (
	"testing"

	"hearth/daemon/home/demo"
)

// TestMemoryPage says the sentences of docs/memory.md, one after the other, as Anna.
func TestMemoryPage(t *testing.T) {
	d := quietDaemon(t, "en", demo.New(demo.WithPace(0)))
	for _, cells := range talked(t, "../docs/memory.md") {
		if turn := annaSays(t, d, cells[0]); turn.Reply != cells[1] {
			t.Errorf("%q: %q, want %q", cells[0], turn.Reply, cells[1])
		}
	}
}
