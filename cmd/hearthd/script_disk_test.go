package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// canMount tells whether this process may mount file systems.
var canMount = sync.OnceValue(func() bool {
	dir, err := os.MkdirTemp("", "hearth")
	if err != nil {
		return false
	}
	defer os.Remove(dir)
	return mount(dir, 0, "size=1m") == nil && syscall.Unmount(dir, 0) == nil
})

func mount(dir string, flags uintptr, options string) error {
	return syscall.Mount("tmpfs", dir, "tmpfs", flags, options)
}

// canAttach tells whether this process may mount the image of an ext4 disk as well.
func canAttach() bool {
	_, noLoop := os.Stat("/dev/loop-control")
	_, noExt4 := os.Stat("/sys/fs/ext4")
	_, noTool := exec.LookPath("mkfs.ext4")
	return canMount() && errors.Join(noLoop, noExt4, noTool) == nil
}

// disk mount SIZE: puts the state directory on a disk of its own. disk ro and disk rw make it read-only
// and writable: not while a file is open for writing, which Linux refuses. disk fill takes all of its
// room and disk free gives it back. disk wipe deletes everything.
//
// disk attach IMAGE does what disk mount does with an image of an ext4 disk, and disk break has it find an
// error, as on a worn SD card: from then on it is read-only for good.
func disk(ts *testscript.TestScript, _ bool, args []string) {
	state := ts.Getenv("STATE")
	ballast := filepath.Join(state, "ballast")
	switch args[0] {
	case "mount":
		ts.Check(mount(state, 0, "size="+args[1]))
		ts.Defer(func() { ts.Check(syscall.Unmount(state, syscall.MNT_DETACH)) })
	case "attach":
		ts.Check(ts.Exec("mount", "-o", "loop,errors=remount-ro", args[1], state))
		ts.Defer(func() { ts.Check(syscall.Unmount(state, syscall.MNT_DETACH)) })
	case "break":
		ts.Check(breakDisk(state))
	case "ro":
		ts.Check(mount(state, syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	case "rw":
		ts.Check(mount(state, syscall.MS_REMOUNT, ""))
	case "fill":
		ts.Check(fill(ballast))
	case "free":
		ts.Check(os.Remove(ballast))
	case "wipe":
		files, err := filepath.Glob(filepath.Join(state, "*"))
		ts.Check(err)
		for _, file := range files {
			ts.Check(os.RemoveAll(file))
		}
	default:
		ts.Fatalf("disk %s?", args[0])
	}
}

// breakDisk triggers an error in the ext4 file system that is mounted there; see ext4(5) and
// Documentation/ABI/testing/sysfs-fs-ext4 of Linux.
func breakDisk(mounted string) error {
	mounts, err := os.ReadFile("/proc/mounts")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(mounts)) {
		if fields := strings.Fields(line); fields[1] == mounted {
			trigger := filepath.Join("/sys/fs/ext4", filepath.Base(fields[0]), "trigger_fs_error")
			return os.WriteFile(trigger, []byte("test"), 0)
		}
	}
	return fmt.Errorf("nothing is mounted on %s", mounted)
}

// fill writes a file until the disk is full.
func fill(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	for block := make([]byte, 4096); err == nil; {
		_, err = file.Write(block)
	}
	if errors.Is(err, syscall.ENOSPC) {
		err = nil
	}
	return errors.Join(err, file.Close())
}
