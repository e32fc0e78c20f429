//go:build boot

package boot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestInstall(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.want("systemctl is-active hearthd", "active")
		m.want("systemctl is-enabled hearthd", "enabled")
		m.want("systemctl is-enabled hearthd.socket || true", "disabled")
		// What DeviceAllow=char-alsa allows is looked up when the service starts: the kernel has to know sound by then.
		m.want("systemctl show -P LoadState modprobe@snd.service", "loaded")
		m.want("systemctl show -P Wants hearthd", "modprobe@snd.service")
		m.want("systemctl show -P After hearthd", "modprobe@snd.service")
		m.until("systemctl show -P StatusText hearthd", "ready")
		m.want(light, "confirmed")
		if failed := m.sh("systemctl --failed --no-legend"); failed != "" {
			t.Errorf("failed units: %s", failed)
		}
		m.want("hearthd check", "configuration is good")
		m.want("hearthd doctor || true", "are as they were made") // the files that hear and understand
		m.want("bash -c '</dev/tcp/127.0.0.1/8125' && echo open", "open")
		m.want("journalctl -o cat HEARTH_COMPONENT=history", `msg="component works" component=history`)
		m.want("source /usr/share/bash-completion/bash_completion; source /usr/share/bash-completion/completions/hearthd; complete -p hearthd", "/usr/bin/hearthd")
		t.Log(m.sh("systemd-analyze security hearthd --no-pager | tail -1"))
		t.Logf("installed: %s kB", m.sh("dpkg-query -W -f '${Installed-Size}' hearthd"))
	})
}

// TestAsSafeAsPromised holds the unit to an exposure of 1.5, as systemd rates it, and has the Debian's own AppArmor read
// the profile.
func TestAsSafeAsPromised(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.sh("systemd-analyze security --threshold=15 hearthd --no-pager")
		m.sh("apparmor_parser --skip-kernel-load --skip-cache /etc/apparmor.d/hearthd")
		if out := m.sh("systemd-analyze verify --man=no hearthd.service hearthd.socket 2>&1 | grep -i hearthd || true"); out != "" {
			t.Errorf("systemd complains: %s", out)
		}
	})
}

func TestItHears(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.sh("espeak-ng -v en-gb -s 140 -w /tmp/said.wav 'turn on the kitchen ceiling'")
		m.until("journalctl -u hearthd -o cat", "recogniser is ready")
		m.want("hearthd say --wav /tmp/said.wav", "confirmed")
		t.Log(m.sh(`for p in $(systemctl show -P MainPID hearthd) $(pgrep -P $(systemctl show -P MainPID hearthd)); do
			echo $(tr '\0' ' ' </proc/$p/cmdline) $(grep VmRSS /proc/$p/status); done`))
	})
}

// TestAtBoot has a hub that was switched off come back by itself.
func TestAtBoot(t *testing.T) {
	for suite := range strings.SplitSeq(*suites, ",") {
		t.Run(suite, func(t *testing.T) {
			root := newRoot(t, suite)
			t.Run("install", func(t *testing.T) { boot(t, root).install() })
			began := time.Now()
			m := boot(t, root)
			booted := time.Since(began)
			m.within(func() error {
				if out, err := m.try(light); err != nil || !strings.Contains(out, "confirmed") {
					return fmt.Errorf("%s: %w", out, err)
				}
				return nil
			})
			t.Logf("from power-on: %s to a system that has booted, %s to a command that was understood and done", booted.Round(10*time.Millisecond),
				time.Since(began).Round(10*time.Millisecond))
		})
	}
}

func TestWhoMayAsk(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.sh("useradd anna; useradd --groups hearthd bob; echo 1234 >/etc/hearthd/pin; chmod 600 /etc/hearthd/pin")
		m.sh("printf 'gate: {pin_file: pin}\n' >>/etc/hearthd/hearthd.yaml; systemctl restart hearthd")
		m.want("setpriv --reuid bob --regid bob --init-groups hearthd say 'what time is it'", "said")
		m.fails("setpriv --reuid anna --regid anna --init-groups hearthd say 'what time is it'", "permission denied")
		m.want("find /var/lib/hearthd ! -user hearthd -o -type f -perm /077 | wc -l", "0")
		m.fails("setpriv --reuid hearthd --regid hearthd --init-groups cat /etc/hearthd/pin", "Permission denied")
	})
}

// TestReadOnlyRoot boots from a root that nothing is written to, with a layer above it that is lost.
func TestReadOnlyRoot(t *testing.T) {
	for suite := range strings.SplitSeq(*suites, ",") {
		t.Run(suite, func(t *testing.T) {
			root := newRoot(t, suite)
			t.Run("install", func(t *testing.T) { boot(t, root).install() })
			m := boot(t, root, "--read-only", "--tmpfs=/var/lib/hearthd", "--tmpfs=/var/log", "--tmpfs=/var/tmp", "--tmpfs=/var/lib/systemd")
			m.until("systemctl is-active hearthd", "active")
			m.fails("touch /usr/probe /etc/probe", "Read-only")
			m.want(light, "confirmed")
		})
	}
}
