package device

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"hearth/audio"
	"hearth/audio/wav"
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
// ErrNoDevice when there is no loudspeaker, and ErrStalled when the clip takes longer than it lasts and
// Options.StallAfter twice, for opening and for closing the device.
func (s *Speaker) Play(ctx context.Context, clip audio.Clip) error {
	if len(clip.Samples) == 0 {
		return nil
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := s.play(ctx, clip); err != nil {
		return fmt.Errorf("play %v of sound: %w", clip.Duration(), err)
	}
	return nil
}

func (s *Speaker) play(ctx context.Context, clip audio.Clip) error {
	var file bytes.Buffer
	if err := wav.Encode(&file, clip); err != nil {
		return err
	}
	c, err := startChild(s.options, &file)
	if err != nil {
		return err
	}
	_, err = c.await(ctx, kindReady, s.options.StallAfter)
	if err == nil {
		s.options.Metrics.opened.WithLabelValues(string(Playback)).Inc()
		_, err = c.await(ctx, kindDone, clip.Duration()+s.options.StallAfter)
	}
	if errors.Is(err, ErrStalled) {
		s.options.Metrics.stalled.WithLabelValues(string(Playback)).Inc()
	}
	return errors.Join(err, c.kill())
}
