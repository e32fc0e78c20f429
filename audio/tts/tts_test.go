package tts_test

import (
	"context"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hearth/audio"
	"hearth/audio/tts"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newSpeaker(t testing.TB, o tts.Options) *tts.Speaker {
	t.Helper()
	s, err := tts.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func needs(t testing.TB, engine tts.Engine) {
	t.Helper()
	if _, err := exec.LookPath(string(engine)); err != nil {
		t.Skipf("%s is not installed: apt-get install %s", engine, engine)
	}
}

func speak(t *testing.T, s *tts.Speaker, text string) audio.Clip {
	t.Helper()
	clip, err := s.Speak(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return clip
}

func rms(c audio.Clip) float64 {
	var sum float64
	for _, s := range c.Samples {
		sum += float64(s) * float64(s)
	}
	return math.Sqrt(sum / float64(max(1, len(c.Samples))))
}

func TestEngines(t *testing.T) {
	for _, engine := range []tts.Engine{tts.Espeak, tts.Flite} {
		t.Run(string(engine), func(t *testing.T) {
			needs(t, engine)
			s := newSpeaker(t, tts.Options{Engine: engine})
			short := speak(t, s, "The light is on.")
			if short.Duration() < 500*time.Millisecond || short.Format.Channels != 1 || rms(short) < 300 {
				t.Errorf("%v of %v, level %.0f", short.Duration(), short.Format, rms(short))
			}
			long := speak(t, s, "The light is on. It is twenty one degrees in the living room, and the front door is locked.")
			if long.Duration() < 2*short.Duration() {
				t.Errorf("the long text lasts %v, the short one %v", long.Duration(), short.Duration())
			}
		})
	}
}

// TestTextIsNoOption: options would change or suppress the sound, or write a file.
func TestTextIsNoOption(t *testing.T) {
	for _, engine := range []tts.Engine{tts.Espeak, tts.Flite} {
		t.Run(string(engine), func(t *testing.T) {
			needs(t, engine)
			t.Chdir(t.TempDir())
			s := newSpeaker(t, tts.Options{Engine: engine})
			for _, text := range []string{"-q hello there", "--version", "-w stolen.wav hello", "$(touch stolen) `touch stolen`; touch stolen"} {
				if clip := speak(t, s, text); clip.Duration() < 300*time.Millisecond {
					t.Errorf("%q lasts %v", text, clip.Duration())
				}
			}
			if files, err := filepath.Glob("*"); err != nil || len(files) > 0 {
				t.Errorf("files appeared: %v %v", files, err)
			}
		})
	}
}

func TestOddText(t *testing.T) {
	needs(t, tts.Espeak)
	s := newSpeaker(t, tts.Options{Engine: tts.Espeak})
	for _, nothing := range []string{"", "  \n", "\x00\x07", "...", "\xff\xfe"} {
		if clip := speak(t, s, nothing); len(clip.Samples) != 0 {
			t.Errorf("%q lasts %v", nothing, clip.Duration())
		}
	}
	if clip := speak(t, s, "on\x00\x1b[31m\xff off"); clip.Duration() < 300*time.Millisecond {
		t.Errorf("control characters: %v", clip.Duration())
	}
	if clip := speak(t, s, strings.Repeat("on ", 40_000)); clip.Duration() > 10*time.Minute {
		t.Errorf("120 kB of text: %v", clip.Duration())
	}
}

func TestNoEngine(t *testing.T) {
	_, err := newSpeaker(t, tts.Options{Engine: tts.Off}).Speak(t.Context(), "hello")
	if !errors.Is(err, tts.ErrNoEngine) {
		t.Errorf("off: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	_, err = newSpeaker(t, tts.Options{}).Speak(t.Context(), "hello")
	if !errors.Is(err, tts.ErrNoEngine) || !strings.Contains(err.Error(), "apt-get install espeak-ng") {
		t.Errorf("not installed: %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, o := range []tts.Options{{Engine: "festival"}, {Voice: "--help"}, {Voice: "en us"}, {Voice: "../x"}, {Language: "-q"}, {Engine: tts.Flite, Language: "de"}} {
		if _, err := tts.New(o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

func TestTheLanguageChoosesTheVoice(t *testing.T) {
	fakeEngine(t, `echo "told $2" >&2; exit 1`)
	for _, test := range []struct{ language, voice, told string }{
		{"", "", "en-us"}, {"en", "", "en-us"}, {"de", "", "de"}, {"pt-BR", "", "pt-BR"}, {"de", "de+f2", "de+f2"}, {"en", "en-gb", "en-gb"},
	} {
		_, err := newSpeaker(t, tts.Options{Language: test.language, Voice: test.voice}).Speak(t.Context(), "hello")
		if err == nil || !strings.Contains(err.Error(), "told "+test.told+"\n") {
			t.Errorf("language %q, voice %q: %v, want %s", test.language, test.voice, err, test.told)
		}
	}
}

func TestFliteSpeaksEnglishOnly(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "flite"), nil, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	if _, err := newSpeaker(t, tts.Options{Language: "de"}).Speak(t.Context(), "hallo"); !errors.Is(err, tts.ErrNoEngine) {
		t.Errorf("German: %v", err)
	}
	if _, err := newSpeaker(t, tts.Options{}).Speak(t.Context(), "hello"); err == nil || errors.Is(err, tts.ErrNoEngine) {
		t.Errorf("English: %v", err)
	}
}

func TestUnknownVoice(t *testing.T) {
	needs(t, tts.Espeak)
	_, err := newSpeaker(t, tts.Options{Engine: tts.Espeak, Voice: "klingon9"}).Speak(t.Context(), "hello")
	if err == nil || !strings.Contains(err.Error(), "voice does not exist") {
		t.Errorf("got %v", err)
	}
}

// fakeEngine puts a program of the engine's name first in PATH.
func fakeEngine(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "espeak-ng"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}

func TestCancelKillsTheEngine(t *testing.T) {
	started := filepath.Join(t.TempDir(), "pid")
	fakeEngine(t, "echo $$ > "+started+".new; mv "+started+".new "+started+"; exec sleep 1000")
	ctx, cancel := context.WithCancelCause(t.Context())
	bargeIn := errors.New("barge-in")
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(started); err == nil {
				cancel(bargeIn)
			}
			time.Sleep(time.Millisecond)
		}
	}()
	if _, err := newSpeaker(t, tts.Options{Engine: tts.Espeak}).Speak(ctx, "hello"); !errors.Is(err, bargeIn) {
		t.Errorf("got %v", err)
	}
	pid, err := os.ReadFile(started)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join("/proc", strings.TrimSpace(string(pid)))); err == nil {
		t.Error("the engine still runs")
	}
}

func TestBrokenEngine(t *testing.T) {
	for script, says := range map[string]string{
		"echo cannot open voice data >&2; exit 1": "cannot open voice data",
		"echo hello world, no sound":              "header",
		"true":                                    "an empty file",
		"cat /dev/zero":                           "header",
	} {
		fakeEngine(t, script)
		_, err := newSpeaker(t, tts.Options{Engine: tts.Espeak}).Speak(t.Context(), "hello")
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v", script, err)
		}
	}
}

func BenchmarkSpeak(b *testing.B) {
	for _, engine := range []tts.Engine{tts.Espeak, tts.Flite} {
		b.Run(string(engine), func(b *testing.B) {
			needs(b, engine)
			s := newSpeaker(b, tts.Options{Engine: engine})
			for b.Loop() {
				if _, err := s.Speak(b.Context(), "I turned on the kitchen lights."); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
