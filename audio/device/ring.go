package device

import (
	"sync"
	"time"

	"hearth/audio"
)

// ringLength is how much sound waits for a slow reader before the oldest is lost.
const ringLength = 2 * time.Second

// A ring holds the newest samples between the device's callback and the writer. push only copies, under
// a lock that is never held for longer than a copy: it does not block the callback.
type ring struct {
	mu      sync.Mutex
	samples []int16
	head    int       // index of the oldest sample
	held    int       // samples in the ring
	end     time.Time // when the newest sample was captured
	lost    uint64    // samples overwritten before anyone took them
	ready   chan struct{}
}

func newRing() *ring {
	return &ring{
		samples: make([]int16, audio.Speech.Samples(ringLength)),
		ready:   make(chan struct{}, 1), // one token says that there may be something to take
	}
}

// push adds little-endian samples whose last was captured at end.
func (r *ring) push(pcm []byte, end time.Time) {
	r.mu.Lock()
	for i := 0; i+1 < len(pcm); i += 2 {
		r.samples[(r.head+r.held)%len(r.samples)] = int16(uint16(pcm[i]) | uint16(pcm[i+1])<<8)
		if r.held < len(r.samples) {
			r.held++
			continue
		}
		r.head = (r.head + 1) % len(r.samples)
		r.lost++
	}
	r.end = end
	r.mu.Unlock()
	select {
	case r.ready <- struct{}{}:
	default:
	}
}

// take fills dst with the oldest samples, when there are enough, and tells when the first was captured
// and how many samples have been lost in all.
func (r *ring) take(dst []int16) (at time.Time, lost uint64, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held < len(dst) {
		return time.Time{}, 0, false
	}
	at = r.end.Add(-audio.Speech.Duration(r.held))
	n := copy(dst, r.samples[r.head:])
	copy(dst[n:], r.samples)
	r.head = (r.head + len(dst)) % len(r.samples)
	r.held -= len(dst)
	return at, r.lost, true
}
