//go:build boot

package boot_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// after waits until the service runs as another process than before.
func (m *machine) after(before string) {
	m.t.Helper()
	m.within(func() error {
		now, _ := m.try("systemctl show -P MainPID hearthd; systemctl show -P ActiveState hearthd")
		if pid, state, _ := strings.Cut(now, "\n"); state != "active" || pid == before || pid == "0" {
			return fmt.Errorf("still %s", now)
		}
		return nil
	})
}

// dropIn adds lines to the service, as systemctl edit does.
func (m *machine) dropIn(lines string) {
	m.t.Helper()
	m.write("/etc/systemd/system/hearthd.service.d/test.conf", "[Service]\n"+lines+"\n")
	m.sh("systemctl daemon-reload; systemctl restart hearthd")
}

func TestWatchdogBites(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.dropIn("WatchdogSec=2\nTimeoutAbortSec=1")
		before := m.sh("systemctl show -P MainPID hearthd")
		m.sh("kill -STOP " + before)
		m.after(before)
		m.want("journalctl -u hearthd -o cat", "Watchdog timeout")
		m.want(light, "confirmed")
	})
}

func TestCrashLoop(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.dropIn("RestartSec=100ms")
		for range 8 { // systemd gives up after 5 in 10 seconds unless it is told not to
			before := m.sh("systemctl show -P MainPID hearthd")
			m.sh("systemctl kill -s KILL hearthd")
			m.after(before)
		}
		if restarts, err := strconv.Atoi(m.sh("systemctl show -P NRestarts hearthd")); err != nil || restarts <= 5 {
			t.Errorf("started anew %d times, %v", restarts, err)
		}
		m.want(light, "confirmed")
	})
}

func TestStop(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.until("journalctl -u hearthd -o cat", "recogniser is ready")
		m.sh("systemctl stop hearthd")
		m.want("systemctl show -P Result hearthd", "success")
		m.want("systemctl show -P ExecMainStatus hearthd", "0")
		if left := m.sh("pgrep -u hearthd || true"); left != "" {
			t.Errorf("processes are left: %s", left)
		}
	})
}

// TestARecogniserThatIsKilled as the kernel kills it for its memory: another takes its place, and the daemon goes on.
func TestARecogniserThatIsKilled(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.sh("espeak-ng -v en-gb -s 140 -w /tmp/said.wav 'turn on the kitchen ceiling'")
		const ready = "journalctl -u hearthd -o cat | grep -c 'recogniser is ready' || true"
		m.until(ready, "1")
		daemon := m.sh("systemctl show -P MainPID hearthd")
		m.sh("pkill -KILL -P " + daemon + " -f 'hearthd recogniser'")
		m.until(ready, "2")
		m.want("hearthd say --wav /tmp/said.wav", "confirmed")
		m.want("systemctl show -P MainPID hearthd", daemon)
	})
}

// TestStopWhileItIsSpokenTo ends as it should while one turn follows the other.
func TestStopWhileItIsSpokenTo(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.sh("espeak-ng -v en-gb -s 140 -w /tmp/said.wav 'turn on the kitchen ceiling'")
		m.until("journalctl -u hearthd -o cat", "recogniser is ready")
		m.sh("systemd-run --quiet --unit=asking bash -c 'while true; do hearthd say --wav /tmp/said.wav || true; done'")
		m.until("journalctl -u asking -o cat", "confirmed")
		m.sh("systemctl stop hearthd")
		m.want("systemctl show -P Result hearthd", "success")
		m.want("systemctl show -P ExecMainStatus hearthd", "0")
		m.want("pgrep -cu hearthd || true", "0")
	})
}

func TestConfigurationThatIsWrong(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.sh("echo 'colour: red' >>/etc/hearthd/hearthd.yaml")
		m.fails("systemctl restart hearthd", "")
		m.want("systemctl show -P ActiveState hearthd", "failed")
		m.want("systemctl show -P ExecMainStatus hearthd", "2")
		m.want("systemctl show -P NRestarts hearthd", "0")
		m.want("journalctl -u hearthd -o cat", "hearthd.yaml:6:1: colour:")
		m.sh("sed -i /colour/d /etc/hearthd/hearthd.yaml; systemctl restart hearthd")
		m.want(light, "confirmed")
	})
}

