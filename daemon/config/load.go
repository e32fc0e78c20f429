package config

import (
	"errors"
	"fmt"
	"os"
	"regexp"
)

// Load reads the file at path over the defaults, applies HEARTH_STATE_DIR, checks everything and reads
// the secrets the file names. With path "" there is no file and the defaults count. The error is of
// type Faults unless the file could not be read.
func Load(path string) (*Config, error) { return loadWith(path, (*Config).readSecrets) }

// LoadWithoutSecrets is Load for whoever only asks the daemon, and may not read what it keeps secret.
func LoadWithoutSecrets(path string) (*Config, error) { return loadWith(path, noSecrets) }

func noSecrets(*Config) Faults { return nil }

func loadWith(path string, secrets func(*Config) Faults) (*Config, error) {
	var text []byte
	if path != "" {
		var err error
		if text, err = os.ReadFile(path); err != nil {
			return nil, fmt.Errorf("read configuration: %w", err)
		}
	}
	c, err := parse(path, text, secrets)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// parse is loadWith after the file was read; path names it in faults, and tells whether it is the service's.
func parse(path string, text []byte, secrets func(*Config) Faults) (*Config, error) {
	c := defaultFor(path)
	found := c.decode(text)
	if dir := os.Getenv("HEARTH_STATE_DIR"); dir != "" {
		c.StateDir = dir
		delete(c.at, "state_dir")
	}
	var invalid Faults
	if errors.As(c.Validate(), &invalid) {
		found = append(found, invalid...)
	}
	found = append(found, secrets(c)...)
	return c, found.in(path)
}

func (c *Config) readSecrets() Faults {
	faults := c.readSecret("search.key_file", c.Search.KeyFile, &c.Search.Key)
	faults = append(faults, c.readSecret("mqtt.password_file", c.MQTT.PasswordFile, &c.MQTT.Password)...)
	for i := range c.MQTT.Accounts {
		a := &c.MQTT.Accounts[i]
		faults = append(faults, c.readSecret(fmt.Sprintf("mqtt.accounts[%d].password_file", i), a.PasswordFile, &a.Password)...)
	}
	faults = append(faults, c.readToken("ollama", &c.Ollama)...)
	for i := range c.Model.Others {
		o := &c.Model.Others[i]
		faults = append(faults, c.readSecret(fmt.Sprintf("model.others[%d].key_file", i), o.KeyFile, &o.Key)...)
	}
	tools := c.MCP.Endpoint()
	faults = append(faults, c.readToken("mcp", &tools)...)
	c.MCP.Token = tools.Token
	for i := range c.MCP.Servers {
		s := &c.MCP.Servers[i]
		faults = append(faults, c.readSecret(fmt.Sprintf("mcp.servers[%d].token_file", i), s.TokenFile, &s.Token)...)
	}
	faults = append(faults, c.readSecret("gate.pin_file", c.Gate.PINFile, &c.Gate.PIN)...)
	faults = append(faults, c.readSecret("gate.code_file", c.Gate.CodeFile, &c.Gate.Code)...)
	if pin := c.Gate.PIN.Reveal(); pin != "" && !IsPIN(pin) {
		faults = append(faults, c.fault("gate.pin_file", c.Gate.PINFile, "holds something else than a PIN", "a file with 4 to 12 digits and nothing else"))
	}
	return faults
}

func (c *Config) readSecret(field, source string, into *Secret) Faults {
	if source == "" {
		return nil
	}
	var err error
	if *into, err = ReadSecret(source); err != nil {
		return Faults{c.fault(field, source,
			fmt.Sprintf("cannot be read (%v)", err), "the path of a readable file, or the name of a systemd credential")}
	}
	return nil
}

// IsPIN tells whether a text may be a PIN.
func IsPIN(text string) bool { return pinDigits.MatchString(text) }

var pinDigits = regexp.MustCompile(`^[0-9]{4,12}$`)
