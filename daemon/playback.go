package daemon

import (
	"context"
	"errors"
	"sync"

	"hearth/audio"
	"hearth/audio/device"
)

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

// playAll plays what comes into the queue until that ends. After the first failure nothing more is played.
func (v *voice) playAll(ctx context.Context, q *playQueue) (heard bool) {
	begun, failed := false, false
	for range q.more {
		for clip, ok := q.take(); ok; clip, ok = q.take() {
			if failed || ctx.Err() != nil {
				continue
			}
			if !begun {
				begun = true
				v.playing(true)
				defer v.playing(false)
			}
			err := v.emit(ctx, clip)
			v.report(ctx, err)
			heard, failed = heard || err == nil, err != nil
		}
		if q.over() {
			break
		}
	}
	return heard
}

// report logs why a clip was not played.
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

func (q *playQueue) add(clip audio.Clip) {
	if len(clip.Samples) == 0 {
		return
	}
	q.mu.Lock()
	q.clips = append(q.clips, clip)
	q.mu.Unlock()
	q.signal()
}

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

func (q *playQueue) over() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.ended && len(q.clips) == 0
}

// take gives all that waits as one clip, since each one that is played opens the loudspeaker anew.
func (q *playQueue) take() (audio.Clip, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.clips) == 0 {
		return audio.Clip{}, false
	}
	joined := audio.Clip{Format: q.clips[0].Format}
	for len(q.clips) > 0 && q.clips[0].Format == joined.Format {
		joined.Samples = append(joined.Samples, q.clips[0].Samples...)
		q.clips = q.clips[1:]
	}
	return joined, true
}