// TestConfigurationThatSaysNothing has commands find the service when the owner's file is silent about its places.
func TestConfigurationThatSaysNothing(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.sh(": >/etc/hearthd/hearthd.yaml; systemctl restart hearthd")
		m.want("cd /tmp; "+light, "confirmed")
		m.want("hearthd check", "State in /var/lib/hearthd, socket /run/hearthd/hearthd.sock")
		m.want("hearthd doctor || true", "it runs and is ready")
		m.want("systemctl show -P ActiveState hearthd; ls -d /var/lib/hearthd/history.db", "active\n/var/lib")
	})
}

// TestStateElsewhere keeps what Hearth remembers where its owner wants it, as docs/install.md has it.
func TestStateElsewhere(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.sh("install -d -o hearthd -g hearthd -m 750 /srv/hearth-state; sed -i 's|^state_dir:.*|state_dir: /srv/hearth-state|' /etc/hearthd/hearthd.yaml")
		m.dropIn("ReadWritePaths=/srv/hearth-state")
		m.want(light, "confirmed")
		m.want("hearthd check", "State in /srv/hearth-state, socket /run/hearthd/hearthd.sock")
		m.want("ls /srv/hearth-state", "history.db")
	})
}

func TestCredentials(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.sh("printf 'gate: {pin_file: pin}\n' >>/etc/hearthd/hearthd.yaml")
		m.fails("systemctl restart hearthd", "")
		m.want("journalctl -u hearthd -o cat", "gate.pin_file")
		m.want("journalctl -u hearthd -o cat", "is empty")

		m.write("/etc/hearthd/pin", "7391\n")
		m.sh("systemctl restart hearthd")
		m.want("hearthd say 'unlock the front door'", "Say the PIN")
		m.want("hearthd say 7391", "confirmed")
		m.want("hearthd check", "good")

		m.sh("systemd-creds setup; systemd-creds encrypt --with-key=host --name=pin /etc/hearthd/pin /etc/hearthd/pin.cred; echo 0000 >/etc/hearthd/pin")
		m.dropIn("LoadCredentialEncrypted=pin:/etc/hearthd/pin.cred")
		m.want("hearthd say 'unlock the back door'", "Say the PIN")
		m.want("hearthd say 7391", "confirmed")
		m.want("grep -c 7391 /etc/hearthd/pin.cred || true", "0")
	})
}

// TestAFirstSecret is put in place as docs/install.md has it: first the file, then the setting, then check and restart. A
// new one is checked before the service takes it, too.
func TestAFirstSecret(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		const apply = "hearthd check && systemctl restart hearthd"
		m.install()
		m.want(light, "confirmed") // it runs, and has been given an empty PIN
		m.write("/etc/hearthd/pin", "7391\n")
		m.sh("echo 'gate: {pin_file: pin}' >>/etc/hearthd/hearthd.yaml")
		m.want(apply, "good")
		m.want("hearthd say 'unlock the front door'", "Say the PIN")
		m.want("hearthd say 7391", "confirmed")

		m.write("/etc/hearthd/pin", "12ab\n")
		m.fails(apply, "gate.pin_file")
		m.write("/etc/hearthd/pin", "\n")
		m.fails(apply, "/etc/hearthd/pin is empty")
		m.want("hearthd say 'unlock the back door'", "Say the PIN")

		m.write("/etc/hearthd/pin", "7391\n")
		m.write("/etc/hearthd/code", "7391\n")
		m.sh("sed -i 's|^gate: .*|gate: {pin_file: pin, code_file: /etc/hearthd/code}|' /etc/hearthd/hearthd.yaml")
		m.want("hearthd check", "gate.code_file: the service, which runs as the user hearthd, cannot read /etc/hearthd/code")
		m.sh("chown hearthd /etc/hearthd/code")
		if out := m.want(apply, "good"); strings.Contains(out, "cannot read") {
			t.Errorf("the service can read it: %s", out)
		}
		m.want(light, "confirmed")
	})
}

