package main

import (
	"errors"
	"os"
	"path/filepath"
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

// disk mount SIZE: puts the state directory on a disk of its own. disk ro and disk rw make it read-only
// and writable: not while a file is open for writing, which Linux refuses. disk fill takes all of its
// room and disk free gives it back. disk wipe deletes everything.
func disk(ts *testscript.TestScript, _ bool, args []string) {
	state := ts.Getenv("STATE")
	ballast := filepath.Join(state, "ballast")
	switch args[0] {
	case "mount":
		ts.Check(mount(state, 0, "size="+args[1]))
		ts.Defer(func() { ts.Check(syscall.Unmount(state, syscall.MNT_DETACH)) })
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
