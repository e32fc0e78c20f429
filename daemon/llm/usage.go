package llm

import (
	"context"
	"math"
	"time"

	"hearth/daemon/home"
)

// countEvery is how old a count of what is used gets before it is asked for again.
const countEvery = time.Hour

// usage is how often entities were used lately.
type usage struct {
	counts map[home.EntityID]int
	most   int
	at     time.Time
}

// share is 1 for what is used most and 0 for what is not used, in steps that grow smaller.
func (u *usage) share(id home.EntityID) float32 {
	n := u.counts[id]
	if n == 0 {
		return 0
	}
	return float32(math.Log1p(float64(n)) / math.Log1p(float64(u.most)))
}

// countUsed has what is used often found before what is not, from then on.
func (m *Model) countUsed(ctx context.Context) {
	if before := m.used.Load(); m.opts.Used == nil || before != nil && time.Since(before.at) < countEvery {
		return
	}
	counts, err := m.opts.Used(ctx)
	if err != nil {
		m.log.Debug("what is used often is not known", "error", err)
		return
	}
	u := &usage{counts: counts, at: time.Now()}
	for _, n := range counts {
		u.most = max(u.most, n)
	}
	m.used.Store(u)
}
