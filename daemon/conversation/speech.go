package conversation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"hearth/audio"
)

// Aloud is the same channel, whose replies are also heard: play is given the sound of each sentence in turn, as soon
// as it is made, which may be while a model still writes the next one. It must return at once. Failure is the turn's,
// as far as it was known when the sentence was written. After the end of the turn's context nothing more is played.
func (c Channel) Aloud(play func(failure Failure, clip audio.Clip)) Channel {
	c.play = play
	return c
}

// longestSpeech is how much of a reply is spoken, in runes: about five minutes.
const longestSpeech = 4000

// A speech makes the sound of one reply while it is being written, one sentence after another. A nil speech is
// silent.
type speech struct {
	voice  Voice
	play   func(Failure, audio.Clip) // nil when nobody hears it
	cut    cutter
	length int // of what was cut, in runes

	turn    context.Context // whose end ends the speech
	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
	last    chan struct{} // closed when the sentences so far have been spoken

	// Of the sentences so far, for whoever has seen last closed.
	whole audio.Clip
	heard time.Time // when what was played has been heard to its end; zero when nothing was
	err   error     // the first; nothing is spoken after it
}

// beginSpeech is the speech of a turn, nil without a voice.
func (c *Conversation) beginSpeech(ctx context.Context, play func(Failure, audio.Clip)) *speech {
	if c.Voice == nil {
		return nil
	}
	s := &speech{voice: c.Voice, play: play, cut: cutter{language: c.Language}, turn: ctx, last: make(chan struct{})}
	close(s.last)
	s.ctx, s.stop = context.WithCancel(ctx)
	return s
}

// write takes the next piece of the reply, which is of whole sentences.
func (s *speech) write(text string, failure Failure) {
	if s == nil {
		return
	}
	for _, sentence := range s.cut.write(text) {
		s.say(sentence, failure)
	}
	if sentence, ended := s.cut.pause(); ended {
		s.say(sentence, failure)
	}
}

// drop forgets the sentence that was begun.
func (s *speech) drop() {
	if s != nil {
		s.cut.rest()
	}
}

// finish says what is left, and returns the sound of all of it.
func (s *speech) finish(ctx context.Context, failure Failure) (audio.Clip, error) {
	if s == nil {
		return audio.Clip{}, ErrNoVoice
	}
	defer s.running.Wait()
	defer s.stop()
	if rest := s.cut.rest(); rest != "" {
		s.say(rest, failure)
	}
	select {
	case <-s.last:
	case <-ctx.Done():
		return audio.Clip{}, context.Cause(ctx)
	}
	return s.whole, s.err
}

// say speaks a sentence after those before it.
func (s *speech) say(sentence string, failure Failure) {
	if sentence = audible(sentence); sentence == "" {
		return
	}
	if s.length += utf8.RuneCountInString(sentence); s.length > longestSpeech {
		return
	}
	before, done := s.last, make(chan struct{})
	s.last = done
	s.running.Go(func() {
		defer close(done)
		<-before
		s.speak(sentence, failure)
	})
}

func (s *speech) speak(sentence string, failure Failure) {
	if s.err != nil {
		return
	}
	var clip audio.Clip
	if clip, s.err = s.voice.Speak(s.ctx, sentence); s.err == nil {
		s.err = s.join(clip)
	}
	if s.err == nil && s.ctx.Err() == nil && s.play != nil {
		s.play(failure, clip)
		if now := time.Now(); s.heard.Before(now) {
			s.heard = now
		}
		s.heard = s.heard.Add(clip.Duration())
	}
}

// left is how long what was played is still to be heard, for whoever has called finish.
func (s *speech) left() time.Duration {
	if s == nil {
		return 0
	}
	return max(0, time.Until(s.heard))
}

// join appends a clip to those before it.
func (s *speech) join(clip audio.Clip) error {
	switch {
	case len(clip.Samples) == 0:
		return nil
	case len(s.whole.Samples) == 0:
		s.whole.Format = clip.Format
	case clip.Format != s.whole.Format:
		return fmt.Errorf("the voice changed from %v to %v within a reply", s.whole.Format, clip.Format)
	}
	s.whole.Samples = append(s.whole.Samples, clip.Samples...)
	return nil
}

// keepSpeech waits for the reply to be spoken, and keeps it.
func (c *Conversation) keepSpeech(ctx context.Context, t *Turn) {
	clip, err := t.speech.finish(ctx, t.Failure)
	switch {
	case errors.Is(err, ErrNoVoice), len(clip.Samples) == 0 && err == nil:
		return
	case err != nil && t.speech.turn.Err() != nil: // whoever asked has gone, or spoke again
		return
	case err != nil:
		c.Log.Warn("reply not spoken", "turn", t.ID, "error", err)
		return
	}
	t.Voice = clip
	if c.KeepReply != nil && t.veil == unveiled {
		t.ReplyAudio, err = c.KeepReply(t.ID, clip)
		c.reportKept(err)
	}
}
