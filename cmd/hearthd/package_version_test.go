package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPackageVersions has a tree without a release, at one, and after one, which next has to be above.
func TestPackageVersions(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "packaging"), 0o755); err != nil {
		t.Fatal(err)
	}
	next := regexp.MustCompile(`(?m)^next=.*`)
	for _, path := range []string{"Makefile", "packaging/version.sh", "packaging/deb.sh", "packaging/deps.sh"} {
		text, err := os.ReadFile("../../" + path)
		if err != nil {
			t.Fatal(err)
		}
		if text = next.ReplaceAll(text, []byte("next=0.10.0")); path == "packaging/deps.sh" {
			text = []byte("#!/bin/sh\n") // which would install what is missing
		}
		if err := os.WriteFile(filepath.Join(root, path), text, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	run := func(name string, args ...string) (string, error) {
		command := exec.Command(name, args...)
		command.Dir = root
		command.Env = append(os.Environ(), "HEARTH_VERSION=", "GIT_CONFIG_GLOBAL=/dev/null",
			"GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@example.org", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@example.org")
		out, err := command.CombinedOutput()
		return strings.TrimSpace(string(out)), err
	}
	git := func(args ...string) {
		t.Helper()
		if out, err := run("git", args...); err != nil {
			t.Fatalf("git %v: %v, %s", args, err, out)
		}
	}
	git("init", "--quiet")
	git("add", ".")
	for _, c := range []struct {
		tag   string // of a commit, after which there is another
		at    string // the version of that commit, "" for none
		after string // the beginning of the version of the next one; "" for a refusal
	}{
		{"", "", "0.10.0~git20"},
		{"v0.9.1", "0.9.1-1", "0.10.0~git20"},
		{"v0.10.0", "0.10.0-1", ""},
		{"v0.11.0", "0.11.0-1", ""},
	} {
		if c.tag != "" {
			git("tag", c.tag)
			if got, err := run("packaging/version.sh", "deb"); err != nil || got != c.at {
				t.Errorf("%s: %q, %v", c.tag, got, err)
			}
		}
		git("commit", "--quiet", "--allow-empty", "-m", "x")
		got, err := run("packaging/version.sh", "deb")
		switch {
		case c.after == "" && (err == nil || !strings.Contains(got, "raise it") || strings.Contains(got, "~git")):
			t.Errorf("after %s: %q, %v, want a refusal", c.tag, got, err)
		case c.after != "" && (err != nil || !strings.HasPrefix(got, c.after)):
			t.Errorf("after %s: %q, %v", c.tag, got, err)
		}
	}
	// Now it refuses, and what needs a version stops with its words; -n tells what would be done.
	for _, args := range [][]string{{"deb"}, {"-n", "test-deb"}, {"-n", "test-vm"}} {
		if got, err := run("make", args...); err == nil || !strings.Contains(got, "v0.11.0 is released: raise it") {
			t.Errorf("make %v: %q, %v", args, got, err)
		}
	}
	if got, err := run("make", "help"); err != nil || strings.Contains(got, "raise it") {
		t.Errorf("make help: %q, %v", got, err)
	}
}
