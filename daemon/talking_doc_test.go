package daemon

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"hearth/daemon/home/demo"
)

// clockTime is a moment in an answer; what was done just before midnight was done yesterday.
var clockTime = regexp.MustCompile(`(yesterday )?at \d\d:\d\d`)

// TestTalkingPage says the sentences of docs/talking.md, one after the other. An answer that repeats the one before
// is written up to its colon.
func TestTalkingPage(t *testing.T) {
	page, err := os.ReadFile("../docs/talking.md")
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
		turn, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", cells[0])
		if err != nil {
			t.Fatal(err)
		}
		want := clockTime.ReplaceAllString(cells[1], "at 18:05")
		got := clockTime.ReplaceAllString(turn.Reply, "at 18:05")
		if same := got == want || strings.HasSuffix(want, ":") && strings.HasPrefix(got, want); !same {
			t.Errorf("%q: %q, want %q", cells[0], got, want)
		}
	}
	if rows < 20 {
		t.Errorf("the page has %d rows", rows)
	}
}
