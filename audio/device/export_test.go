package device

import "time"

// SetStallAfter changes a running microphone's patience: long for opening on a busy machine, short for
// noticing that it is gone.
func (m *Microphone) SetStallAfter(d time.Duration) { m.options.StallAfter = d }
