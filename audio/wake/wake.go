// Package wake listens for phrases of the owner's choice, with a small streaming speech recogniser (the Zipformer
// transducer of k2-fsa's keyword spotting) that follows nothing but those. It runs in a child process, because
// what runs in C can hang. What to do about a phrase is for others.
package wake

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hearth/audio/onnx"
)

// Options say what to open.
type Options struct {
	Library string // path of libonnxruntime.so.1
	Model   string // folder of the model
	// Threshold is how likely the tokens of a phrase must be on average, 0 to 1; 0 takes what suits the phrase.
	Threshold float64
}

// Chosen with `hearthd eval wake`; docs/wake.md has the figures.
const (
	oneWord   = 0.4 // the threshold of a phrase of one word, of which longer ones have parts
	moreWords = 0.25
	boost     = 2.5 // the bonus for each token of a phrase, as the logarithm of a likelihood
)

// A Hit is a phrase that was said.
type Hit struct {
	Phrase     string  `json:"phrase"`
	Start      int64   `json:"start"` // the sample of the source at which its first word begins, about
	End        int64   `json:"end"`   // and where its last one ends
	Confidence float64 `json:"confidence"`
}

// A phrase is one to listen for.
type phrase struct {
	number int // of its name
	tokens []int
}

// threshold is how sure a Detector must be of a phrase.
func (o Options) threshold(name string) float64 {
	switch {
	case o.Threshold > 0:
		return o.Threshold
	case strings.Contains(name, " "):
		return moreWords
	}
	return oneWord
}

// A Detector finds phrases in a stream of sound. It is not safe for concurrent use.
type Detector struct {
	options    Options
	model      *model
	vocabulary *vocabulary
	filters    *filterBank
	search     *search // nil without phrases
	names      []string

	begin, end int64     // the samples of the source between which this stream is
	frames     []float32 // of bands numbers each, that the encoder waits for
}

// Open loads the library and the model. The Detector must be closed. It hears nothing before SetPhrases.
func Open(o Options) (*Detector, error) {
	if err := onnx.Load(o.Library); err != nil {
		return nil, err
	}
	v, err := readVocabulary(o.Model)
	if err != nil {
		return nil, err
	}
	m, err := openModel(o.Model, 1) // two threads are slower than one
	if err != nil {
		return nil, err
	}
	return &Detector{options: o, model: m, vocabulary: v, filters: newFilterBank()}, nil
}

// Close frees the model.
func (d *Detector) Close() error { return d.model.close() }

// SetPhrases has the Detector listen for these from now on, and begins anew. With an error the ones before stay.
func (d *Detector) SetPhrases(names []string) error {
	var phrases []phrase
	var errs []error
	for number, name := range names {
		ids, err := d.vocabulary.pieces(name)
		errs = append(errs, err)
		phrases = append(phrases, phrase{number, ids})
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	d.names, d.search = names, nil
	if len(phrases) > 0 {
		d.search = newSearch(newGraph(phrases, boost), d.model.join)
	}
	d.reset(d.end)
	return nil
}

// reset begins anew at a sample of the source.
func (d *Detector) reset(at int64) {
	d.begin, d.end = at, at
	d.model.reset()
	d.filters.reset()
	d.frames = d.frames[:0]
	if d.search != nil {
		d.search.reset()
	}
}

// Push takes the next samples of audio.Speech, at being the number of the first in the source, and returns the
// phrases that were said. Samples that do not follow on the ones before begin anew. A phrase is found about half a
// second after it ended.
func (d *Detector) Push(at int64, samples []int16) (hits []Hit, err error) {
	if d.search == nil {
		return nil, nil
	}
	if at != d.end {
		d.reset(at)
	}
	d.end += int64(len(samples))
	d.filters.push(samples, func(frame []float32) { d.frames = append(d.frames, frame...) })
	for len(d.frames) >= chunkFrames*bands {
		found, err := d.decode(d.frames[:chunkFrames*bands])
		if err != nil {
			return hits, err
		}
		hits = append(hits, found...)
		d.frames = d.frames[:copy(d.frames, d.frames[chunkStep*bands:])]
	}
	return hits, nil
}

// tail is how long the last token's sound goes on, in samples.
const tail = 1600

// decode looks for phrases in the next frames.
func (d *Detector) decode(frames []float32) (hits []Hit, err error) {
	rows, err := d.model.encode(frames)
	if err != nil {
		return nil, err
	}
	for row := range slices.Chunk(rows, width) {
		h, ok, err := d.search.push(row)
		if err != nil {
			return hits, err
		}
		if ok && h.probability >= d.options.threshold(d.names[h.phrase]) {
			d.search.restart()
			hits = append(hits, Hit{d.names[h.phrase], d.sample(h.first), d.sample(h.last) + tail, h.probability})
		}
	}
	return hits, nil
}

// sample is where in the source a row of the encoder stands for.
func (d *Detector) sample(row int) int64 { return d.begin + int64(row*rowFrames*hop) }

// Check tells whether a phrase can be listened for, with the model's vocabulary alone.
func Check(model, phrase string) error {
	v, err := readVocabulary(model)
	if err != nil {
		return fmt.Errorf("read the model's vocabulary: %w", err)
	}
	_, err = v.pieces(phrase)
	return err
}
