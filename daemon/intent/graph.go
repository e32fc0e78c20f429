package intent

import "slices"

// op says what a node of the graph does.
type op uint8

const (
	opFail  op = iota // nothing
	opRune            // reads the rune r and goes to x
	opSpace           // reads the space between two words, or a dash in its place unless r is 1, and goes to x
	opSoft            // a space of the template that may be missing in typed text, as after a list
	opGap             // no space of the template, but typed text may have one here
	opSplit           // goes to each of edges[x:x+y]
	opCall            // enters the part that begins at x; the part returns to sites[y]
	opNames           // enters the home's names: list x seen through filter r, returning to sites[y]
	opExit            // leaves a part: x is 1 at the start of a word, y the value of a list or -1
	opWild            // reads the first rune of a wildcard and goes to x, an opMore; y is 1 for a command
	opMore            // inside a wildcard of sites[y]: reads anything, or ends; where a word begins if r is 1
	opTrie            // reads one of the runes of the edges; returns with value y when that is not -1
	opFinal           // the end of sentence x; what is heard may go on with a skip word at y
)

// A node of the graph. Positions in sentences lie between runes; whether the rune before a position is a
// space is known without looking at the path, so spaces collapse: after one, every kind of space is free.
// All spaces are free at the end of the sentence too.
type node struct {
	op      op
	literal bool // reads literal text of a sentence's own template, or ends a number in words: both rank
	r       int32
	x, y    int32
}

// ending is which way a trie node leaves its list, an index of site.next.
func (n node) ending() int32 {
	if n.literal {
		return 1
	}
	return 0
}

// A site is a place from where a part of the graph (a rule or list) is entered.
type site struct {
	// next is where to go on when a rule ends inside a word or at the start of one; after a list, where to go
	// on after a value and after a number in words.
	next [2]int32
	slot int32 // slots[slot] takes the value of a list; -1 for rules
}

// An edge leads to a node; an edge of a trie reads a rune first.
type edge struct {
	r    rune
	node int32
}

// graph is a recursive transition network: the templates of a language, and in a Home its names too.
// It is not changed once built.
type graph struct {
	nodes []node
	edges []edge
	sites []site
	roots []int32 // first node of each sentence

	heard    int32 // what can be heard: an opSplit to every sentence, and to the skip words before one
	commands int32 // the sentences that may be said as part of another: "in five minutes ..."

	// The home's names. Trie nodes from firstName on hold words of filters bits each, which tell whose
	// names lie below: a template about covers does not walk into the name of a lamp.
	lists     [namedLists]int32 // root of {name}, {area} and {floor}; a node of op opFail when empty
	firstName int32
	masks     []uint64 // names at the node or below
	ends      []uint64 // names that end at the node
	words     int      // of masks per node
}

// The lists whose values come from the home.
const (
	listName = iota
	listArea
	listFloor
	namedLists
)

// homeLists are their names in templates.
var homeLists = [namedLists]string{"name", "area", "floor"}

// visible tells whether a node of a trie leads to a name that passes the filter.
func (g *graph) visible(n, filter int32) bool { return g.passes(g.masks, n, filter) }

// ending tells whether a name that passes the filter ends at a node of a trie.
func (g *graph) ending(n, filter int32) bool { return g.passes(g.ends, n, filter) }

func (g *graph) passes(masks []uint64, n, filter int32) bool {
	if n < g.firstName {
		return true
	}
	word := int(n-g.firstName)*g.words + int(filter)/64
	return masks[word]&(1<<(filter%64)) != 0
}

// masksOf are the filters that see a name at or below a node, nil when it is none of a home's tries.
func (g *graph) masksOf(n int32) []uint64 {
	if n < g.firstName {
		return nil
	}
	at := int(n-g.firstName) * g.words
	return g.masks[at : at+g.words]
}

func (g *graph) add(n node) int32 {
	g.nodes = append(roomy(g.nodes), n)
	return int32(len(g.nodes) - 1)
}

// pack gives back the room that was left for more.
func (g *graph) pack() {
	g.nodes, g.edges, g.sites = slices.Clone(g.nodes), slices.Clone(g.edges), slices.Clone(g.sites)
}

// roomy is a slice with room for one more. It doubles where append would be more sparing and copy more often.
func roomy[T any](s []T) []T {
	if len(s) == cap(s) {
		return slices.Grow(s, max(len(s), 8))
	}
	return s
}

// split adds a node that goes to each of the targets, the first of which is preferred.
func (g *graph) split(targets []int32) int32 {
	if len(targets) == 1 {
		return targets[0]
	}
	first := int32(len(g.edges))
	for _, t := range targets {
		g.edges = append(g.edges, edge{node: t})
	}
	return g.add(node{op: opSplit, x: first, y: int32(len(targets))})
}

// spaceBreaks is a text with one space for each run of spaces and dashes, and none at its ends.
func spaceBreaks(text []rune) []rune {
	open := slices.Clone(text)
	for i, r := range open {
		if isBreak(r) {
			open[i] = ' '
		}
	}
	return trimSpaces(collapse(open))
}

// isBreak tells whether a rune may be read where a template has a space: "living-room" is a living room.
func isBreak(r rune) bool { return r == ' ' || r == '-' || r == '_' }
