package stt

import (
	"fmt"
	"math"
	"slices"
	"unicode"

	"hearth/audio"
)

// A Verdict is what a hypothesis is worth.
type Verdict int

const (
	Reject Verdict = iota // noise, or nothing said
	Open                  // clear speech, but the grammar cannot vouch for it: Free goes on
	Ask                   // Text may have been said: ask before acting
	Act                   // Text was said
)

var verdictNames = [...]string{"reject", "open", "ask", "act"}

func (v Verdict) String() string { return verdictNames[min(max(v, Reject), Act)] }

// MarshalText writes the name: "act".
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (v *Verdict) UnmarshalText(text []byte) error {
	i := slices.Index(verdictNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("verdict %q, want one of %q", text, verdictNames)
	}
	*v = Verdict(i)
	return nil
}

// Thresholds of Judge, in nats unless said otherwise. Chosen with room on both sides, from Whisper tiny.en
// on 40 recorded commands, 30 synthetic ones, 30 synthetic sentences outside the grammar, other people's
// recordings and noises: right sentences had a confidence of -6.3 and more (all but three above -3.6),
// sentences outside the grammar -8.4 and less. The total separates better than the mean of the tokens,
// because a long sentence that is wrong in one word is as wrong as a short one.
const (
	actConfidence = -5.0
	askConfidence = -7.5
	// minLogProb keeps a short sentence of the grammar from winning over the long free text that the
	// decoder makes of a foreign language. Right sentences: above -2.9.
	minLogProb = -3.3
	// Nothing that is said clearly has a free text below this. Right sentences: above -1.6; noise: -1.6
	// to -4.
	minFreeLog = -2.0
	// openFreeLog is what a free text must have to be worth an answer.
	openFreeLog = -1.0
	// Silence as OpenAI's own decoder tells it: this probability, and a free text below openFreeLog.
	maxNoSpeech = 0.6
	// minLength is how long Text must be for each letter of Free. A name that opens a story is no command,
	// however likely: fewer tokens cost less than many.
	minLength = 0.5
)

// MaxWild is the share of a sentence that may be anybody's words before the grammar says too little about it
// to act without asking.
const MaxWild = 1.0 / 3

// Judge says what the hypothesis is worth by its numbers.
func (h Hypothesis) Judge() Verdict {
	noise := h.FreeLog < minFreeLog || h.NoSpeech > maxNoSpeech && h.FreeLog < openFreeLog
	heard := h.Text != "" && h.LogProb >= minLogProb && h.Wild <= MaxWild &&
		float64(letters(h.Text)) >= minLength*float64(letters(h.Free))
	switch {
	case noise:
		return Reject
	case heard && h.Confidence >= actConfidence:
		return Act
	case heard && h.Confidence >= askConfidence:
		return Ask
	case h.Free != "" && h.FreeLog >= openFreeLog:
		return Open
	}
	return Reject
}

func letters(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// WildShare is how much of a sentence the grammar leaves open, 0 to 1. It begins a new sentence in g.
func WildShare(g Grammar, text string) float64 {
	state, runes, free := g.Start(), 0, 0
	for _, r := range text {
		if state = g.Step(state, r); state < 0 {
			return 1
		}
		runes++
		if g.Free(state) {
			free++
		}
	}
	return float64(free) / float64(max(runes, 1))
}

// silentLevel is below what any microphone gives of a person speaking: -60 dB of full scale.
const silentLevel = 32

// Silent says whether no 20 ms of a clip are louder than the hiss of a closed microphone.
func Silent(clip audio.Clip) bool {
	const window = 320
	for start := 0; start < len(clip.Samples); start += window {
		var sum float64
		part := clip.Samples[start:min(start+window, len(clip.Samples))]
		for _, s := range part {
			sum += float64(s) * float64(s)
		}
		if math.Sqrt(sum/float64(len(part))) > silentLevel {
			return false
		}
	}
	return true
}
