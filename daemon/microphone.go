package daemon

import (
	"context"
	"errors"

	"hearth/audio"
	"hearth/audio/device"
	"hearth/daemon/conversation"
)

// listen is the component "microphone": it opens the microphone and hands each utterance to the
// conversation, until the device is gone. It stays closed when nothing understands what it hears.
func (d *Daemon) listen(ctx context.Context, up func()) error {
	if d.cfg.Microphone.Device == "off" || d.ears.worker == nil {
		up()
		<-ctx.Done()
		return nil
	}
	microphone, err := device.Open(ctx, device.Options{
		Command: []string{d.opts.Executable, "capture"}, Device: d.cfg.Microphone.Device,
		Logger: d.log, Metrics: d.devices,
	})
	if err != nil {
		return err
	}
	defer microphone.Close()
	up()
	return d.listener.Run(ctx, microphone, func(clip audio.Clip) { d.hear(ctx, clip) })
}

// hear takes one utterance. Without a wake word anything loud enough is an utterance, so what was not
// understood is passed over in silence.
func (d *Daemon) hear(ctx context.Context, clip audio.Clip) {
	turn, err := d.Conversation.Through("microphone").In(d.cfg.Room).Hear(ctx, "", clip)
	if err != nil {
		if ctx.Err() == nil && !errors.Is(err, conversation.ErrNoRecogniser) {
			d.log.Warn("utterance lost", "error", err)
		}
		return
	}
	if turn.Failure != conversation.NotHeard {
		d.voice.play(ctx, turn.Voice)
	}
}
