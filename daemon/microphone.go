package daemon

import (
	"context"
	"errors"
	"sync"
	"time"

	"hearth/audio"
	"hearth/audio/device"
	"hearth/audio/listen"
	"hearth/daemon/conversation"
)

// listen is the component "microphone": it opens the microphone and hands each utterance to the
// conversation, until the device is gone. It stays closed while it is muted, and when nothing understands
// what it hears.
func (d *Daemon) listen(ctx context.Context, up func()) error {
	if d.cfg.Microphone.Device == "off" || d.ears.worker == nil {
		up()
		<-ctx.Done()
		return nil
	}
	for {
		changed := d.settings.Changed()
		if !d.settings.Get().Muted {
			if err := d.listenUnmuted(ctx, up); err != nil || ctx.Err() != nil {
				return err
			}
			continue
		}
		up()
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
	}
}

// Muted is the detail of the component "microphone" while that is closed because an owner wants it so.
const Muted = "muted"

// deaf is why nobody is listened to although nothing has failed, "" for no reason.
func (d *Daemon) deaf() string {
	switch {
	case d.cfg.Microphone.Device == "off":
		return "switched off"
	case d.ears.deaf != nil:
		return d.ears.deaf.Error()
	case d.ears.worker == nil:
		return "hearing is switched off"
	case d.settings.Get().Muted:
		return Muted
	}
	return ""
}

// errMuted ends the listening.
var errMuted = errors.New("the microphone is muted")

// listenUnmuted listens until the microphone is muted, which closes it at once, also while an utterance is
// still being answered. An utterance that it interrupts is not kept.
func (d *Daemon) listenUnmuted(ctx context.Context, up func()) error {
	unmuted, mute := context.WithCancelCause(ctx)
	var watcher sync.WaitGroup
	defer watcher.Wait()
	defer mute(nil)
	watcher.Go(func() { d.awaitMute(unmuted, mute) })
	watcher.Go(func() { d.acknowledge(unmuted) })
	microphone, err := device.Open(unmuted, device.Options{
		Command: []string{d.opts.Executable, "capture"}, Device: d.cfg.Microphone.Device,
		Logger: d.log, Metrics: d.devices,
	})
	if err == nil {
		defer microphone.Close()
		closing := context.AfterFunc(unmuted, func() { microphone.Close() })
		defer closing()
		up()
		err = d.listener.Run(unmuted, microphone, func(u listen.Utterance) time.Time { return d.hear(ctx, u) })
	}
	if errors.Is(context.Cause(unmuted), errMuted) {
		return nil
	}
	return err
}

// awaitMute calls mute once the microphone is muted, unless ctx ends before.
func (d *Daemon) awaitMute(ctx context.Context, mute context.CancelCauseFunc) {
	for {
		changed := d.settings.Changed()
		if d.settings.Get().Muted {
			mute(errMuted)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

// hear takes one utterance, and returns until when an answer to Hearth's question needs no wake word. Without a
// wake word anything loud enough is an utterance, so what was not understood is passed over in silence.
func (d *Daemon) hear(ctx context.Context, u listen.Utterance) (until time.Time) {
	d.voice.during(ctx, func(play func(audio.Clip)) {
		aloud := func(failure conversation.Failure, sentence audio.Clip) {
			if failure != conversation.NotHeard || u.Woken {
				play(sentence)
			}
		}
		turn, err := d.Conversation.Through("microphone").In(d.cfg.Room).Aloud(aloud).Hear(ctx, "", u.Clip)
		switch {
		case err != nil && ctx.Err() == nil && !errors.Is(err, conversation.ErrNoRecogniser):
			d.log.Warn("utterance lost", "error", err)
		case err != nil:
		case turn.Failure == conversation.NotHeard && !u.Woken:
			until = u.Until // the question waits on
		default:
			until = turn.AsksUntil
		}
	})
	return until
}

// woken is called when the wake word was heard: whatever Hearth is saying is of no more interest.
func (d *Daemon) woken() {
	d.voice.hush()
	if d.mqtt != nil {
		d.mqtt.Woken()
	}
}

// waits is called when somebody has said the wake word and then waits.
func (d *Daemon) waits() {
	select {
	case d.waiting <- struct{}{}:
	default: // another is being acknowledged
	}
}

// acknowledge sounds a tone for each speaker who waits, until ctx ends.
func (d *Daemon) acknowledge(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.waiting:
			d.voice.beep(ctx, tone())
		}
	}
}

// tone is short, and of the one frequency that the listening takes out again.
func tone() audio.Clip { return tones(0.25, 150*time.Millisecond, listen.ToneHertz) }
