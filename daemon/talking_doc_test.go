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
	d := quietDaemon(t, "en", demo.New(demo.WithPace(0)))
	for _, cells := range talked(t, "../docs/talking.md") {
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
}

// talked are the sentences of a page with what Hearth answers to each.
func talked(t *testing.T, page string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "| "), " | ")
		if strings.HasPrefix(line, "| ") && len(cells) == 2 && cells[1] != "Hearth answers" {
			rows = append(rows, cells)
		}
	}
	if len(rows) < 20 {
		t.Fatalf("%s has %d rows", page, len(rows))
	}
	return rows
}

// TestTalkingPageInOtherLanguages says the sentences of docs/talking.md that are for homes of another language, to a home
// of each.
func TestTalkingPageInOtherLanguages(t *testing.T) {
	text, err := os.ReadFile("../docs/talking.md")
	if err != nil {
		t.Fatal(err)
	}
	homes := map[string]*Daemon{}
	rows := regexp.MustCompile(`(?m)^\| ([a-z]{2}) \| (.+) \| (.+) \|$`).FindAllStringSubmatch(string(text), -1)
	if len(rows) < 10 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		if homes[row[1]] == nil {
			homes[row[1]] = quietDaemon(t, row[1], demo.New(demo.WithPace(0)))
		}
		turn, err := homes[row[1]].Conversation.Through("test").Say(t.Context(), "kitchen", row[2])
		if err != nil {
			t.Fatal(err)
		}
		if turn.Reply != row[3] {
			t.Errorf("%s: %q: %q, want %q", row[1], row[2], turn.Reply, row[3])
		}
	}
}
