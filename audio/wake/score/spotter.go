// Package score measures how well wake phrases are found, how often something else is taken for one, and what they
// do to the command after them.
package score

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"hearth/audio"
	"hearth/audio/listen"
	"hearth/audio/stt"
	"hearth/audio/wake"
)

// A spotter is a Detector that answers at once, and remembers what it found.
type spotter struct {
	detector *wake.Detector
	hits     []wake.Hit
	told     int
	err      error
}

func (s *spotter) Wanted() bool { return true }

func (s *spotter) Push(at int64, samples []int16) {
	hits, err := s.detector.Push(at, samples)
	s.hits = append(s.hits, hits...)
	if s.err == nil {
		s.err = err
	}
}

func (s *spotter) Heard() (end int64, ok bool) {
	if s.told == len(s.hits) {
		return 0, false
	}
	s.told++
	return s.hits[s.told-1].End, true
}

// find runs a clip through the listening as the microphone's sound goes.
func find(d *wake.Detector, clip audio.Clip) ([]wake.Hit, []listen.Utterance, error) {
	s := &spotter{detector: d}
	heard := listen.Scan(listen.Options{}, s, clip)
	// The next clip is another stream.
	_, err := d.Push(-1, nil)
	if s.err != nil {
		err = s.err
	}
	return s.hits, heard, err
}

// woken is a recogniser that is given each clip as it is cut out after the phrase: somebody says the phrase before it,
// and what the listening then takes for the command is recognised.
type woken struct {
	stt.Engine
	detector *wake.Detector
	phrases  []audio.Clip // of several voices, in turn
	pause    time.Duration
	clips    int
}

// After has the engine hear what follows a phrase, after a pause.
func After(ctx context.Context, engine stt.Engine, d *wake.Detector, phrase string, pause time.Duration) (stt.Engine, error) {
	if err := d.SetPhrases([]string{phrase}); err != nil {
		return nil, err
	}
	w := &woken{Engine: engine, detector: d, pause: pause}
	for _, v := range voices {
		clip, err := v.say(ctx, phrase)
		if err != nil {
			return nil, err
		}
		clip.Samples = trimmed(clip.Samples)
		w.phrases = append(w.phrases, clip)
	}
	return w, nil
}

// Transcribe recognises what is left of a clip. Nothing is heard when the phrase was not.
func (w *woken) Transcribe(clip audio.Clip) (stt.Hypothesis, error) {
	random := rand.New(rand.NewPCG(3, uint64(w.clips)))
	phrase := w.phrases[w.clips%len(w.phrases)]
	w.clips++
	room := quietLevel(clip.Samples)
	pause := noise(random, room, w.pause)
	said := slices.Concat(atLevel(phrase.Samples, speechLevel(clip.Samples)), pause, clip.Samples)
	_, heard, err := find(w.detector, over(random, said, room))
	if err != nil || len(heard) == 0 {
		return stt.Hypothesis{}, err
	}
	return w.Engine.Transcribe(heard[0].Clip)
}
