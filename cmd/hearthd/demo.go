package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"hearth/audio"
	"hearth/audio/resample"
	"hearth/audio/tts"
	"hearth/daemon"
	"hearth/daemon/config"
	"hearth/daemon/conversation"
)

type demoCommand struct {
	Once bool `help:"End after the last command instead of staying up."`
}

// script is what the demonstration says, and what each sentence shows.
var script = []struct{ text, shows string }{
	{"turn on the kitchen ceiling", "an action that the light confirms"},
	{"turn on the kitchen ceiling", "the same sentence again: a learned plan"},
	{"set the bed light brightness to fifty percent", "a number"},
	{"turn off all the lights in the kitchen", "a whole room"},
	{"what is the outdoor humidity", "a question"},
	{"turn on the garden lights", "a device that never reports: sent, not done"},
	{"turn on the attic light", "a device that misses the first command"},
	{"turn on the porch light", "a device that is offline"},
	{"unlock the front door", "a lock waits for a yes"},
	{"yes", "and gets it"},
	{"set a timer for five minutes", "a timer"},
	{"add milk to my shopping list", "words that no list knows beforehand"},
}

// Run starts the daemon, speaks the script to it, and stays up.
func (dc *demoCommand) Run(ctx context.Context, c *cli) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	if cfg.Home.Kind != "demo" {
		return errors.New("home.kind is not demo: the demonstration would operate your real home")
	}
	level := slog.LevelError
	if cfg.Log.Level == "debug" {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	d, err := open(cfg, log, false)
	if err != nil {
		return err
	}
	fmt.Println("Hearth", version, "is starting in its simulated home ...")
	return during(ctx, d, true, func(ctx context.Context) error {
		fmt.Println("Hearth is", d.Status())
		for _, line := range script {
			if err := speak(ctx, d, line.text, line.shows); err != nil {
				return err
			}
		}
		if dc.Once {
			return nil
		}
		howToTalk(cfg)
		<-ctx.Done()
		return nil
	})
}

// speak has a synthetic person say one sentence, and shows what Hearth makes of the sound. Without a
// program to speak with, the sentence is typed.
func speak(ctx context.Context, d *daemon.Daemon, text, shows string) error {
	fmt.Printf("\n-- %s\n", shows)
	clip, err := personSays(ctx, text)
	var turn *conversation.Turn
	switch {
	case errors.Is(err, tts.ErrNoEngine):
		turn, err = d.Conversation.Through("local").Say(ctx, "", text)
	case err == nil:
		turn, err = d.Conversation.Through("local").Hear(ctx, "", clip)
	}
	if err != nil {
		return err
	}
	show(os.Stdout, turn)
	return nil
}

// personSays is a sentence as audio.Speech, spoken by the engine that sounds most like a person: flite,
// or any other.
func personSays(ctx context.Context, text string) (audio.Clip, error) {
	for _, engine := range []tts.Engine{tts.Flite, tts.Auto} {
		person, err := tts.New(tts.Options{Engine: engine})
		if err != nil {
			return audio.Clip{}, err
		}
		clip, err := person.Speak(ctx, text)
		if err == nil || !errors.Is(err, tts.ErrNoEngine) || engine == tts.Auto {
			return resample.Speech(clip), err
		}
	}
	return audio.Clip{}, tts.ErrNoEngine
}

func howToTalk(cfg *config.Config) {
	fmt.Printf(`
Hearth stays up until Ctrl-C. Talk to it from another terminal:
  bin/hearthd say "turn on the living room lamp"
  bin/hearthd say --wav FILE
  mosquitto_pub -t %[1]s/%[2]s/ask -m "what time is it"     (broker on %[3]s)
Watch it:  http://%[4]s  http://%[4]s/metrics
`, cfg.MQTT.Topic, cfg.HubID(), cfg.MQTT.Listen, cfg.Web.Listen)
}
