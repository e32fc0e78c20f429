package daemon

import (
	"context"
	"errors"
	"sync"

	"hearth/audio"
	"hearth/audio/device"
)

// A loudspeaker plays clips that come one by one; next tells false after the last.
type loudspeaker interface {
	audio.Sink
	PlayAll(ctx context.Context, next func(context.Context) (audio.Clip, bool)) error
}

// during plays what run hands out while run goes on, one clip after the other, and returns when all of it has been
// heard, ctx has ended, or the wake word was said. Heard is false when nothing of it was.
func (v *voice) during(ctx context.Context, run func(play func(audio.Clip))) (heard bool) {
	ctx, done := v.stoppable(ctx)
	defer done()
	q := &playQueue{more: make(chan struct{}, 1)}
	var playing sync.WaitGroup
	playing.Go(func() { heard = v.playAll(ctx, q) })
	run(q.add)
	q.end()
	playing.Wait()
	return heard
}

// playAll plays what comes into the queue until that ends.
func (v *voice) playAll(ctx context.Context, q *playQueue) (heard bool) {
	if v.speaker == nil {
		return false
	}
	begun := false
	err := v.speaker.PlayAll(ctx, func(ctx context.Context) (audio.Clip, bool) {
		clip, ok := q.next(ctx)
		if ok && !begun {
			begun = true
			v.playing(true)
			v.sounding(true)
		}
		return v.loud(clip), ok
	})
	if begun {
		v.sounding(false)
		v.playing(false)
	}
	v.report(ctx, err)
	return begun && (err == nil || errors.Is(context.Cause(ctx), errHushed)) // as much as somebody wanted to hear
}

// report logs why sound was not played.
func (v *voice) report(ctx context.Context, err error) {
	switch {
	case errors.Is(err, device.ErrNoDevice):
		v.log.Debug("not played: there is no loudspeaker")
	case err != nil && ctx.Err() == nil:
		v.log.Warn("not played", "error", err)
	}
}

// A playQueue holds clips that wait to be played.
type playQueue struct {
	mu    sync.Mutex
	clips []audio.Clip
	ended bool
	more  chan struct{} // holds one signal: look again
}

// add takes a clip that is to be played next. It returns at once.
func (q *playQueue) add(clip audio.Clip) {
	if len(clip.Samples) == 0 {
		return
	}
	q.mu.Lock()
	q.clips = append(q.clips, clip)
	q.mu.Unlock()
	q.signal()
}

// end says that nothing follows.
func (q *playQueue) end() {
	q.mu.Lock()
	q.ended = true
	q.mu.Unlock()
	q.signal()
}

func (q *playQueue) signal() {
	select {
	case q.more <- struct{}{}:
	default: // whoever looks will see this, too
	}
}

// next waits for a clip. It tells false after the last, or at the end of ctx.
func (q *playQueue) next(ctx context.Context) (audio.Clip, bool) {
	for {
		clip, ok, ended := q.take()
		if ok || ended {
			return clip, ok
		}
		select {
		case <-q.more:
		case <-ctx.Done():
			return audio.Clip{}, false
		}
	}
}

func (q *playQueue) take() (clip audio.Clip, ok, ended bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.clips) == 0 {
		return audio.Clip{}, false, q.ended
	}
	clip = q.clips[0]
	q.clips = q.clips[1:]
	return clip, true, false
}
