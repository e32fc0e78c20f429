package intent

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode"
)

// The binary form of a Grammar: a magic word, the lengths of its tables, then the tables, all in little
// endian order. It is for passing a grammar to a child process of the same build, not for keeping.
const grammarMagic = "hgr2"

// literalBit is set in the byte of a node's op when the node is literal.
const literalBit = 0x80

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
		kind := byte(n.op)
		if n.literal {
			kind |= literalBit
		}
		b = append(b, kind)
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
		kind := d.byte()
		gr.nodes[i] = node{op: op(kind &^ literalBit), literal: kind&literalBit != 0, r: d.word(), x: d.word(), y: d.word()}
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
