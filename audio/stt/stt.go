// Package stt holds what speech recognisers have in common: the grammar they are limited to, the
// hypothesis they return, and the child process they run in, because what runs in C can hang.
package stt

// A Grammar is the set of sentences that the home can hear, as an automaton over the runes of their
// normal form: lower case, one space between words, no punctuation. States are numbers; a negative one
// is dead. It must be safe for concurrent use, as it is read only.
type Grammar interface {
	Start() int32
	// Step follows one rune.
	Step(state int32, r rune) int32
	// Final says whether a sentence may end in this state.
	Final(state int32) bool
	// Free says whether any words may follow here: the name of a timer, the thing to put on a list.
	Free(state int32) bool
}

// A Hypothesis is what a recogniser made of one clip.
type Hypothesis struct {
	Text string `json:"text"` // the best sentence of the grammar, "" when none is close
	// Confidence is the log probability of Text less that of Free, for each token of Free (nats): 0 or a
	// little more when they agree, the more negative the more the grammar bent the sound to its will.
	Confidence float64 `json:"confidence"`
	Free       string  `json:"free"` // what was understood without a grammar, as the model writes it
	// FreeLogProb is the mean log probability of the tokens of Free (nats): low for noise.
	FreeLogProb float64 `json:"free_log_prob"`
	NoSpeech    float64 `json:"no_speech"` // probability that nobody spoke
	Recogniser  string  `json:"recogniser"`
	Verdict     Verdict `json:"verdict"`
}

// A Verdict is what a hypothesis is worth.
type Verdict int

const (
	Reject Verdict = iota // noise, or nothing said
	Open                  // clear speech, but no sentence of the grammar: Free goes on
	Ask                   // Text may have been said: ask before acting
	Act                   // Text was said
)
