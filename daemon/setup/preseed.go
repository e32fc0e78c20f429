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
	if err := withoutGaps(text); err != nil {
		return nil, err
	}
	if len(p.Settings)+len(p.Rooms)+len(p.Secrets)+len(p.SecretFiles) == 0 && p.Say == "" {
		return nil, errors.New("there are no answers in it; expected some of settings, rooms, secrets, secret_files, say")
	}
	if err := p.checkRooms(); err != nil {
		return nil, err
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
			if strings.TrimSpace(names[name]) == "" || strings.ContainsAny(names[name], "\r\n") {
				return nil, fmt.Errorf("the secret %s is empty, or has more than one line", name)
			}
		}
	}
	return &p, nil
}

// withoutGaps wants a value for all that is named. A setting may still be "".
func withoutGaps(text []byte) error {
	var all map[string]any
	if err := yaml.Unmarshal(text, &all); err != nil {
		return errors.New(withoutSource(err))
	}
	return gap("", all)
}

func gap(place string, all map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		switch value := all[name].(type) {
		case nil:
			return fmt.Errorf("%s%s has no value; give it one, or leave it out", place, name)
		case map[string]any:
			if err := gap(place+name+": ", value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Preseed) checkRooms() error {
	for _, host := range slices.Sorted(maps.Keys(s.Rooms)) {
		if strings.TrimSpace(s.Rooms[host]) == "" || host == "" {
			return fmt.Errorf("rooms: %q has no area; expected the host's name, and the name or ID of its area", host)
		}
	}
	if room, said := s.Settings["room"]; said && strings.TrimSpace(room) == "" {
		return errors.New("settings: room is empty; expected the name or ID of an area, or leave it out")
	}
	return nil
}

// withoutSource is an error of the YAML library without the lines of the file that it shows.
func withoutSource(err error) string {
	first, _, _ := strings.Cut(yaml.FormatError(err, false, false), "\n")
	return first
}

// Apply plans what the file says for the hub of that host name. An Area that the plan has already goes before its room.
func (s *Preseed) Apply(p *Plan, host string) error {
	p.Area = cmp.Or(p.Area, s.Rooms[host], s.Settings["room"])
	if p.Area == "" && len(s.Rooms) > 0 {
		return fmt.Errorf("rooms: this host is %q, which is not among %q; add it, or give a room for all others (room under settings, or --area)",
			host, slices.Sorted(maps.Keys(s.Rooms)))
	}
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
