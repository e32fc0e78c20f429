//go:build vm

// Package vm_test boots the package of this tree in a machine of its own, with a kernel of its own and another processor
// (arm64, in qemu), and sees what a container cannot show. It takes root and minutes; `make test-vm` runs it.
package vm_test

import (
	"bytes"
	"context"
	_ "embed"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var deb = flag.String("deb", "", "the package to install")

// tools are what the scripts of the tests begin with.
//
//go:embed tools.sh
var tools string

// A machine is a disk that is booted again and again.
type machine struct {
	t      *testing.T
	folder string // made by ../vm.sh
	dir    string // of this test
	card   *card  // that it has; nil for none
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	if *deb == "" {
		t.Fatal("no package: run make test-vm")
	}
	m := &machine{t: t, dir: t.TempDir()}
	lines := strings.Split(m.command("../vm.sh"), "\n")
	m.folder = lines[len(lines)-1]
	m.command("cp", "--sparse=always", filepath.Join(m.folder, "disk.img"), filepath.Join(m.dir, "disk.img"))
	return m
}

func (m *machine) command(name string, args ...string) string {
	m.t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		m.t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return strings.TrimSpace(string(out))
}

// lasting is how long a boot with its script may take on a machine with other things to do.
const lasting = 15 * time.Minute

// boot starts the machine, which runs the script and goes off. It fails unless the script came to its end, and nothing
// was refused to Hearth meanwhile; and returns what it printed. Words go to the kernel, and options to qemu.
func (m *machine) boot(script, words string, options ...string) string {
	m.t.Helper()
	second := filepath.Join(m.dir, "second")
	m.command("rm", "-rf", second, second+".img")
	if err := os.Mkdir(second, 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(second, "run"), []byte(tools+script+"\nrefused\ntell the end\n"), 0o755); err != nil {
		m.t.Fatal(err)
	}
	m.command("cp", *deb, filepath.Join(second, "hearthd.deb"))
	m.command("truncate", "-s", "200M", second+".img")
	m.command("mkfs.ext4", "-q", "-d", second, second+".img")
	ctx, cancel := context.WithTimeout(m.t.Context(), lasting)
	defer cancel()
	args := []string{
		"-M", "virt", "-cpu", "max,pauth-impdef=on", "-smp", "2", "-m", "1024", "-nographic", "-nodefaults", "-no-reboot",
		"-serial", "stdio", "-monitor", "none", "-kernel", filepath.Join(m.folder, "vmlinuz"), "-initrd", filepath.Join(m.folder, "initrd"),
		"-append", "console=ttyAMA0 quiet panic=-1 systemd.show_status=0 " + words,
	}
	for i, image := range []string{filepath.Join(m.dir, "disk.img"), second + ".img"} {
		id := string(rune('a' + i))
		args = append(args, "-drive", "file="+image+",if=none,format=raw,cache=unsafe,id="+id, "-device", "virtio-blk-pci,drive="+id)
	}
	if m.card != nil {
		options = append(options, m.card.options()...)
	}
	var out bytes.Buffer
	qemu := exec.CommandContext(ctx, "qemu-system-aarch64", append(args, options...)...)
	if m.card != nil {
		qemu.Env = append(os.Environ(), m.card.environ()...)
	}
	qemu.Stdout, qemu.Stderr = &out, &out
	err := qemu.Run()
	m.t.Logf("%s", out.String())
	if err != nil || !strings.Contains(out.String(), "the end") {
		m.t.Fatalf("the machine did not come to its end: %v", err)
	}
	want(m.t, out.String(), `refused to Hearth: \.`)
	return out.String()
}

// want fails unless all expressions are found.
func want(t *testing.T, printed string, expressions ...string) {
	t.Helper()
	for _, e := range expressions {
		if !regexp.MustCompile(e).MatchString(printed) {
			t.Errorf("it does not print %s", e)
		}
	}
}

// TestAHub is a hub from its first start on: each boot goes on where the one before has left it.
func TestAHub(t *testing.T) {
	m := newMachine(t)

	// The package is installed, and answers; the recogniser hears, on this processor and by this kernel.
	printed := m.boot(`
dpkg -i /run/test/hearthd.deb >/dev/null && tell installed
answers
espeak-ng -v en-gb -s 140 -w /tmp/said.wav 'turn on the kitchen ceiling'
wait_for 'recogniser is ready' journalctl -u hearthd -o cat
hearthd say --wav /tmp/said.wav
tell failed units: "$(systemctl --failed --no-legend)."
tell limit: $(cat /sys/fs/cgroup/system.slice/hearthd.service/memory.max)
`, "")
	want(t, printed, `installed`, `it answers`, `light.turn_on Kitchen Ceiling +confirmed|light.kitchen_ceiling +confirmed`, `failed units: \.`, `limit: 629145600`)

	// It comes back by itself, with a clock that was never set and without a network.
	printed = m.boot(`
tell the clock: $(date +%Y), network: "$(ls /sys/class/net)"
answers
tell status: $(systemctl show -P StatusText hearthd)
`, "", "-rtc", "base=1970-01-02")
	want(t, printed, `network: lo\b`, `it answers`, `status: ready`)

	// It sleeps, wakes up, and goes on as the same process. This machine can be frozen only: its processor has no deep idle
	// state, so the kernel leaves the monotonic clock running, and systemd, which counts WatchdogSec= by it, starts Hearth
	// anew after a longer sleep. On a machine that really suspends (PCs do, by ACPI) that clock stands still.
	printed = m.boot(`
monotonic() { sed -n 's/^now at \([0-9]*\)[0-9]\{9\} nsecs/\1/p' /proc/timer_list; }
answers
before=$(systemctl show -P MainPID hearthd)
clock=$(monotonic)
rtcwake -m freeze -s 15 >/dev/null && tell it slept, and the monotonic clock went on by $(($(monotonic) - clock)) s
answers
[ "$before" = "$(systemctl show -P MainPID hearthd)" ] && tell the same process, $(systemctl show -P NRestarts hearthd) restarts
rtcwake -m freeze -s 60 >/dev/null && tell it slept long
sleep 2
answers
`, "")
	want(t, printed, `it slept`, `the same process, 0 restarts`, `(?s)it slept long.*it answers`)

	// On a disk that nothing is written to it works, and forgets.
	printed = m.boot(`
answers
hearthd say 'remember that the key is under the mat'
hearthd memory list
`, "hearth.overlay")
	want(t, printed, `it answers`, `I will remember`, `the key is under the mat`)
	printed = m.boot(`
answers
tell remembered: "$(hearthd memory list | grep -c mat)"
`, "")
	want(t, printed, `it answers`, `remembered: 0`)
}

// TestASoundCard has AppArmor refuse what it should, and nothing that Hearth wants while it takes sound from a card, rings
// by it, and runs a program of mcp.servers; and the card come and go. What is said there is understood elsewhere: this
// machine is too slow for that.
func TestASoundCard(t *testing.T) {
	m := newMachine(t)
	m.card = newCard(t, "turn on the kitchen ceiling")
	printed := m.boot(`
dpkg -i /run/test/hearthd.deb >/dev/null && tell installed
printf '#!/bin/sh\ntouch /var/lib/hearthd/it-ran\n' >/usr/local/bin/mcp-test
chmod 755 /usr/local/bin/mcp-test
echo 'mcp: {servers: [{name: test, command: [/usr/local/bin/mcp-test]}]}' >>/etc/hearthd/hearthd.yaml
amixer -q sset Master 100% unmute
amixer -q sset Capture 100% cap
systemctl restart hearthd
answers
tell profile: $(cat /proc/$(systemctl show -P MainPID hearthd)/attr/current)
wait_for '^hearth_listen_utterances_total [1-9]' metrics && tell somebody spoke
hearthd say 'set a timer for 5 seconds'
wait_for '^hearth_device_opened_total{kind="playback"} [1-9]' metrics && tell the loudspeaker is open
for p in $(pgrep hearthd); do
	tell process $(tr '\0' ' ' </proc/$p/cmdline | cut -d' ' -f2) $(grep -E 'VmRSS|RssAnon' /proc/$p/status)
done
ps -eLo cls,rtprio,args | grep 'hearthd capture' | grep -v grep
ps -eLo cls,rtprio,args | grep -q '^ *RR *20 .*hearthd capture' && tell the microphone is read in time
metrics | grep '^hearth_device_'
sleep 20
ls /var/lib/hearthd/it-ran && tell the program ran
aa-exec -p hearthd -- /bin/cat /etc/shadow >/dev/null 2>&1 || tell the password file stays shut
`, "")
	want(t, printed, `profile: hearthd \(enforce\)`, `somebody spoke`, `the loudspeaker is open`, `the microphone is read in time`, `the program ran`, `the password file stays shut`)

	// From power-on it listens by itself.
	printed = m.boot(`
listens
`, "")
	want(t, printed, `it listens`)

	// A hub that no card was plugged into when it was switched on hears as soon as one is, each time, and as the same process.
	// To the kernel a card is plugged in when it is found for the first time, or again, and pulled out when it is removed.
	printed = m.boot(`
answers
tell without a card: $(readyz | grep -o '"microphone":{[^}]*}')
before=$(systemctl show -P MainPID hearthd)
modprobe snd_hda_intel && tell plugged in
listens
card=$(dirname "$(grep -lx 0x040300 /sys/bus/pci/devices/*/class)")
echo 1 >"$card/remove" && tell pulled out
wait_for '"microphone":{"state":"\(degraded\|failed\|starting\)"' readyz && tell it is missed: $(readyz | grep -o '"microphone":{[^}]*}')
echo 1 >/sys/bus/pci/rescan && tell plugged in again
listens
[ "$before" = "$(systemctl show -P MainPID hearthd)" ] && tell the same process
`, "modprobe.blacklist=snd_hda_intel")
	want(t, printed, `without a card: "microphone":{"state":"degraded"`, `(?s)plugged in\r?\n.*it listens.*pulled out`, `it is missed`, `(?s)plugged in again.*it listens`, `the same process`)
	if heard := m.card.heard(); heard < 300*time.Millisecond { // there are gaps where this is slow
		t.Errorf("the loudspeaker was heard for %s", heard)
	}
}
