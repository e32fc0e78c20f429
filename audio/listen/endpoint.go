// Package listen cuts a running stream of sound into utterances, by their energy alone. It compares each
// frame's level with a noise floor that follows the room, so that a fan does not count as speech. It does
// not know speech from a slammed door: finding a wake phrase in it is a Spotter's work.
package listen

import (
	"time"

	"hearth/audio"
)

// Options say what an utterance is. The zero value gives the defaults named here.
type Options struct {
	Gate     float64       // dBFS that speech must reach however quiet the room is; -50
	Margin   float64       // dB that speech must rise above the noise floor; 9
	PreRoll  time.Duration // sound kept from before the beginning, and silence kept after the end; 300 ms
	Onset    time.Duration // sound it takes to begin an utterance; 100 ms
	Hangover time.Duration // silence that ends it; 700 ms
	Shortest time.Duration // sound below which it was a click; 250 ms
	Longest  time.Duration // length at which it is cut; 15 s
	Pause    time.Duration // silence after the phrase that wakes Hearth which is acknowledged; 700 ms
	Patience time.Duration // how long a command may then be waited for; 6 s
}

func (o Options) withDefaults() Options {
	level := func(v *float64, otherwise float64) {
		if *v == 0 {
			*v = otherwise
		}
	}
	length := func(d *time.Duration, otherwise time.Duration) {
		if *d <= 0 {
			*d = otherwise
		}
	}
	level(&o.Gate, -50)
	level(&o.Margin, 9)
	length(&o.PreRoll, 300*time.Millisecond)
	length(&o.Onset, 100*time.Millisecond)
	length(&o.Hangover, 700*time.Millisecond)
	length(&o.Shortest, 250*time.Millisecond)
	length(&o.Longest, 15*time.Second)
	length(&o.Pause, 700*time.Millisecond)
	length(&o.Patience, 6*time.Second)
	return o
}

// An Endpointer finds utterances in frames. It is not safe for concurrent use.
type Endpointer struct {
	options Options
	room    room

	samples  []int16       // the utterance so far, or what may become its pre-roll
	speaking bool          // an utterance has begun
	loud     time.Duration // sound above the threshold: of the utterance, or on the way to one
	quiet    time.Duration // since the last such sound
	lowest   float64       // dBFS of the utterance's quietest frame
}

// NewEndpointer makes an Endpointer for one stream.
func NewEndpointer(o Options) *Endpointer {
	o = o.withDefaults()
	return &Endpointer{options: o, room: newRoom(o)}
}

// Push takes the next frame, of audio.Speech and some 10 to 50 ms long, and returns an utterance when
// the frame ended one.
func (e *Endpointer) Push(frame audio.Frame) (audio.Clip, bool) { return e.push(frame.Samples, false) }

// push is Push. What Hearth itself says is kept as part of the sound, but counts as silence.
func (e *Endpointer) push(samples []int16, own bool) (audio.Clip, bool) {
	if len(samples) == 0 {
		return audio.Clip{}, false
	}
	length := audio.Speech.Duration(len(samples))
	level := silence
	if !own {
		level = Level(samples)
		e.room.follow(level, length)
	}
	e.samples = append(e.samples, samples...)
	if !e.speaking {
		e.awaitOnset(level, length)
		return audio.Clip{}, false
	}
	e.lowest = min(e.lowest, level)
	e.quiet += length
	if e.room.goesOn(level) {
		e.loud += length
		e.quiet = 0
	}
	if audio.Speech.Duration(len(e.samples)) >= e.options.Longest {
		// What sounds so long without a pause is the room's new noise.
		e.room.floor = max(e.room.floor, e.lowest)
		return e.end()
	}
	if e.quiet >= e.options.Hangover {
		return e.end()
	}
	return audio.Clip{}, false
}

// Flush ends the stream, and returns the utterance that was in progress.
func (e *Endpointer) Flush() (audio.Clip, bool) {
	if !e.speaking {
		return audio.Clip{}, false
	}
	return e.end()
}

// Floor is the noise floor, in dBFS.
func (e *Endpointer) Floor() float64 { return e.room.floor }

// awaitOnset counts towards the beginning of an utterance: what is quiet counts back.
func (e *Endpointer) awaitOnset(level float64, length time.Duration) {
	if e.room.speech(level) {
		e.loud += length
	} else {
		e.loud = max(0, e.loud-length)
	}
	if e.loud >= e.options.Onset {
		e.speaking, e.quiet, e.lowest = true, 0, level
		return
	}
	if extra := len(e.samples) - audio.Speech.Samples(e.options.PreRoll+e.options.Onset); extra > 0 {
		e.samples = e.samples[:copy(e.samples, e.samples[extra:])]
	}
}

// end gives out the utterance, unless it was a click, and starts anew.
func (e *Endpointer) end() (audio.Clip, bool) {
	samples := e.samples
	if extra := audio.Speech.Samples(e.quiet - e.options.PreRoll); extra > 0 {
		samples = samples[:len(samples)-extra]
	}
	long := e.loud >= e.options.Shortest
	e.samples, e.speaking, e.loud, e.quiet = nil, false, 0, 0
	return audio.Clip{Format: audio.Speech, Samples: samples}, long
}
