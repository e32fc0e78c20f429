package config

import (
	"fmt"
	"regexp"
	"strings"
)

// Endpoint is an address at which programs of other machines may use the home, if they know its token.
type Endpoint struct {
	Listen    string `yaml:"listen"`     // host:port, "" for nowhere
	TokenFile string `yaml:"token_file"` // see ReadSecret

	// Token is what TokenFile holds; Load fills it.
	Token Secret `yaml:"-"`
}

// MCP is how assistants use each other's tools through the Model Context Protocol.
type MCP struct {
	Listen    string      `yaml:"listen"`     // of this home's tools; as in Endpoint
	TokenFile string      `yaml:"token_file"` // as in Endpoint
	Servers   []MCPServer `yaml:"servers"`    // whose tools the language model may use

	// Token is what TokenFile holds; Load fills it.
	Token Secret `yaml:"-"`
}

// MCPServer is a server of the owner's: a program, or an address.
type MCPServer struct {
	Name      string   `yaml:"name"`       // what its tools' names begin with
	Command   []string `yaml:"command"`    // a program and its arguments
	URL       string   `yaml:"url"`        // of streamable HTTP
	TokenFile string   `yaml:"token_file"` // "" for none; see ReadSecret
	Tools     []string `yaml:"tools"`      // that may be used; none for those that only read

	// Token is what TokenFile holds; Load fills it.
	Token Secret `yaml:"-"`
}

// Endpoint is where this home's tools are.
func (m MCP) Endpoint() Endpoint {
	return Endpoint{Listen: m.Listen, TokenFile: m.TokenFile, Token: m.Token}
}

var (
	serverName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)
	toolName   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

func (k *checker) servers() {
	names := map[string]int{}
	for i, s := range k.config.MCP.Servers {
		field := fmt.Sprintf("mcp.servers[%d]", i)
		k.matches(field+".name", s.Name, serverName, "a small letter and up to 31 small letters, digits and _")
		if first, twice := names[s.Name]; twice && s.Name != "" {
			k.fault(field+".name", s.Name, fmt.Sprintf("is mcp.servers[%d] already", first), "each name once")
		}
		names[s.Name] = i
		switch {
		case (len(s.Command) > 0) == (s.URL != ""):
			k.fault(field, s.Name, "has not exactly one of command and url", "a program such as [mcp-weather], or a url such as http://127.0.0.1:8000/mcp")
		case s.URL != "":
			k.url(field+".url", s.URL, "an address such as http://127.0.0.1:8000/mcp", "http", "https")
			if s.TokenFile != "" && strings.HasPrefix(s.URL, "http:") && Away(s.URL) {
				k.fault(field+".url", "", "would show the token to everybody on the way", "an address that begins with https://")
			}
		case s.Command[0] == "":
			k.fault(field+".command[0]", "", "is empty", "the path of a program")
		}
		for j, tool := range s.Tools {
			k.matches(fmt.Sprintf("%s.tools[%d]", field, j), tool, toolName, "the name of a tool such as get_forecast, without that of the server")
		}
	}
}

// endpoint checks one. Who may reach it is no reason to go without a token: on this machine, too, it commands the home.
func (k *checker) endpoint(field string, e Endpoint) {
	if e.Listen == "" {
		return
	}
	k.address(field+".listen", e.Listen)
	if e.TokenFile == "" {
		k.fault(field+".token_file", "", "is empty although "+field+".listen is set", "the path of a file with a token, or the name of a systemd credential")
	}
}

// tokenText is what may stand in a header and in a path, long enough not to be guessed.
var tokenText = regexp.MustCompile(`^[A-Za-z0-9_-]{20,200}$`)

// readToken reads an endpoint's token.
func (c *Config) readToken(field string, e *Endpoint) Faults {
	if e.Listen == "" {
		return nil
	}
	faults := c.readSecret(field+".token_file", e.TokenFile, &e.Token)
	if token := e.Token.Reveal(); token != "" && !tokenText.MatchString(token) {
		faults = append(faults, c.fault(field+".token_file", e.TokenFile,
			fmt.Sprintf("holds %d characters that are no token", len(token)), "a file with 20 to 200 letters, digits, - and _, as `openssl rand -hex 24` prints them"))
	}
	return faults
}
