package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hearth/daemon/home"
)

// keptMoments is how many states of each entity the home remembers.
const keptMoments = 500

// opposites are the states that things with two of them go between.
var opposites = map[string]string{
	"on": "off", "off": "on", "open": "closed", "closed": "open", "locked": "unlocked", "unlocked": "locked",
	"heat": "off", "home": "not_home", "not_home": "home", "playing": "paused", "paused": "playing",
}

// remember begins the memory of a house in which people have lived: what has two states has been in the other one
// before, a few hours ago, always the same for one device.
func remember(entities []home.Entity, now time.Time) map[home.EntityID][]home.Moment {
	past := map[home.EntityID][]home.Moment{}
	for _, e := range entities {
		began := now.Add(-time.Duration(latency(e.ID).Milliseconds()) * time.Minute) // 40 minutes to 3 hours
		if other, two := opposites[e.State]; two {
			past[e.ID] = []home.Moment{{State: e.State, At: now.AddDate(0, 0, -3)}, {State: other, At: began.Add(-20 * time.Minute)}}
		}
		past[e.ID] = append(past[e.ID], home.Moment{State: e.State, At: began})
	}
	return past
}

// note remembers an entity's new state. It is called with the home locked.
func (h *Home) note(e home.Entity) {
	h.past[e.ID] = append(h.past[e.ID], home.Moment{State: e.State, At: e.Changed})
	if extra := len(h.past[e.ID]) - keptMoments; extra > 0 {
		h.past[e.ID] = slices.Delete(h.past[e.ID], 0, extra)
	}
}

// States are those that an entity has had, the oldest first; the first one is that which it had at since.
func (h *Home) States(_ context.Context, id home.EntityID, since, until time.Time) ([]home.Moment, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e, ok := h.Snapshot().Entity(id); !ok || !e.Exposed {
		return nil, fmt.Errorf("read the history of %s: %w", id, home.ErrUnknownEntity)
	}
	var moments []home.Moment
	for _, m := range h.past[id] {
		switch {
		case m.At.After(until):
			return moments, nil
		case !m.At.After(since):
			moments = []home.Moment{{State: m.State, At: since}}
		default:
			moments = append(moments, m)
		}
	}
	return moments, nil
}
