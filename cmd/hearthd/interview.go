package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hearth/audio"
	"hearth/audio/device"
	"hearth/audio/tts"
	"hearth/daemon"
	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/setup"
)

// An interview asks for all that a hub needs to know, and tries each answer before it goes on to the next.
type interview struct {
	*terminal
	plan  *setup.Plan
	area  string // that the command line names
	hears bool   // there is a microphone
}

func (i *interview) all(ctx context.Context) error {
	fmt.Fprintln(os.Stderr, "Enter keeps what is in brackets. Nothing is written before the end.")
	for _, step := range []func(context.Context) error{i.language, i.home, i.microphone, i.speaker, i.wakeWord, i.broker, i.model} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// listening tells whether anything is listened to: speech is recognised in English only.
func (i *interview) listening() bool { return i.hears && i.plan.Get("language") == "en" }

// yes asks a question that Enter answers with yes.
func (i *interview) yes(ctx context.Context, question string) (bool, error) {
	typed, err := i.ask(ctx, question+" [yes] ")
	return !strings.HasPrefix(strings.ToLower(typed), "n"), err
}

// pick asks for one of a list, or for something else, until it passes; Enter keeps what the plan has for the field.
func (i *interview) pick(ctx context.Context, field, question string, list []string, passes func(string) error) error {
	for {
		before := i.plan.Get(field)
		n, typed, err := i.choose(ctx, fmt.Sprintf("%s [%s] ", question, before), list)
		if err != nil {
			return err
		}
		if n >= 0 {
			typed = list[n]
		}
		if typed == "" {
			typed = before
		}
		err = i.plan.Try(func() error {
			if err := i.plan.Set(field, typed); err != nil {
				return err
			}
			if err := passes(typed); err != nil {
				return err
			}
			_, err := i.plan.Config()
			return err
		})
		if err == nil || ctx.Err() != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, err)
	}
}

func (i *interview) language(ctx context.Context) error {
	return i.pick(ctx, "language", "Which language? (number, or another such as it or pt-BR; speech is recognised in en only)",
		[]string{"en", "de", "fr", "es", "nl"}, func(string) error {
			c, err := i.plan.Config()
			if err != nil {
				return err
			}
			return setup.Templates(c)
		})
}

// home connects Home Assistant, by the steps of hearthd pair. One that fails may be tried again, or left.
func (i *interview) home(ctx context.Context) error {
	question := "Connect your Home Assistant? Without it this hub lives in a simulated home."
	for {
		wanted, err := i.yes(ctx, question)
		if err != nil || !wanted {
			return err
		}
		p := &pairing{pairCommand: &pairCommand{Area: i.area}, terminal: i.terminal, plan: i.plan}
		if err = i.plan.Try(func() error { return p.connect(ctx) }); err == nil || ctx.Err() != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, err)
		question = "Try again?"
	}
}

// devices lists those of a kind. That there are none is no error.
func devices(ctx context.Context, kind device.Kind) (options device.Options, names []string, err error) {
	executable, err := os.Executable()
	if err != nil {
		return options, nil, err
	}
	options.Command = []string{executable, "devices"}
	all, err := device.List(ctx, options)
	for _, d := range all {
		if d.Kind == kind {
			names = append(names, d.Name)
		}
	}
	options.Command[1] = map[device.Kind]string{device.Capture: "capture", device.Playback: "playback"}[kind]
	return options, names, err
}

// meterTime is how long one should speak into the microphone.
const meterTime = 4 * time.Second

