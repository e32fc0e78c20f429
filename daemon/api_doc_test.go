package daemon

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hearth/daemon/config"
)

// TestAPIExamplesWork takes the configurations of docs/api.md as an owner would.
func TestAPIExamplesWork(t *testing.T) {
	page, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	for _, name := range []string{"ollama_token", "mcp_token", "mail_token"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Repeat("0123456789", 5)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	examples := regexp.MustCompile("(?s)```yaml\n(.+?)```").FindAllStringSubmatch(string(page), -1)
	if len(examples) != 3 {
		t.Fatalf("%d examples, want one for each section", len(examples))
	}
	opened := 0
	for _, example := range examples {
		file := filepath.Join(dir, "hearthd.yaml")
		if err := os.WriteFile(file, []byte(example[1]), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load(file)
		if err != nil {
			t.Errorf("%v\n%s", err, example[1])
			continue
		}
		for _, secret := range []config.Secret{c.Ollama.Token, c.MCP.Token} {
			if !secret.IsZero() {
				opened++
			}
		}
		opened += len(c.MCP.Servers)
	}
	if opened != 4 {
		t.Errorf("%d endpoints and servers are set up, want 4", opened)
	}
}
