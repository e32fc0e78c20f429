//go:build boot

// Package boot_test installs the package of this tree on small Debians that really boot, in systemd-nspawn, and looks at
// what an owner would. It takes root; `make test-deb` and `make e2e-full` run it.
package boot_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var (
	deb      = flag.String("deb", "", "the package to install")
	previous = flag.String("previous", "", "the package of the release before, if there was one")
	suites   = flag.String("suites", "bookworm", "Debian releases to install it on, with commas between them")
)

// patience is how long a machine may take for what it does in a second or two.
const patience = 2 * time.Minute

// A machine is a Debian that has booted.
type machine struct {
	t      testing.TB
	root   string // its file system
	leader string // process ID of its systemd
}

// eachSuite runs a test on a machine of each Debian.
func eachSuite(t *testing.T, test func(*testing.T, *machine)) {
	for suite := range strings.SplitSeq(*suites, ",") {
		t.Run(suite, func(t *testing.T) { test(t, boot(t, newRoot(t, suite))) })
	}
}

// newRoot is a file system of a Debian that nothing was done to yet, with the package in /root/new.deb.
func newRoot(t testing.TB, suite string) string {
	t.Helper()
	if *deb == "" {
		t.Fatal("no package: run make test-deb")
	}
	made := command(t, "../rootfs.sh", suite)
	dir, err := os.MkdirTemp("/var/tmp", "hearth-boot")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, sub := range []string{"upper", "work", "root"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	root := filepath.Join(dir, "root")
	command(t, "mount", "-t", "overlay", "overlay", "-o",
		fmt.Sprintf("lowerdir=%s,upperdir=%s/upper,workdir=%s/work", made, dir, dir), root)
	t.Cleanup(func() { command(t, "umount", root) })
	command(t, "cp", *deb, filepath.Join(root, "root/new.deb"))
	return root
}

// command runs a program of this machine, and returns the last line of what it prints.
func command(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

var machines atomic.Int32

// launch starts nspawn in a cgroup of its own, and shows it nothing but version 2 of cgroups, as a Debian has it.
const launch = `
cgroups=/sys/fs/cgroup
[ ! -d $cgroups/unified ] || cgroups=$cgroups/unified
mkdir -p "$cgroups/$1"
echo $$ >"$cgroups/$1/cgroup.procs"
name=$1 root=$2
shift 2
exec unshare --mount --propagation slave sh -c '
	if [ -d /sys/fs/cgroup/unified ]; then umount -R -l /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup; fi
	root=$0 name=$1
	shift
	exec systemd-nspawn --quiet --boot --directory "$root" --machine "$name" --register=no --keep-unit --private-network \
		--console=passive --kill-signal=SIGRTMIN+3 --link-journal=no \
		--capability=CAP_BPF,CAP_NET_ADMIN,CAP_PERFMON --system-call-filter=bpf "$@"' "$root" "$name" "$@"
`

// boot starts a machine, which is switched off at the end of the test.
func boot(t testing.TB, root string, options ...string) *machine {
	t.Helper()
	name := fmt.Sprintf("hearth-%d-%d", os.Getpid(), machines.Add(1))
	spawn := exec.Command("sh", append([]string{"-c", launch, "launch", name, root}, options...)...)
	var console bytes.Buffer
	spawn.Stdout, spawn.Stderr = &console, &console
	if err := spawn.Start(); err != nil {
		t.Fatal(err)
	}
	m := &machine{t: t, root: root}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		spawn.Wait() // how it ends is not what is tested
	}()
	t.Cleanup(func() {
		m.try("systemctl poweroff")
		select {
		case <-ended:
		case <-time.After(patience):
			spawn.Process.Kill()
			<-ended
		}
		exec.Command("sh", "-c", "find /sys/fs/cgroup/*/"+name+" /sys/fs/cgroup/"+name+" -depth -type d -exec rmdir {} +").Run()
	})
	m.within(func() error {
		select {
		case <-ended:
			t.Fatalf("it does not boot:\n%s", &console)
		default:
		}
		out, err := exec.Command("pgrep", "-P", fmt.Sprint(spawn.Process.Pid), "-x", "systemd").Output()
		if err != nil {
			return fmt.Errorf("no systemd yet: %w", err)
		}
		m.leader = strings.TrimSpace(string(out))
		if state, _ := m.try("systemctl is-system-running"); state != "running" && state != "degraded" {
			return fmt.Errorf("it is %s", state)
		}
		return nil
	})
	return m
}

// try runs a script within the machine and returns what it prints, without the last line break.
func (m *machine) try(script string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	inside := exec.CommandContext(ctx, "nsenter", "-t", m.leader, "-a", "--", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
		"LANG=C.UTF-8", "HOME=/root", "DEBIAN_FRONTEND=noninteractive", "bash", "-c", script)
	inside.WaitDelay = 5 * time.Second // what it has started may hold on to its output
	out, err := inside.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// sh is try for what must succeed.
func (m *machine) sh(script string) string {
	m.t.Helper()
	out, err := m.try(script)
	if err != nil {
		m.t.Fatalf("%s: %v\n%s", script, err, out)
	}
	return out
}

// want runs a script whose output must have this in it.
func (m *machine) want(script, part string) string {
	m.t.Helper()
	out := m.sh(script)
	if !strings.Contains(out, part) {
		m.t.Errorf("%s: want %q in:\n%s", script, part, out)
	}
	return out
}

// fails runs a script that must fail, with this in its output.
func (m *machine) fails(script, part string) {
	m.t.Helper()
	if out, err := m.try(script); err == nil || !strings.Contains(out, part) {
		m.t.Errorf("%s: want an error with %q, got %v and:\n%s", script, part, err, out)
	}
}

// within tries until f succeeds.
func (m *machine) within(f func() error) {
	m.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			m.t.Fatalf("not within %s: %v\n%s", patience, err, m.journal())
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// until waits until a script prints this.
func (m *machine) until(script, part string) {
	m.t.Helper()
	m.within(func() error {
		if out, _ := m.try(script); !strings.Contains(out, part) {
			return fmt.Errorf("%s: want %q, got %s", script, part, out)
		}
		return nil
	})
}

// journal is what the service has said of late.
func (m *machine) journal() string {
	out, _ := m.try("journalctl -u hearthd --no-pager -n 30 -o short-monotonic")
	return out
}

// write puts a file into the machine, readable by root alone.
func (m *machine) write(path, text string) {
	m.t.Helper()
	full := filepath.Join(m.root, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

// install installs the package as its owner would.
func (m *machine) install() {
	m.t.Helper()
	m.sh("apt-get install -y --no-install-recommends /root/new.deb")
}

// light is a sentence that the simulated home carries out.
const light = `hearthd say "turn on the kitchen ceiling"`
