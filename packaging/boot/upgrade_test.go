//go:build boot

package boot_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the history of an older version is made here
)

// otherVersion puts a package like the one that is tested, but for its version and what change does to its files,
// into /root of the machine.
func (m *machine) otherVersion(name, version, change string) {
	m.t.Helper()
	dir := m.t.TempDir()
	command(m.t, "dpkg-deb", "-R", *deb, filepath.Join(dir, "tree"))
	command(m.t, "sh", "-ec", fmt.Sprintf("cd %s/tree; sed -i 's/^Version: .*/Version: %s/' DEBIAN/control; %s", dir, version, change))
	command(m.t, "dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "-b", filepath.Join(dir, "tree"), filepath.Join(m.root, "root", name))
}

// older puts the package of the release before into /root/old.deb, or where there is none one like that which is tested.
func (m *machine) older() {
	m.t.Helper()
	if *previous == "" {
		m.otherVersion("old.deb", "0.0.1-1", "true")
		return
	}
	command(m.t, "cp", *previous, filepath.Join(m.root, "root/old.deb"))
}

// apt installs a package without anybody to answer a question.
func (m *machine) apt(file string) string {
	m.t.Helper()
	return m.sh("apt-get install -y --no-install-recommends --allow-downgrades /root/" + file + " </dev/null 2>&1")
}

// firstSchema gives the stopped service a history as the first schema left it.
func (m *machine) firstSchema() {
	m.t.Helper()
	script, err := os.ReadFile("../../storage/history/testdata/schema1.sql")
	if err != nil {
		m.t.Fatal(err)
	}
	m.sh("systemctl stop hearthd; rm -f /var/lib/hearthd/history.db*")
	db, err := sql.Open("sqlite", filepath.Join(m.root, "var/lib/hearthd/history.db"))
	if err != nil {
		m.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(string(script)); err != nil {
		m.t.Fatal(err)
	}
	m.sh("chown hearthd:hearthd /var/lib/hearthd/history.db")
}

func TestUpgrade(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.older()
		m.apt("old.deb")
		m.sh("echo 'room: kitchen' >>/etc/hearthd/hearthd.yaml; cp /etc/hearthd/hearthd.yaml /root/before.yaml")
		m.firstSchema()
		out := m.apt("new.deb")
		if strings.Contains(out, "does not start") {
			t.Errorf("it says %s", out)
		}
		m.want("systemctl is-active hearthd", "active")
		m.sh("cmp /root/before.yaml /etc/hearthd/hearthd.yaml")
		m.want(light, "confirmed")
		m.want("hearthd why 01K-OLD", "open the valve")
		m.want("ls /var/lib/hearthd", "history.db.schema1")
		m.want("stat -c '%U %a' /var/lib/hearthd/history.db.schema1", "hearthd 600")
	})
}

// TestUpgradeWhileItRuns measures how long nobody answers.
func TestUpgradeWhileItRuns(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.older()
		m.apt("old.deb")
		m.want(light, "confirmed")
		before := m.sh("systemctl show -P MainPID hearthd")
		m.write("/root/ask", `while [ ! -e /root/done ]; do hearthd say "what time is it" >/dev/null 2>&1 && date +%s%N >>/root/answered; done`)
		m.sh("systemd-run --quiet bash /root/ask")
		m.apt("new.deb")
		m.after(before)
		answered := m.sh("sleep 1; touch /root/done; cat /root/answered")
		var last, gap int64
		for line := range strings.Lines(answered) {
			var at int64
			fmt.Sscan(line, &at)
			if last > 0 {
				gap = max(gap, at-last)
			}
			last = at
		}
		if last == 0 {
			t.Error("nothing was answered")
		}
		m.want("hearthd why", "what time is it")
		t.Logf("the longest time without an answer: %s", time.Duration(gap).Round(time.Millisecond))
	})
}

