package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"hearth/audio/device"
	"hearth/daemon/config"
	"hearth/daemon/setup"
	"hearth/daemon/web"
)

// unattended does what the file says: what is wrong with the file is told first, then all of it is tried, then written.
func (s *setupCommand) unattended(ctx context.Context, plan *setup.Plan) error {
	text, err := os.ReadFile(s.Preseed)
	if err != nil {
		return fmt.Errorf("read the answers (--preseed): %w", err)
	}
	seed, err := setup.ParsePreseed(text)
	if err == nil {
		err = s.apply(seed, plan)
	}
	if err != nil {
		return &configurationError{fmt.Errorf("%s: %w", s.Preseed, err)}
	}
	if err := (&trial{plan, seed.Settings}).all(ctx); err != nil {
		return err
	}
	written, err := writePlan(plan)
	if err != nil {
		return err
	}
	if written.Config == "" && len(written.Secrets) == 0 {
		fmt.Println("Nothing had to be changed.")
	}
	return withDaemon(ctx, plan, written, false, func(ctx context.Context, client *web.Client) error {
		if seed.Say == "" {
			return nil
		}
		turn, err := client.Say(ctx, web.SayRequest{Text: seed.Say})
		if err != nil {
			return err
		}
		show(os.Stdout, turn)
		if turn.Failure != "" {
			return fmt.Errorf("the first command failed: %s", turn.Failure)
		}
		return nil
	})
}

func (s *setupCommand) apply(seed *setup.Preseed, plan *setup.Plan) error {
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	plan.Area = s.Area
	if err := seed.Apply(plan, host); err != nil {
		return err
	}
	return plan.Validate()
}

// A trial does with the answers of a file what an interview does with those that are typed, and says what came of it.
// Sound and language model are tried where the file sets them: many a hub has none when it is set up.
type trial struct {
	plan *setup.Plan
	said map[string]string // the settings of the file
}

func (t *trial) all(ctx context.Context) error {
	view, err := t.plan.Check(ctx)
	if err != nil {
		return err
	}
	if view != nil {
		fmt.Printf("Home Assistant %s takes the token.\n", view.Version)
	}
	if room := t.plan.Get("room"); room != "" {
		fmt.Printf("This hub stands in %s.\n", room)
	}
	c, err := t.plan.Config()
	if err != nil {
		return err
	}
	if c.MQTT.Broker != "embedded" && c.MQTT.Broker != "off" {
		fmt.Printf("The broker %s lets Hearth in.\n", c.MQTT.Broker)
	}
	for _, step := range []func(context.Context, *config.Config) error{t.microphone, t.speech, t.model} {
		if err := step(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// sets tells whether the file has one of these settings.
func (t *trial) sets(fields ...string) bool {
	return slices.ContainsFunc(fields, func(field string) bool { _, said := t.said[field]; return said })
}

// hearTime is long enough for a microphone that works to give sound.
const hearTime = 500 * time.Millisecond

func (t *trial) microphone(ctx context.Context, c *config.Config) error {
	name := c.Microphone.Device
	if !t.sets("microphone.device") || name == "off" {
		return nil
	}
	options, names, err := devices(ctx, device.Capture)
	if err != nil {
		return fmt.Errorf("microphone.device %q: %w", name, err)
	}
	options.Device = name
	loudest, called, err := hear(ctx, options)
	switch {
	case errors.Is(err, device.ErrNoDevice):
		return fmt.Errorf("microphone.device %q: %w; plug it in, or give off or one of those there are: %s", name, err, cmp.Or(strings.Join(names, ", "), "none"))
	case err != nil && listens(ctx, t.plan.Before):
		fmt.Printf("The microphone %q is there; the daemon that runs keeps it from being tried (%v).\n", name, err)
	case err != nil:
		return fmt.Errorf("microphone.device %q: %w; unplug it and plug it in again, or restart the sound server", name, err)
	default:
		fmt.Printf("The microphone %s gives sound, %.0f dB at the loudest.\n", called, loudest)
	}
	return nil
}

func hear(ctx context.Context, options device.Options) (loudest float64, name string, err error) {
	microphone, err := device.Open(ctx, options)
	if err != nil {
		return 0, "", err
	}
	defer microphone.Close()
	loudest, err = setup.Levels(ctx, microphone, hearTime, func(float64) {})
	return loudest, microphone.Name(), err
}

// listens tells whether the running daemon has a microphone open, which ALSA may give to one program only.
func listens(ctx context.Context, c *config.Config) bool {
	client := web.NewClient(c.SocketPath())
	defer client.Close()
	ready, err := client.Ready(ctx)
	microphone := ready.Components["microphone"]
	return err == nil && microphone.State == web.OK && microphone.Detail == ""
}

// speech has a word spoken when the file says how, and played when it wants the loudspeaker.
func (t *trial) speech(ctx context.Context, c *config.Config) error {
	played := t.said["speech.speaker"] == "auto"
	if c.Speech.Engine == "off" || !played && !t.sets("speech.engine", "speech.voice") {
		return nil
	}
	clip, err := allRight(ctx, c)
	if err != nil {
		return fmt.Errorf("speech.engine %q, speech.voice %q: %w; give others (espeak-ng --voices lists voices), or speech.engine: \"off\"",
			c.Speech.Engine, c.Speech.Voice, err)
	}
	fmt.Printf("Replies are spoken, at %d Hz.\n", clip.Format.Rate)
	if !played {
		return nil
	}
	options, _, err := devices(ctx, device.Playback)
	if err == nil {
		err = device.NewSpeaker(options).Play(ctx, clip)
	}
	if err != nil {
		return fmt.Errorf("speech.speaker \"auto\": %w; plug a loudspeaker in, or give \"off\"", err)
	}
	fmt.Println("The loudspeaker has played it.")
	return nil
}

// model asks the Ollama for its model.
func (t *trial) model(ctx context.Context, c *config.Config) error {
	if c.Model.Local == "off" || !t.sets("model.url", "model.name") {
		return nil
	}
	found, err := setup.Ollama(ctx, c.Model.URL, c.Model.Name)
	if err != nil {
		return fmt.Errorf("model.url %q, model.name %q: %w; see that it runs and has the model (ollama list), or leave these out for now",
			c.Model.URL, c.Model.Name, err)
	}
	fmt.Printf("The Ollama at %s answers, with %s.\n", c.Model.URL, found)
	return nil
}
