// Package score measures a recogniser on recordings: how many commands come out exactly, what is
// accepted that should not be, and what it costs.
package score

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"hearth/audio"
	"hearth/audio/stt"
	"hearth/audio/wav"
)

// longest clip that is read: longer recordings are errors of the manifest.
const longest = 10 * time.Minute

// Options say what to measure.
type Options struct {
	// Engine is the recogniser. It runs in this process, so that its cost is this process's.
	Engine stt.Engine
	// Grammar compiles what can be said in a home.
	Grammar  func(Home) (stt.Grammar, error)
	Language string // two letters; recordings in other languages are left out
	// Each is told of every recording as soon as it is recognised; it may be nil.
	Each func(Result)
}

// A Result is one recording.
type Result struct {
	File       string         `json:"file"`
	Want       string         `json:"want"` // "" when it must be rejected
	Hypothesis stt.Hypothesis `json:"hypothesis"`
	// Heard is what a conversation gets: the grammar's sentence, the free text when the grammar cannot
	// vouch for it, or nothing.
	Heard string  `json:"heard"`
	Exact bool    `json:"exact"`
	Audio float64 `json:"audio_s"` // seconds
	CPU   float64 `json:"cpu_s"`   // seconds
}

// A Report sums up.
type Report struct {
	Commands      int     `json:"commands"`
	Exact         int     `json:"exact"`           // heard word by word, though perhaps asked again
	Acted         int     `json:"acted"`           // exact, and sure enough to act
	ActedInexact  int     `json:"acted_inexact"`   // other words were heard, and surely; they may mean the same
	WordErrorRate float64 `json:"word_error_rate"` // of all commands, 0 to 1
	// Recordings without a command.
	Rejectable      int `json:"rejectable"`
	Rejected        int `json:"rejected"`         // not taken for a sentence of the grammar
	WronglyAccepted int `json:"wrongly_accepted"` // acted upon
	WronglyAsked    int `json:"wrongly_asked"`    // asked about
	// Left out: no home is given for them, or another language is spoken.
	NoHome         int `json:"no_home"`
	OtherLanguages int `json:"other_languages"`
	// Cost of recognising, on all cores together.
	Audio          float64  `json:"audio_s"`
	CPU            float64  `json:"cpu_s"`
	RealTimeFactor float64  `json:"real_time_factor"` // CPU for each second of audio
	PeakMemory     int64    `json:"peak_memory_bytes"`
	Results        []Result `json:"results"`

	edits, words int
}

// Run recognises the recordings of a manifest, each within the home it was spoken in.
func Run(ctx context.Context, items []Item, homes map[string]Home, o Options) (*Report, error) {
	report := &Report{}
	current := ""
	for _, item := range items {
		home, ok := homes[item.Repo]
		switch {
		case !ok:
			report.NoHome++
			continue
		case item.code() != o.Language:
			report.OtherLanguages++
			continue
		}
		if item.Repo != current {
			if err := enter(home, o); err != nil {
				return nil, fmt.Errorf("compile the grammar of %s: %w", item.Repo, err)
			}
			current = item.Repo
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		result, err := recognise(item, o.Engine)
		if err != nil {
			return nil, fmt.Errorf("score %s: %w", item.File, err)
		}
		report.add(item, result)
		if o.Each != nil {
			o.Each(result)
		}
	}
	return report, report.finish()
}

// enter limits the recogniser to a home.
func enter(home Home, o Options) error {
	g, err := o.Grammar(home)
	if err != nil {
		return err
	}
	o.Engine.SetGrammar(g, home.Names())
	return nil
}

func recognise(item Item, engine stt.Engine) (Result, error) {
	clip, err := read(item.path)
	if err != nil {
		return Result{}, err
	}
	before := processorTime()
	h, err := engine.Transcribe(clip)
	if err != nil {
		return Result{}, err
	}
	r := Result{
		File: item.File, Hypothesis: h, Heard: heard(h),
		Audio: clip.Duration().Seconds(), CPU: (processorTime() - before).Seconds(),
	}
	if !item.Rejectable() {
		r.Want = *item.Transcript
		r.Exact = Same(r.Heard, r.Want)
	}
	return r, nil
}

func read(path string) (audio.Clip, error) {
	f, err := os.Open(path)
	if err != nil {
		return audio.Clip{}, err
	}
	defer f.Close()
	return wav.Decode(f, longest)
}

func heard(h stt.Hypothesis) string {
	switch h.Verdict {
	case stt.Act, stt.Ask:
		return h.Text
	case stt.Open:
		return h.Free
	}
	return ""
}

func (r *Report) add(item Item, result Result) {
	r.Results = append(r.Results, result)
	r.Audio += result.Audio
	r.CPU += result.CPU
	verdict := result.Hypothesis.Verdict
	if item.Rejectable() {
		r.Rejectable++
		switch verdict {
		case stt.Act:
			r.WronglyAccepted++
		case stt.Ask:
			r.WronglyAsked++
		default:
			r.Rejected++
		}
		return
	}
	r.Commands++
	switch {
	case result.Exact && verdict == stt.Act:
		r.Exact++
		r.Acted++
	case result.Exact:
		r.Exact++
	case verdict == stt.Act:
		r.ActedInexact++
	}
	want := Words(result.Want)
	if !result.Exact { // "never mind" and "nevermind" are no words apart
		r.edits += Edits(want, Words(result.Heard))
	}
	r.words += len(want)
}

func (r *Report) finish() error {
	if len(r.Results) == 0 {
		return errors.New("the manifest has no recording of a home that is given")
	}
	if r.words > 0 {
		r.WordErrorRate = float64(r.edits) / float64(r.words)
	}
	if r.Audio > 0 {
		r.RealTimeFactor = r.CPU / r.Audio
	}
	r.PeakMemory = peakMemory()
	return nil
}
