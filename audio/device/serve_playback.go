package device

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"hearth/audio"
	"hearth/audio/wav"
)

// longestClip bounds what a playback child takes into memory.
const longestClip = 30 * time.Minute

// ServePlayback plays the WAV file that it reads from r, and tells w when it has been heard. It serves
// Speaker. Errors are written to w and returned.
func ServePlayback(ctx context.Context, r io.Reader, w io.Writer, o ServeOptions) error {
	return report(ctx, w, servePlayback(ctx, r, w, o))
}

func servePlayback(ctx context.Context, r io.Reader, w io.Writer, o ServeOptions) error {
	clip, err := wav.DecodeFormat(r, longestClip)
	if err != nil {
		return err
	}
	p := newPlayer(clip)
	name, err := hanging(ctx, w, func() (string, error) { return p.start(o.Device) })
	if err != nil {
		return err
	}
	if err := writeMessage(w, kindReady, []byte(name)); err != nil {
		return err
	}
	if _, err := hanging(ctx, w, func() (struct{}, error) { return struct{}{}, p.finish() }); err != nil {
		return err
	}
	return writeMessage(w, kindDone, nil)
}

// playbackTail is the silence after which a clip counts as heard. miniaudio stops a PulseAudio stream
// without draining it, and what it has handed over lies in three places of about one period each: its own
// buffer, the stream's and the sink's.
const playbackTail = 3 * playbackPeriod

// A player feeds a clip to a device. After start, only the device's callback touches pcm and silence.
type player struct {
	format  audio.Format
	pcm     []byte        // what has not been handed over yet
	silence int           // bytes handed over since
	tail    int           // bytes of playbackTail
	over    chan struct{} // closed when tail has been handed over
	stop    func() error
}

func newPlayer(clip audio.Clip) *player {
	p := &player{
		format: clip.Format,
		pcm:    make([]byte, 0, 2*len(clip.Samples)),
		tail:   2 * clip.Format.Samples(playbackTail),
		over:   make(chan struct{}),
	}
	for _, s := range clip.Samples {
		p.pcm = binary.LittleEndian.AppendUint16(p.pcm, uint16(s))
	}
	return p
}

func (p *player) start(device string) (name string, err error) {
	b, err := connect(device)
	if err != nil {
		return "", err
	}
	info, err := b.find(Playback, device)
	if err != nil {
		return "", err
	}
	wanted := func(out, _ []byte, _ uint32) { p.fill(out) }
	opened, err := b.open(Playback, info, p.format.Rate, p.format.Channels, wanted)
	if err != nil {
		return "", err
	}
	p.stop = opened.Stop
	if err := opened.Start(); err != nil {
		return "", fmt.Errorf("start playback device %s: %w", info.Name(), err)
	}
	return info.Name(), nil
}

// fill is the device's callback: out, which is silent already, is played next.
func (p *player) fill(out []byte) {
	n := copy(out, p.pcm)
	p.pcm = p.pcm[n:]
	if p.silence >= p.tail {
		return
	}
	if p.silence += len(out) - n; p.silence >= p.tail {
		close(p.over)
	}
}

// finish waits until the device has played the clip.
func (p *player) finish() error {
	<-p.over
	if err := p.stop(); err != nil {
		return fmt.Errorf("end playback: %w", err)
	}
	return nil
}
