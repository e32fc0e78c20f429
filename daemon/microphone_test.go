package daemon

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/audio"
	"hearth/audio/listen"
	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/settings"
)

// An answering daemon hears what the test says, and has a model that writes what the test lets it.
type answering struct {
	heard conversation.Heard
	words chan string // closed at the end
	plays chan string // each sentence, when the loudspeaker gets it
}

func (a *answering) Transcribe(context.Context, audio.Clip) (conversation.Heard, error) {
	return a.heard, nil
}

func (a *answering) Ask(_ context.Context, _ conversation.ModelQuestion, say func(string)) (conversation.ModelAnswer, error) {
	var reply strings.Builder
	for word := range a.words {
		reply.WriteString(word)
		say(word)
	}
	return conversation.ModelAnswer{Model: "scripted", Reply: reply.String()}, nil
}

// Speak makes sound of which the samples are the letters.
func (a *answering) Speak(_ context.Context, text string) (audio.Clip, error) {
	clip := audio.Clip{Format: audio.Speech}
	for _, letter := range text {
		clip.Samples = append(clip.Samples, int16(letter))
	}
	return clip, nil
}

func (a *answering) Play(context.Context, audio.Clip) error { return errors.New("not one by one") }

func (a *answering) PlayAll(ctx context.Context, next func(context.Context) (audio.Clip, bool)) error {
	for clip, ok := next(ctx); ok; clip, ok = next(ctx) {
		var text strings.Builder
		for _, letter := range clip.Samples {
			text.WriteRune(rune(letter))
		}
		a.plays <- text.String()
	}
	return context.Cause(ctx)
}

func newAnswering(t *testing.T) (*Daemon, *answering) {
	t.Helper()
	d := newTestDaemon(t)
	a := &answering{
		heard: conversation.Heard{Text: "why is the sky blue", Recogniser: "whisper"},
		words: make(chan string), plays: make(chan string, 10),
	}
	d.voice.speaker = a
	d.Conversation.Recogniser, d.Conversation.Model, d.Conversation.Voice = a, a, a
	return d, a
}

var utterance = listen.Utterance{Clip: audio.Clip{Format: audio.Speech, Samples: make([]int16, 16000)}}

// The loudspeaker has the first sentence before the model has written the second.
func TestAReplyIsPlayedWhileItIsWritten(t *testing.T) {
	d, a := newAnswering(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.hear(t.Context(), utterance)
	}()
	a.words <- "It scatters light. "
	a.words <- "And"
	if first := <-a.plays; first != "It scatters light." {
		t.Errorf("first %q", first)
	}
	a.words <- " that is all."
	close(a.words)
	<-done
	close(a.plays)
	if rest := slices.Collect(chanSeq(a.plays)); !slices.Equal(rest, []string{"And that is all."}) {
		t.Errorf("then %q", rest)
	}
}

// Without a wake word anything loud enough is an utterance, so what was not understood is passed over in silence.
func TestNoiseIsPassedOver(t *testing.T) {
	d, a := newAnswering(t)
	a.heard.Verdict = conversation.Reject
	d.hear(t.Context(), utterance)
	close(a.plays)
	if all := slices.Collect(chanSeq(a.plays)); len(all) != 0 {
		t.Errorf("it says %q", all)
	}
}

func chanSeq(c <-chan string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for s := range c {
			if !yield(s) {
				return
			}
		}
	}
}

// That nobody is listened to, although nothing has failed, has a reason.
func TestDeaf(t *testing.T) {
	for _, c := range []struct {
		device, recogniser, language string
		muted                        bool
		want                         string
	}{
		{"auto", "auto", "en", false, ""},
		{"auto", "auto", "en", true, "muted"},
		{"auto", "auto", "de", false, "it hears English only, and language is de: type the sentences"},
		{"auto", "off", "en", false, "hearing is switched off"},
		{"off", "auto", "en", false, "switched off"},
	} {
		cfg := config.Default()
		cfg.Microphone.Device, cfg.Hearing.Recogniser, cfg.Language = c.device, c.recogniser, c.language
		kept, err := settings.Open(filepath.Join(t.TempDir(), "settings.json"))
		if err == nil {
			err = kept.Change(func(v *settings.Values) { v.Muted = c.muted })
		}
		if err != nil {
			t.Fatal(err)
		}
		d := &Daemon{cfg: cfg, settings: kept, ears: newEars(cfg, "hearthd", slog.New(slog.DiscardHandler), prometheus.NewRegistry())}
		if got := d.deaf(); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// That reason is told of a microphone of which nothing else is told.
func TestReadySaysWhyNobodyIsListenedTo(t *testing.T) {
	d := newTestDaemon(t)
	for _, h := range []struct {
		state        State
		detail, want string
	}{{OK, "", "switched off"}, {Degraded, "it hangs", "it hangs"}} {
		d.supervisor.set(component{name: "microphone"}, h.state, h.detail)
		if got := d.ready()["microphone"].Detail; got != h.want {
			t.Errorf("%s: %q, want %q", h.state, got, h.want)
		}
	}
}
