package daemon

import (
	"context"
	"errors"
	"sync"
	"time"

	"hearth/audio"
	"hearth/audio/device"
)

// hushing is what a voice knows of the wake word: what it stops, and whether the microphone hears the voice itself.
type hushing struct {
	mu     sync.Mutex
	spoken map[*context.CancelCauseFunc]struct{} // replies that are being given
	clips  int                                   // that are being played
	quiet  time.Time                             // when the last one ended
}

// errHushed ends the playing.
var errHushed = errors.New("the wake word was said")

// stoppable is a context for what is being said, which ends when the wake word is.
func (h *hushing) stoppable(ctx context.Context) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.spoken == nil {
		h.spoken = map[*context.CancelCauseFunc]struct{}{}
	}
	h.spoken[&cancel] = struct{}{}
	return ctx, func() {
		cancel(nil)
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.spoken, &cancel)
	}
}

// hush stops what is being said.
func (h *hushing) hush() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for cancel := range h.spoken {
		(*cancel)(errHushed)
	}
}

// sounding notes that a clip is played, or has been.
func (h *hushing) sounding(on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if on {
		h.clips++
		return
	}
	h.clips--
	h.quiet = time.Now()
}

// echo is how long the microphone hears what the loudspeaker no longer plays.
const echo = 100 * time.Millisecond

// audible tells whether the microphone may hear the voice now.
func (h *hushing) audible() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.clips > 0 || time.Since(h.quiet) < echo
}

// beep plays a tone, which is no speech: the microphone goes on listening meanwhile.
func (v *voice) beep(ctx context.Context, tone audio.Clip) {
	if v.speaker == nil {
		return
	}
	if err := v.speaker.Play(ctx, v.loud(tone)); err != nil && ctx.Err() == nil && !errors.Is(err, device.ErrNoDevice) {
		v.log.Warn("not played", "error", err)
	}
}