// microphone has the owner choose one, and shows what it hears.
func (i *interview) microphone(ctx context.Context) error {
	options, names, err := devices(ctx, device.Capture)
	if err != nil || len(names) == 0 {
		fmt.Fprintln(os.Stderr, "There is no microphone: commands are typed until you plug one in. hearthd doctor tells more.")
		return ctx.Err()
	}
	for {
		heard, err := false, error(nil)
		picked := i.pick(ctx, "microphone.device", "Which microphone? (number, a part of its name, auto or off)", names, func(name string) error {
			if options.Device = name; name == "off" {
				return nil
			}
			if heard, err = i.meter(ctx, options); errors.Is(err, device.ErrNoDevice) {
				return err
			}
			return nil
		})
		if picked != nil || options.Device == "off" {
			return picked
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil && heard {
			i.hears = true
			return nil
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		} else {
			fmt.Fprintln(os.Stderr, "It heard nothing louder than silence: see that it is not muted (a switch on it, or alsamixer).")
		}
		again, err := i.yes(ctx, "Try again?")
		if err != nil || !again {
			i.hears = err == nil
			return err
		}
	}
}

// meter shows how loud it is, and tells whether anything was louder than what counts as silence.
func (i *interview) meter(ctx context.Context, options device.Options) (bool, error) {
	microphone, err := device.Open(ctx, options)
	if err != nil {
		return false, err
	}
	defer microphone.Close()
	fmt.Fprintf(os.Stderr, "Say something to %s ...\n", microphone.Name())
	loudest, err := setup.Levels(ctx, microphone, meterTime, func(dbfs float64) {
		fmt.Fprintf(os.Stderr, "\r  %s %4.0f dB ", bar(dbfs), dbfs)
	})
	fmt.Fprintf(os.Stderr, "\r  %s %4.0f dB was the loudest\n", bar(loudest), loudest)
	return loudest > i.plan.Before.Microphone.GateDBFS, err
}

// bar is one of 30 letters, from -60 dB to 0.
func bar(dbfs float64) string {
	const letters = 30
	n := int(math.Round((min(max(dbfs, -60), 0) + 60) / 60 * letters))
	return "[" + strings.Repeat("#", n) + strings.Repeat(".", letters-n) + "]"
}

// speaker says something, and asks whether it was heard.
func (i *interview) speaker(ctx context.Context) error {
	options, names, err := devices(ctx, device.Playback)
	if err != nil || len(names) == 0 {
		fmt.Fprintln(os.Stderr, "There is no loudspeaker: replies are shown, not spoken.")
		return ctx.Err()
	}
	c, err := i.plan.Config()
	if err != nil {
		return err
	}
	for {
		if err := speakTest(ctx, c, options); err != nil {
			fmt.Fprintln(os.Stderr, "Nothing could be spoken:", err)
			return ctx.Err()
		}
		heard, err := i.yes(ctx, "Did you hear it?")
		if err != nil || heard {
			return err
		}
		again, err := i.yes(ctx, "Turn it up (alsamixer), or choose another default of the system. Once more?")
		if err != nil || !again {
			return err
		}
	}
}

func speakTest(ctx context.Context, c *config.Config, options device.Options) error {
	clip, err := allRight(ctx, c)
	if err != nil {
		return err
	}
	return device.NewSpeaker(options).Play(ctx, clip)
}

// allRight is a word in the voice of the configuration.
func allRight(ctx context.Context, c *config.Config) (audio.Clip, error) {
	phrases, err := conversation.LoadPhrases(c.Language)
	if err != nil {
		return audio.Clip{}, err
	}
	engine, err := tts.New(tts.Options{Engine: tts.Engine(c.Speech.Engine), Voice: c.Speech.Voice, Language: c.Language})
	if err != nil {
		return audio.Clip{}, err
	}
	return engine.Speak(ctx, string(phrases.AllRight))
}

func (i *interview) wakeWord(ctx context.Context) error {
	if !i.listening() {
		return nil
	}
	return i.pick(ctx, "microphone.wake_word", "What is to be said before a command? (number, or words of your own)",
		append([]string{daemon.NoWakeWord}, daemon.WakeWords...), func(phrase string) error { return setup.WakeWord(i.plan.Before, phrase) })
}

// broker offers those that were found beside Hearth's own.
func (i *interview) broker(ctx context.Context) error {
	list := append([]string{"embedded", "off"}, setup.Brokers(ctx, i.plan.Before, i.plan.Get("home.url"))...)
	return i.pick(ctx, "mqtt.broker", "Which MQTT broker? (number, or tcp://host:1883; embedded is Hearth's own)", list, func(said string) error {
		if said == "embedded" || said == "off" {
			return i.plan.SetAll(config.Setting{Field: "mqtt.username"}, config.Setting{Field: "mqtt.password_file"})
		}
		if _, err := i.plan.Config(); err != nil {
			return err
		}
		return i.account(ctx)
	})
}

// account asks who Hearth is at a broker, and tries it.
func (i *interview) account(ctx context.Context) error {
	name, err := i.ask(ctx, fmt.Sprintf("User name there (none: -) [%s] ", i.plan.Get("mqtt.username")))
	if err != nil {
		return err
	}
	switch name {
	case "":
	case "-":
		err = i.plan.SetAll(config.Setting{Field: "mqtt.username"}, config.Setting{Field: "mqtt.password_file"})
	default:
		err = i.plan.Set("mqtt.username", name)
	}
	if err == nil && i.plan.Get("mqtt.username") != "" {
		err = i.password(ctx)
	}
	if err != nil {
		return err
	}
	return i.plan.CheckBroker(ctx)
}

func (i *interview) password(ctx context.Context) error {
	typed, err := i.secret(ctx, "Password (it is not shown; Enter keeps the one there is): ")
	if err != nil || typed == "" {
		return err
	}
	return i.plan.Keep("mqtt_password", config.NewSecret(typed))
}

// model offers the Ollamas that were found. The one that is set is kept where none is, even if it does not answer now.
func (i *interview) model(ctx context.Context) error {
	found := setup.Ollamas(ctx, i.plan.Before, i.plan.Get("home.url"))
	addresses := slices.Sorted(maps.Keys(found))
	for _, address := range addresses {
		fmt.Fprintf(os.Stderr, "  %s answers, with %s\n", address, found[address])
	}
	kept := i.plan.Get("model.url")
	switch {
	case len(found) == 0:
		fmt.Fprintln(os.Stderr, "No Ollama was found: known sentences are understood, others are not (docs/models.md).")
	case found[kept] == "":
		kept = addresses[0]
		if err := i.plan.Set("model.url", kept); err != nil {
			return err
		}
	}
	return i.pick(ctx, "model.url", "Which Ollama for sentences that Hearth does not know? (number, or http://host:11434)", addresses, func(address string) error {
		if _, err := i.plan.Config(); err != nil || address == kept {
			return err
		}
		if config.Away(address) {
			return errors.New("that is not in this house: see docs/models.md for what it takes")
		}
		_, err := setup.Ollama(ctx, address, "")
		return err
	})
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
