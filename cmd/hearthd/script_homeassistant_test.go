package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// homeAssistantRecipe is the script that runs a real Home Assistant, and where that is installed: the version in
// HEARTH_HA_VERSION, or 2026.2.3.
func homeAssistantRecipe() (script, install string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", "", err
	}
	script = filepath.Join(shared(), "recipes", "home-assistant", "ha.sh")
	install = filepath.Join(cache, "hearth", "home-assistant-"+cmp.Or(os.Getenv("HEARTH_HA_VERSION"), "2026.2.3"))
	if _, err := os.Stat(script); err != nil {
		return "", "", err
	}
	_, err = os.Stat(filepath.Join(install, "installed"))
	return script, install, err
}

// runRecipe runs the recipe's script for the instance of a name. The script reads from in, unless that is nil.
func runRecipe(script, run string, in io.Reader, args ...string) error {
	command := exec.Command(script, args...)
	command.Stdin = in
	command.Env = append(os.Environ(), "HA_RUN="+run)
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", script, strings.Join(args, " "), err, out)
	}
	return nil
}

// homeAssistantScript starts a real Home Assistant with the home of a folder, until the script ends. HA_URL is its
// address, and HA_TOKEN a file with a token. With "announce" the one that runs tells the network that address.
func homeAssistantScript(ts *testscript.TestScript, _ bool, args []string) {
	script, install, err := homeAssistantRecipe()
	ts.Check(err)
	run := fmt.Sprintf("run-%s-%d", ts.Name(), os.Getpid())
	if args[0] == "announce" {
		address := fmt.Sprintf(`{"type": "config/core/update", "internal_url": %q}`, ts.Getenv("HA_URL"))
		ts.Check(runRecipe(script, run, strings.NewReader(address+"\n"), "send", install))
		ts.Check(runRecipe(script, run, nil, "restart", install)) // it announces what it knows when it starts
		return
	}
	ts.Defer(func() {
		ts.Check(runRecipe(script, run, nil, "stop", install))
		os.RemoveAll(filepath.Join(install, run))
	})
	ts.Check(runRecipe(script, run, nil, "start", install, "0", "", ts.MkAbs(args[0])))
	url, err := os.ReadFile(filepath.Join(install, run, "url"))
	ts.Check(err)
	ts.Setenv("HA_URL", strings.TrimSpace(string(url)))
	ts.Setenv("HA_TOKEN", filepath.Join(install, run, "token"))
}
