package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestModelFaults(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"kind":         {"others: [{kind: gpt, name: x}]", `model.others[0].kind: "gpt" is not accepted; expected one of ollama, openai, anthropic`},
		"no kind":      {"others: [{name: x}]", "model.others[0].kind: is not accepted; expected one of"},
		"no name":      {"others: [{kind: openai, url: 'http://nuc:8080/v1'}]", "model.others[0].name: is empty"},
		"no address":   {"others: [{kind: ollama, name: x}]", "model.others[0].url: is empty; expected the address"},
		"bad address":  {"others: [{kind: openai, name: x, url: 'nuc:8080'}]", `model.others[0].url: "nuc:8080" is not accepted`},
		"no key":       {"others: [{kind: anthropic, name: x}]", "model.others[0].key_file: is empty; expected the path of a file with the key"},
		"no key again": {"others: [{kind: openai, name: x, url: 'https://api.openai.com/v1'}]", "model.others[0].key_file: is empty"},
		"key unread":   {"others: [{kind: openai, name: x, key_file: /nonexistent/key}]", `model.others[0].key_file: "/nonexistent/key" cannot be read`},
		"key for none": {"others: [{kind: ollama, name: x, url: 'http://nuc:11434', key_file: k}]", "is of no use, since Ollama wants no key"},
		"key in clear": {"others: [{kind: openai, name: x, url: 'http://models.example.com/v1', key_file: k}]", "would show the key to everybody on the way"},
		"too short":    {"others: [{kind: ollama, name: x, url: 'http://nuc:11434', timeout: 10ms}]", "model.others[0].timeout"},
		"too long":     {"{timeout: 10s, others: [{kind: ollama, name: x, url: 'http://nuc:11434', timeout: 11s}]}", `model.timeout: "10s" leaves no time, for the timeouts of model.others are 11s together`},
		"too many":     {"others: [{kind: ollama, name: x, url: 'http://a:1'}, {kind: ollama, name: x, url: 'http://b:1'}, {kind: ollama, name: x, url: 'http://c:1'}]", "leaves no time"},
		"budget":       {"others: [{kind: ollama, name: x, url: 'http://nuc:11434', tokens_per_day: -1}]", "model.others[0].tokens_per_day: \"-1\" is out of range"},
		"neither":      {"local: 'off'", "leaves no model"},
		"local":        {"local: never", `model.local: "never" is not accepted; expected one of first, last, off`},
		"a query":      {"others: [{kind: openai, name: x, url: 'http://nuc/v1?key=hunter2'}]", "model.others[0].url: has more than an address, behind ? or #"},
		"no port":      {"url: 'http://nuc:99999'", `model.url: "http://nuc:99999" is not accepted`},
		"user in URL":  {"others: [{kind: openai, name: x, url: 'https://me:pw@nuc/v1'}]", "holds a user name or password"},
		"unknown":      {"others: [{kind: ollama, name: x, url: 'http://nuc:11434', model: y}]", "model.others[0].model: is not a setting"},
	} {
		t.Run(name, func(t *testing.T) {
			text := test.text
			if !strings.HasPrefix(text, "{") {
				text = "{" + text + "}"
			}
			if _, err := load(t, "model: "+text+"\n"); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			} else if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("a secret is told: %v", err)
			}
		})
	}
}

func TestOtherModels(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(hidden+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := load(t, "model:\n  others:\n    - {kind: ollama, url: 'http://nuc.lan:11434', name: 'qwen3:8b'}\n"+
		"    - {kind: anthropic, name: claude-haiku-4-5, key_file: "+key+", timeout: 8s, tokens_per_day: 50000}\n")
	if err != nil {
		t.Fatal(err)
	}
	near, far := c.Model.Others[0], c.Model.Others[1]
	if near.TryFor(c.Model.Timeout) != 10*time.Second || near.Address() != "http://nuc.lan:11434" {
		t.Errorf("got %+v", near)
	}
	if far.Key.Reveal() != hidden || far.TryFor(c.Model.Timeout) != 8*time.Second || far.Address() != "https://api.anthropic.com" || far.TokensPerDay != 50000 {
		t.Errorf("got %+v", far)
	}
	want := []string{"model.others[1]: what is said, what is remembered or looked up for it, and the names and states of devices leave the house for " +
		"api.anthropic.com, when the models before it give no answer"}
	if got := c.Egress(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNothingLeavesTheHouseByDefault(t *testing.T) {
	if got := Default().Egress(); len(got) != 0 {
		t.Errorf("got %q", got)
	}
	c := Default()
	c.Model.URL = "https://ollama.example.com"
	if got := c.Egress(); len(got) != 1 || !strings.HasPrefix(got[0], "model.url: what is said,") {
		t.Errorf("got %q", got)
	}
	c.Model.Local = "off"
	c.Model.Others = []OtherModel{{Kind: "openai", Name: "x"}}
	if got := c.Egress(); len(got) != 1 || !strings.HasSuffix(got[0], "api.openai.com, whenever a sentence needs a language model") {
		t.Errorf("got %q", got)
	}
}

func TestWhatToolsAskLeavesTheHouse(t *testing.T) {
	c := Default()
	c.MCP.Servers = []MCPServer{{Name: "clock", Command: []string{"mcp-clock"}}, {Name: "disk", URL: "http://nas.lan/mcp"}, {Name: "mail", URL: "https://mail.example/mcp"}}
	c.Search.Engine = "duckduckgo"
	want := []string{
		"mcp.servers[2]: what the language model asks the tools of mail leaves the house for mail.example",
		"search.engine: what is looked up on the web goes to DuckDuckGo (api.duckduckgo.com)",
	}
	if got := c.Egress(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAway(t *testing.T) {
	for address, want := range map[string]bool{
		"http://127.0.0.1:11434": false, "http://[::1]:11434": false, "http://localhost:11434": false, "http://nuc": false,
		"http://192.168.1.7:8080": false, "http://10.0.0.3": false, "http://172.20.1.1": false, "http://169.254.3.4": false,
		"http://[fd12::7]:80": false, "http://[fe80::1]": false, "http://[::ffff:192.168.1.7]": false, "http://100.101.102.103": false,
		"http://nuc.local:1": false, "http://nuc.LAN.": false, "http://ai.home.arpa": false, "http://gpu.fritz.box": false,
		"https://api.openai.com/v1": true, "http://8.8.8.8": true, "http://[2001:db8::1]": true, "http://172.32.0.1": true,
		"https://local.example.com": true, "https://localhost.example.com": true, "https://notlocal": false, "%": true,
		"https://evil.com/.local": true,
	} {
		if got := Away(address); got != want {
			t.Errorf("%s: got %v", address, got)
		}
	}
}
