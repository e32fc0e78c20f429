package doctor

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hearth/audio"
	"hearth/daemon/config"
	"hearth/daemon/web"
)

func TestACheckThatHangsIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		began := time.Now()
		found := check{"stuck", 10 * time.Second, func(context.Context) []Finding { <-release; return nil }}.findings(t.Context())
		if took := time.Since(began); took > 11*time.Second {
			t.Errorf("it took %s", took)
		}
		if len(found) != 1 || found[0].Level != Problem || found[0].Check != "stuck" {
			t.Errorf("got %+v", found)
		}
	})
}

func TestTheTextShowsSomeItemsAndWhatToDo(t *testing.T) {
	items := slices.Repeat([]string{"thing"}, shownItems+3)
	var b strings.Builder
	err := Report{[]Finding{{Check: "home", Level: Warning, Message: "much", Remedy: "do it", Items: items}}}.WriteText(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"warning  home            much\n", "- and 3 more", "-> do it\n", "0 problems, 1 warning."} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

// frames is a microphone that gives the same frame again and again.
type frames []int16

func (f frames) Next(context.Context) (audio.Frame, error) {
	return audio.Frame{Format: audio.Speech, Samples: f}, nil
}
func (frames) Close() error { return nil }

func TestAMutedMicrophoneIsNoticed(t *testing.T) {
	for _, c := range []struct {
		sample int16
		want   bool
	}{{0, true}, {-1, false}} {
		frame := make(frames, 320)
		frame[319] = c.sample
		if got, err := silence(t.Context(), frame); err != nil || got != c.want {
			t.Errorf("sample %d: got %t, %v", c.sample, got, err)
		}
	}
}

// A microphone that is closed although nothing has failed is no microphone that listens.
func TestWhatIsClosedDoesNotListen(t *testing.T) {
	for _, c := range []struct{ language, detail, want, remedy string }{
		{"en", "", "the daemon listens", ""},
		{"en", "muted", "the daemon does not listen: muted", "Home Assistant"},
		{"en", "it hears English only, and language is fr", "the daemon does not listen: it hears English only, and language is fr", "see language"},
		{"de", "", "closed: speech is understood in English only, and language is de", ""},
	} {
		e := &examination{Config: config.Default(), parts: map[string]web.Component{"microphone": {State: web.OK, Detail: c.detail}}}
		if e.Language = c.language; c.language != "en" {
			e.parts = nil
		}
		if got := e.microphone(t.Context()); len(got) != 1 || got[0].Message != c.want || !strings.Contains(got[0].Remedy, c.remedy) {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}
