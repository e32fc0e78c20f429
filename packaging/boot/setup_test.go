//go:build boot

package boot_test

import (
	"strings"
	"testing"
)

// TestSetup sets a hub up from a file, as root would with many of them: the service takes the settings and the secret,
// which it is given as a credential, and carries out a first command. What goes wrong leaves all as it was.
func TestSetup(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.write("/root/hubs.yaml", "settings: {microphone.wake_word: computer}\nrooms: {"+m.sh("hostname")+": Kitchen}\nsecrets: {pin: '007007'}\nsay: turn on the kitchen ceiling\n")
		before := m.sh("systemctl show -P MainPID hearthd")
		m.want("hearthd setup --preseed /root/hubs.yaml", "confirmed")
		if m.sh("systemctl show -P MainPID hearthd") == before {
			t.Error("the service was not started anew")
		}
		m.want("cat /etc/hearthd/hearthd.yaml", "pin_file: pin")
		m.want("grep ^room /etc/hearthd/hearthd.yaml", "kitchen")
		m.want("stat -c '%a %U' /etc/hearthd/pin", "600 root")
		m.want("ls /etc/hearthd", "hearthd.yaml.20")
		m.want(`hearthd say "unlock the front door"`, "PIN")
		m.write("/root/odd.yaml", "settings: {mqtt.broker: 'tcp://127.0.0.1:1'}\n")
		const all = "find /etc/hearthd -type f -exec sha256sum {} + | sort"
		kept := m.sh(all)
		m.fails("hearthd setup --preseed /root/odd.yaml", "the broker tcp://127.0.0.1:1")
		if m.sh(all) != kept {
			t.Error("a setup that failed has changed something")
		}
	})
}

// TestSupport reads the journal and systemd, and tells no secrets.
func TestSupport(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.write("/etc/hearthd/pin", "007007\n")
		m.sh("echo 'gate: {pin_file: pin}' >>/etc/hearthd/hearthd.yaml; systemctl restart hearthd")
		m.want(light, "confirmed")
		m.want("hearthd support --output /root/bundle.tar.gz", "The bundle is /root/bundle.tar.gz")
		all := m.sh("tar -xOzf /root/bundle.tar.gz")
		for _, part := range []string{"component works component=\"history\"", "ActiveState=active", "NRestarts=0", "Started hearthd.service", "it runs and is ready", "hearth_conversation_turns_total"} {
			if !strings.Contains(all, part) {
				t.Errorf("the bundle lacks %q", part)
			}
		}
		if strings.Contains(all, "007007") || strings.Contains(all, "kitchen ceiling") {
			t.Error("the bundle has a secret, or what was said")
		}
		if t.Failed() {
			t.Log(all)
		}
	})
}
