package config

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Packaged is the configuration of the service. What it leaves out of state_dir and socket is where the service has
// them, so that commands find it whatever an owner has deleted from the file.
const Packaged = "/etc/hearthd/hearthd.yaml"

// defaultFor is Default for the file at path.
func defaultFor(path string) *Config {
	c := Default()
	if path == Packaged {
		c.StateDir, c.Socket = "/var/lib/hearthd", "/run/hearthd/hearthd.sock"
	}
	return c
}

// SocketPath is where the control socket is: Socket, or hearthd.sock in the state directory.
func (c *Config) SocketPath() string {
	if c.Socket != "" {
		return c.Socket
	}
	return filepath.Join(c.StateDir, "hearthd.sock")
}

// HistoryPath is where the SQLite database is.
func (c *Config) HistoryPath() string { return filepath.Join(c.StateDir, "history.db") }

// SettingsPath is where what is set while the daemon runs is kept.
func (c *Config) SettingsPath() string { return filepath.Join(c.StateDir, "settings.json") }

// CachePath is where the bbolt file is.
func (c *Config) CachePath() string { return filepath.Join(c.StateDir, "cache.db") }

// RepliesDir is where spoken replies are kept as WAV files: where systemd has a folder for what is gone after a restart,
// in it, for they are most of what would be written to a memory card; else in the state directory.
func (c *Config) RepliesDir() string {
	dir, _, _ := strings.Cut(os.Getenv("RUNTIME_DIRECTORY"), ":")
	return filepath.Join(cmp.Or(dir, c.StateDir), "replies")
}

// AssetsDir is the folder of models and sentence templates: Assets, or $HEARTH_ASSETS, or the user's
// cache folder, or /usr/share/hearthd/assets, the first of the last two that exists.
func (c *Config) AssetsDir() string {
	const packaged = "/usr/share/hearthd/assets"
	if c.Assets != "" {
		return c.Assets
	}
	if dir := os.Getenv("HEARTH_ASSETS"); dir != "" {
		return dir
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return packaged // a service without a home directory
	}
	own := filepath.Join(cache, "hearth", "assets")
	if isDir(own) || !isDir(packaged) {
		return own
	}
	return packaged
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

var notOfID = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// HubID tells this hub from others on the same broker: MQTT.ID, or the host name up to its first dot.
func (c *Config) HubID() string {
	if c.MQTT.ID != "" {
		return c.MQTT.ID
	}
	name, err := os.Hostname()
	if err != nil {
		return "hub"
	}
	host, _, _ := strings.Cut(name, ".")
	if id := strings.Trim(notOfID.ReplaceAllString(host, "-"), "-"); id != "" {
		return id
	}
	return "hub"
}
