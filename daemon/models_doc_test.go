package daemon

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
)

// TestModelsPage holds docs/models.md to the program: its configurations can be opened, what it says of leaving
// the house is said, and so are the sentences of its table.
func TestModelsPage(t *testing.T) {
	text, err := os.ReadFile("../docs/models.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	credentials := t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", credentials)
	for _, name := range []string{"openai_key", "anthropic_key"} {
		if err := os.WriteFile(filepath.Join(credentials, name), []byte("sk-test"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(page, -1)
	if len(examples) != 2 {
		t.Fatalf("%d examples", len(examples))
	}
	for i, example := range examples {
		file := filepath.Join(t.TempDir(), "hearthd.yaml")
		if err := os.WriteFile(file, []byte(example[1]), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load(file)
		if err != nil {
			t.Errorf("example %d: %v", i+1, err)
			continue
		}
		d := openTestDaemon(t, func(test *config.Config) { test.Model = c.Model })
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if i == 0 && len(c.Egress()) != 0 || i == 1 && (len(c.Egress()) != 2 || !strings.Contains(page, "> "+c.Egress()[0]+"\n")) {
			t.Errorf("example %d: %q leaves the house", i+1, c.Egress())
		}
	}
	phrases, err := conversation.LoadPhrases("en")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `(\\w+)` \\| .* \\| (.*) \\|$").FindAllStringSubmatch(page, -1)
	for _, row := range rows {
		if told := phrases.Model[conversation.ModelFault(row[1])]; string(told) != row[2] {
			t.Errorf("of %s the page says %q, and people hear %q", row[1], row[2], told)
		}
	}
	if len(rows) != len(conversation.ModelFaults) {
		t.Errorf("%d faults of %d are in the table", len(rows), len(conversation.ModelFaults))
	}
}
