package main

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hearth/daemon/config"
	"hearth/daemon/setup"
)

// TestTheUnitHasEverySecret holds systemd/hearthd.service to what the configuration may name: each secret has a
// credential, and one that nobody has put there does not keep the service from starting.
func TestTheUnitHasEverySecret(t *testing.T) {
	unit, err := os.ReadFile("../../systemd/hearthd.service")
	if err != nil {
		t.Fatal(err)
	}
	credentials := map[string][]string{
		"home.token_file": {config.TokenCredential}, "mqtt.password_file": {"mqtt_password"}, "gate.pin_file": {"pin"}, "gate.code_file": {"code"},
		"ollama.token_file":           {"ollama_token"},
		"mcp.token_file":              {"mcp_token"},
		"search.key_file":             {"brave_key"},
		"mcp.servers.token_file":      nil,                             // as many as the owner likes
		"model.others.key_file":       {"openai_key", "anthropic_key"}, // those of docs/models.md; more as the owner likes
		"mqtt.accounts.password_file": nil,                             // as many as the owner likes: docs/install.md
		"mqtt.key_file":               nil,                             // a path, as its certificate's
	}
	for name, field := range setup.Credentials {
		if !slices.Contains(credentials[field], name) {
			t.Errorf("setup writes the secret %s for %s, which is no credential of the unit", name, field)
		}
	}
	secrets := secretFiles(reflect.TypeFor[config.Config](), "")
	for _, field := range secrets {
		if _, ok := credentials[field]; !ok {
			t.Errorf("%s is a secret without a credential: give it one in systemd/hearthd.service, and name it here", field)
		}
		for _, name := range credentials[field] {
			if !strings.Contains(string(unit), "\nLoadCredential="+name+":/etc/hearthd/"+name+"\nSetCredential="+name+":\\n\n") {
				t.Errorf("the unit lacks the credential %s of %s", name, field)
			}
		}
	}
	for field := range credentials {
		if !slices.Contains(secrets, field) {
			t.Errorf("%s is no secret of the configuration any more", field)
		}
	}
	named := slices.Concat(slices.Collect(maps.Values(credentials))...)
	for _, m := range regexp.MustCompile(`(?m)^LoadCredential=(\w+):`).FindAllStringSubmatch(string(unit), -1) {
		if !slices.Contains(named, m[1]) {
			t.Errorf("the unit has the credential %s, which nothing names", m[1])
		}
	}
}

// secretFiles are the keys that name a file with a secret: certificates are none.
func secretFiles(t reflect.Type, path string) []string {
	var all []string
	for field := range t.Fields() {
		name := strings.TrimPrefix(path+"."+field.Tag.Get("yaml"), ".")
		of := field.Type
		if of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		switch {
		case of.Kind() == reflect.Struct && field.IsExported():
			all = append(all, secretFiles(of, name)...)
		case strings.HasSuffix(name, "_file") && !regexp.MustCompile(`\.(ca|cert)_file$`).MatchString(name):
			all = append(all, name)
		}
	}
	return all
}

// TestThePackagedConfiguration loads it as the service does. It stays as it is for ever: of a file that its owner and a
// new version have both changed, dpkg asks which to keep, and an unattended upgrade has nobody to answer.
func TestThePackagedConfiguration(t *testing.T) {
	text, err := os.ReadFile("../../packaging/deb/hearthd.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(text)); sum != "b3bb17fec107ab9cfce2ab426a44cdb7284a30592d00f41338f1eab72c33a0ce" {
		t.Errorf("packaging/deb/hearthd.yaml was changed (SHA-256 %s): give a new setting its default in daemon/config instead", sum)
	}
	c, err := config.Load("../../packaging/deb/hearthd.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if c.StateDir != "/var/lib/hearthd" || c.SocketPath() != "/run/hearthd/hearthd.sock" {
		t.Errorf("state in %s, socket %s", c.StateDir, c.SocketPath())
	}
}
