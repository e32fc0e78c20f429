package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"golang.org/x/sys/unix"

	"hearth/storage/history"
)

// clock asks the kernel whether anything keeps its clock right (adjtimex(2)).
func (e *examination) clock(context.Context) []Finding {
	var t unix.Timex // with no mode set it only reads
	state, err := unix.Adjtimex(&t)
	switch {
	case err != nil:
		return one(Warning, fmt.Sprintf("the kernel does not tell whether it is synchronised: %v", err), "see timedatectl")
	case state == unix.TIME_ERROR || t.Status&unix.STA_UNSYNC != 0:
		return one(Warning, "it is not synchronised: timers and the times that Hearth tells may be wrong", "timedatectl set-ntp true, or install chrony")
	}
	return fine("synchronised")
}

// memory looks whether the kernel holds the service to the limits of its unit. There is nothing to find when Hearth
// runs in another way.
func (e *examination) memory(context.Context) []Finding { return memoryLimits("/sys/fs/cgroup") }

func memoryLimits(cgroups string) []Finding {
	service := filepath.Join(cgroups, "system.slice/hearthd.service")
	controllers, err := os.ReadFile(filepath.Join(cgroups, "cgroup.controllers"))
	if _, absent := os.Stat(service); err != nil || absent != nil {
		return nil
	}
	limit, err := os.ReadFile(filepath.Join(service, "memory.max"))
	switch {
	case err == nil:
		return fine("the service is held to its limit, memory.max %s", strings.TrimSpace(string(limit)))
	case slices.Contains(strings.Fields(string(controllers)), "memory"):
		return nil // limits were taken away by whoever set this machine up
	}
	return one(Warning, "this kernel was started without limits of memory: those of the service do nothing",
		"add cgroup_enable=memory to the line of /boot/firmware/cmdline.txt on a Raspberry Pi, and start it anew")
}

// Free space below which turns are soon no longer recorded, and below which it is time to act.
const (
	littleSpace = 500 << 20
	noSpace     = 50 << 20
)

// disk looks at the state directory, or at where it would be made.
func (e *examination) disk(context.Context) []Finding {
	dir, err := filepath.Abs(e.StateDir)
	if err != nil {
		return one(Problem, err.Error(), "change state_dir")
	}
	var space unix.Statfs_t
	for err = unix.Statfs(dir, &space); errors.Is(err, fs.ErrNotExist) && dir != "/"; err = unix.Statfs(dir, &space) {
		dir = filepath.Dir(dir)
	}
	if err != nil {
		return one(Problem, fmt.Sprintf("%s: %v", dir, err), "change state_dir")
	}
	if err := unix.Access(dir, unix.W_OK); err != nil {
		return unwritable(dir, err)
	}
	free := space.Bavail * uint64(space.Bsize)
	message := fmt.Sprintf("%s free in %s", humanize.IBytes(free), dir)
	switch {
	case free < noSpace:
		return one(Problem, message+": turns will not be recorded", "free some space")
	case free < littleSpace:
		return one(Warning, message, "free some space")
	}
	return fine("%s", message)
}

// unwritable tells a directory of another user, which says nothing of the daemon, from one that is out of order.
func unwritable(dir string, err error) []Finding {
	if errors.Is(err, fs.ErrPermission) {
		return one(Warning, dir+" cannot be written by this user", asDaemon)
	}
	return one(Problem, fmt.Sprintf("%s cannot be written: %v", dir, err), "mount it writable; if it was, look for faults of the disk: dmesg")
}

// history reads the whole database, which changes nothing in it.
func (e *examination) history(ctx context.Context) []Finding {
	err := history.Check(ctx, e.HistoryPath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fine("nothing is recorded yet")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, history.ErrReadOnly):
		return one(Warning, err.Error(), asDaemon)
	case errors.Is(err, history.ErrNewerSchema):
		return one(Problem, err.Error(), "install the version of Hearth that wrote it, or a newer one")
	case errors.Is(err, history.ErrDamaged):
		return one(Problem, err.Error(), "stop the daemon and restore "+e.HistoryPath()+" from a backup, or move it away: turns and timers in it are lost then")
	case ctx.Err() != nil:
		return one(Warning, "it is too big to be read in time", "nothing, if this machine is not slow otherwise; else look for faults of the disk: dmesg")
	case err != nil:
		return one(Problem, err.Error(), "look for faults of the disk: dmesg; if there are any, make a backup of "+e.StateDir+" (docs/install.md) and replace the card")
	}
	return fine("whole")
}
