package device

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/gen2brain/malgo"

	"hearth/audio"
)

// longestSound bounds what a playback child takes into memory.
const longestSound = 30 * time.Minute

// ServePlayback plays the sound that comes in from r while it comes, and tells w when all of it has been heard. It
// serves Speaker. Errors are written to w and returned.
func ServePlayback(ctx context.Context, r io.Reader, w io.Writer, o ServeOptions) error {
	return report(ctx, w, servePlayback(ctx, r, w, o))
}

func servePlayback(ctx context.Context, r io.Reader, w io.Writer, o ServeOptions) error {
	in := newMessageReader(r)
	format, err := hanging(ctx, w, func() (audio.Format, error) { return readFormat(in) })
	if err != nil {
		return err
	}
	p := newPlayer(format)
	name, err := hanging(ctx, w, func() (string, error) { return p.start(o.Device) })
	if err != nil {
		return err
	}
	if err := writeMessage(w, kindReady, []byte(name)); err != nil {
		return err
	}
	fed := make(chan error, 1)
	go func() { // it ends with its input, or with the process
		fed <- p.feed(in)
		p.end()
	}()
	if _, err := hanging(ctx, w, func() (struct{}, error) { return struct{}{}, p.finish() }); err != nil {
		return err
	}
	if err := <-fed; err != nil {
		return err
	}
	return writeMessage(w, kindDone, nil)
}

func readFormat(in *bufio.Reader) (f audio.Format, err error) {
	m, err := readMessage(in)
	if err != nil {
		return f, fmt.Errorf("read the format of the sound: %w", err)
	}
	if err := json.Unmarshal(m.body, &f); err != nil || m.kind != kindFormat || f.Rate <= 0 || f.Channels <= 0 {
		return f, fmt.Errorf("no format of sound, but a message %q of %d bytes", m.kind, len(m.body))
	}
	return f, nil
}

// playbackTail is the silence after which a clip counts as heard. miniaudio stops a PulseAudio stream
// without draining it, and what it has handed over lies in three places of about one period each: its own
// buffer, the stream's and the sink's.
const playbackTail = 3 * playbackPeriod

// A player gives sound to a device as it comes. The device's callback takes the lock, which is never held for longer
// than it takes to move a slice.
type player struct {
	format audio.Format
	over   chan struct{} // closed when all has been handed over, and a playbackTail of silence
	stop   func() error

	mu     sync.Mutex
	waits  [][]byte // what has not been handed over yet
	ended  bool     // nothing follows
	length int      // bytes so far

	// Of the callback alone.
	silence int // bytes handed over since the end
	tail    int // bytes of playbackTail
}

func newPlayer(f audio.Format) *player {
	return &player{format: f, tail: 2 * f.Samples(playbackTail), over: make(chan struct{})}
}

// feed takes the messages with sound until they end.
func (p *player) feed(in *bufio.Reader) error {
	for {
		m, err := readMessage(in)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read sound: %w", err)
		case m.kind != kindSound || len(m.body)%(2*p.format.Channels) != 0:
			return fmt.Errorf("no sound, but a message %q of %d bytes", m.kind, len(m.body))
		case !p.add(m.body):
			return fmt.Errorf("the sound is longer than %s", longestSound)
		}
	}
}

// add takes sound that comes next, unless that is too much.
func (p *player) add(pcm []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.length += len(pcm); p.length > 2*p.format.Samples(longestSound) {
		return false
	}
	if len(pcm) > 0 {
		p.waits = append(p.waits, pcm)
	}
	return true
}

// end says that nothing follows.
func (p *player) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
}

func (p *player) start(device string) (name string, err error) {
	b, err := connect(device)
	if err != nil {
		return "", err
	}
	found, err := b.find(Playback, device)
	if err != nil {
		return "", err
	}
	wanted := func(out, _ []byte, _ uint32) { p.fill(out) }
	return first(found, func(info malgo.DeviceInfo) error {
		opened, err := b.open(Playback, info, p.format.Rate, p.format.Channels, wanted)
		if err != nil {
			return err
		}
		p.stop = opened.Stop
		return start(Playback, info, opened)
	})
}

// fill is the device's callback: out, which is silent already, is played next. Where the sound has not come in time,
// it stays silent.
func (p *player) fill(out []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(out) > 0 && len(p.waits) > 0 {
		n := copy(out, p.waits[0])
		out = out[n:]
		if p.waits[0] = p.waits[0][n:]; len(p.waits[0]) == 0 {
			p.waits = p.waits[1:]
		}
	}
	if !p.ended || p.silence >= p.tail {
		return
	}
	if p.silence += len(out); p.silence >= p.tail {
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
