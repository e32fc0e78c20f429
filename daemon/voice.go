package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"hearth/audio"
	"hearth/audio/device"
	"hearth/audio/tts"
	"hearth/daemon/config"
	"hearth/daemon/conversation"
)

// A voice speaks, and plays what it said on the loudspeaker.
type voice struct {
	engine  *tts.Speaker
	speaker loudspeaker // nil when replies are not played
	log     *slog.Logger

	volume  func() int // percent
	playing func(bool) // called when a clip begins to be heard, and when it has been

	hushing
}

func newVoice(c *config.Config, o device.Options, log *slog.Logger) (*voice, error) {
	engine, err := tts.New(tts.Options{
		Engine: tts.Engine(c.Speech.Engine), Voice: c.Speech.Voice, Language: c.Language, Logger: log,
	})
	if err != nil {
		return nil, fmt.Errorf("speech: %w", err)
	}
	v := &voice{engine: engine, log: log, volume: func() int { return 100 }, playing: func(bool) {}}
	if c.Speech.Speaker != "off" {
		v.speaker = device.NewSpeaker(o)
	}
	return v, nil
}

// Speak implements conversation.Voice.
func (v *voice) Speak(ctx context.Context, text string) (audio.Clip, error) {
	clip, err := v.engine.Speak(ctx, text)
	if errors.Is(err, tts.ErrNoEngine) {
		err = fmt.Errorf("%w: %w", conversation.ErrNoVoice, err)
	}
	return clip, err
}

// sound plays a clip at the set volume and returns when it has been heard. It returns device.ErrNoDevice when
// there is no loudspeaker.
func (v *voice) sound(ctx context.Context, clip audio.Clip) error {
	if v.speaker == nil {
		return fmt.Errorf("%w: speech.speaker is off", device.ErrNoDevice)
	}
	if len(clip.Samples) == 0 {
		return nil
	}
	ctx, done := v.stoppable(ctx)
	defer done()
	v.playing(true)
	defer v.playing(false)
	v.sounding(true)
	defer v.sounding(false)
	if err := v.speaker.Play(ctx, v.loud(clip)); !errors.Is(err, errHushed) { // as much was heard as somebody wanted to hear
		return err
	}
	return nil
}

// loud is the clip at the set volume. Half the percentage sounds about half as loud: that is a quarter of the amplitude.
func (v *voice) loud(clip audio.Clip) audio.Clip {
	share := float64(v.volume()) / 100
	return clip.Scaled(share * share)
}

// play is sound for what can be read where it cannot be heard. Heard is false when nothing of it was.
func (v *voice) play(ctx context.Context, clip audio.Clip) (heard bool) {
	err := v.sound(ctx, clip)
	v.report(ctx, err)
	return err == nil && len(clip.Samples) > 0
}

// each is play for clips of any formats, one after the other. The wake word ends all of them.
func (v *voice) each(ctx context.Context, clips ...audio.Clip) (heard bool) {
	ctx, done := v.stoppable(ctx)
	defer done()
	for _, clip := range clips {
		if ctx.Err() == nil {
			heard = v.play(ctx, clip) || heard
		}
	}
	return heard
}
