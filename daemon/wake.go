package daemon

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"hearth/audio/wake"
	"hearth/daemon/config"
	"hearth/daemon/settings"
)

// NoWakeWord is the choice of none: all that is said is meant for Hearth.
const NoWakeWord = "off"

// WakeWords are those that everybody is offered. Of what was tried they are found best (docs/wake.md).
var WakeWords = []string{"okay computer", "computer", "okay jarvis", "okay house"}

// wakeChoices are what may be chosen: none, those, and the owner's own.
func (d *Daemon) wakeChoices() []string {
	all := append([]string{NoWakeWord}, WakeWords...)
	for _, own := range append(d.cfg.Microphone.WakeWords, d.cfg.Microphone.WakeWord, d.wakeWord()) {
		if !slices.Contains(all, own) {
			all = append(all, own)
		}
	}
	return all
}

// wakeWord is the one in force, or NoWakeWord.
func (d *Daemon) wakeWord() string { return d.settings.Get().WakeWord.Or(d.file.Microphone.WakeWord) }

// WakeModel is the folder of the model that finds wake words.
func WakeModel(c *config.Config) string {
	return filepath.Join(c.AssetsDir(), "kws-zipformer-gigaspeech-3.3M")
}

func (d *Daemon) openWake() error {
	d.waiting = make(chan struct{}, 1)
	d.wake = wake.NewWorker(wake.WorkerOptions{
		Command: []string{d.opts.Executable, "wake", "--assets", d.cfg.AssetsDir()}, Log: d.log, Registerer: d.metrics,
	})
	d.useWakeWord()
	d.listener.Spotter, d.listener.Woken, d.listener.Acknowledge = d.wake, d.woken, d.waits
	d.listener.Own = func() bool { return d.voice.audible() }
	return nil
}

// useWakeWord has the one in force listened for, and tells whether there is one.
func (d *Daemon) useWakeWord() bool {
	word := d.wakeWord()
	if word == NoWakeWord {
		d.wake.SetPhrases(nil)
		return false
	}
	d.wake.SetPhrases([]string{word})
	return true
}

// awaitWakeWord is the component "wake". It runs the detector while there is something to detect.
func (d *Daemon) awaitWakeWord(ctx context.Context, up func()) error {
	for ctx.Err() == nil {
		changed := d.settings.Changed()
		if d.useWakeWord() && d.cfg.Microphone.Device != "off" && d.ears.worker != nil {
			if err := d.detect(ctx, up); err != nil {
				return err
			}
			continue
		}
		up()
		select {
		case <-ctx.Done():
		case <-changed:
		}
	}
	return nil
}

// detect runs the detector until there is no wake word any more.
func (d *Daemon) detect(ctx context.Context, up func()) error {
	if _, err := os.Stat(WakeModel(d.cfg)); err != nil {
		return fmt.Errorf("the model that finds wake words is missing (docs/wake.md), and without it nobody is heard: set the wake word to off, or get the model: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	var watcher sync.WaitGroup
	defer watcher.Wait()
	defer stop()
	watcher.Go(func() {
		for {
			changed := d.settings.Changed()
			if !d.useWakeWord() {
				stop()
			}
			select {
			case <-ctx.Done():
				return
			case <-changed:
			}
		}
	})
	return d.wake.Run(ctx, up)
}

// UseWakeWord implements mqtt.Hub.
func (h hub) UseWakeWord(word string) error {
	if word != NoWakeWord {
		if err := wake.Check(WakeModel(h.cfg), word); err != nil {
			return err
		}
	}
	h.log.Info("wake word", "on", word != NoWakeWord)
	return h.settings.Change(func(v *settings.Values) {
		v.WakeWord = settings.Choice{Over: h.file.Microphone.WakeWord, Value: word}
	})
}
