package gate

import (
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"sync"
	"time"

	"hearth/daemon/conversation"
)

// How many wrong PINs there may be: of one session, and of all together, since whoever calls can choose
// another session. With all of them somebody tries 240 of the 10,000 PINs of four digits in a day.
const (
	sessionTries = 3
	sessionTime  = 5 * time.Minute
	MaxTries     = 10
)

// TriesCount is how long a wrong PIN counts, and so the longest that a lockout lasts.
const TriesCount = time.Hour

// A Try is a wrong PIN.
type Try struct {
	Session string
	At      time.Time
}

// TryPIN tells whether these digits are the PIN: "" when they are, else WrongPIN, which counts, or LockedOut
// after too many of those. Its time does not depend on how much of the PIN is right.
func (g *Gate) TryPIN(session, digits string) conversation.Reason {
	said, pin := sha256.Sum256([]byte(digits)), sha256.Sum256([]byte(g.options.PIN))
	right := subtle.ConstantTimeCompare(said[:], pin[:]) == 1 && g.options.PIN != ""
	return g.tries.judge(session, right, g.options.Now())
}

// WrongPIN counts a code that a device did not take.
func (g *Gate) WrongPIN(session string) { g.tries.judge(session, false, g.options.Now()) }

// tries are the wrong PINs of the last hour, at most MaxTries of them: none is looked at while locked.
type tries struct {
	mu    sync.Mutex
	wrong []Try
}

// earlier are the tries of before a restart. One that lies in the future, since the clock was set back, is
// counted as of now: a lockout ends in any case.
func earlier(tries []Try, now time.Time) []Try {
	tries = slices.Clone(tries)
	for i := range tries {
		if tries[i].At.After(now) {
			tries[i].At = now
		}
	}
	return tries
}

// judge notes a try. A right one makes up for the wrong ones of its session.
func (t *tries) judge(session string, right bool, now time.Time) conversation.Reason {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.lockedOut(session, now):
		return conversation.LockedOut
	case right:
		t.wrong = slices.DeleteFunc(t.wrong, func(w Try) bool { return w.Session == session })
		return ""
	}
	t.wrong = append(t.wrong, Try{session, now})
	return conversation.WrongPIN
}

func (t *tries) locked(session string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lockedOut(session, now)
}

func (t *tries) lockedOut(session string, now time.Time) bool {
	t.wrong = slices.DeleteFunc(t.wrong, func(w Try) bool { return now.Sub(w.At) >= TriesCount })
	mine := 0
	for _, w := range t.wrong {
		if w.Session == session && now.Sub(w.At) < sessionTime {
			mine++
		}
	}
	return mine >= sessionTries || len(t.wrong) >= MaxTries
}
