package gate

import (
	"sync"
	"time"
)

// limiter gives each session a token bucket: it holds up to burst tokens, a call takes one, and a full
// bucket's worth flows in over each per.
type limiter struct {
	burst float64
	per   time.Duration

	mu      sync.Mutex
	buckets map[string]bucket
	forgot  time.Time
}

type bucket struct {
	tokens float64
	at     time.Time
}

// allow takes a token, and tells whether there was one. The clock may stand still but not run back.
func (l *limiter) allow(session string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(now)
	b, known := l.buckets[session]
	if !known {
		b = bucket{tokens: l.burst, at: now}
	}
	if elapsed := now.Sub(b.at); elapsed > 0 {
		b.tokens = min(l.burst, b.tokens+l.burst*elapsed.Seconds()/l.per.Seconds())
		b.at = now
	}
	if b.tokens < 1 {
		l.buckets[session] = b
		return false
	}
	b.tokens--
	l.buckets[session] = b
	return true
}

// forget drops the buckets that are full again: callers choose their session's name, and may choose a
// new one each time.
func (l *limiter) forget(now time.Time) {
	if l.buckets != nil && now.Sub(l.forgot) < l.per {
		return
	}
	recent := map[string]bucket{}
	for session, b := range l.buckets {
		if now.Sub(b.at) < l.per {
			recent[session] = b
		}
	}
	l.buckets, l.forgot = recent, now
}
