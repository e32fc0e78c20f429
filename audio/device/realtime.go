package device

import (
	"sync"

	"github.com/gen2brain/malgo"
	"golang.org/x/sys/unix"
)

// realTimePriority goes before everything that is not real-time, such as a language model on all cores, and behind the
// kernel's handling of the card itself (50). The systemd unit allows as much (LimitRTPRIO=).
const realTimePriority = 20

// inTime is data, called by a thread with real-time priority where the process may have it: the device's own, which has
// to fetch or bring sound every few milliseconds, and does no more.
func inTime(data malgo.DataProc) malgo.DataProc {
	var first sync.Once
	return func(out, in []byte, frames uint32) {
		first.Do(becomeRealTime)
		data(out, in, frames)
	}
}

// becomeRealTime is for the calling thread alone; those that it starts are not real-time. Whoever may not have it, such
// as a user in a terminal, goes on without.
func becomeRealTime() {
	_ = unix.SchedSetAttr(0, &unix.SchedAttr{
		Policy: unix.SCHED_RR, Flags: unix.SCHED_FLAG_RESET_ON_FORK, Priority: realTimePriority,
	}, 0)
}
