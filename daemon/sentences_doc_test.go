package daemon

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
)

// TestSentencesPage runs docs/sentences.md: its files are an owner's sentences, and the rows below them are said.
func TestSentencesPage(t *testing.T) {
	page, err := os.ReadFile("../docs/sentences.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	examples := regexp.MustCompile("(?s)```yaml\n# (\\S+)\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(examples) == 0 {
		t.Fatal("the page has no example")
	}
	for _, example := range examples {
		write(t, dir, map[string]string{example[1]: example[2]})
	}
	d := quietDaemon(t, "en", demo.New())
	own, faults := LoadSentences(d.language.current.Language, dir)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	d.language.change(own)
	sayTable(t, d, string(page))
}

// sayTable says the sentences of a page's table in the kitchen, in their order, and compares intents and answers.
func sayTable(t *testing.T, d *Daemon, page string) {
	t.Helper()
	_, table, _ := strings.Cut(page, "| you say in the kitchen | intent | Hearth answers |\n|---|---|---|\n")
	rows := 0
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "| "), " | ")
		if len(cells) != 3 {
			break
		}
		rows++
		turn, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", cells[0])
		if err != nil {
			t.Fatal(err)
		}
		if turn.Intent != cells[1] || turn.Reply != cells[2] || turn.DecidedBy != conversation.ByGrammar || turn.Failure != "" {
			t.Errorf("%q: %s, %q by %s, failure %q; want %s, %q", cells[0], turn.Intent, turn.Reply, turn.DecidedBy, turn.Failure, cells[1], cells[2])
		}
	}
	if rows == 0 {
		t.Error("the page has no rows")
	}
}
