package intent

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A Home is a language together with the names of one home. It is made anew when names change, and may be
// used by many at once.
type Home struct {
	lang  *Language
	graph graph
	names [namedLists][]Name
	said  []homeName

	mu        sync.Mutex // guards what follows
	automaton *automaton
	tracker   *tracker
}

// homeName is one name of the home and everything that bears it.
type homeName struct {
	list    int
	bearers []bearer
}

// bearer is one of names[list], by one of its Names. What bears the same name may be written otherwise.
type bearer struct{ index, name int32 }

// Home plugs the names of a home into the language. The templates stay as they are: it costs a copy of
// the graph and a trie of the names.
func (l *Language) Home(names Names) *Home {
	h := &Home{lang: l, names: [namedLists][]Name{names.Entities, names.Areas, names.Floors}}
	h.graph = l.graph
	h.graph.nodes = append(make([]node, 0, len(l.graph.nodes)+16*len(names.Entities)), l.graph.nodes...)
	h.graph.edges = append(make([]edge, 0, len(l.graph.edges)+16*len(names.Entities)), l.graph.edges...)
	h.graph.firstName = int32(len(l.graph.nodes))
	h.graph.words = (len(l.filters) + 63) / 64
	seen := map[string][]uint64{}
	for list := range h.names {
		h.plug(list, seen)
	}
	h.prune()
	h.automaton = newAutomaton(&h.graph, h.graph.roots, false)
	h.tracker = newTracker(h)
	return h
}

// plug adds the trie of one list. seen remembers which filters a context passes.
func (h *Home) plug(list int, seen map[string][]uint64) {
	t := newTrieBuilder()
	for i, name := range h.names[list] {
		mask := h.mask(name.Context, seen)
		for n, text := range name.Names {
			for _, form := range h.lang.spokenForms(text) {
				h.bear(t, list, bearer{int32(i), int32(n)}, form, mask)
			}
		}
	}
	t.mask(h.graph.words)
	h.graph.lists[list] = t.layout(&h.graph)
	for _, n := range t.nodes {
		h.graph.masks = append(h.graph.masks, n.below...)
		h.graph.ends = append(h.graph.ends, n.here...)
	}
}

// prune takes out of the graph what this home cannot say: a template about covers, where there is none.
// Nodes come after those they lead to, except where skip words begin again.
func (h *Home) prune() {
	g := &h.graph
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

// bear enters one form of a name for the one who bears it.
func (h *Home) bear(t *trieBuilder, list int, b bearer, form []rune, mask []uint64) {
	at := &t.nodes[t.put(form)]
	if at.value < 0 {
		at.value = int32(len(h.said))
		at.here = make([]uint64, h.graph.words)
		h.said = append(h.said, homeName{list: list})
	}
	for i, bits := range mask {
		at.here[i] |= bits
	}
	name := &h.said[at.value]
	if n := len(name.bearers); n == 0 || name.bearers[n-1].index != b.index {
		name.bearers = append(name.bearers, b)
	}
}

// mask has a bit for each filter that a context passes.
func (h *Home) mask(context map[string]string, seen map[string][]uint64) []uint64 {
	key := fmt.Sprint(context) // prints maps in the order of their keys
	if mask, ok := seen[key]; ok {
		return mask
	}
	mask := make([]uint64, h.graph.words)
	for i, f := range h.lang.filters {
		if f.passes(context) {
			mask[i/64] |= 1 << (i % 64)
		}
	}
	seen[key] = mask
	return mask
}

// spokenForms are a name as it is written, with spaces for its dashes and, when it has numbers, with the
// numbers in words.
func (l *Language) spokenForms(name string) [][]rune {
	written := foldTemplate(string(l.normalize(name)))
	open := spaceBreaks(written)
	if len(open) == 0 {
		return nil // nothing that could be said
	}
	forms := [][]rune{written}
	if !slices.Equal(open, written) {
		forms = append(forms, open)
	}
	words := strings.Fields(string(written))
	spelled := false
	for i, w := range words {
		n, err := strconv.ParseUint(w, 10, 16)
		if err != nil {
			continue
		}
		if in := l.source.numbers.Spellings(float64(n)); len(in) > 0 {
			words[i], spelled = in[0], true
		}
	}
	if spelled {
		forms = append(forms, foldTemplate(strings.Join(words, " ")))
	}
	return forms
}
