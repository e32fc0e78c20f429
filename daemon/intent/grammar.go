package intent

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A Grammar is the set of sentences that a home can hear, as an automaton over runes. Sentences are in
// lower case, with single spaces and without punctuation at the edges of words; numbers are in digits or in
// words, and skip words ("please") may stand at either end. A command to be carried out later is a sentence
// of the home too, and no wildcard begins a sentence: with it anything would be heard.
//
// States are made as they are reached. They are valid until Start is called again, which may forget them
// to bound memory. A Grammar is not safe for concurrent use; each goroutine unmarshals its own.
type Grammar struct {
	automaton *automaton
	free      map[int32]bool
	weigher   weigher
}

// Grammar is what this home can hear, from the language's own templates. A language loaded with
// LoadSpeech gives the smaller set of the curated sentences.
func (h *Home) Grammar() *Grammar { return newGrammar(&h.graph) }

func newGrammar(g *graph) *Grammar {
	return &Grammar{
		automaton: newAutomaton(g, []int32{g.heard}, true),
		free:      map[int32]bool{},
		weigher:   weigher{totals: map[int32]float64{}},
	}
}

// Start is the state before the first rune. It begins a new sentence: earlier states end here.
func (g *Grammar) Start() int32 {
	before := g.automaton.states.len()
	state := g.automaton.start()
	if g.automaton.states.len() < before {
		clear(g.free)
		g.weigher.forget()
	}
	return state
}

// Step is the state after r, negative when no sentence goes on like that.
func (g *Grammar) Step(state int32, r rune) int32 { return g.automaton.step(state, r) }

// Final tells whether a sentence may end in the state.
func (g *Grammar) Final(state int32) bool { return len(g.automaton.accepted(state)) > 0 }

// Free tells whether all that can be said in the state are the words of a wildcard, or the end of it:
// the grammar has nothing to say about what comes next.
func (g *Grammar) Free(state int32) bool {
	free, ok := g.free[state]
	if !ok && g.automaton.has(state) {
		free = g.isFree(state)
		g.free[state] = free
	}
	return free
}

func (g *Grammar) isFree(state int32) bool {
	wild, nodes := false, g.automaton.g.nodes
	for _, p := range g.automaton.positions(state) {
		switch nodes[nodeOf(p)].op {
		case opWild, opMore:
			wild = true
		case opSpace, opSoft, opGap, opFinal: // what may follow the wildcard, once it has ended
		default:
			return false
		}
	}
	return wild
}

// Open tells whether a wildcard is open in the state: any rune may follow, though other paths may be
// alive too.
func (g *Grammar) Open(state int32) bool {
	return slices.ContainsFunc(g.automaton.positions(state), func(p uint64) bool {
		return g.automaton.g.nodes[nodeOf(p)].op == opMore
	})
}

// Accepts tells whether the home can hear a sentence, which is normalised first.
func (g *Grammar) Accepts(sentence string) bool {
	state := g.Start()
	for _, r := range normalize(sentence) {
		if state = g.Step(state, fold(r)); state < 0 {
			return false
		}
	}
	return g.Final(state)
}

// Sample draws a sentence at random, by the weights of its runes; wildcards say "x". False when maxRunes did
// not make a whole sentence.
func (g *Grammar) Sample(rng *rand.Rand, maxRunes int) (string, bool) {
	var said []rune
	state := g.Start()
	for len(said) < maxRunes {
		r, more := g.draw(rng, state)
		if !more {
			break
		}
		said = append(said, r)
		state = g.Step(state, r)
	}
	return string(said), g.Final(state)
}

// draw is the next rune of a sample, false to end it.
func (g *Grammar) draw(rng *rand.Rand, state int32) (rune, bool) {
	runes := g.choices(state)
	shares := make([]float64, len(runes))
	sum := math.Exp(g.EndWeight(state))
	for i, r := range runes {
		shares[i] = math.Exp(g.Weight(state, r))
		sum += shares[i]
	}
	at := rng.Float64() * sum
	for i, r := range runes {
		if at -= shares[i]; at < 0 {
			return r, true
		}
	}
	return 0, false
}

// choices are the runes that lead on from a state, in ascending order; wildcards say "x".
func (g *Grammar) choices(state int32) []rune {
	var runes []rune
	gr := g.automaton.g
	for _, p := range g.automaton.positions(state) {
		switch n := gr.nodes[nodeOf(p)]; n.op {
		case opRune:
			runes = append(runes, n.r)
		case opSpace, opSoft, opGap:
			runes = append(runes, ' ')
		case opWild, opMore:
			runes = append(runes, 'x')
		case opTrie:
			for _, e := range gr.edges[n.x : n.x+n.r] {
				runes = append(runes, e.r)
			}
		}
	}
	slices.Sort(runes)
	runes = slices.Compact(runes)
	return slices.DeleteFunc(runes, func(r rune) bool { return g.Step(state, r) < 0 })
}
