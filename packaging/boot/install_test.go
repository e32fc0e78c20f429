//go:build boot

package boot_test

import (
	"strings"
	"testing"
)

func TestInstall(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.until("systemctl show -P StatusText hearthd", "ready")
		m.want("systemctl is-active hearthd", "active")
		m.want("systemctl is-enabled hearthd", "enabled")
		m.want(light, "confirmed")
		if failed := m.sh("systemctl --failed --no-legend"); failed != "" {
			t.Errorf("failed units: %s", failed)
		}
		t.Log(m.sh("hearthd say 'what time is it'"), m.journal())
		t.Log(m.sh("systemctl show hearthd | grep -E '^(StatusText|MainPID|User|MemoryCurrent)'; ls -la /var/lib/hearthd /run/hearthd; systemd-analyze security hearthd --no-pager | tail -1; systemd-analyze"))
		_ = strings.TrimSpace
	})
}
