package intent

import (
	"math/rand/v2"
	"slices"
)

// A Grammar is the set of sentences that a home can hear, as an automaton over runes. Sentences are in
// lower case, with single spaces and without punctuation at the edges of words; numbers are in digits or in
// words, and skip words ("please") may stand at either end. A command to be carried out later is a sentence
// of the home too, and sentences that begin with a wildcard are left out: with them anything is heard.
//
// States are made as they are reached. They are valid until Start is called again, which may forget them
// to bound memory. A Grammar is not safe for concurrent use; each goroutine unmarshals its own.
type Grammar struct {
	automaton *automaton
	free      map[int32]bool
}

// Grammar is what this home can hear, from the language's own templates. A language loaded with
// LoadSpeech gives the smaller set of the curated sentences.
func (h *Home) Grammar() *Grammar { return newGrammar(&h.graph) }

func newGrammar(g *graph) *Grammar {
	return &Grammar{automaton: newAutomaton(g, []int32{g.heard}, true), free: map[int32]bool{}}
}

// Start is the state before the first rune. It begins a new sentence: earlier states end here.
func (g *Grammar) Start() int32 {
	before := g.automaton.states.len()
	state := g.automaton.start()
	if g.automaton.states.len() < before {
		clear(g.free)
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

// Sample draws sentences at random, for tests: at each rune every way to go on is as likely as the others,
// and wildcards say "x". False when maxRunes did not make a whole sentence.
func (g *Grammar) Sample(rng *rand.Rand, maxRunes int) (string, bool) {
	var said []rune
	state := g.Start()
	for len(said) < maxRunes {
		next := g.choices(state)
		if g.Final(state) && (len(next) == 0 || rng.IntN(4) == 0) {
			return string(said), true
		}
		if len(next) == 0 {
			return string(said), false
		}
		r := next[rng.IntN(len(next))]
		said = append(said, r)
		state = g.Step(state, r)
	}
	return string(said), g.Final(state)
}

// choices are the runes that lead on from a state, in ascending order.
func (g *Grammar) choices(state int32) []rune {
	seen := map[rune]bool{}
	gr := g.automaton.g
	for _, p := range g.automaton.positions(state) {
		switch n := gr.nodes[nodeOf(p)]; n.op {
		case opRune:
			seen[n.r] = true
		case opSpace, opSoft:
			seen[' '] = true
		case opWild, opMore:
			seen['x'] = true
		case opTrie:
			for _, e := range gr.edges[n.x : n.x+n.r] {
				seen[e.r] = true
			}
		}
	}
	var next []rune
	for r := range seen {
		if g.Step(state, r) >= 0 {
			next = append(next, r)
		}
	}
	slices.Sort(next)
	return next
}
