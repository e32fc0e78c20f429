package score

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"hearth/audio"
	"hearth/audio/resample"
	"hearth/audio/tts"
	"hearth/audio/wake"
)

// Options are what is measured.
type Options struct {
	// Detector must be open with a low threshold: what it finds is sorted by how sure it was.
	Detector *wake.Detector
	Phrases  []string
	// Recordings are of people; each says one of Phrases, or none.
	Recordings []Recording
	// Text is read to the detector for so long, by all voices in turn. Its sentences must not hold the phrases.
	Text string
	Read time.Duration
	// Progress is called with what is done next; it may be nil.
	Progress func(string)
}

// A Recording is a clip of audio.Speech.
type Recording struct {
	Name, Said string // what is said, "" for something else
	Clip       audio.Clip
}

// A Report says how often phrases were found where they were said, and where they were not.
type Report struct {
	Recordings []Trial `json:"recordings"`
	Spoken     []Trial `json:"spoken"` // by synthetic voices
	False      []Alarm `json:"false_alarms"`
	// Silent is how long was listened to what holds no phrase, once for each of Phrases.
	Silent time.Duration `json:"silent"`
}

// A Trial is a phrase that was said.
type Trial struct {
	Phrase     string  `json:"phrase"`
	Name       string  `json:"name"`       // of the recording or the voice
	Noise      float64 `json:"noise"`      // dB below the speech; of Spoken
	Confidence float64 `json:"confidence"` // 0 when it was not found
}

// An Alarm is a phrase that was found and not said.
type Alarm struct {
	Phrase     string  `json:"phrase"`
	Name       string  `json:"name"`
	Confidence float64 `json:"confidence"`
}

// A voice of a program that speaks.
type voice struct {
	engine tts.Engine
	name   string
}

var voices = []voice{
	{tts.Flite, "slt"}, {tts.Flite, "rms"}, {tts.Flite, "awb"}, {tts.Flite, "kal16"},
	{tts.Espeak, "en-us"}, {tts.Espeak, "en-gb"}, {tts.Espeak, "en-gb-scotland"}, {tts.Espeak, "en-us+f3"},
	{tts.Espeak, "en-gb-x-rp+f2"}, {tts.Espeak, "en-029+m1"}, {tts.Espeak, "en-us+f5"}, {tts.Espeak, "en-gb+m3"},
}

// noises are how far below the speech the room's noise is, in dB.
var noises = []float64{60, 20, 10}

// takes is how often each voice says a phrase in each noise, which is another one each time.
const takes = 3

// Run measures.
func Run(ctx context.Context, o Options) (*Report, error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	r := &Report{}
	for _, phrase := range o.Phrases {
		if err := o.Detector.SetPhrases([]string{phrase}); err != nil {
			return nil, err
		}
		o.Progress(phrase + ": recordings")
		if err := r.recordings(o, phrase); err != nil {
			return nil, err
		}
		o.Progress(phrase + ": synthetic voices")
		if err := r.speak(ctx, o, phrase); err != nil {
			return nil, err
		}
	}
	// What holds none of the phrases is listened to for all of them at once.
	if err := o.Detector.SetPhrases(o.Phrases); err != nil {
		return nil, err
	}
	return r, r.read(ctx, o)
}

// recordings looks for the phrase in all of them.
func (r *Report) recordings(o Options, phrase string) error {
	for i, recording := range o.Recordings {
		level := quietLevel(recording.Clip.Samples)
		hits, _, err := find(o.Detector, over(rand.New(rand.NewPCG(1, uint64(i))), recording.Clip.Samples, level))
		if err != nil {
			return err
		}
		if recording.Said == phrase {
			r.Recordings = append(r.Recordings, Trial{Phrase: phrase, Name: recording.Name, Confidence: best(hits)})
			continue
		}
		r.Silent += recording.Clip.Duration()
		r.alarm(recording.Name, hits)
	}
	return nil
}

func (r *Report) alarm(name string, hits []wake.Hit) {
	for _, h := range hits {
		r.False = append(r.False, Alarm{h.Phrase, name, h.Confidence})
	}
}

func best(hits []wake.Hit) (confidence float64) {
	for _, h := range hits {
		confidence = max(confidence, h.Confidence)
	}
	return confidence
}

// speak has every voice say the phrase in all noises.
func (r *Report) speak(ctx context.Context, o Options, phrase string) error {
	for i, v := range voices {
		clip, err := v.say(ctx, phrase)
		if err != nil {
			return err
		}
		samples := atLevel(clip.Samples, -20)
		for _, noise := range noises {
			for take := range takes {
				random := rand.New(rand.NewPCG(uint64(i), uint64(take)))
				hits, _, err := find(o.Detector, over(random, samples, -20-noise))
				if err != nil {
					return err
				}
				r.Spoken = append(r.Spoken, Trial{phrase, v.name, noise, best(hits)})
			}
		}
	}
	return nil
}

func (v voice) say(ctx context.Context, text string) (audio.Clip, error) {
	speaker, err := tts.New(tts.Options{Engine: v.engine, Voice: v.name})
	if err != nil {
		return audio.Clip{}, err
	}
	clip, err := speaker.Speak(ctx, text)
	if err != nil {
		return audio.Clip{}, fmt.Errorf("voice %s: %w", v.name, err)
	}
	return resample.Speech(clip), nil
}

// read has the text read, a paragraph by each voice.
func (r *Report) read(ctx context.Context, o Options) error {
	read := time.Duration(0)
	for i, paragraph := range paragraphs(o.Text) {
		if read >= o.Read {
			return nil
		}
		v := voices[i%len(voices)]
		if i%len(voices) == 0 {
			o.Progress(fmt.Sprintf("reading, %s so far", read.Round(time.Second)))
		}
		clip, err := v.say(ctx, paragraph)
		if err != nil {
			return err
		}
		read += clip.Duration()
		hits, _, err := find(o.Detector, over(rand.New(rand.NewPCG(2, uint64(i))), atLevel(clip.Samples, -20), -50))
		if err != nil {
			return err
		}
		r.Silent += clip.Duration() * time.Duration(len(o.Phrases))
		r.alarm(fmt.Sprintf("%s, paragraph %d", v.name, i+1), hits)
	}
	if read < o.Read {
		return errors.New("the text is too short for the time that it is to be read")
	}
	return nil
}

// paragraphs are those that take a while to read.
func paragraphs(text string) (all []string) {
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\r", ""), "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); len(p) > 100 {
			all = append(all, p)
		}
	}
	return all
}
