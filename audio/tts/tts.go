// Package tts speaks text through espeak-ng or flite. Both are started as programs of their own, once per
// sentence; espeak-ng is GPL, so it is never linked. On one x86-64 core espeak-ng gave its first sound
// 8 ms after the start (median), flite 118 ms.
package tts

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	"hearth/audio"
	"hearth/audio/wav"
)

// ErrNoEngine says that nothing can speak: no engine is installed, or speech is off.
var ErrNoEngine = errors.New("no speech engine")

// Engine is the program that speaks.
type Engine string

const (
	Auto   Engine = "auto" // espeak-ng when it is installed, else flite if the language is English
	Espeak Engine = "espeak-ng"
	Flite  Engine = "flite"
	Off    Engine = "off"
)

const (
	longestText = 4000 // runes; about five minutes
	longestClip = 10 * time.Minute
)

// Options say how to speak.
type Options struct {
	Engine   Engine       // "" means Auto
	Language string       // of the text, "pt-BR"; "" means "en"
	Voice    string       // the engine's name for a voice: "en-gb", "slt"; "" takes one of the language
	Logger   *slog.Logger // nil discards
}

// A Speaker turns text into sound. It is safe for concurrent use.
type Speaker struct {
	options Options
}

var voiceName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_+-]*$`)

// New checks the options and starts nothing. Whether the engine is installed shows when it speaks, so
// that one installed later is found.
func New(o Options) (*Speaker, error) {
	switch o.Engine {
	case "":
		o.Engine = Auto
	case Auto, Espeak, Flite, Off:
	default:
		return nil, fmt.Errorf("speech engine %q is unknown: use auto, espeak-ng, flite or off", o.Engine)
	}
	for _, voice := range []string{o.Voice, o.Language} { // espeak-ng takes a language for a voice
		if voice != "" && !voiceName.MatchString(voice) {
			return nil, fmt.Errorf("voice %q is impossible: use letters, digits, _, + and -", voice)
		}
	}
	if o.Engine == Flite && !o.english() {
		return nil, fmt.Errorf("flite speaks English only, not %s: use espeak-ng", o.Language)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Speaker{o}, nil
}

func (o Options) english() bool { return o.Language == "" || o.Language == "en" }

// Speak returns the spoken text in the engine's own format: 22,050 Hz from espeak-ng, 16 kHz or 8 kHz from
// flite, one channel. Text is cut at 4,000 runes, and text without anything to say gives an empty clip.
// It returns ErrNoEngine when nothing can speak. At the end of ctx the engine is killed and the cause of
// ctx returned.
func (s *Speaker) Speak(ctx context.Context, text string) (audio.Clip, error) {
	text = clean(text)
	if text == "" {
		return audio.Clip{Format: audio.Speech}, nil
	}
	engine, program, err := s.find()
	if err != nil {
		return audio.Clip{}, fmt.Errorf("speak: %w", err)
	}
	began := time.Now()
	clip, err := s.run(ctx, engine, program, text)
	if ctx.Err() != nil {
		return audio.Clip{}, context.Cause(ctx)
	}
	if err != nil {
		return audio.Clip{}, fmt.Errorf("speak with %s: %w", engine, err)
	}
	s.options.Logger.Debug("spoken", "engine", engine, "took", time.Since(began), "length", clip.Duration())
	return clip, nil
}

// find tells which engine to use and where its program is.
func (s *Speaker) find() (Engine, string, error) {
	candidates := []Engine{s.options.Engine}
	switch s.options.Engine {
	case Off:
		return "", "", fmt.Errorf("%w: speech is switched off", ErrNoEngine)
	case Auto:
		candidates = []Engine{Espeak}
		if s.options.english() {
			candidates = append(candidates, Flite)
		}
	}
	for _, engine := range candidates {
		if program, err := exec.LookPath(string(engine)); err == nil {
			return engine, program, nil
		}
	}
	return "", "", fmt.Errorf("%w is installed: apt-get install %s", ErrNoEngine, candidates[0])
}

func (s *Speaker) run(ctx context.Context, engine Engine, program, text string) (audio.Clip, error) {
	if engine == Flite {
		return runFlite(ctx, program, cmp.Or(s.options.Voice, "slt"), text)
	}
	voice := cmp.Or(s.options.Voice, s.options.Language, "en")
	if voice == "en" {
		voice = "en-us"
	}
	return runEspeak(ctx, program, voice, text)
}

// runEspeak reads the sound while espeak-ng makes it.
func runEspeak(ctx context.Context, program, voice, text string) (audio.Clip, error) {
	ctx, kill := context.WithCancel(ctx)
	defer kill()
	cmd := command(ctx, text, program, "-v", voice, "-b", "1", "--stdin", "--stdout") // -b 1: UTF-8
	sound, err := cmd.StdoutPipe()
	if err != nil {
		return audio.Clip{}, err
	}
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	if err := cmd.Start(); err != nil {
		return audio.Clip{}, err
	}
	clip, decodeErr := wav.DecodeFormat(sound, longestClip)
	if decodeErr == nil {
		_, decodeErr = io.Copy(io.Discard, sound)
	}
	if decodeErr != nil {
		kill()
	}
	if err := cmd.Wait(); err != nil {
		return audio.Clip{}, failed(err, complaint.Bytes(), decodeErr)
	}
	return clip, decodeErr
}

// runFlite goes through a file: flite appends sentence by sentence, which it cannot do to a pipe.
func runFlite(ctx context.Context, program, voice, text string) (audio.Clip, error) {
	dir, err := os.MkdirTemp("", "hearth-flite-")
	if err != nil {
		return audio.Clip{}, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "speech.wav")
	cmd := command(ctx, text, program, "-voice", voice, "-f", "-", "-o", path)
	if complaint, err := cmd.CombinedOutput(); err != nil {
		return audio.Clip{}, failed(err, complaint, nil)
	}
	file, err := os.Open(path)
	if err != nil {
		return audio.Clip{}, err
	}
	defer file.Close()
	return wav.DecodeFormat(file, longestClip)
}

// command prepares a program that reads the text from its standard input, where it cannot be taken for
// an option.
func command(ctx context.Context, text, program string, arguments ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Stdin = bytes.NewReader([]byte(text))
	cmd.WaitDelay = time.Second
	return cmd
}

// failed joins how a program ended, what it said and what was wrong with its sound, where there was any.
func failed(err error, complaint []byte, decodeErr error) error {
	complaint = bytes.TrimSpace(complaint[:min(len(complaint), 200)])
	if len(complaint) > 0 {
		err = fmt.Errorf("%w: %s", err, complaint)
	}
	return errors.Join(err, decodeErr)
}
