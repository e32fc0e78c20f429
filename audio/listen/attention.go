package listen

import (
	"sync/atomic"
	"time"

	"hearth/audio"
)

// A Spotter finds the phrase that wakes Hearth. Its methods return at once.
type Spotter interface {
	// Wanted tells whether the phrase must be said. When it need not, every utterance is for Hearth.
	Wanted() bool
	// Push takes the next sound, at being the number of its first sample in the source. Sound that does not follow
	// on what was pushed before begins anew.
	Push(at int64, samples []int16)
	// Heard tells where in the source a phrase ended that was found since the last call.
	Heard() (end int64, ok bool)
}

const (
	// The Spotter is given the sound from so long before it is loud until it has been quiet for so long. It looks
	// half a second ahead.
	feedBefore = time.Second
	feedAfter  = time.Second
	// remembered is the sound that is kept for when a phrase turns out to have been said.
	remembered = 5 * time.Second
)

// An attention passes over all that is said until the phrase is. What follows it is an utterance: in the same breath,
// or after a pause.
type attention struct {
	options Options
	spotter Spotter
	// woken is called when the phrase was found, and acknowledge when nothing follows it at once.
	woken, acknowledge func()
	opened             *atomic.Pointer[time.Time] // until when a question waits that was just asked

	room   room
	recent recent
	at     int64 // number of the next sample

	feeding bool
	quiet   time.Duration // since the last loud frame

	command  *Endpointer // nil while nobody is listened to
	byPhrase bool        // else because a question is open
	tone     *notch      // once the phrase was acknowledged
	said     int64       // where the phrase ended
	deadline int64       // the sample at which the listening ends, unless somebody is speaking
	until    time.Time   // the same, for an open question
}

func newAttention(o Options, s Spotter) *attention {
	return &attention{options: o, spotter: s, room: newRoom(o)}
}

func (a *attention) attends() bool { return a.command != nil }

// push takes the next frame, and returns an utterance when the frame ended one that is for Hearth.
func (a *attention) push(f frame) (Utterance, bool) {
	length := audio.Speech.Duration(len(f.samples))
	level := Level(f.samples)
	if !f.own {
		a.room.follow(level, length)
	}
	a.recent.add(f)
	a.at += int64(len(f.samples))
	a.feed(f, level, length)
	if until := a.opened.Swap(nil); until != nil {
		a.open(*until)
	}
	if end, ok := a.spotter.Heard(); ok && end <= a.at { // else it was said before the microphone was opened anew
		a.woken()
		return a.wake(end)
	}
	if a.command == nil {
		return Utterance{}, false
	}
	u, ok := a.listen(f)
	if !ok {
		a.wait()
	}
	return u, ok
}

// feed gives the Spotter what may hold the phrase, also while Hearth speaks.
func (a *attention) feed(f frame, level float64, length time.Duration) {
	a.quiet += length
	if a.room.goesOn(level) && a.room.learned >= learning {
		a.quiet = 0
	}
	switch {
	case a.feeding:
		a.spotter.Push(a.at-int64(len(f.samples)), f.samples)
	case a.quiet == 0:
		for at, f := range a.recent.from(a.at - int64(audio.Speech.Samples(feedBefore))) {
			a.spotter.Push(at, f.samples)
		}
	}
	a.feeding = a.quiet < feedAfter
}

// wake begins to listen right after the phrase, which was said a while ago.
func (a *attention) wake(end int64) (Utterance, bool) {
	a.begin()
	a.byPhrase, a.said = true, end
	a.deadline = a.at + int64(audio.Speech.Samples(a.options.Patience))
	for _, f := range a.recent.from(end) {
		if u, ok := a.listen(f); ok {
			return u, true
		}
	}
	return Utterance{}, false
}

// open listens without the phrase until then, because Hearth has asked something.
func (a *attention) open(until time.Time) {
	left := time.Until(until)
	if left <= 0 || a.command != nil {
		return
	}
	a.begin()
	a.byPhrase, a.until = false, until
	a.deadline = a.at + int64(audio.Speech.Samples(left))
	// Some answer before the question's last echo is gone.
	for _, f := range a.recent.from(a.at - int64(audio.Speech.Samples(a.options.PreRoll+a.options.Onset))) {
		a.command.push(f.samples, f.own)
	}
}

func (a *attention) begin() {
	a.command = NewEndpointer(a.options)
	a.command.room = a.room
	a.tone = nil
}

func (a *attention) listen(f frame) (Utterance, bool) {
	samples := f.samples
	if a.tone != nil {
		samples = a.tone.filter(samples)
	}
	clip, ok := a.command.push(samples, f.own)
	if !ok {
		return Utterance{}, false
	}
	u := Utterance{Clip: clip, Woken: a.byPhrase}
	if !a.byPhrase {
		u.Until = a.until
	}
	a.command = nil
	return u, true
}

// wait acknowledges the phrase when a pause follows it, and gives up when nothing does.
func (a *attention) wait() {
	switch {
	case a.command.speaking:
	case a.at >= a.deadline:
		a.command = nil
	case a.byPhrase && a.tone == nil && a.at-a.said >= int64(audio.Speech.Samples(a.options.Pause)):
		a.tone = newNotch(ToneHertz)
		a.deadline = a.at + int64(audio.Speech.Samples(a.options.Patience))
		a.acknowledge()
	}
}

// flush ends the stream, and returns the utterance that was in progress.
func (a *attention) flush() (Utterance, bool) {
	if a.command == nil {
		return Utterance{}, false
	}
	clip, ok := a.command.Flush()
	return Utterance{Clip: clip, Woken: a.byPhrase}, ok
}
