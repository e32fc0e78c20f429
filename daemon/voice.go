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
	speaker *device.Speaker // nil when replies are not played
	log     *slog.Logger
}

func newVoice(c *config.Config, o device.Options, log *slog.Logger) (*voice, error) {
	engine, err := tts.New(tts.Options{
		Engine: tts.Engine(c.Speech.Engine), Voice: c.Speech.Voice, Language: c.Language, Logger: log,
	})
	if err != nil {
		return nil, fmt.Errorf("speech: %w", err)
	}
	v := &voice{engine: engine, log: log}
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

// play plays a clip and returns when that is over. Heard is false when nothing of it was, as without a loudspeaker.
func (v *voice) play(ctx context.Context, clip audio.Clip) (heard bool) {
	if v.speaker == nil || len(clip.Samples) == 0 {
		return false
	}
	err := v.speaker.Play(ctx, clip)
	switch {
	case errors.Is(err, device.ErrNoDevice):
		v.log.Debug("not played: there is no loudspeaker")
	case err != nil && ctx.Err() == nil:
		v.log.Warn("not played", "error", err)
	}
	return err == nil
}
