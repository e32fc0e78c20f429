package intent

import "slices"

// A trieBuilder collects the words of a list and lays them out as opTrie nodes. It may begin with a trie that
// has been laid out: then it lays out anew the nodes on the way to words that were put, and leaves the others
// where they are.
type trieBuilder struct {
	from  *graph // has the nodes that are left where they are
	nodes []trieNode
	spare []edge // for the nodes that have one child, as most do
}

type trieNode struct {
	children []edge // sorted by rune; node is an index in nodes, or ^index in the graph
	value    int32  // -1 when no word ends here
	spoken   bool   // the value is a number in words
}

func newTrieBuilder() *trieBuilder { return &trieBuilder{nodes: []trieNode{{value: -1}}} }

// openTrie begins with what lies below a node of the graph.
func openTrie(g *graph, root int32) *trieBuilder {
	t := &trieBuilder{from: g}
	t.load(root)
	return t
}

// load makes a node of the graph one of the builder's.
func (t *trieBuilder) load(at int32) int32 {
	n, loaded := t.from.nodes[at], trieNode{value: -1}
	if n.op == opTrie {
		loaded.value = n.y
		loaded.children = make([]edge, n.r)
		for i, e := range t.from.edges[n.x : n.x+n.r] {
			loaded.children[i] = edge{r: e.r, node: ^e.node}
		}
	}
	t.nodes = append(t.nodes, loaded)
	return int32(len(t.nodes) - 1)
}

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
		if children[i].node < 0 {
			children[i].node = t.load(^children[i].node)
		}
		return children[i].node
	}
	n := int32(len(t.nodes))
	t.nodes = append(roomy(t.nodes), trieNode{value: -1})
	if len(children) > 0 {
		t.nodes[at].children = slices.Insert(children, i, edge{r: r, node: n})
		return n
	}
	if len(t.spare) == 0 {
		t.spare = make([]edge, 256)
	}
	t.spare[0] = edge{r: r, node: n}
	t.nodes[at].children, t.spare = t.spare[:1:1], t.spare[1:]
	return n
}

// layout appends the trie to the graph and returns its root.
func (t *trieBuilder) layout(g *graph) int32 {
	base := int32(len(g.nodes))
	for _, n := range t.nodes {
		g.add(node{op: opTrie, literal: n.spoken, r: int32(len(n.children)), x: int32(len(g.edges)), y: n.value})
		for _, e := range n.children {
			to := ^e.node
			if e.node >= 0 {
				to = base + e.node
			}
			g.edges = append(g.edges, edge{r: e.r, node: to})
		}
	}
	return base
}

// layoutNames appends a trie of names to the graph and returns its root. ending sets the bits of the filters
// that see what ends with a value; what none of them sees is left out.
func (t *trieBuilder) layoutNames(g *graph, ending func(value int32, mask []uint64)) int32 {
	first := len(g.masks)
	g.masks = append(g.masks, make([]uint64, len(t.nodes)*g.words)...)
	g.ends = append(g.ends, make([]uint64, len(t.nodes)*g.words)...)
	for i := range slices.Backward(t.nodes) { // children come after their parents
		n := &t.nodes[i]
		at := first + i*g.words
		here, below := g.ends[at:at+g.words], g.masks[at:at+g.words]
		if n.value >= 0 {
			ending(n.value, here)
		}
		if isZero(here) {
			n.value = -1
		}
		copy(below, here)
		n.children = slices.DeleteFunc(n.children, func(e edge) bool {
			child := g.masksOf(^e.node)
			if e.node >= 0 {
				child = g.masks[first+int(e.node)*g.words:][:g.words]
			}
			for w, bits := range child {
				below[w] |= bits
			}
			return isZero(child)
		})
	}
	return t.layout(g)
}

func isZero(mask []uint64) bool {
	return !slices.ContainsFunc(mask, func(bits uint64) bool { return bits != 0 })
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
