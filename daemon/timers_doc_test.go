package daemon

import (
	"os"
	"testing"

	"hearth/daemon/home/demo"
)

// TestTimersPage says the sentences of docs/timers.md, one after the other.
func TestTimersPage(t *testing.T) {
	page, err := os.ReadFile("../docs/timers.md")
	if err != nil {
		t.Fatal(err)
	}
	sayTable(t, quietDaemon(t, "en", demo.New()), string(page))
}
