package config

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAssetsDir(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HEARTH_ASSETS", "")
	c := Default()
	own := filepath.Join(cache, "hearth", "assets")
	if err := os.MkdirAll(own, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := c.AssetsDir(); got != own {
		t.Errorf("the cache folder exists, got %s", got)
	}
	t.Setenv("HEARTH_ASSETS", "/from/env")
	if got := c.AssetsDir(); got != "/from/env" {
		t.Errorf("HEARTH_ASSETS is set, got %s", got)
	}
	c.Assets = "/from/file"
	if got := c.AssetsDir(); got != "/from/file" {
		t.Errorf("assets is set, got %s", got)
	}
}

func TestAssetsDirOfAServiceWithoutAHome(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	t.Setenv("HEARTH_ASSETS", "")
	if got := Default().AssetsDir(); got != "/usr/share/hearthd/assets" {
		t.Errorf("got %s", got)
	}
}

func TestPathsFollowTheStateDirectory(t *testing.T) {
	t.Setenv("RUNTIME_DIRECTORY", "")
	c := Default()
	c.StateDir = "/var/lib/hearthd"
	for got, want := range map[string]string{
		c.SocketPath():  "/var/lib/hearthd/hearthd.sock",
		c.HistoryPath(): "/var/lib/hearthd/history.db",
		c.CachePath():   "/var/lib/hearthd/cache.db",
		c.RepliesDir():  "/var/lib/hearthd/replies",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	t.Setenv("RUNTIME_DIRECTORY", "/run/hearthd:/run/other")
	if got := c.RepliesDir(); got != "/run/hearthd/replies" {
		t.Errorf("under systemd replies are in %s", got)
	}
	c.Socket = "/run/hearthd/hearthd.sock"
	if got := c.SocketPath(); got != c.Socket {
		t.Errorf("socket is set, got %s", got)
	}
}

// TestTheServiceIsFound holds commands to the places of the service when an owner's file is silent about them.
func TestTheServiceIsFound(t *testing.T) {
	t.Setenv("HEARTH_STATE_DIR", "")
	for text, want := range map[string][2]string{
		"":                  {"/var/lib/hearthd", "/run/hearthd/hearthd.sock"},
		"room: kitchen":     {"/var/lib/hearthd", "/run/hearthd/hearthd.sock"},
		"state_dir: /srv/h": {"/srv/h", "/run/hearthd/hearthd.sock"},
		"socket: /run/s":    {"/var/lib/hearthd", "/run/s"},
		`socket: ""`:        {"/var/lib/hearthd", "/var/lib/hearthd/hearthd.sock"},
	} {
		c, err := ParseWithoutSecrets(Packaged, []byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := [2]string{c.StateDir, c.SocketPath()}; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	other, err := ParseWithoutSecrets("/home/anna/hearthd.yaml", nil)
	if err != nil || other.StateDir != "./var" || other.SocketPath() != "var/hearthd.sock" {
		t.Errorf("a file of another place: state in %s, socket %s, %v", other.StateDir, other.SocketPath(), err)
	}
}

func TestHubID(t *testing.T) {
	c := Default()
	if got := c.HubID(); !hubID.MatchString(got) {
		t.Errorf("%q is no ID", got)
	}
	c.MQTT.ID = "attic"
	if got := c.HubID(); got != "attic" {
		t.Errorf("got %q", got)
	}
}
