package intent

import "math"

// The weight of a rune is the share of the ways on that read it. A way is a place in a template where the
// sentence may be, together with the rules it was reached through: a rule named by a hundred templates is a
// hundred ways. One way is one share, whatever comes later; a list shares it among the runes that its names
// go on with, by how many names do; and a sentence that may end has a share in ending. Nothing is expanded:
// ways are counted for each position of a state.

// wildRunes is how many runes a wildcard's way is shared among, whichever they are.
const wildRunes = 64

// maxName bounds how far names are followed to count them, in runes.
const maxName = 1000

// A weigher counts ways. It forgets with the automaton it counts in.
type weigher struct {
	totals map[int32]float64 // ways on from a state
	stacks []float64         // ways to have come to each set of returns
	names  []float64         // names at a node of a trie or below, 0 when not yet counted
}

func (w *weigher) forget() {
	clear(w.totals)
	w.stacks = w.stacks[:0]
}

// Weight is the natural logarithm of the share of ways on from a state that read r, -Inf when none does. The
// weights of all the runes, and of the end, are shares of one.
func (g *Grammar) Weight(state int32, r rune) float64 {
	if !g.automaton.has(state) {
		return math.Inf(-1)
	}
	sum := 0.0
	for _, p := range g.automaton.positions(state) {
		if share := g.share(p, r); share > 0 {
			sum += share * g.ways(p)
		}
	}
	return math.Log(sum / g.total(state))
}

// EndWeight is the natural logarithm of the share of ways that end in a state.
func (g *Grammar) EndWeight(state int32) float64 {
	if !g.automaton.has(state) {
		return math.Inf(-1)
	}
	return math.Log(float64(len(g.automaton.accepted(state))) / g.total(state))
}

// Prior is the natural logarithm of the weight of a sentence in normal form: the sum of the weights of its
// runes and its end. It begins a new sentence.
func (g *Grammar) Prior(sentence string) float64 {
	state, sum := g.Start(), 0.0
	for _, r := range sentence {
		sum += g.Weight(state, r)
		state = g.Step(state, r)
	}
	return sum + g.EndWeight(state)
}

// total is how many ways there are on from a state, its ends included.
func (g *Grammar) total(state int32) float64 {
	total, ok := g.weigher.totals[state]
	if !ok {
		total = float64(len(g.automaton.accepted(state)))
		for _, p := range g.automaton.positions(state) {
			if g.automaton.g.nodes[nodeOf(p)].op != opFinal {
				total += g.ways(p)
			}
		}
		g.weigher.totals[state] = total
	}
	return total
}

// share is how much of a position's way reads r.
func (g *Grammar) share(p uint64, r rune) float64 {
	if p&glue != 0 && isDigit(r) {
		return 0
	}
	switch n := g.automaton.g.nodes[nodeOf(p)]; n.op {
	case opRune:
		if n.r == r {
			return 1
		}
	case opSpace:
		return shareOfSpace(r, n.r == 0)
	case opSoft, opGap:
		return shareOfSpace(r, false)
	case opWild, opMore:
		return 1.0 / wildRunes
	case opTrie:
		return g.shareOfNames(n, r, g.automaton.filterOf(int32(uint32(p))))
	}
	return 0
}

// shareOfSpace is how much of a space's way reads r: nearly all of it a space, and where dashes may stand for
// one, a little each of them.
func shareOfSpace(r rune, dashes bool) float64 {
	const dash = 1.0 / wildRunes
	switch {
	case r == ' ' && dashes:
		return 1 - 2*dash
	case r == ' ':
		return 1
	case dashes && isBreak(r):
		return dash
	}
	return 0
}

func (g *Grammar) shareOfNames(n node, r rune, filter int32) float64 {
	gr := g.automaton.g
	with, all := 0.0, 0.0
	for _, e := range gr.edges[n.x : n.x+n.r] {
		if !gr.visible(e.node, filter) {
			continue
		}
		names := g.weigher.below(gr, e.node, 0)
		all += names
		switch e.r {
		case ' ':
			with += names * shareOfSpace(r, true)
		case r:
			with += names
		}
	}
	if all == 0 {
		return 0
	}
	return with / all
}

// below counts the names at a node of a trie and below it.
func (w *weigher) below(g *graph, at int32, depth int) float64 {
	if len(w.names) == 0 {
		w.names = make([]float64, len(g.nodes))
	}
	if w.names[at] > 0 || depth == maxName {
		return max(w.names[at], 1)
	}
	w.names[at] = 1 // for a trie that leads into itself, which only a damaged grammar has
	n := g.nodes[at]
	if n.op != opTrie {
		return 1
	}
	sum := 0.0
	if n.y >= 0 {
		sum = 1
	}
	for _, e := range g.edges[n.x : n.x+n.r] {
		sum += w.below(g, e.node, depth+1)
	}
	w.names[at] = max(sum, 1)
	return w.names[at]
}

// ways is how many ways lead to a position: one for each chain of rules that were entered.
func (g *Grammar) ways(p uint64) float64 {
	to := int(uint32(p))
	for id := len(g.weigher.stacks); id <= to; id++ { // a set of returns names none that came after it
		ways := 1.0
		if list := g.automaton.returns.list(int32(id)); len(list) > 1 {
			ways = 0
			for _, caller := range list[1:] {
				ways += g.weigher.stacks[uint32(caller)]
			}
		}
		g.weigher.stacks = append(g.weigher.stacks, ways)
	}
	return g.weigher.stacks[to]
}
