package config

import (
	"fmt"
	"regexp"
)

// Endpoint is an address at which programs of other machines may use the home, if they know its token.
type Endpoint struct {
	Listen    string `yaml:"listen"`     // host:port, "" for nowhere
	TokenFile string `yaml:"token_file"` // see ReadSecret

	// Token is what TokenFile holds; Load fills it.
	Token Secret `yaml:"-"`
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
