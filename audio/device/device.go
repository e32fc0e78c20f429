// Package device reaches the microphone and the loudspeaker, through PulseAudio (or PipeWire in its
// place) and else ALSA.
//
// Sound servers and drivers hang: a call into them may never return, and a microphone that was pulled
// out may just stop giving sound. So nothing of them runs in the daemon. Microphone, Speaker and List
// start the same program again as `hearthd capture`, `hearthd playback` and `hearthd devices`, which
// call ServeCapture, ServePlayback and ServeDevices; a child that has stopped answering is killed.
// Nothing here opens a device again by itself: that is for the supervisor.
package device

import (
	"errors"
	"log/slog"
	"time"
)

// Auto and Null are device names of their own. Every other name is looked for among the devices'
// identifiers, and then as part of their names, upper and lower case alike.
const (
	Auto = "auto" // the default device; "" means the same
	Null = "null" // silence in, nothing out, for tests
)

var (
	// ErrNoDevice says that there is no microphone or loudspeaker, or none of the asked name. It is worth
	// asking again after a while: one may be plugged in.
	ErrNoDevice = errors.New("no such sound device")
	// ErrStalled says that a device, or the sound server, has stopped answering. Its child was killed.
	ErrStalled = errors.New("the sound device has stopped answering")
)

// Options say how to reach a device from the daemon.
type Options struct {
	// Command is the program and its first arguments: {"/usr/bin/hearthd", "capture"}. When a device is
	// asked for, --device=NAME is added.
	Command []string
	// Device is a name as in Auto.
	Device string
	// StallAfter is how long to wait for sound before the device counts as stalled; 2 s when zero. It has five times
	// as long to open, for its process has to start first, which takes seconds on a small hub that is busy.
	StallAfter time.Duration
	Logger     *slog.Logger // nil discards
	Metrics    *Metrics     // nil counts nothing
}

func (o Options) withDefaults() Options {
	if o.StallAfter <= 0 {
		o.StallAfter = 2 * time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics(nil)
	}
	return o
}

// openWithin is how long a device may take to open.
func (o Options) openWithin() time.Duration { return 5 * o.StallAfter }

func (o Options) arguments() []string {
	if o.Device == "" || o.Device == Auto {
		return o.Command[1:]
	}
	return append(o.Command[1:len(o.Command):len(o.Command)], "--device="+o.Device)
}

// ServeOptions say which device a child serves.
type ServeOptions struct {
	Device string // as in Auto
}

// Info describes one device.
type Info struct {
	ID      string `json:"id"`   // as the sound server calls it: "alsa_input.usb-...", ":0,0"
	Name    string `json:"name"` // for people
	Kind    Kind   `json:"kind"`
	Default bool   `json:"default,omitempty"`
}

// Kind is the direction of a device.
type Kind string

const (
	Capture  Kind = "capture"  // a microphone
	Playback Kind = "playback" // a loudspeaker
)
