package daemon

import (
	"os"
	"strings"
	"testing"

	"hearth/daemon/home/demo"
)

// TestMemoryPage says the sentences of docs/memory.md, one after the other, as Anna.
func TestMemoryPage(t *testing.T) {
	page, err := os.ReadFile("../docs/memory.md")
	if err != nil {
		t.Fatal(err)
	}
	d := quietDaemon(t, "en", demo.New(demo.WithPace(0)))
	rows := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "| "), " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) != 2 || cells[1] == "Hearth answers" {
			continue
		}
		rows++
		if turn := annaSays(t, d, cells[0]); turn.Reply != cells[1] {
			t.Errorf("%q: %q, want %q", cells[0], turn.Reply, cells[1])
		}
	}
	if rows < 20 {
		t.Errorf("the page has %d rows", rows)
	}
}
