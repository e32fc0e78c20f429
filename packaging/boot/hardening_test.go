//go:build boot

package boot_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// A probe is a harm that a line of the unit stops: a script that succeeds when it can be done.
type probe struct {
	line string // as the unit has it
	harm string // done as root, unless
	user bool   // as the daemon's own user
	look string // what is looked at afterwards, from outside, where that tells
	with string // lines without which it cannot be shown
}

var probes = []probe{
	{line: "NoNewPrivileges=yes", harm: `grep -q 'NoNewPrivs:.0' /proc/self/status`},
	{line: "CapabilityBoundingSet=", harm: `f=$(mktemp) && chown 1 $f`},
	{line: "ProtectSystem=strict", harm: `touch /var/probe`},
	{line: "ProtectHome=yes", harm: `ls /root/new.deb`},
	{line: "PrivateTmp=yes", harm: `ls /tmp/of-others`},
	{line: "PrivateMounts=yes", harm: `[ $(readlink /proc/self/ns/mnt) = $(readlink /proc/1/ns/mnt) ]`},
	{line: "PrivateDevices=yes", harm: `ls /dev/probe/device`},
	{line: "DevicePolicy=closed", harm: `f=$(mktemp -u) && mknod $f c 116 0`},
	{line: "ProtectProc=invisible", harm: `ls /proc/1`, user: true},
	{line: "ProtectKernelTunables=yes", harm: `cat /proc/sys/net/ipv4/ip_forward >/proc/sys/net/ipv4/ip_forward`},
	{line: "ProtectKernelModules=yes", harm: `ls /usr/lib/modules/probe`},
	{line: "ProtectControlGroups=yes", harm: `mkdir /sys/fs/cgroup/probe && rmdir /sys/fs/cgroup/probe`},
	{line: "ProtectHostname=yes", harm: `hostname $(hostname)`},
	{line: "RestrictNamespaces=yes", harm: `unshare --mount true`},
	{line: "RestrictSUIDSGID=yes", harm: `f=$(mktemp) && chmod u+s $f`},
	{line: "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6", harm: `perl -e 'use Socket; socket(my $s, 16, SOCK_RAW, 0) or exit 1'`},
	{line: "LockPersonality=yes", harm: `setarch --addr-no-randomize true`},
	{line: "MemoryDenyWriteExecute=yes", harm: `perl -e 'exit(syscall(9, 0, 4096, 6, 0x22, -1, 0) == -1)'`},
	{line: "RemoveIPC=yes", harm: `ipcmk --shmem 4096`, user: true, look: `ipcs --shmems | grep hearthd`},
	{line: "SystemCallFilter=@system-service", harm: `mount -t tmpfs none /mnt`},
	{line: "SystemCallFilter=~@privileged @resources", harm: `chroot / true`},
	{line: "SystemCallErrorNumber=EPERM", harm: `chroot / true; [ $? -gt 128 ]`, with: "SystemCallFilter=~@privileged"},
}

// notShown are lines that cannot bite in a container, or bite with another; the daemon works with them, as TestInstall sees.
var notShown = map[string]string{
	"AppArmorProfile=-hearthd":       "a kernel with AppArmor",
	"BindPaths=-/dev/snd":            "it allows: TestSoundAlone",
	"DeviceAllow=char-alsa rw":       "it allows, where the kernel knows sound: TestInstall",
	"ProtectKernelLogs=yes":          "a container may not read them anyway",
	"ProtectClock=yes":               "a container may not set it anyway",
	"SystemCallArchitectures=native": "a program of another architecture",
	"SystemCallFilter=sched_setscheduler sched_setattr sched_setaffinity setpriority": "it allows: TestRealTime",
}

// hardening are the lines of the unit that take something away.
func hardening(t *testing.T) []string {
	t.Helper()
	unit, err := os.ReadFile("../../systemd/hearthd.service")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(unit), "# What it may not do.")
	rest, _, end := strings.Cut(rest, "[Install]")
	if !found || !end {
		t.Fatal("the unit has no part of what it may not do")
	}
	var lines []string
	for line := range strings.Lines(rest) {
		if line = strings.TrimSpace(line); strings.Contains(line, "=") && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// run gives a script to systemd with these lines, and tells whether it succeeded and what it said.
func (p probe) run(m *machine, lines ...string) (bool, string) {
	var properties strings.Builder
	if p.user {
		lines = append(lines, "User=hearthd")
	}
	for _, line := range lines {
		fmt.Fprintf(&properties, " -p '%s'", line)
	}
	m.try("ipcrm --all=shm; systemctl reset-failed; umount /mnt")
	out, err := m.try("systemd-run --quiet --wait --collect --pipe" + properties.String() + " bash -c '" + strings.ReplaceAll(p.harm, "'", `'\''`) + "'")
	if err == nil && p.look != "" {
		_, err = m.try(p.look)
	}
	return err == nil, out
}

func TestEachLineStopsSomething(t *testing.T) {
	known := map[string]bool{}
	for _, p := range probes {
		known[p.line] = true
	}
	lines := hardening(t)
	for _, line := range lines {
		if !known[line] && notShown[line] == "" {
			t.Errorf("%s: nothing shows what it stops", line)
		}
	}
	m := boot(t, newRoot(t, strings.Split(*suites, ",")[0]))
	m.install()
	m.sh("systemctl stop hearthd; touch /tmp/of-others; mkdir -p /dev/probe /usr/lib/modules; touch /dev/probe/device /usr/lib/modules/probe")
	for _, p := range probes {
		t.Run(p.line, func(t *testing.T) {
			m.t = t
			var with []string
			if p.with != "" {
				with = append(with, p.with)
			}
			if done, out := p.run(m, with...); !done {
				t.Errorf("without any line it cannot be done either: %s", out)
			}
			if done, out := p.run(m, append(with, p.line)...); done {
				t.Errorf("the line does not stop it: %s", out)
			}
			if done, out := p.run(m, lines...); done {
				t.Errorf("all lines together do not stop it: %s", out)
			}
		})
	}
}

func TestSoundAlone(t *testing.T) {
	m := boot(t, newRoot(t, strings.Split(*suites, ",")[0]))
	m.install()
	m.sh("touch /dev/snd/pcm /dev/other")
	sound, other := probe{harm: "ls /dev/snd/pcm"}, probe{harm: "ls /dev/other"}
	if done, out := sound.run(m, hardening(t)...); !done {
		t.Errorf("sound is hidden: %s", out)
	}
	if done, _ := other.run(m, hardening(t)...); done {
		t.Error("other devices are there")
	}
}

// TestRealTime shows that the filter lets sound have real-time priority. That the limit gives it to a user without
// privileges is the kernel's doing, where systemd may raise limits at all.
func TestRealTime(t *testing.T) {
	m := boot(t, newRoot(t, strings.Split(*suites, ",")[0]))
	m.install()
	allows := func(line string) bool {
		return strings.HasPrefix(line, "SystemCallFilter=sched_setscheduler") || line == "CapabilityBoundingSet="
	}
	lines := slices.DeleteFunc(hardening(t), func(line string) bool { return line == "CapabilityBoundingSet=" })
	realTime := probe{harm: "chrt --rr 20 true"}
	if done, out := realTime.run(m, lines...); !done {
		t.Errorf("sound cannot have real-time priority: %s", out)
	}
	if done, _ := realTime.run(m, slices.DeleteFunc(lines, allows)...); done {
		t.Error("the line that allows it makes no difference")
	}
	m.want("systemctl show -P LimitRTPRIO hearthd", "20")
}
