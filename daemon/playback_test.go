package daemon

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"hearth/audio"
	"hearth/audio/device"
)

// A speaker takes as long for a clip as the clip lasts.
type speaker struct {
	played []int16
	opened int
	err    error
}

func (s *speaker) Play(ctx context.Context, clip audio.Clip) error {
	given := false
	return s.PlayAll(ctx, func(context.Context) (audio.Clip, bool) {
		again := given
		given = true
		return clip, !again
	})
}

func (s *speaker) PlayAll(ctx context.Context, next func(context.Context) (audio.Clip, bool)) error {
	for clip, ok := next(ctx); ok; clip, ok = next(ctx) {
		if s.opened = 1; s.err != nil {
			return s.err
		}
		select {
		case <-time.After(clip.Duration()):
			s.played = append(s.played, clip.Samples...)
		case <-ctx.Done():
		}
	}
	return context.Cause(ctx)
}

// second is a second of sound that a test can tell from others.
func second(value int16) audio.Clip {
	return audio.Clip{Format: audio.Speech, Samples: slices.Repeat([]int16{value}, audio.Speech.Rate)}
}

// seconds are what was played, second by second.
func (l *speaker) seconds() []int16 {
	return slices.Compact(slices.Clone(l.played))
}

func withLoudspeaker(t *testing.T, test func(t *testing.T, v *voice, l *speaker, states *[]bool)) {
	synctest.Test(t, func(t *testing.T) {
		l, states := &speaker{}, &[]bool{}
		v := &voice{speaker: l, log: slog.New(slog.DiscardHandler), volume: func() int { return 100 }}
		v.playing = func(on bool) { *states = append(*states, on) }
		test(t, v, l, states)
	})
}

func TestClipsArePlayedWhileOthersAreMade(t *testing.T) {
	withLoudspeaker(t, func(t *testing.T, v *voice, l *speaker, states *[]bool) {
		began := time.Now()
		heard := v.during(t.Context(), func(play func(audio.Clip)) {
			play(second(1))
			time.Sleep(500 * time.Millisecond)
			play(second(2))
			play(audio.Clip{Format: audio.Speech})
			play(second(3))
		})
		if !heard || !slices.Equal(l.seconds(), []int16{1, 2, 3}) || time.Since(began) != 3*time.Second {
			t.Errorf("heard %v: %v after %v", heard, l.seconds(), time.Since(began))
		}
		if !slices.Equal(*states, []bool{true, false}) {
			t.Errorf("it is said to play: %v", *states)
		}
	})
}

func TestPlayingEndsWithItsContext(t *testing.T) {
	withLoudspeaker(t, func(t *testing.T, v *voice, l *speaker, states *[]bool) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1500*time.Millisecond, cancel)
		began := time.Now()
		v.during(ctx, func(play func(audio.Clip)) {
			play(second(1))
			time.Sleep(time.Second)
			play(second(2))
			play(second(3))
		})
		if !slices.Equal(l.seconds(), []int16{1}) || time.Since(began) != 1500*time.Millisecond || len(*states) != 2 {
			t.Errorf("played %v in %v", l.seconds(), time.Since(began))
		}
	})
}

func TestNothingIsPlayed(t *testing.T) {
	withLoudspeaker(t, func(t *testing.T, v *voice, l *speaker, states *[]bool) {
		if v.during(t.Context(), func(func(audio.Clip)) {}) || len(*states) != 0 {
			t.Errorf("nothing was heard: %v", *states)
		}
		for _, err := range []error{device.ErrNoDevice, errors.New("it hangs")} {
			*l = speaker{err: err}
			heard := v.during(t.Context(), func(play func(audio.Clip)) {
				play(second(1))
				time.Sleep(time.Second)
				play(second(2))
			})
			if heard || l.opened != 1 {
				t.Errorf("%v: heard %v, tried %d times", err, heard, l.opened)
			}
		}
	})
}
