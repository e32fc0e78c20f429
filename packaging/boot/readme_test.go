//go:build boot

package boot_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestTheReadme follows the README's shortest installation to the letter, in a terminal, on a Debian that has seen
// nothing of Hearth.
func TestTheReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)## Install\n.*?```sh\n(.*?)```").FindSubmatch(readme)
	if block == nil {
		t.Fatal("the README has no installation")
	}
	eachSuite(t, func(t *testing.T, m *machine) {
		m.sh("mv /root/new.deb /root/hearthd_1_amd64.deb")
		m.write("/usr/bin/sudo", "#!/bin/sh\nexec \"$@\"\n") // root needs none
		m.sh("chmod 755 /usr/bin/sudo")
		m.write("/root/commands", "set -e\ncd /root\n"+string(block[1]))
		// To setup: the language, no Home Assistant, the broker, no Ollama, a first command.
		m.write("/root/typed", "\nn\n\n\nturn off the kitchen ceiling\n")
		// apt reads what is typed too early.
		out := m.sh(`shown() { for _ in $(seq 400); do if grep -qs "$1" /root/shown; then break; fi; sleep 0.2; done; }
			(shown "Which language"; cat /root/typed; shown "is set up") |
			timeout 100 script --quiet --flush --return --command 'bash /root/commands' /root/shown`)
		for _, part := range []string{"confirmed: state went from off to on", "confirmed: state went from on to off", "This hub is set up"} {
			if !strings.Contains(out, part) {
				t.Errorf("no %q in:\n%s", part, out)
			}
		}
	})
}
