package device

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"hearth/audio"
)

// A Microphone is an audio.Source of audio.Speech in frames of 20 ms. What nobody takes within two
// seconds is lost and counted. Next must not be called twice at once; Close may be called at any time.
type Microphone struct {
	options Options
	child   *child
	name    string
	lost    uint64
	close   func() error
}

var _ audio.Source = (*Microphone)(nil)

// Open starts the capture child and waits until it has opened the device, or said that there is none
// (ErrNoDevice). ctx bounds the opening only; the microphone runs until Close.
func Open(ctx context.Context, o Options) (*Microphone, error) {
	o = o.withDefaults()
	c, err := startChild(o, nil)
	if err != nil {
		return nil, fmt.Errorf("open microphone: %w", err)
	}
	m := &Microphone{options: o, child: c, close: sync.OnceValue(c.kill)}
	ready, err := m.await(ctx, kindReady, o.openWithin())
	if err != nil {
		return nil, fmt.Errorf("open microphone: %w", errors.Join(err, m.Close()))
	}
	m.name = string(ready.body)
	o.Metrics.opened.WithLabelValues(string(Capture)).Inc()
	o.Logger.Info("microphone opened", "device", m.name)
	return m, nil
}

// Name is the device's name for people.
func (m *Microphone) Name() string { return m.name }

// Next implements audio.Source. It returns ErrStalled when no frame came for Options.StallAfter; the
// child has then been killed. After the end of ctx Next may be called again, after any other error not.
func (m *Microphone) Next(ctx context.Context) (audio.Frame, error) {
	got, err := m.await(ctx, kindFrame, m.options.StallAfter)
	if err == nil {
		var frame audio.Frame
		var lost uint64
		if frame, lost, err = parseFrame(got.body); err == nil {
			m.countLost(lost)
			return frame, nil
		}
	}
	if ctx.Err() != nil {
		return audio.Frame{}, err
	}
	return audio.Frame{}, fmt.Errorf("listen to microphone %s: %w", m.name, errors.Join(err, m.Close()))
}

func (m *Microphone) await(ctx context.Context, want kind, limit time.Duration) (message, error) {
	got, err := m.child.await(ctx, want, limit)
	if errors.Is(err, ErrStalled) {
		m.options.Metrics.stalled.WithLabelValues(string(Capture)).Inc()
	}
	return got, err
}

func (m *Microphone) countLost(total uint64) {
	if total > m.lost {
		m.options.Metrics.dropped.Add(float64(total - m.lost))
		m.lost = total
	}
}

// Close ends the child and waits for it, two seconds at most.
func (m *Microphone) Close() error { return m.close() }
