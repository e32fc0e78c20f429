package intent

import "slices"

// A trieBuilder collects the words of a list and lays them out as opTrie nodes.
type trieBuilder struct {
	nodes []trieNode
}

type trieNode struct {
	children []edge   // sorted by rune
	value    int32    // -1 when no word ends here
	spoken   bool     // the value is a number in words
	here     []uint64 // filters that let a name pass that ends here
	below    []uint64 // or here or below
}

func newTrieBuilder() *trieBuilder { return &trieBuilder{nodes: []trieNode{{value: -1}}} }

// putDigits walks to the node of a number written in digits.
func (t *trieBuilder) putDigits(text string) int32 {
	at := int32(0)
	for _, r := range text {
		at = t.child(at, r)
	}
	return at
}

// putSpan adds every number from least to most, which have equally many digits, below a node. Numbers that
// differ only in digits that are free share their nodes.
func (t *trieBuilder) putSpan(at int32, least, most string, value int32) {
	free := make([]int32, len(least)) // free[n]: n more digits, whichever
	t.nodes = append(t.nodes, trieNode{value: value})
	free[0] = int32(len(t.nodes) - 1)
	for n := 1; n < len(free); n++ {
		t.nodes = append(t.nodes, trieNode{value: -1})
		free[n] = int32(len(t.nodes) - 1)
		t.link(free[n], '0', '9', free[n-1])
	}
	t.span(at, least, most, free)
}

// span adds the numbers from least to most below a node; "" bounds nothing.
func (t *trieBuilder) span(at int32, least, most string, free []int32) {
	rest := max(len(least), len(most)) - 1
	low, high := byte('0'), byte('9')
	if least != "" {
		low = least[0]
	}
	if most != "" {
		high = most[0]
	}
	for d := low; d <= high; d++ {
		under, over := "", ""
		if least != "" && d == low {
			under = least[1:]
		}
		if most != "" && d == high {
			over = most[1:]
		}
		if under == "" && over == "" {
			t.link(at, d, d, free[rest])
			continue
		}
		t.span(t.child(at, rune(d)), under, over, free)
	}
}

// link leads digits from a node to another.
func (t *trieBuilder) link(at int32, low, high byte, to int32) {
	for d := low; d <= high; d++ {
		t.nodes[at].children = append(t.nodes[at].children, edge{r: rune(d), node: to})
	}
}

// leadingZero lets a zero stand before the digits of a number: "05".
func (t *trieBuilder) leadingZero() {
	zero := t.child(0, '0')
	for _, e := range t.nodes[0].children {
		if '1' <= e.r && e.r <= '9' {
			t.link(zero, byte(e.r), byte(e.r), e.node)
		}
	}
	slices.SortFunc(t.nodes[zero].children, func(a, b edge) int { return int(a.r - b.r) })
}

// put walks to the node of a word, adding what is missing.
func (t *trieBuilder) put(word []rune) int32 {
	at := int32(0)
	for _, r := range word {
		at = t.child(at, r)
	}
	return at
}

func (t *trieBuilder) child(at int32, r rune) int32 {
	children := t.nodes[at].children
	i, ok := slices.BinarySearchFunc(children, r, func(e edge, r rune) int { return int(e.r - r) })
	if ok {
		return children[i].node
	}
	n := int32(len(t.nodes))
	t.nodes = append(t.nodes, trieNode{value: -1})
	t.nodes[at].children = slices.Insert(children, i, edge{r: r, node: n})
	return n
}

// mask works out which filters see something at or below each node. Children come after their parents.
func (t *trieBuilder) mask(words int) {
	for i, n := range slices.Backward(t.nodes) {
		if n.here == nil {
			n.here = make([]uint64, words)
		}
		n.below = slices.Clone(n.here)
		for _, e := range n.children {
			for w, bits := range t.nodes[e.node].below {
				n.below[w] |= bits
			}
		}
		t.nodes[i] = n
	}
}

// layout appends the trie to the graph and returns its root.
func (t *trieBuilder) layout(g *graph) int32 {
	base := int32(len(g.nodes))
	for _, n := range t.nodes {
		g.add(node{op: opTrie, literal: n.spoken, r: int32(len(n.children)), x: int32(len(g.edges)), y: n.value})
		for _, e := range n.children {
			g.edges = append(g.edges, edge{r: e.r, node: base + e.node})
		}
	}
	return base
}

// next follows one rune from a trie node, -1 when it leads nowhere.
func (g *graph) next(n node, r rune) int32 {
	children := g.edges[n.x : n.x+n.r]
	if len(children) < 8 {
		for _, e := range children {
			if e.r == r {
				return e.node
			}
		}
		return -1
	}
	i, ok := slices.BinarySearchFunc(children, r, func(e edge, r rune) int { return int(e.r - r) })
	if !ok {
		return -1
	}
	return children[i].node
}
