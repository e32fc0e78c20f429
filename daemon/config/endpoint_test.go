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
		for _, section := range []string{"ollama", "mcp"} {
			c, err := load(t, section+": "+test.settings)
			switch {
			case test.want == "" && err != nil:
				t.Errorf("%s, %s: %v", section, name, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2")):
				t.Errorf("%s, %s: %v, want %q", section, name, err, test.want)
			}
			if name == "with a token" && c.Ollama.Token.Reveal()+c.MCP.Token.Reveal() != token {
				t.Errorf("%s: the token was not read", section)
			}
		}
	}
}

func TestTwoAtOneAddress(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("0123456789abcdefABCDEF-_"), 0o600); err != nil {
		t.Fatal(err)
	}
	at := func(address string) string { return "{listen: '" + address + "', token_file: " + token + "}" }
	for text, want := range map[string]string{
		"mcp: " + at("127.0.0.1:8125"):                                            `mcp.listen: "127.0.0.1:8125" is the address of web.listen already; expected another port`,
		"ollama: " + at("0.0.0.0:1883"):                                           `ollama.listen: "0.0.0.0:1883" is the address of mqtt.listen already`,
		"ollama: " + at("192.168.1.2:9") + "\nmcp: " + at("[::]:9"):               `mcp.listen: "[::]:9" is the address of ollama.listen already`,
		"ollama: " + at("127.0.0.1:9") + "\nmcp: " + at("192.168.1.2:9"):          "",
		"ollama: " + at("127.0.0.1:0") + "\nmcp: " + at("127.0.0.1:0"):            "",
		"ollama: " + at("127.0.0.1:1883") + "\nmqtt: {broker: 'off'}":             "",
		"ollama: " + at("127.0.0.1:1883") + "\nmqtt: {broker: 'tcp://nuc.lan:1'}": "",
	} {
		_, err := load(t, text+"\n")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestServersOfTools(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("sesame"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ server, want string }{
		"a program":       {"{name: weather, command: [mcp-weather, --fast]}", ""},
		"an address":      {"{name: mail_2, url: 'https://mail.example/mcp', token_file: " + token + ", tools: [send_mail]}", ""},
		"a query":         {"{name: weather, url: 'https://mail.example/mcp?key=x'}", ""},
		"token in clear":  {"{name: weather, url: 'http://mail.example/mcp', token_file: " + token + "}", "mcp.servers[0].url: would show the token to everybody on the way"},
		"token at home":   {"{name: weather, url: 'http://nuc.lan/mcp', token_file: " + token + "}", ""},
		"no port":         {"{name: weather, url: 'http://nuc.lan:70000/mcp'}", "mcp.servers[0].url: \"http://nuc.lan:70000/mcp\" is not accepted"},
		"neither":         {"{name: weather}", "mcp.servers[0]: \"weather\" has not exactly one of command and url"},
		"both":            {"{name: weather, command: [a], url: 'http://a/mcp'}", "has not exactly one"},
		"no program":      {"{name: weather, command: ['']}", "mcp.servers[0].command[0]: is empty"},
		"no name":         {"{command: [a]}", "mcp.servers[0].name: is empty"},
		"another name":    {"{name: My.Server, command: [a]}", "mcp.servers[0].name: \"My.Server\" is not accepted"},
		"no address":      {"{name: weather, url: weather}", "mcp.servers[0].url: \"weather\""},
		"twice the same":  {"{name: a, command: [a]}, {name: a, command: [b]}", "mcp.servers[1].name: \"a\" is mcp.servers[0] already"},
		"a tool of lines": {"{name: a, command: [a], tools: [\"a\\nb\"]}", "mcp.servers[0].tools[0]"},
		"a missing file":  {"{name: a, command: [a], token_file: /nowhere}", "mcp.servers[0].token_file: \"/nowhere\" cannot be read"},
	} {
		c, err := load(t, "mcp: {servers: ["+test.server+"]}")
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		if name == "an address" && c.MCP.Servers[0].Token.Reveal() != "sesame" {
			t.Error("the token was not read")
		}
	}
}