// TestUpgradeWithTheSocket has a hub that had enabled hearthd.socket when it did not come back with the service. The
// new version sees to that, and one that has disabled it is left so.
func TestUpgradeWithTheSocket(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.otherVersion("old.deb", "0.0.1-1", "sed -i 's/^WantedBy=.*/WantedBy=sockets.target/' usr/lib/systemd/system/hearthd.socket")
		m.apt("old.deb")
		m.holdPort()
		const links = "ls -d /etc/systemd/system/*/hearthd.socket 2>/dev/null || true"
		if out := m.sh(links); out != "/etc/systemd/system/sockets.target.wants/hearthd.socket" {
			t.Fatalf("enabled by the old version: %s", out)
		}
		m.apt("new.deb")
		m.want(links, "hearthd.service.wants/hearthd.socket\n/etc/systemd/system/sockets.target.wants/hearthd.socket")
		m.want("systemctl is-active hearthd.socket hearthd", "active\nactive")
		m.sh("systemctl disable --now hearthd.socket 2>&1; systemctl restart hearthd; apt-get install -y --reinstall /root/new.deb 2>&1")
		if out := m.sh(links); out != "" {
			t.Errorf("it was disabled, and is enabled: %s", out)
		}
		m.want("systemctl is-active hearthd.socket hearthd || true", "inactive\nactive")
		m.want("bash -c '</dev/tcp/127.0.0.1/8125' && echo open", "open")
	})
}

// TestAnUpgradeThatDoesNotStart is rolled back.
func TestAnUpgradeThatDoesNotStart(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.want(light, "confirmed")
		m.sh("echo 'room: kitchen' >>/etc/hearthd/hearthd.yaml")
		version := m.sh("dpkg-query -W -f '${Version}' hearthd")
		m.sh("systemctl restart hearthd; systemctl stop hearthd; cd /var/lib/hearthd; sha256sum history.db settings.json >/root/sums; systemctl start hearthd")
		m.otherVersion("broken.deb", "99-1", `printf '#!/bin/sh\necho the new version is broken >&2\nexit 1\n' >usr/bin/hearthd`)
		out := m.apt("broken.deb")
		for _, part := range []string{"the service does not start", "the new version is broken", "sudo apt install hearthd=" + version} {
			if !strings.Contains(out, part) {
				t.Errorf("want %q in what apt says:\n%s", part, out)
			}
		}
		m.want("dpkg-query -W -f '${Status}' hearthd", "install ok installed") // apt is not blocked
		m.sh("systemctl stop hearthd")
		m.sh("cd /var/lib/hearthd; sha256sum --check /root/sums")
		m.apt("new.deb")
		m.want("systemctl is-active hearthd", "active")
		m.want("hearthd why", "turn on the kitchen ceiling")
		m.want("grep room /etc/hearthd/hearthd.yaml", "kitchen")
	})
}

// TestAnUpgradeThatIsCutOff kills dpkg here and there, as a power cut would, and has it be cut off where no clock can be
// relied upon to do it. It is put right, and nothing of the owner's is lost.
func TestAnUpgradeThatIsCutOff(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.otherVersion("old.deb", "0.0.1-1", "true")
		m.apt("old.deb")
		m.want(light, "confirmed")
		m.sh("echo 'room: kitchen' >>/etc/hearthd/hearthd.yaml")
		cut := 0
		for _, after := range []string{"0.3", "1", "2", "4"} {
			if _, err := m.try("timeout -s KILL " + after + " dpkg --install /root/new.deb"); err != nil {
				cut++
			}
			m.mended()
			m.apt("old.deb")
		}
		for _, state := range []string{"reinstreq half-installed", "reinstreq unpacked", "ok unpacked", "ok half-configured"} {
			m.apt("new.deb")
			m.sh("sed -i '/^Package: hearthd$/,/^$/s/^Status: .*/Status: install " + state + "/' /var/lib/dpkg/status")
			m.mended()
		}
		if cut == 0 {
			t.Error("nothing was cut off")
		}
		m.apt("new.deb")
		m.want("grep room /etc/hearthd/hearthd.yaml", "kitchen")
		m.want("hearthd why", "turn on the kitchen ceiling")
	})
}

// mended puts a package right that was cut off, as docs/install.md has it.
func (m *machine) mended() {
	m.t.Helper()
	m.sh("dpkg --configure -a --force-confold </dev/null; apt-get install -y --no-install-recommends --reinstall /root/new.deb </dev/null")
	m.want("dpkg-query -W -f '${Status}' hearthd; dpkg --audit", "install ok installed")
	m.until("systemctl is-active hearthd", "active")
	m.want(light, "confirmed")
}

