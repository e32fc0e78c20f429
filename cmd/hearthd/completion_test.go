package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestShellsComplete has the program complete command lines as bash does, with COMP_LINE.
func TestShellsComplete(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "hearthd")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for line, want := range map[string]string{
		"hearthd do":         "doctor",
		"hearthd eval in":    "intents",
		"hearthd why --l":    "--last",
		"hearthd say --wav ": "",
		"hearthd recog":      "", // hidden
	} {
		complete := exec.Command(bin)
		complete.Env = append(os.Environ(), "COMP_LINE="+line, "COMP_POINT="+strconv.Itoa(len(line)))
		out, err := complete.Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("%q is completed by %q, want %q (%v)", line, got, want, err)
		}
	}
}
