package daemon

import (
	"cmp"
	"context"
	"errors"
	"math"
	"time"

	"hearth/audio"
	"hearth/daemon/conversation"
	"hearth/daemon/timer"
)

// A ringer makes timers heard on this machine's loudspeaker, whatever room they were set in, and carries out their
// commands. With loudspeakers in several rooms, Ring.Timer.Room says which is meant.
type ringer struct{ *Daemon }

var _ timer.Ringer = ringer{}

// Ring chimes and says what is due. The wake word ends both.
func (d ringer) Ring(ctx context.Context, r timer.Ring) (heard bool, err error) {
	d.log.Info("timer rings", "timer", r.Timer.ID, "kind", r.Timer.Kind, "room", r.Timer.Room, "late", r.Late)
	clip, err := d.voice.Speak(ctx, d.phrases.Announce(d.due(r)))
	if err != nil && !errors.Is(err, conversation.ErrNoVoice) {
		return false, err
	}
	return d.voice.each(ctx, chime(), clip), nil
}

// due is the ring as it is told.
func (d ringer) due(r timer.Ring) conversation.Due {
	due := conversation.Due{Timer: r.Timer.Seen(), Late: r.Late, Missed: r.Missed, Expired: r.Expired}
	due.Timer.Due = due.Timer.Due.Local()
	if e, ok := d.home.Snapshot().Entity(r.Timer.Entity); ok {
		due.Thing = e.Name
	}
	return due
}

// CarryOut says the timer's sentence where it was put off, for whoever did that, and plays what is answered.
func (d ringer) CarryOut(ctx context.Context, r timer.Ring) (err error) {
	from := conversation.Trigger{Kind: string(r.Timer.Kind), ID: r.Timer.ID, Turn: r.Timer.Turn, Key: r.Timer.Key()}
	d.voice.during(ctx, func(play func(audio.Clip)) {
		aloud := func(_ conversation.Failure, sentence audio.Clip) { play(sentence) }
		channel := d.through(cmp.Or(r.Timer.Channel, "timer")).As(r.Timer.Person).Within(r.Timer.Talk).Aloud(aloud)
		_, err = channel.Later(ctx, r.Timer.Room, r.Timer.Command, from)
		if input := (*conversation.InputError)(nil); errors.As(err, &input) && r.Timer.Room != "" { // the room is gone
			_, err = channel.Later(ctx, "", r.Timer.Command, from)
		}
	})
	return err
}

// chime is two tones, a fourth apart.
func chime() audio.Clip { return tones(0.4, 300*time.Millisecond, 880, 1174.66) }

// tones are heard one after the other, each dying away. Loudness is 0 to 1.
func tones(loudness float64, length time.Duration, hertz ...float64) audio.Clip {
	clip := audio.Clip{Format: audio.Speech}
	for _, hertz := range hertz {
		for i := range audio.Speech.Samples(length) {
			at := float64(i) / float64(audio.Speech.Rate)
			attack := min(1, at/0.005) // without a click
			tone := math.Sin(2*math.Pi*hertz*at) * attack * math.Exp(-2.4*at/length.Seconds())
			clip.Samples = append(clip.Samples, int16(tone*loudness*math.MaxInt16))
		}
	}
	return clip
}
