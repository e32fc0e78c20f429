package device

import (
	"context"
	"io"
	"time"

	"github.com/gen2brain/malgo"

	"hearth/audio"
)

// frameLength is how much sound one message carries.
const frameLength = 20 * time.Millisecond

// ServeCapture opens a microphone and writes its frames to w until ctx ends or w cannot be written any
// more. It serves Microphone. Errors are written to w and returned.
func ServeCapture(ctx context.Context, w io.Writer, o ServeOptions) error {
	return report(ctx, w, serveCapture(ctx, w, o))
}

func serveCapture(ctx context.Context, w io.Writer, o ServeOptions) error {
	sound := newRing()
	name, err := hanging(ctx, w, func() (string, error) { return startCapture(o.Device, sound) })
	if err != nil {
		return err
	}
	if err := writeMessage(w, kindReady, []byte(name)); err != nil {
		return err
	}
	return sendFrames(ctx, w, sound)
}

// startCapture opens the device and lets it fill the ring.
func startCapture(device string, sound *ring) (name string, err error) {
	b, err := connect(device)
	if err != nil {
		return "", err
	}
	found, err := b.find(Capture, device)
	if err != nil {
		return "", err
	}
	arrived := func(_, pcm []byte, _ uint32) { sound.push(pcm, time.Now()) }
	return first(found, func(info malgo.DeviceInfo) error {
		opened, err := b.open(Capture, info, audio.Speech.Rate, audio.Speech.Channels, arrived)
		if err != nil {
			return err
		}
		return start(Capture, info, opened)
	})
}

func sendFrames(ctx context.Context, w io.Writer, sound *ring) error {
	frame := make([]int16, audio.Speech.Samples(frameLength))
	var body []byte
	alive := time.NewTicker(aliveEvery)
	defer alive.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-alive.C:
			if err := writeMessage(w, kindAlive, nil); err != nil {
				return err
			}
		case <-sound.ready:
		}
		for {
			at, lost, ok := sound.take(frame)
			if !ok {
				break
			}
			body = appendFrame(body[:0], at, lost, frame)
			if err := writeMessage(w, kindFrame, body); err != nil {
				return err
			}
		}
	}
}
