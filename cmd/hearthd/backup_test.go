package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hearth/storage/history"
)

// TestTheBackupOfTheManual runs the commands of docs/install.md below a folder that stands for the root.
func TestTheBackupOfTheManual(t *testing.T) {
	manual, err := os.ReadFile("../../docs/install.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(manual), "\n## Back up, and restore\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1)
	if len(blocks) != 2 {
		t.Fatalf("%d blocks in the section: %s", len(blocks), section)
	}
	root, bin, away := t.TempDir(), t.TempDir(), t.TempDir()
	state, etc := filepath.Join(root, "var/lib/hearthd"), filepath.Join(root, "etc/hearthd")
	write := func(path, text string, mode os.FileMode) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(bin, "sudo"), "#!/bin/sh\nexec \"$@\"\n", 0o700)
	write(filepath.Join(bin, "systemctl"), "#!/bin/sh\necho \"$@\" >>"+away+"/systemctl\n", 0o700)
	run := func(block string) {
		t.Helper()
		block = strings.NewReplacer("-C / ", "-C "+root+" ", " /var/lib/hearthd", " "+state).Replace(block)
		shell := exec.Command("sh", "-ec", block)
		shell.Dir = away
		shell.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
		if out, err := shell.CombinedOutput(); err != nil || len(out) > 0 {
			t.Fatalf("%s: %v, %s", block, err, out)
		}
	}
	write(filepath.Join(state, "settings.json"), `{"volume": 50}`, 0o600)
	write(filepath.Join(etc, "pin"), "4242", 0o600)
	store, err := history.Open(filepath.Join(state, "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}

	run(blocks[0][1])
	if info, err := os.Stat(filepath.Join(away, "hearth-backup.tar.gz")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup: %v, %v", info, err)
	}
	for _, dir := range []string{state, etc} {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(state, "history.db-wal"), "of another database", 0o600)
	write(filepath.Join(etc, "pin"), "of the package", 0o644)
	run(blocks[1][1])

	if text, err := os.ReadFile(filepath.Join(etc, "pin")); err != nil || string(text) != "4242" {
		t.Errorf("the secret: %q, %v", text, err)
	}
	if info, err := os.Stat(filepath.Join(etc, "pin")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret: %v, %v", info, err)
	}
	if text, err := os.ReadFile(filepath.Join(state, "history.db-wal")); err == nil && strings.HasPrefix(string(text), "of another") {
		t.Error("what was there before is still there")
	}
	if err := history.Check(t.Context(), filepath.Join(state, "history.db")); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(filepath.Join(away, "systemctl")); err != nil || string(text) != strings.Repeat("stop hearthd\nstart hearthd\n", 2) {
		t.Errorf("the service: %q, %v", text, err)
	}
}
