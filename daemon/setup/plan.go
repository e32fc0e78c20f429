package setup

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"hearth/daemon/config"
)

// Credentials are the secrets that a plan may hold: the names of the systemd credentials, and the settings that name
// them.
var Credentials = map[string]string{ //nolint:gosec // names, not secrets
	config.TokenCredential: "home.token_file",
	"mqtt_password":        "mqtt.password_file",
	"ollama_token":         "ollama.token_file",
	"mcp_token":            "mcp.token_file",
	"brave_key":            "search.key_file",
	"pin":                  "gate.pin_file",
	"code":                 "gate.code_file",
}

// A Plan is what is to be changed in one configuration. Nothing is written before Write.
type Plan struct {
	Path   string
	Before *config.Config // the configuration as it is, or as much of it as there is
	Area   string         // that the hub stands in, by ID or name, for Check to plan; "" leaves the room as it is

	text     []byte // of the file, none when there is no file yet
	settings []config.Setting
	secrets  []secret
}

// A secret is to be written.
type secret struct {
	file  string
	value config.Secret
}

// NewPlan reads the configuration at path, which need not be there. It may have faults in settings that may says are
// about to be changed, and in no others: the error is then of type config.Faults.
func NewPlan(path string, may func(field string) bool) (*Plan, error) {
	p := &Plan{Path: path}
	var err error
	if p.text, err = os.ReadFile(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	p.Before, err = config.Parse(path, p.text)
	var faults config.Faults
	if errors.As(err, &faults) {
		faults = slices.DeleteFunc(faults, func(f config.Fault) bool { return may(f.Field) })
		if len(faults) > 0 {
			return nil, fmt.Errorf("mend the configuration first:\n%w", faults)
		}
	}
	return p, nil
}

// Set plans a setting, which must hold text.
func (p *Plan) Set(field, value string) error {
	if err := config.CheckSetting(field); err != nil {
		return err
	}
	p.settings = slices.DeleteFunc(p.settings, func(s config.Setting) bool { return s.Field == field })
	p.settings = append(p.settings, config.Setting{Field: field, Value: value})
	return nil
}

// SetAll plans several.
func (p *Plan) SetAll(settings ...config.Setting) error {
	for _, s := range settings {
		if err := p.Set(s.Field, s.Value); err != nil {
			return err
		}
	}
	return nil
}

// Try plans what f does, or nothing when it returns an error, which Try returns.
func (p *Plan) Try(f func() error) error {
	settings, secrets := slices.Clone(p.settings), slices.Clone(p.secrets)
	err := f()
	if err != nil {
		p.settings, p.secrets = settings, secrets
	}
	return err
}

// Get is a setting as it will be, "" for one that is neither planned nor text.
func (p *Plan) Get(field string) string {
	for _, s := range p.settings {
		if s.Field == field {
			return s.Value
		}
	}
	return config.Text(p.Before, field)
}

// Kept is the secret of a credential as it is now; an error when there is none that can be read.
func (p *Plan) Kept(credential string) (config.Secret, error) {
	file, _ := p.place(credential)
	return config.ReadSecret(file)
}

// Keep plans to write the secret of a credential, and the setting that names it.
func (p *Plan) Keep(credential string, value config.Secret) error {
	field := Credentials[credential]
	if field == "" {
		return fmt.Errorf("there is no secret %q", credential)
	}
	file, source := p.place(credential)
	p.secrets = slices.DeleteFunc(p.secrets, func(s secret) bool { return s.file == file })
	if kept, err := config.ReadSecret(file); err != nil || kept.Reveal() != value.Reveal() {
		p.secrets = append(p.secrets, secret{file, value})
	}
	return p.Set(field, source)
}

// place is the file for a secret, and what the configuration calls it. The service gets it as a systemd credential,
// for the file is for root alone.
func (p *Plan) place(credential string) (file, source string) {
	source = config.Text(p.Before, Credentials[credential])
	switch {
	case strings.Contains(source, "/"):
		return source, source
	case source != "":
		return filepath.Join(filepath.Dir(config.Packaged), source), source
	}
	dir := p.Before.StateDir
	if p.Path == config.Packaged {
		dir = filepath.Dir(config.Packaged)
	}
	if absolute, err := filepath.Abs(dir); err == nil {
		dir = absolute
	}
	file = filepath.Join(dir, credential)
	if p.Path == config.Packaged && UnderSystemd() {
		return file, credential
	}
	return file, file
}

// UnderSystemd tells whether systemd runs this machine.
func UnderSystemd() bool {
	_, err := os.Stat("/run/systemd/system")
	return err == nil
}

// Config is the configuration as it will be, without secrets. The error tells what would be wrong with it.
func (p *Plan) Config() (*config.Config, error) {
	_, c, err := p.edited()
	return c, err
}

func (p *Plan) edited() ([]byte, *config.Config, error) {
	text, err := config.Edit(p.text, p.settings)
	if err != nil {
		return nil, nil, err
	}
	c, err := config.ParseWithoutSecrets(p.Path, text)
	if err != nil {
		return nil, nil, err
	}
	return text, c, nil
}

// Written is what Write has changed; "" and none for nothing.
type Written struct {
	Config  string   // path of the configuration
	Backup  string   // of the one before
	Secrets []string // paths
}

// Write makes the changes, each of them as a whole or not at all: a copy of the configuration first, then the secrets,
// for the configuration names them, and last the configuration. One that would have faults is not written.
func (p *Plan) Write(now time.Time) (w Written, err error) {
	text, _, err := p.edited()
	if err != nil {
		return w, fmt.Errorf("%s stays as it was: %w", p.Path, err)
	}
	changed := !bytes.Equal(text, p.text)
	if changed && len(p.text) > 0 {
		w.Backup = p.Path + "." + now.Format("20060102-150405")
		if err := p.copyBefore(w.Backup); err != nil {
			return w, fmt.Errorf("keep a copy of the configuration: %w", err)
		}
	}
	for _, s := range p.secrets {
		if err := config.WriteSecret(s.file, s.value); err != nil {
			return w, fmt.Errorf("write a secret: %w", err)
		}
		w.Secrets = append(w.Secrets, s.file)
	}
	if !changed {
		return w, nil
	}
	w.Config = p.Path
	if err := os.MkdirAll(filepath.Dir(p.Path), 0o755); err != nil {
		return w, fmt.Errorf("write the configuration: %w", err)
	}
	if err := config.Write(p.Path, text, 0o644); err != nil {
		return w, fmt.Errorf("write the configuration: %w", err)
	}
	return w, nil
}

// copyBefore keeps the file with its owner and mode.
func (p *Plan) copyBefore(path string) error {
	info, err := os.Stat(p.Path)
	if err != nil {
		return err
	}
	return config.Write(path, p.text, info.Mode().Perm())
}
