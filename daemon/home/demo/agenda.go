package demo

import (
	"context"
	"slices"
	"time"

	"hearth/daemon/home"
)

// An effect is one change that a call will bring about.
type effect struct {
	entity home.EntityID
	after  time.Duration // on top of the device's latency, at pace 1
	apply  func(*home.Entity)
	// moves marks a step of something that takes its time, such as a blind that travels. The next
	// movement of the same entity takes its place.
	moves bool
}

// An agenda holds effects that are due later, in order.
type agenda []appointment

type appointment struct {
	effect
	at time.Time
}

// driftEvery is how often sensors report anew. It does not follow the pace.
const driftEvery = 30 * time.Second

// Run lets time pass in the home: devices obey and sensors drift. It returns nil when ctx ends.
func (h *Home) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	h.startDrift()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-h.wake:
		case <-timer.C:
		}
		timer.Reset(h.advance())
	}
}

// plan puts effects on the agenda.
func (h *Home) plan(effects []effect) {
	h.agenda.interrupt(effects)
	now := time.Now()
	for _, e := range effects {
		h.agenda.add(appointment{effect: e, at: now.Add(h.scaled(latency(e.entity) + e.after))})
	}
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// interrupt drops the movements that new ones replace.
func (a *agenda) interrupt(effects []effect) {
	moving := map[home.EntityID]bool{}
	for _, e := range effects {
		moving[e.entity] = moving[e.entity] || e.moves
	}
	*a = slices.DeleteFunc(*a, func(due appointment) bool { return due.moves && moving[due.entity] })
}

// add keeps the agenda in order; what was asked first happens first.
func (a *agenda) add(next appointment) {
	i := len(*a)
	for i > 0 && (*a)[i-1].at.After(next.at) {
		i--
	}
	*a = slices.Insert(*a, i, next)
}

// advance carries out what is due and says how long nothing else is.
func (h *Home) advance() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	for len(h.agenda) > 0 && !h.agenda[0].at.After(now) {
		due := h.agenda[0]
		h.agenda = h.agenda[1:]
		h.apply(due.entity, due.apply)
	}
	if now.Sub(h.drifted) >= driftEvery {
		h.drift(now)
	}
	wait := driftEvery - now.Sub(h.drifted)
	if len(h.agenda) > 0 {
		wait = min(wait, h.agenda[0].at.Sub(now))
	}
	return wait
}