// TestDowngrade goes back from a version that has changed the schema, as docs/install.md has it.
func TestDowngrade(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.want(light, "confirmed")
		// A newer version leaves a history of a newer schema, and the copy of before.
		m.sh("systemctl stop hearthd; cp -a /var/lib/hearthd/history.db /var/lib/hearthd/history.db.schema5")
		db, err := sql.Open("sqlite", filepath.Join(m.root, "var/lib/hearthd/history.db"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
			t.Fatal(err)
		}
		db.Close()
		m.sh("chown hearthd:hearthd /var/lib/hearthd/history.db*")
		m.otherVersion("newer.deb", "99-1", "true")
		m.sh("dpkg --unpack /root/newer.deb")
		out := m.apt("new.deb")
		if !strings.Contains(out, "does not start") || !strings.Contains(out, "history.db.schema5 is from before") {
			t.Errorf("the way back is not told:\n%s", out)
		}
		m.sh("systemctl stop hearthd; cd /var/lib/hearthd; mkdir newer; mv history.db history.db-* newer || true; mv history.db.schema5 history.db; systemctl start hearthd")
		m.want("hearthd why", "turn on the kitchen ceiling")
	})
}

// list is every file of the machine, and the checksums, but for what any installation changes.
const list = `cd /; of() { find . -xdev \( -path ./proc -o -path ./sys -o -path ./run -o -path ./tmp -o -path ./dev -o -path ./root -o -path ./var/log \
	-o -path ./var/tmp -o -path ./var/cache -o -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/lib/systemd/random-seed \
	-o -path ./var/lib/systemd/catalog -o -name '*-' -o -name .pwd.lock -o -path ./var/lib/systemd/timers \) -prune -o "$@"; }
	{ of -printf '%p %y %m %u %g %l\n'; of -type f -exec sha256sum {} +; } | sort`

// TestPurgeLeavesNothing has a package that was upgraded and used removed, which leaves what is its owner's, and then
// purged, which leaves the file system as it was.
func TestPurgeLeavesNothing(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.sh("mkdir -p /etc/apparmor.d/disable /etc/apparmor.d/force-complain; " + list + " >/root/before")
		m.otherVersion("old.deb", "0.0.1-1", "echo old >usr/share/hearthd/of-the-old-version")
		m.apt("old.deb")
		m.apt("new.deb")
		m.holdPort()
		m.write("/etc/hearthd/pin", "1234\n")
		m.write("/etc/hearthd/sentences/en/own.yaml", "language: en\nintents: {}\n")
		m.dropIn("RestartSec=3")
		m.want(light, "confirmed")
		m.sh("apt-get remove -y hearthd 2>&1")
		m.sh(list + " >/root/removed")
		const ofTheOwner = `/etc/apparmor\.d/hearthd( |$)|/etc/hearthd|/var/lib/hearthd|/etc/systemd/system|/var/lib/systemd/deb-systemd-helper-|/etc/(passwd|group|g?shadow)( |$)`
		if out := m.sh("diff /root/before /root/removed | grep '^[<>]' | grep -vE '" + ofTheOwner + "' || true"); out != "" {
			t.Errorf("left behind or changed by the removal:\n%s", out)
		}
		m.sh("test -s /etc/hearthd/pin; test -e /var/lib/hearthd/history.db")
		// As aa-disable does, and aa-complain where the profile cannot be written.
		m.sh("ln -s /etc/apparmor.d/hearthd /etc/apparmor.d/disable/; ln -s /etc/apparmor.d/hearthd /etc/apparmor.d/force-complain/")
		m.sh("apt-get purge -y hearthd 2>&1")
		m.sh(list + " >/root/after")
		if out, err := m.try("diff /root/before /root/after"); err != nil {
			t.Errorf("left behind or changed:\n%s", out)
		}
		m.want("ls -d /run/hearthd 2>&1 || true", "No such file")
		m.want("systemctl list-unit-files 'hearthd*' --no-legend | wc -l", "0")
	})
}

// TestPurgeOfAnotherDisk has the state on a disk of its own, which is emptied and stays mounted. A purge within another
// root leaves this one alone.
func TestPurgeOfAnotherDisk(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.sh("mkdir -p /var/lib/hearthd; mount -t tmpfs none /var/lib/hearthd; mkdir /var/lib/hearthd/lost+found")
		m.install()
		m.want(light, "confirmed")
		m.sh("mkdir -p /srv/root/var/lib/hearthd /srv/root/etc/hearthd; DPKG_ROOT=/srv/root /var/lib/dpkg/info/hearthd.postrm purge")
		m.want("find /srv/root -name 'hearthd*' | wc -l", "0")
		m.want(light, "confirmed")
		m.sh("test -e /var/lib/hearthd/history.db; test -e /etc/hearthd/hearthd.yaml")
		m.sh("apt-get purge -y hearthd 2>&1")
		m.want("dpkg-query -W -f '${Status}' hearthd 2>&1 || true", "no packages found")
		m.want("ls -A /var/lib/hearthd | wc -l", "0")
		m.want("id hearthd 2>&1 || true", "no such user")
		m.want("ls -d /etc/hearthd 2>&1 || true", "No such file")
	})
}

