package intent

import (
	"slices"
	"sync"
)

// A Home is a language together with the names of one home. It does not change: other names make another
// Home, at little cost (With). It may be used by many at once.
type Home struct {
	lang    *Language
	graph   graph
	lists   [namedLists]nameList
	said    []homeName
	classes [][]uint64 // by class of context: a bit for each filter that such names pass
	stem    *stem

	mu        sync.Mutex // guards what follows
	automaton *automaton
	tracker   *tracker
	context   map[string]string // of the match that is looked at
}

// A stem is what a home shares with those made from it. They share their arrays too, each with what it
// added behind the others'; so only the youngest may add to them.
type stem struct {
	mu      sync.Mutex
	nodes   int              // in the youngest's graph
	laid    int              // of them in tries, when all names were last laid out
	classes map[string]int32 // index in the youngest's classes by context
}

// Home plugs the names of a home into the language, in time that grows with the names and their length. The
// templates stay as they are. The names are kept and must not be changed afterwards.
func (l *Language) Home(names Names) *Home {
	empty := &Home{lang: l, graph: l.graph, stem: &stem{classes: map[string]int32{}}}
	empty.graph.nodes, empty.graph.edges = slices.Clip(l.graph.nodes), slices.Clip(l.graph.edges)
	empty.graph.firstName = int32(len(l.graph.nodes))
	empty.graph.words = (len(l.filters) + 63) / 64
	h := empty.edited(empty.changes(names))
	h.stem.laid = h.inTries()
	return h
}

// With is the home with these names instead of its own: all of them, of which only those are compiled that
// are new, have changed, or stand elsewhere in their list. Without a change it is the same home. It takes a
// comparison of all names, and beyond that time in proportion to the change; now and then, when as many names
// have been replaced as there are, all are compiled anew. So they are when h is not the last home that With has
// given.
func (h *Home) With(names Names) *Home {
	h.stem.mu.Lock()
	defer h.stem.mu.Unlock()
	changes := h.changes(names)
	switch {
	case !slices.ContainsFunc(changes[:], change.any):
		return h
	case h.stem.nodes != len(h.graph.nodes), h.inTries() > 2*h.stem.laid+minimalWaste:
		return h.lang.Home(names)
	}
	return h.edited(changes)
}

// minimalWaste is how many nodes of names that are gone are not worth laying out the others anew.
const minimalWaste = 4096

func (h *Home) inTries() int { return len(h.graph.nodes) - int(h.graph.firstName) }

func (h *Home) changes(names Names) [namedLists]change {
	return [namedLists]change{
		listName:  h.lists[listName].change(names.Entities),
		listArea:  h.lists[listArea].change(names.Areas),
		listFloor: h.lists[listFloor].change(names.Floors),
	}
}

// edited is the youngest home with its lists changed.
func (h *Home) edited(changes [namedLists]change) *Home {
	next := &Home{lang: h.lang, graph: h.graph, said: h.said, classes: h.classes, stem: h.stem}
	for list, c := range changes {
		next.lists[list] = c.list
		if c.any() || h.graph.lists[list] == 0 {
			e := edit{home: next, list: list, trie: openTrie(&next.graph, h.graph.lists[list]), own: int32(len(h.said))}
			e.apply(h.lists[list].names, c)
		}
	}
	if !h.graph.seesLike(&next.graph) {
		next.prune()
	}
	next.stem.nodes = len(next.graph.nodes)
	next.automaton = newAutomaton(&next.graph, next.graph.roots, false)
	next.tracker, next.context = newTracker(next), map[string]string{}
	return next
}

// seesLike tells whether the same filters find any names in both, list by list.
func (g *graph) seesLike(other *graph) bool {
	for list := range g.lists {
		if !slices.Equal(g.masksOf(g.lists[list]), other.masksOf(other.lists[list])) {
			return false
		}
	}
	return true
}

// prune takes out of the graph what this home cannot say: a template about covers, where there is none.
// Nodes come after those they lead to, except where skip words begin again.
func (h *Home) prune() {
	g := &h.graph
	g.nodes = slices.Concat(h.lang.graph.nodes, g.nodes[g.firstName:])
	alive := make([]bool, g.firstName)
	for i := range alive {
		if alive[i] = h.alive(i, alive); !alive[i] {
			g.nodes[i] = node{op: opFail}
		}
	}
}

// alive tells whether a node leads to the end of a sentence or part.
func (h *Home) alive(i int, alive []bool) bool {
	g := &h.graph
	n := g.nodes[i]
	after := func(site int32) bool {
		next := g.sites[site].next
		return alive[next[0]] || alive[next[1]]
	}
	switch n.op {
	case opFail:
		return false
	case opSpace:
		return int(n.x) > i || alive[n.x]
	case opRune, opGap, opSoft, opMore, opWild:
		return alive[n.x]
	case opSplit:
		return slices.ContainsFunc(g.edges[n.x:n.x+n.y], func(e edge) bool { return alive[e.node] })
	case opCall:
		return alive[n.x] && after(n.y)
	case opNames:
		return g.visible(g.lists[n.x], n.r) && after(n.y)
	}
	return true // ends and tries
}

// class numbers contexts that pass the same filters.
func (h *Home) class(context map[string]string) int32 {
	key := contextKey(context)
	n, ok := h.stem.classes[key]
	if ok {
		return n
	}
	mask := make([]uint64, h.graph.words)
	for i, f := range h.lang.filters {
		if f.passes(context) {
			mask[i/64] |= 1 << (i % 64)
		}
	}
	n = int32(len(h.classes))
	h.classes = append(h.classes, mask)
	h.stem.classes[key] = n
	return n
}
