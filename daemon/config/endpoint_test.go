package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEndpoints(t *testing.T) {
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const token = "0123456789abcdefABCDEF-_"
	for name, test := range map[string]struct{ settings, want string }{
		"nowhere":         {"{token_file: " + file(token) + "}", ""},
		"with a token":    {"{listen: '0.0.0.0:1', token_file: " + file(token+"\n") + "}", ""},
		"without one":     {"{listen: '127.0.0.1:1'}", "token_file: is empty although"},
		"no address":      {"{listen: here, token_file: " + file(token) + "}", `.listen: "here" is not an address`},
		"a missing file":  {"{listen: '127.0.0.1:1', token_file: /nowhere}", "token_file: \"/nowhere\" cannot be read"},
		"too short":       {"{listen: '127.0.0.1:1', token_file: " + file("hunter2") + "}", "holds 7 characters that are no token"},
		"not for a path":  {"{listen: '127.0.0.1:1', token_file: " + file("/0123456789/abcdef/ABC") + "}", "holds 22 characters that are no token"},
		"two lines of it": {"{listen: '127.0.0.1:1', token_file: " + file(token+"\n"+token) + "}", "that are no token"},
	} {
		for _, section := range []string{"ollama"} {
			c, err := load(t, section+": "+test.settings)
			switch {
			case test.want == "" && err != nil:
				t.Errorf("%s, %s: %v", section, name, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2")):
				t.Errorf("%s, %s: %v, want %q", section, name, err, test.want)
			}
			if name == "with a token" && c.Ollama.Token.Reveal() != token {
				t.Errorf("%s: the token was not read", section)
			}
		}
	}
}
