package homeassistant

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"hearth/daemon/home"
)

// snapshotData says where a camera's picture goes: into a folder that Home Assistant's media browser shows.
func snapshotData(ctx context.Context, c *Conn, call home.Call) (map[string]any, error) {
	var config struct {
		Writable []string `json:"allowlist_external_dirs"`
	}
	if err := c.Ask(ctx, Command{"type": "get_config"}, &config); err != nil {
		return nil, err
	}
	folder, err := mediaFolder(config.Writable)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s %s.jpg", call.Entity, time.Now().Format("2006-01-02 15.04.05"))
	return map[string]any{"filename": path.Join(folder, "hearth", name)}, nil
}

// mediaFolder is the media folder among those that Home Assistant may write to: the one that is called so, else any
// but the one that its web server shows to everybody.
func mediaFolder(writable []string) (string, error) {
	slices.Sort(writable)
	for _, fits := range []func(dir string) bool{
		func(dir string) bool { return path.Base(dir) == "media" },
		func(dir string) bool { return path.Base(dir) != "www" },
	} {
		if i := slices.IndexFunc(writable, fits); i >= 0 && strings.HasPrefix(writable[i], "/") {
			return writable[i], nil
		}
	}
	return "", errors.New("Home Assistant has no media folder to keep pictures in; set media_dirs in its configuration")
}
