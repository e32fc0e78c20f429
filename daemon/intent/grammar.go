package intent

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"unicode"
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
	if !ok {
		free = g.isFree(state)
		g.free[state] = free
	}
	return free
}

func (g *Grammar) isFree(state int32) bool {
	if state < 0 || int(state) >= g.automaton.states.len() {
		return false
	}
	wild, nodes := false, g.automaton.g.nodes
	for _, p := range g.automaton.states.list(state)[1:] {
		switch nodes[p>>32].op {
		case opWild, opMore:
			wild = true
		case opSpace, opSoft, opFinal: // what may follow the wildcard, once it has ended
		default:
			return false
		}
	}
	return wild
}

// Open tells whether a wildcard is open in the state: any rune may follow, though other paths may be
// alive too.
func (g *Grammar) Open(state int32) bool {
	if state < 0 || int(state) >= g.automaton.states.len() {
		return false
	}
	return slices.ContainsFunc(g.automaton.states.list(state)[1:], func(p uint64) bool {
		return g.automaton.g.nodes[p>>32].op == opMore
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
// and wildcards say "something". It gives up after maxRunes, and then returns false.
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
	for _, p := range g.automaton.states.list(state)[1:] {
		switch n := gr.nodes[p>>32]; n.op {
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

// The binary form of a Grammar: a magic word, the lengths of its tables, then the tables, all in little
// endian order. It is for passing a grammar to a child process of the same build, not for keeping.
const grammarMagic = "hgr1"

var errGrammar = errors.New("not a grammar")

// MarshalBinary encodes the grammar for UnmarshalGrammar.
func (g *Grammar) MarshalBinary() ([]byte, error) {
	gr := g.automaton.g
	b := make([]byte, 0, 64+14*len(gr.nodes)+8*len(gr.edges)+8*len(gr.sites)+16*len(gr.masks))
	b = append(b, grammarMagic...)
	for _, n := range []int{len(gr.nodes), len(gr.edges), len(gr.sites), len(gr.masks), gr.words} {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	word := func(n int32) { b = binary.LittleEndian.AppendUint32(b, uint32(n)) }
	word(gr.heard)
	word(gr.commands)
	word(gr.firstName)
	for _, root := range gr.lists {
		word(root)
	}
	for _, n := range gr.nodes {
		b = append(b, byte(n.op))
		word(n.r)
		word(n.x)
		word(n.y)
	}
	for _, e := range gr.edges {
		word(e.r)
		word(e.node)
	}
	for _, s := range gr.sites {
		word(s.next[0])
		word(s.next[1])
	}
	for _, masks := range [][]uint64{gr.masks, gr.ends} {
		for _, m := range masks {
			b = binary.LittleEndian.AppendUint64(b, m)
		}
	}
	return b, nil
}

// UnmarshalGrammar decodes what MarshalBinary gave. Bytes from anywhere are safe to decode and to use.
func UnmarshalGrammar(b []byte) (*Grammar, error) {
	if len(b) < len(grammarMagic) || string(b[:len(grammarMagic)]) != grammarMagic {
		return nil, fmt.Errorf("decode grammar: %w", errGrammar)
	}
	d := decoder{b: b[len(grammarMagic):]}
	nodes, edges, sites, masks, words := d.word(), d.word(), d.word(), d.word(), d.word()
	gr := &graph{words: int(words), heard: d.word(), commands: d.word(), firstName: d.word()}
	for i := range gr.lists {
		gr.lists[i] = d.word()
	}
	if !d.holds(nodes, 13) || !d.holds(edges, 8) || !d.holds(sites, 8) || !d.holds(masks, 16) {
		return nil, fmt.Errorf("decode grammar: %w: its tables are cut off", errGrammar)
	}
	gr.nodes, gr.edges, gr.sites = make([]node, nodes), make([]edge, edges), make([]site, sites)
	for i := range gr.nodes {
		gr.nodes[i] = node{op: op(d.byte()), r: d.word(), x: d.word(), y: d.word()}
	}
	for i := range gr.edges {
		gr.edges[i] = edge{r: d.word(), node: d.word()}
	}
	for i := range gr.sites {
		gr.sites[i] = site{next: [2]int32{d.word(), d.word()}, slot: -1}
	}
	gr.masks, gr.ends = d.masks(masks), d.masks(masks)
	if d.short || len(d.b) > 0 {
		return nil, fmt.Errorf("decode grammar: %w: %d bytes too many, or too few", errGrammar, len(d.b))
	}
	if err := gr.validate(); err != nil {
		return nil, fmt.Errorf("decode grammar: %w: %w", errGrammar, err)
	}
	return newGrammar(gr), nil
}

// decoder reads numbers off the front of b; short is set when there were not enough.
type decoder struct {
	b     []byte
	short bool
}

func (d *decoder) holds(n int32, size int) bool {
	return n >= 0 && int(n) <= len(d.b)/size
}

func (d *decoder) take(n int) []byte {
	if len(d.b) < n {
		d.short = true
		return make([]byte, n)
	}
	b := d.b[:n]
	d.b = d.b[n:]
	return b
}

func (d *decoder) byte() byte  { return d.take(1)[0] }
func (d *decoder) word() int32 { return int32(binary.LittleEndian.Uint32(d.take(4))) }

func (d *decoder) masks(n int32) []uint64 {
	masks := make([]uint64, n)
	for i := range masks {
		masks[i] = binary.LittleEndian.Uint64(d.take(8))
	}
	return masks
}

// validate makes sure that following the graph leaves none of its tables. Rules that enter themselves
// are caught while walking, by the automaton's bounds.
func (g *graph) validate() error {
	if g.words < 0 || g.words > 1<<10 || !g.isNode(g.heard) || !g.isNode(g.commands) || g.firstName < 0 || int(g.firstName) > len(g.nodes) {
		return errors.New("its header is out of range")
	}
	if g.words == 0 && int(g.firstName) != len(g.nodes) {
		return errors.New("its names have no masks")
	}
	if need := (len(g.nodes) - int(g.firstName)) * g.words; need != len(g.masks) {
		return fmt.Errorf("it has %d masks for %d names", len(g.masks), need)
	}
	for _, root := range g.lists {
		if !g.isNode(root) {
			return errors.New("the root of a list is out of range")
		}
	}
	for i, n := range g.nodes {
		if !g.validNode(n) {
			return fmt.Errorf("node %d is out of range", i)
		}
	}
	for i, e := range g.edges {
		if !g.isNode(e.node) {
			return fmt.Errorf("edge %d is out of range", i)
		}
	}
	for i, s := range g.sites {
		if !g.isNode(s.next[0]) || !g.isNode(s.next[1]) {
			return fmt.Errorf("site %d is out of range", i)
		}
	}
	return nil
}

func (g *graph) isNode(n int32) bool { return n >= 0 && int(n) < len(g.nodes) }
func (g *graph) isSite(n int32) bool { return n >= 0 && int(n) < len(g.sites) }

func (g *graph) areEdges(first, n int32) bool {
	return first >= 0 && n >= 0 && int(first)+int(n) <= len(g.edges)
}

func (g *graph) validNode(n node) bool {
	switch n.op {
	case opFail:
		return true
	case opRune:
		return g.isNode(n.x) && n.r <= unicode.MaxRune
	case opSpace, opSoft, opGap:
		return g.isNode(n.x)
	case opWild:
		return g.isNode(n.x) && g.isSite(g.nodes[n.x].y)
	case opMore:
		return g.isNode(n.x) && g.isSite(n.y)
	case opSplit:
		return g.areEdges(n.x, n.y)
	case opCall:
		return g.isNode(n.x) && g.isSite(n.y)
	case opNames:
		return n.x >= 0 && n.x < namedLists && g.isSite(n.y) && n.r >= 0 && int(n.r) < max(g.words, 1)*64
	case opExit:
		return n.x == 0 || n.x == 1
	case opTrie:
		return g.areEdges(n.x, n.r)
	case opFinal:
		return g.isNode(n.y)
	}
	return false
}
