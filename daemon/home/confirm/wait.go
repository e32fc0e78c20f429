package confirm

import (
	"context"
	"time"

	"hearth/daemon/home"
)

// A Result is what became of one expectation.
type Result struct {
	Met bool
	// Silent is set when nothing could have proved the call: it was sent, and that is all.
	Silent bool
	// Jammed is set when the device itself says that it could not: waiting longer or trying again is no use.
	Jammed bool
	// Evidence is what was seen, for people: "state went from off to on", "brightness is 40 %". When
	// it is not met, it is what was seen instead.
	Evidence string
	Took     time.Duration // from the start of the wait
}

// Wait blocks until every expectation is met, its time is up, or ctx ends, and returns one result for
// each, in the same order. Time counts from the call of Wait.
//
// It looks at the snapshot too, because a change may have come before Wait, or be lost by a full
// stream. Snapshot must show a change no later than the stream does; then each change read from a
// stream that overflowed leads to those that are not in it, and no polling is needed. When the stream
// is closed or nil, the snapshot decides at the end of each one's time.
func Wait(ctx context.Context, changes <-chan home.Change, snapshot func() *home.Snapshot, expectations ...Expectation) []Result {
	w := newWait(expectations)
	w.look(snapshot())
	timer := time.NewTimer(w.untilDeadline())
	defer timer.Stop()
	for len(w.open) > 0 {
		select {
		case change, ok := <-changes:
			if !ok {
				changes = nil
				continue
			}
			w.hear(change)
			w.look(snapshot())
		case <-timer.C:
			w.look(snapshot())
			w.expire()
			timer.Reset(w.untilDeadline())
		case <-ctx.Done():
			w.look(snapshot())
			return w.results
		}
	}
	return w.results
}

// wait is the state of one Wait.
type wait struct {
	began        time.Time
	expectations []Expectation
	results      []Result
	open         map[int]bool // indexes of what is still waited for
}

func newWait(expectations []Expectation) *wait {
	w := &wait{began: time.Now(), expectations: expectations, results: make([]Result, len(expectations)), open: map[int]bool{}}
	for i, e := range expectations {
		if e.Silent {
			w.results[i] = Result{Silent: true, Evidence: silence}
			continue
		}
		w.open[i] = true
	}
	return w
}

// look compares what is open with the home as it is.
func (w *wait) look(s *home.Snapshot) {
	for i := range w.open {
		now, ok := s.Entity(w.expectations[i].Entity)
		if !ok {
			w.results[i].Evidence = "the home no longer has it"
			continue
		}
		w.see(i, now)
	}
}

// hear compares what is open with a change, which may be gone from the snapshot again: a blind that
// was opening has opened by now. News older than the call proves nothing.
func (w *wait) hear(change home.Change) {
	for i := range w.open {
		e := w.expectations[i]
		if change.After.ID == e.Entity && !change.After.Changed.Before(e.since) {
			w.see(i, change.After)
		}
	}
}

func (w *wait) see(i int, now home.Entity) {
	evidence, met := w.expectations[i].Check(now)
	jammed := !met && w.expectations[i].jams(now)
	w.results[i] = Result{Met: met, Jammed: jammed, Evidence: evidence, Took: time.Since(w.began)}
	if met || jammed {
		delete(w.open, i)
	}
}

// expire gives up on those whose time is up.
func (w *wait) expire() {
	for i := range w.open {
		if took := time.Since(w.began); took >= w.expectations[i].Timeout {
			w.results[i].Took = took
			delete(w.open, i)
		}
	}
}

// untilDeadline is how long nothing has to be given up on.
func (w *wait) untilDeadline() time.Duration {
	var next time.Duration
	for i := range w.open {
		if timeout := w.expectations[i].Timeout; next == 0 || timeout < next {
			next = timeout
		}
	}
	return max(0, next-time.Since(w.began))
}
