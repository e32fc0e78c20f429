package device

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"hearth/audio"
)

// A Speaker plays clips through a child, one at a time. It is safe for concurrent use: a second Play
// waits for the first.
type Speaker struct {
	options Options
	turn    chan struct{} // holds one token, for whoever plays
}

var _ audio.Sink = (*Speaker)(nil)

// NewSpeaker starts nothing; Play does.
func NewSpeaker(o Options) *Speaker {
	return &Speaker{options: o.withDefaults(), turn: make(chan struct{}, 1)}
}

// Play implements audio.Sink. When ctx ends the sound stops and the cause of ctx is returned. It returns
// ErrNoDevice when there is no loudspeaker, and ErrStalled when the clip takes longer than it lasts and opening and
// closing the device may take (Options.StallAfter).
func (s *Speaker) Play(ctx context.Context, clip audio.Clip) error {
	given := false
	return s.PlayAll(ctx, func(context.Context) (audio.Clip, bool) {
		again := given
		given = true
		return clip, !again
	})
}

// PlayAll plays the clips that next gives, without a gap between those that come in time and with silence in
// between where one does not, and returns when the last has been heard. Next may block until there is a clip or
// its context ends, and tells false after the last. The device is opened when the first clip is there. All clips
// are of one format. Errors are those of Play.
func (s *Speaker) PlayAll(ctx context.Context, next func(context.Context) (audio.Clip, bool)) error {
	first, ok := nextSound(ctx, next)
	if !ok {
		return context.Cause(ctx)
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := s.play(ctx, first, next); err != nil {
		return fmt.Errorf("play sound: %w", err)
	}
	return nil
}

// nextSound is the next clip that is not empty.
func nextSound(ctx context.Context, next func(context.Context) (audio.Clip, bool)) (audio.Clip, bool) {
	for ctx.Err() == nil {
		clip, ok := next(ctx)
		if !ok || len(clip.Samples) > 0 {
			return clip, ok
		}
	}
	return audio.Clip{}, false
}

func (s *Speaker) play(ctx context.Context, first audio.Clip, next func(context.Context) (audio.Clip, bool)) error {
	writing, stop := context.WithCancel(ctx)
	input, output := io.Pipe()
	c, err := startChild(s.options, input)
	if err != nil {
		stop()
		return err
	}
	feed := &feed{w: output, format: first.Format, end: time.Now()}
	var feeding sync.WaitGroup
	feeding.Go(func() { output.CloseWithError(feed.write(writing, first, next)) })
	defer feeding.Wait()
	defer func() { _ = input.Close() }() // so that nobody is left writing into it
	defer stop()
	_, err = c.await(ctx, kindReady, s.options.openWithin())
	if err == nil {
		s.options.Metrics.opened.WithLabelValues(string(Playback)).Inc()
		err = s.awaitDone(ctx, c, feed)
	}
	if errors.Is(err, ErrStalled) {
		s.options.Metrics.stalled.WithLabelValues(string(Playback)).Inc()
	}
	return errors.Join(err, c.kill())
}

// awaitDone waits until the child has played all that it is fed. Meanwhile it must show signs of life, and once it has
// everything, it has the time of that.
func (s *Speaker) awaitDone(ctx context.Context, c *child, f *feed) error {
	for {
		deadline := time.Now().Add(aliveEvery + s.options.StallAfter)
		if end, all, err := f.state(); err != nil {
			return err
		} else if all {
			deadline = end.Add(s.options.openWithin() + s.options.StallAfter)
		}
		switch m, err := c.read(ctx, deadline); {
		case err != nil:
			return err
		case m.kind == kindDone:
			return nil
		case m.kind != kindAlive:
			return fmt.Errorf("unexpected message %q from sound child", m.kind)
		}
	}
}

// A feed writes clips to a child as they come.
type feed struct {
	w      io.Writer
	format audio.Format

	mu  sync.Mutex
	end time.Time // when what was written will have been heard, if nothing keeps it waiting
	all bool      // nothing follows
	err error     // why not
}

func (f *feed) state() (end time.Time, all bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.end, f.all, f.err
}

// write writes until there is no more, or ctx ends.
func (f *feed) write(ctx context.Context, clip audio.Clip, next func(context.Context) (audio.Clip, bool)) error {
	err := writeJSON(f.w, kindFormat, f.format)
	for ok := true; ok && err == nil; clip, ok = nextSound(ctx, next) {
		err = f.writeClip(clip)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all, f.err = true, err
	return err
}

func (f *feed) writeClip(clip audio.Clip) error {
	if clip.Format != f.format {
		return fmt.Errorf("a clip of %v after one of %v", clip.Format, f.format)
	}
	f.mu.Lock()
	if now := time.Now(); f.end.Before(now) {
		f.end = now
	}
	f.end = f.end.Add(clip.Duration())
	f.mu.Unlock()
	const most = maxBody / 2
	for at := 0; at < len(clip.Samples); at += most {
		part := clip.Samples[at:min(at+most, len(clip.Samples))]
		body := make([]byte, 0, 2*len(part))
		for _, sample := range part {
			body = binary.LittleEndian.AppendUint16(body, uint16(sample))
		}
		if err := writeMessage(f.w, kindSound, body); err != nil {
			return err
		}
	}
	return nil
}