// TestEverySecretMayBeEncrypted gives the service each of its secrets from a file that is encrypted, and in no other way.
func TestEverySecretMayBeEncrypted(t *testing.T) {
	unit, err := os.ReadFile("../../systemd/hearthd.service")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`(?m)^LoadCredential=(\w+):`).FindAllStringSubmatch(string(unit), -1)
	if len(names) == 0 {
		t.Fatal("the unit has no credentials")
	}
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.sh("systemd-creds setup")
		var lines strings.Builder
		for _, name := range names {
			m.sh(fmt.Sprintf("printf 'secret-%[1]s' | systemd-creds encrypt --with-key=host --name=%[1]s - /etc/hearthd/%[1]s.cred", name[1]))
			fmt.Fprintf(&lines, "LoadCredentialEncrypted=%[1]s:/etc/hearthd/%[1]s.cred\n", name[1])
		}
		m.dropIn(lines.String())
		m.want(light, "confirmed")
		for _, name := range names {
			m.want("cat /run/credentials/hearthd.service/"+name[1], "secret-"+name[1])
		}
		m.fails("grep -r secret- /etc/hearthd", "")
	})
}

// holdPort has systemd hold the web port of a hub that runs, with the command of docs/install.md.
func (m *machine) holdPort() {
	m.t.Helper()
	page, err := os.ReadFile("../../docs/install.md")
	if err != nil {
		m.t.Fatal(err)
	}
	documented := regexp.MustCompile("(?m)^sudo systemctl enable hearthd.socket.*$").FindString(string(page))
	if documented == "" {
		m.t.Fatal("docs/install.md does not say how to enable hearthd.socket")
	}
	m.sh(strings.ReplaceAll(documented, "sudo ", ""))
	m.want("systemctl is-enabled hearthd.socket; systemctl is-active hearthd.socket hearthd", "enabled\nactive\nactive")
}

// TestTheSocket has systemd hold the web port.
func TestTheSocket(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.write("/etc/systemd/system/hearthd.socket.d/test.conf", "[Socket]\nListenStream=\nListenStream=80\n")
		m.sh("systemctl daemon-reload")
		m.holdPort()
		const page = `exec 3<>/dev/tcp/127.0.0.1/80; printf 'GET /healthz HTTP/1.0\r\n\r\n' >&3; cat <&3`
		m.sh("systemctl stop hearthd")
		m.want(page, "200 OK") // which starts it
		m.want("systemctl is-active hearthd", "active")
		m.want("journalctl -u hearthd -o cat", `msg="the web port is that of hearthd.socket"`)
		m.fails("</dev/tcp/127.0.0.1/8125", "refused")
		// A request in the middle of a restart waits instead of being refused.
		m.want("systemctl restart --no-block hearthd; for i in 1 2 3 4 5 6 7 8; do ( "+page+" ) || echo refused; done; true", "200 OK")
		if out := m.sh("systemctl restart --no-block hearthd; for i in 1 2 3 4 5 6 7 8; do ( " + page + " ) || echo refused; done; true"); strings.Contains(out, "refused") {
			t.Errorf("refused while it starts anew: %s", out)
		}
		// A request while the configuration is broken starts it in vain, until systemd gives the socket up. It is back
		// with the service.
		m.sh("echo 'nonsense: 1' >>/etc/hearthd/hearthd.yaml; systemctl restart hearthd || true; ( " + page + " ) || true")
		m.until("systemctl is-active hearthd.socket || true", "failed")
		m.sh("sed -i '/^nonsense/d' /etc/hearthd/hearthd.yaml; hearthd check && systemctl restart hearthd")
		m.want(page, "200 OK")
	})
}
