// Package stt holds what speech recognisers have in common: the grammar they are limited to, the
// hypothesis they return and what it is worth, and the child process they run in, because what runs in C
// can hang.
package stt

import "hearth/audio"

// A Grammar is the set of sentences that the home can hear, as an automaton over the runes of their
// normal form: lower case, one space between words, no punctuation at the edges of words. States are
// numbers and stay valid until Start is called again; a negative one is dead. It need not be safe for
// concurrent use.
type Grammar interface {
	Start() int32
	// Step follows one rune.
	Step(state int32, r rune) int32
	// Final says whether a sentence may end in this state.
	Final(state int32) bool
	// Free says whether only words of anybody's choice can follow: the name of a timer, the thing to put
	// on a list. The grammar says nothing about them.
	Free(state int32) bool
	// Weight is the natural logarithm of how likely r is in a state before anything is heard, EndWeight of
	// the sentence ending there; -Inf when neither can be.
	Weight(state int32, r rune) float64
	EndWeight(state int32) float64
}

// An Engine recognises speech. It is not safe for concurrent use.
type Engine interface {
	// SetGrammar limits what can be heard from the next clip on. Names are words that are likely to be
	// said, most important first.
	SetGrammar(g Grammar, names []string)
	// Transcribe recognises one clip of audio.Speech.
	Transcribe(clip audio.Clip) (Hypothesis, error)
}

// A Hypothesis is what a recogniser made of one clip. Log probabilities are natural.
type Hypothesis struct {
	Text string `json:"text"` // the best sentence of the grammar, "" when none is close
	// Confidence is the log probability of Text less that of Free: 0 or a little more when they agree,
	// the more negative the more the grammar bent the sound to its will.
	Confidence float64 `json:"confidence"`
	LogProb    float64 `json:"log_prob"`      // of Text, mean of its tokens
	Free       string  `json:"free"`          // what was understood without a grammar, as the model writes it
	FreeLog    float64 `json:"free_log_prob"` // of Free, mean of its tokens: low for noise
	NoSpeech   float64 `json:"no_speech"`     // probability that nobody spoke
	Wild       float64 `json:"wild"`          // share of Text that the grammar left open, 0 to 1
	Recogniser string  `json:"recogniser"`
	Verdict    Verdict `json:"verdict"`
}