// TestBackup restores what was backed up on a hub that has lost everything, by the commands of docs/install.md.
func TestBackup(t *testing.T) {
	page, err := os.ReadFile("../../docs/install.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## Back up, and restore\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1)
	if len(blocks) != 2 {
		t.Fatalf("%d blocks of commands in %q", len(blocks), section)
	}
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.want(light, "confirmed")
		m.write("/etc/hearthd/pin", "1234\n")
		documented := func(block int) { m.sh("cd /root; set -e; " + strings.ReplaceAll(blocks[block][1], "sudo ", "")) }
		documented(0)
		m.want("stat -c %a /root/hearth-backup.tar.gz", "600")
		m.sh("apt-get purge -y hearthd 2>&1; useradd --system another") // who has the number of hearthd now
		m.install()
		m.want(`hearthd say "turn off the kitchen ceiling"`, "confirmed") // a history of its own, which goes
		documented(1)
		m.until("systemctl is-active hearthd", "active")
		m.want("hearthd why", "turn on the kitchen ceiling")
		m.want("cat /etc/hearthd/pin; stat -c %a /etc/hearthd/pin", "1234\n600")
		m.want(light, "confirmed")
	})
}

// TestPurgeOfAUserAtWork ends, though a program of somebody's runs as hearthd.
func TestPurgeOfAUserAtWork(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.sh("systemd-run --quiet --unit of-hearthd --uid hearthd sleep 600")
		m.want("apt-get purge -y hearthd 2>&1", "the user hearthd is left")
		m.want("dpkg-query -W -f '${Status}' hearthd 2>&1 || true", "no packages found")
		m.want("ls -d /var/lib/hearthd 2>&1 || true", "No such file")
		m.install() // which finds the user there
		m.want(light, "confirmed")
	})
}

func TestRemoveAndReinstall(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		m.want(light, "confirmed")
		m.sh("echo 'room: kitchen' >>/etc/hearthd/hearthd.yaml")
		m.sh("apt-get remove -y hearthd")
		m.want("systemctl is-active hearthd || true", "inactive")
		m.install()
		m.want("hearthd why", "turn on the kitchen ceiling")
		m.want("grep room /etc/hearthd/hearthd.yaml", "kitchen")
		m.sh("systemctl disable --now hearthd")
		m.sh("apt-get install --reinstall -y /root/new.deb")
		m.want("systemctl is-enabled hearthd || true", "disabled") // as its owner wants it
	})
}

// TestScriptsThatAreCutOff kills the package's scripts here and there, and runs them again.
func TestScriptsThatAreCutOff(t *testing.T) {
	eachSuite(t, func(t *testing.T, m *machine) {
		m.install()
		const scripts = "/var/lib/dpkg/info/hearthd."
		for _, after := range []string{"0.01", "0.03", "0.06", "0.1", "0.2", "0.4"} {
			m.try("timeout -s KILL " + after + " " + scripts + "postinst configure 0.0.1")
		}
		for range 2 {
			m.sh(scripts + "postinst configure 0.0.1")
		}
		m.want("systemctl is-active hearthd", "active")
		m.want(light, "confirmed")
		m.sh("cp " + scripts + "p* /root/")
		for _, after := range []string{"0.01", "0.05", "0.2"} {
			m.try("timeout -s KILL " + after + " /root/hearthd.prerm remove")
		}
		for range 2 {
			m.sh("/root/hearthd.prerm remove")
			m.sh("/root/hearthd.postrm remove")
		}
		for _, after := range []string{"0.01", "0.03", "0.1"} {
			m.try("timeout -s KILL " + after + " /root/hearthd.postrm purge")
		}
		for range 2 {
			m.sh("/root/hearthd.postrm purge")
		}
		m.fails("id hearthd", "no such user")
		m.fails("ls /var/lib/hearthd", "No such file")
	})
}
