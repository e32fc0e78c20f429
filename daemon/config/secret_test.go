package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const hidden = "correct horse battery staple"

func TestASecretNeverShows(t *testing.T) {
	type holder struct{ inner Secret }
	s := NewSecret(hidden)
	c := Default()
	c.MQTT.Password = s
	shown := map[string]string{"String": s.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p"} {
		shown[verb] = fmt.Sprintf(verb, s)
		shown["pointer "+verb] = fmt.Sprintf(verb, &s)
		shown["config "+verb] = fmt.Sprintf(verb, c.MQTT)
		shown["unexported "+verb] = fmt.Sprintf(verb, holder{s})
	}
	shown["json"] = encode(t, json.Marshal, s)
	shown["config json"] = encode(t, json.Marshal, c)
	shown["json key"] = encode(t, json.Marshal, map[string]Secret{"a": s})
	shown["yaml"] = encode(t, yaml.Marshal, map[string]Secret{"a": s})
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s, "config", c.MQTT)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s, "config", c.MQTT)
	shown["slog"] = log.String()
	for how, text := range shown {
		if strings.Contains(text, "horse") || strings.Contains(text, fmt.Sprintf("%x", "horse")) {
			t.Errorf("%s shows it: %s", how, text)
		}
	}
	for _, how := range []string{"%v", "%#v", "%x", "json", "yaml", "slog", "config %+v"} {
		if !strings.Contains(shown[how], redacted) {
			t.Errorf("%s = %s, without %s", how, shown[how], redacted)
		}
	}
	if s.Reveal() != hidden {
		t.Errorf("Reveal() = %q", s.Reveal())
	}
}

func encode(t *testing.T, marshal func(any) ([]byte, error), value any) string {
	t.Helper()
	text, err := marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSecretsComeFromFilesAndCredentials(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	for name, test := range map[string]struct{ content, want string }{
		"plain":        {hidden, hidden},
		"line-break":   {hidden + "\n", hidden},
		"windows":      {hidden + "\r\n", hidden},
		"inner-breaks": {"a\nb\n", "a\nb"},
		"spaces":       {" a \n", " a "},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, source := range []string{name, filepath.Join(dir, name)} {
			got, err := ReadSecret(source)
			if err != nil || got.Reveal() != test.want {
				t.Errorf("%s: %q, %v; want %q", source, got.Reveal(), err, test.want)
			}
		}
	}
}

// TestTheFirstFolderWithACredentialCounts even when the file in it is of no use, for that is the one that will be taken.
func TestTheFirstFolderWithACredentialCounts(t *testing.T) {
	next, last := t.TempDir(), t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", next+":"+last)
	for path, content := range map[string]string{next + "/both": "new\n", last + "/both": "old\n", last + "/encrypted": "kept\n", next + "/emptied": "\n", last + "/emptied": "old\n"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"both": "new", "encrypted": "kept"} {
		if got, err := ReadSecret(name); err != nil || got.Reveal() != want {
			t.Errorf("%s: %q, %v; want %q", name, got.Reveal(), err, want)
		}
	}
	for name, want := range map[string]string{"emptied": next + "/emptied is empty", "missing": "open " + next + "/missing: no such file or directory"} {
		if _, err := ReadSecret(name); err == nil || err.Error() != want {
			t.Errorf("%s: %v; want %q", name, err, want)
		}
	}
}

func TestAnUnusableSecretIsRefused(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	for name, content := range map[string]string{"empty": "", "only-a-break": "\n", "huge": strings.Repeat("x", maxSecret+1)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadSecret(name); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	for _, source := range []string{"missing", dir + "/"} {
		if _, err := ReadSecret(source); err == nil {
			t.Errorf("%s was accepted", source)
		}
	}
}

func TestLoadReadsThePassword(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	if err := os.WriteFile(filepath.Join(dir, "mqtt-password"), []byte(hidden+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := load(t, "mqtt: {broker: 'tcp://h:1', username: me, password_file: mqtt-password}\n")
	if err != nil {
		t.Fatal(err)
	}
	if c.MQTT.Password.Reveal() != hidden {
		t.Errorf("password = %q", c.MQTT.Password.Reveal())
	}
}
