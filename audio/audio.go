// Package audio holds sound as the rest of Hearth passes it around: samples together with their
// format. It does no input or output; the packages below it do.
package audio

import (
	"context"
	"fmt"
	"math"
	"time"
)

// Format says how samples are to be read: signed 16-bit, interleaved when there is more than one channel.
type Format struct {
	Rate     int // frames a second (Hz)
	Channels int
}

// Speech is the format of everything between the microphone and the recogniser: 16 kHz, one channel.
var Speech = Format{Rate: 16000, Channels: 1}

func (f Format) String() string { return fmt.Sprintf("%d Hz, %d channels", f.Rate, f.Channels) }

// Duration is how long so many samples last.
func (f Format) Duration(samples int) time.Duration {
	if f.Rate <= 0 || f.Channels <= 0 {
		return 0
	}
	return time.Duration(samples/f.Channels) * time.Second / time.Duration(f.Rate)
}

// Samples is how many samples d lasts, all channels counted.
func (f Format) Samples(d time.Duration) int {
	return int(d*time.Duration(f.Rate)/time.Second) * f.Channels
}

// A Clip is a finished piece of sound: one utterance, or one spoken reply.
// Whoever receives a Clip may keep it; its samples are not changed afterwards.
type Clip struct {
	Format  Format
	Samples []int16
}

// Duration is how long the clip lasts.
func (c Clip) Duration() time.Duration { return c.Format.Duration(len(c.Samples)) }

// Scaled is the clip with its amplitude multiplied by gain, which is 0 to 1.
func (c Clip) Scaled(gain float64) Clip {
	samples := make([]int16, len(c.Samples))
	for i, s := range c.Samples {
		samples[i] = int16(math.Round(float64(s) * gain))
	}
	return Clip{Format: c.Format, Samples: samples}
}

// A Frame is a short piece of a running stream.
type Frame struct {
	Format  Format
	Samples []int16
	At      time.Time // when its first sample was captured
}

// A Source gives the frames of a microphone. Next blocks until a frame is there; the frame is the
// caller's to keep. It returns io.EOF when a finite source has ended, and another error when the
// device is gone: the source is then of no more use.
type Source interface {
	Next(ctx context.Context) (Frame, error)
	Close() error
}

// A Sink plays a clip and returns when it has been heard, or when ctx ends.
type Sink interface {
	Play(ctx context.Context, clip Clip) error
}
