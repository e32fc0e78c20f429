package daemon

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hearth/audio"
	"hearth/daemon/config"
)

func TestWakeWordsThatAreOffered(t *testing.T) {
	d := openTestDaemon(t, func(c *config.Config) {
		c.Microphone.WakeWord, c.Microphone.WakeWords = "hello kitchen", []string{"captain", "computer"}
	})
	defer d.Close()
	s := hub{d}.State()
	if want := append(append([]string{"off"}, WakeWords...), "captain", "hello kitchen"); !slices.Equal(s.WakeWords, want) || s.WakeWord != "hello kitchen" {
		t.Errorf("%q of %q, want %q", s.WakeWord, s.WakeWords, want)
	}
	if !d.wake.Wanted() {
		t.Error("the one of the file is not listened for")
	}
}

func TestChosenWakeWordHoldsAtOnceAndOutlivesARestart(t *testing.T) {
	state := t.TempDir()
	start := func(word string) *Daemon {
		d := openTestDaemon(t, func(c *config.Config) { c.StateDir, c.Microphone.WakeWord = state, word })
		if _, err := os.Stat(WakeModel(d.cfg)); err != nil {
			d.Close()
			t.Skip("no model that finds wake words: make assets takes it from HEARTH_SHARED")
		}
		return d
	}
	d := start("off")
	if d.wake.Wanted() {
		t.Error("a wake word is wanted before one was chosen")
	}
	changed := d.settings.Changed()
	if err := (hub{d}).UseWakeWord("okay house"); err != nil {
		t.Fatal(err)
	}
	<-changed // and nothing starts anew
	if len(d.restart) > 0 || d.wakeWord() != "okay house" {
		t.Errorf("the wake word is %q", d.wakeWord())
	}
	if err := (hub{d}).UseWakeWord("rumpelstilzchen ß"); err == nil || d.wakeWord() != "okay house" {
		t.Errorf("a word that the model cannot spell: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = start("off")
	if !d.wake.Wanted() || (hub{d}).State().WakeWord != "okay house" {
		t.Errorf("after a restart it is %q", d.wakeWord())
	}
	if err := (hub{d}).UseWakeWord(NoWakeWord); err != nil || d.wakeWord() != NoWakeWord {
		t.Errorf("switched off it is %q, %v", d.wakeWord(), err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = start("computer") // the owner has changed the file since
	defer d.Close()
	if d.wakeWord() != "computer" {
		t.Errorf("it is %q, want what the file says now", d.wakeWord())
	}
}

// TestWithoutTheModelTheReasonIsGiven has the component say what is missing, and choosing say so too.
func TestWithoutTheModelTheReasonIsGiven(t *testing.T) {
	d := openTestDaemon(t, func(c *config.Config) {
		assets := c.AssetsDir()
		c.Assets = t.TempDir()
		for _, folder := range []string{"sentences", "rbnf", "yesno"} {
			if err := os.Symlink(filepath.Join(assets, folder), filepath.Join(c.Assets, folder)); err != nil {
				t.Fatal(err)
			}
		}
		c.Microphone.Device, c.Microphone.WakeWord = "auto", "computer"
	})
	defer d.Close()
	err := d.awaitWakeWord(t.Context(), func() { t.Error("it works") })
	if err == nil || !strings.Contains(err.Error(), "docs/wake.md") || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the reason is %v", err)
	}
	if err := (hub{d}).UseWakeWord("okay house"); err == nil {
		t.Error("a wake word was taken that cannot be found")
	}
}

// A long sink plays until it is stopped.
type long struct{ began chan struct{} }

func (l long) Play(ctx context.Context, _ audio.Clip) error {
	l.began <- struct{}{}
	<-ctx.Done()
	return context.Cause(ctx)
}

func (l long) PlayAll(ctx context.Context, next func(context.Context) (audio.Clip, bool)) error {
	clip, _ := next(ctx)
	return l.Play(ctx, clip)
}

func TestWakeWordStopsTheLoudspeaker(t *testing.T) {
	d := newTestDaemon(t)
	synctest.Test(t, func(t *testing.T) {
		speaker := long{make(chan struct{})}
		d.voice.speaker = speaker
		if d.voice.audible() {
			t.Error("it is heard before it speaks")
		}
		played := make(chan error, 1)
		go func() {
			played <- d.voice.sound(t.Context(), audio.Clip{Format: audio.Speech, Samples: make([]int16, 16000)})
		}()
		<-speaker.began
		synctest.Wait()
		if !d.voice.audible() {
			t.Error("it speaks and is not heard")
		}
		d.woken()
		if err := <-played; err != nil {
			t.Errorf("sound = %v: as much was heard as was wanted", err)
		}
		if !d.voice.audible() {
			t.Error("there is no echo")
		}
		time.Sleep(echo)
		if d.voice.audible() {
			t.Error("the echo does not end")
		}
	})
}

// TestWakeWordEndsTheWholeRing: what is due is not said any more when the chime was stopped.
func TestWakeWordEndsTheWholeRing(t *testing.T) {
	withLoudspeaker(t, func(t *testing.T, v *voice, l *speaker, _ *[]bool) {
		time.AfterFunc(500*time.Millisecond, v.hush)
		if heard := v.each(t.Context(), second(1), second(2)); !heard || len(l.played) != 0 || len(v.spoken) != 0 {
			t.Errorf("heard %t, played %v", heard, l.seconds())
		}
		if heard := v.each(t.Context(), second(3), second(4)); !heard || !slices.Equal(l.seconds(), []int16{3, 4}) {
			t.Errorf("the next ring: heard %t, played %v", heard, l.seconds())
		}
	})
}

// TestWakeWordEndsTheWholeReply: sentences that were still to come are not spoken either.
func TestWakeWordEndsTheWholeReply(t *testing.T) {
	withLoudspeaker(t, func(t *testing.T, v *voice, l *speaker, states *[]bool) {
		time.AfterFunc(1500*time.Millisecond, v.hush)
		began := time.Now()
		v.during(t.Context(), func(play func(audio.Clip)) {
			play(second(1))
			time.Sleep(time.Second)
			play(second(2))
			time.Sleep(time.Second)
			play(second(3))
		})
		if !slices.Equal(l.seconds(), []int16{1}) || time.Since(began) != 2*time.Second || v.clips != 0 || len(v.spoken) != 0 {
			t.Errorf("played %v in %v", l.seconds(), time.Since(began))
		}
		if v.during(t.Context(), func(play func(audio.Clip)) { play(second(4)) }); !slices.Equal(l.seconds(), []int16{1, 4}) {
			t.Errorf("the next reply: played %v", l.seconds())
		}
	})
}
