package daemon

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hearth/audio"
	"hearth/daemon/config"
	"hearth/daemon/settings"
)

func TestWhatIsSetOutlivesARestart(t *testing.T) {
	state := t.TempDir()
	start := func(file string) *Daemon {
		return openTestDaemon(t, func(c *config.Config) { c.StateDir, c.Language, c.Hearing.Recogniser = state, file, "off" })
	}
	d := start("en")
	h := hub{d}
	if !slices.Contains(h.State().Languages, "de") || slices.Contains(h.State().Languages, "intents") {
		t.Errorf("languages %q", h.State().Languages)
	}
	if err := errors.Join(h.Mute(true), h.SetVolume(30), h.UseLanguage("de")); err != nil {
		t.Fatal(err)
	}
	if got := d.Run(t.Context()); !errors.Is(got, ErrRestart) {
		t.Fatalf("another language: Run returns %v, want ErrRestart", got)
	}
	d = start("en")
	if s := (hub{d}).State(); !s.Muted || s.Volume != 30 || s.Language != "de" || d.language.current.Code != "de" {
		t.Errorf("after the restart: %+v", s)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = start("fr") // the owner has changed the file since
	if s := (hub{d}).State(); s.Language != "fr" {
		t.Errorf("language %s, want what the file says now", s.Language)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestALanguageThatIsGoneDoesNotKeepTheDaemonFromStarting(t *testing.T) {
	state := t.TempDir()
	s, err := settings.Open(filepath.Join(state, "settings.json"))
	if err == nil {
		err = s.Change(func(v *settings.Values) { v.Language = settings.Choice{Over: "en", Value: "tlh"} })
	}
	if err != nil {
		t.Fatal(err)
	}
	d := openTestDaemon(t, func(c *config.Config) { c.StateDir = state })
	defer d.Close()
	if d.cfg.Language != "en" {
		t.Errorf("language %s", d.cfg.Language)
	}
	if err := (hub{d}).UseLanguage("tlh"); err == nil || len(d.restart) > 0 {
		t.Errorf("a language that is not installed: %v", err)
	}
}

func TestALanguageThatTheConfigurationExcludesIsNotOffered(t *testing.T) {
	c := config.Default()
	if _, err := os.Stat(filepath.Join(c.AssetsDir(), "sentences", "en.json")); err != nil {
		t.Skip("no assets: run make assets")
	}
	c.Speech.Engine = "flite"
	if got := languagesOf(c); !slices.Equal(got, []string{"en"}) {
		t.Errorf("flite speaks %q", got)
	}
}

// A heard sink keeps what it is given to play.
type heard struct{ clips []audio.Clip }

func (h *heard) PlayAll(ctx context.Context, next func(context.Context) (audio.Clip, bool)) error {
	for clip, ok := next(ctx); ok; clip, ok = next(ctx) {
		if err := h.Play(ctx, clip); err != nil {
			return err
		}
	}
	return nil
}

func (h *heard) Play(_ context.Context, clip audio.Clip) error {
	h.clips = append(h.clips, clip)
	return nil
}

func TestVolume(t *testing.T) {
	sink := &heard{}
	var playing []bool
	d := newTestDaemon(t)
	d.voice.speaker, d.voice.playing = sink, func(on bool) { playing = append(playing, on) }
	clip := audio.Clip{Format: audio.Speech, Samples: []int16{32767, -32768, 1000}}
	for percent, want := range map[int][]int16{100: {32767, -32768, 1000}, 50: {8192, -8192, 250}, 0: {0, 0, 0}} {
		if err := (hub{d}).SetVolume(percent); err != nil {
			t.Fatal(err)
		}
		d.voice.play(t.Context(), clip)
		if got := sink.clips[len(sink.clips)-1]; !slices.Equal(got.Samples, want) || got.Format != clip.Format {
			t.Errorf("at %d percent: %v, want %v", percent, got.Samples, want)
		}
	}
	if want := []bool{true, false, true, false, true, false}; !slices.Equal(playing, want) {
		t.Errorf("playing %v", playing)
	}
	if clip.Samples[2] != 1000 {
		t.Error("the clip itself was changed: it may be kept elsewhere")
	}
}

func TestPageThatOthersReach(t *testing.T) {
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for listen, want := range map[string]string{
		"127.0.0.1:8125": "", "localhost:8125": "", "[::1]:8125": "", "nonsense": "",
		"192.168.1.5:8125": "http://192.168.1.5:8125", "hub.home.arpa:80": "http://hub.home.arpa:80", "[fd00::5]:8125": "http://[fd00::5]:8125",
		":8125": "http://" + withDomain(name) + ":8125", "0.0.0.0:80": "http://" + withDomain(name) + ":80",
	} {
		if got := pageURL(listen); got != want {
			t.Errorf("%s: %q, want %q", listen, got, want)
		}
	}
}

func TestModelAsTheServerListsIt(t *testing.T) {
	models := []string{"llama3:latest", "qwen3:4b"}
	for name, want := range map[string]string{"qwen3:4b": "qwen3:4b", "llama3": "llama3:latest", "gone:1b": "", "": ""} {
		if got := offered(name, models); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
