package device

import (
	"errors"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// The thread that a device calls with has real-time priority from its first call on.
func TestSoundIsInTime(t *testing.T) {
	runtime.LockOSThread() // for good: the thread ends with the test
	if err := unix.SchedSetAttr(0, &unix.SchedAttr{Policy: unix.SCHED_RR, Priority: realTimePriority}, 0); errors.Is(err, unix.EPERM) {
		t.Skip("real-time priority is not for this user, or for nobody on this machine")
	}
	if err := unix.SchedSetAttr(0, &unix.SchedAttr{}, 0); err != nil {
		t.Fatal(err)
	}
	calls := 0
	data := inTime(func(_, _ []byte, _ uint32) {
		calls++
		attr, err := unix.SchedGetAttr(0, 0)
		if err != nil || attr.Policy != unix.SCHED_RR || attr.Priority != realTimePriority || attr.Flags&unix.SCHED_FLAG_RESET_ON_FORK == 0 {
			t.Errorf("call %d: %+v, %v", calls, attr, err)
		}
	})
	data(nil, nil, 0)
	data(nil, nil, 0)
	if calls != 2 {
		t.Errorf("%d calls", calls)
	}
}
