package setup

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"hearth/daemon/config"
)

// A Preseed is a plan in a file, for many hubs alike.
type Preseed struct {
	// Settings by their keys in hearthd.yaml: "home.url".
	Settings map[string]string `yaml:"settings"`
	// Rooms are the areas of the hubs, by host name; they go before the setting room. Either is an ID or a name.
	Rooms map[string]string `yaml:"rooms"`
	// Secrets and SecretFiles are by the names of Credentials: the secret itself, or a file that holds it.
	Secrets     map[string]string `yaml:"secrets"`
	SecretFiles map[string]string `yaml:"secret_files"`
	// Say is the first command; "" for none.
	Say string `yaml:"say"`
}

// ParsePreseed reads the text of one. An error shows no value, which may be a secret.
func ParsePreseed(text []byte) (*Preseed, error) {
	var p Preseed
	if err := yaml.UnmarshalWithOptions(text, &p, yaml.Strict()); err != nil {
		return nil, errors.New(withoutSource(err))
	}
	for _, field := range slices.Sorted(maps.Keys(p.Settings)) {
		if err := config.CheckSetting(field); err != nil {
			return nil, fmt.Errorf("settings: %w", err)
		}
		if slices.Contains(slices.Collect(maps.Values(Credentials)), field) && !strings.Contains(p.Settings[field], "/") {
			return nil, fmt.Errorf("settings: %s names no path; give the secret under secrets or secret_files", field)
		}
	}
	for _, names := range []map[string]string{p.Secrets, p.SecretFiles} {
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if Credentials[name] == "" {
				return nil, fmt.Errorf("there is no secret %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(Credentials)), ", "))
			}
			if names[name] == "" || strings.ContainsAny(names[name], "\r\n") {
				return nil, fmt.Errorf("the secret %s is empty, or has more than one line", name)
			}
		}
	}
	return &p, nil
}

// withoutSource is an error of the YAML library without the lines of the file that it shows.
func withoutSource(err error) string {
	first, _, _ := strings.Cut(yaml.FormatError(err, false, false), "\n")
	return first
}

// Apply plans what the file says for the hub of that host name.
func (s *Preseed) Apply(p *Plan, host string) error {
	p.Area = cmp.Or(s.Rooms[host], s.Settings["room"])
	for _, field := range slices.Sorted(maps.Keys(s.Settings)) {
		if field == "room" {
			continue
		}
		if err := p.Set(field, s.Settings[field]); err != nil {
			return err
		}
	}
	if _, said := s.Settings["home.kind"]; !said && s.Settings["home.url"] != "" {
		if err := p.Set("home.kind", "homeassistant"); err != nil {
			return err
		}
	}
	return s.keep(p)
}

func (s *Preseed) keep(p *Plan) error {
	for _, name := range slices.Sorted(maps.Keys(s.Secrets)) {
		if err := p.Keep(name, config.NewSecret(s.Secrets[name])); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.SecretFiles)) {
		secret, err := config.ReadSecret(absolute(s.SecretFiles[name]))
		if err == nil {
			err = p.Keep(name, secret)
		}
		if err != nil {
			return fmt.Errorf("secret_files: %s: %w", name, err)
		}
	}
	return nil
}

// absolute keeps a file of this folder from being taken for a credential's name.
func absolute(path string) string {
	if strings.Contains(path, "/") {
		return path
	}
	return "." + string(os.PathSeparator) + path
}
