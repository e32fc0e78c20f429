package intent

import "slices"

// An automaton reads sentences rune by rune along every path of a graph at once. Its states are sets of
// positions in the graph, made when first reached and kept: the second sentence that begins like an
// earlier one costs a table look-up per rune.
//
// A position is a node and the set of places to return to from it, so that a rule entered from a hundred
// templates is walked once.
//
// It is not safe for concurrent use.
type automaton struct {
	g *graph
	// hears reads sentences as they are heard: skip words may stand around them, no wildcard begins them,
	// and a command inside one is a sentence of its own.
	hears bool
	roots []int32 // where sentences begin

	states  *interner // list: flags, then positions in ascending order
	returns *interner // list: filter+1, then site and return set of each caller in ascending order
	arcs    *table    // state and rune to state
	finals  *table    // state to the list of sentences that may end in it
	endings *interner // those lists

	work, keep []uint64
	seen       *table
	calls      []callSet
	ended      []uint64
	list       []uint64 // callers being merged
	steps      int      // taken for the state being made
	overflow   bool     // they were too many: the state is dead
	begins     bool     // a sentence that is heard may begin in the state being made
	beginning  bool     // what it begins with is being followed
	left       []uint64 // tries that end after a digit
	glued      uint64   // glue, once they are being left
}

// callSet is one call found on the way, to be merged with others of the same part.
type callSet struct {
	entry, filter int32
	caller        uint64
}

const (
	dead  int32 = -1
	start int32 = 0

	// Flags of a state, about the rune that was read last.
	afterWord  uint64 = 1 // it was part of a word
	afterSpace uint64 = 2 // it was a space, or there was none: another cannot follow
	atEnd      uint64 = 4 // nothing follows: spaces are free
	afterDigit uint64 = 8 // it was a digit

	// glue marks a position of a state that was reached by leaving a value after a digit. It reads no
	// digit: "21" is not 2 and 1.
	glue uint64 = 1 << 63

	// Bounds of the memory an automaton keeps: beyond a soft bound it forgets all when a new sentence
	// begins, beyond a hard one it follows no new path.
	softStates = 20_000
	softArcs   = 4 * softStates
	softWords  = 1 << 20 // of the sets, 8 bytes each
	hardStates = 2 * softStates
	hardArcs   = 2 * softArcs
	hardWords  = 2 * softWords
	hardSteps  = 1 << 18 // arcs and calls followed to make one state; the largest languages need 20,000
)

func newAutomaton(g *graph, roots []int32, hears bool) *automaton {
	a := &automaton{
		g: g, hears: hears, roots: roots,
		states: newInterner(), returns: newInterner(), endings: newInterner(),
		arcs: newTable(), finals: newTable(), seen: newTable(),
	}
	a.reset()
	return a
}

// reset forgets all states.
func (a *automaton) reset() {
	a.states.reset()
	a.returns.reset()
	a.endings.reset()
	a.arcs.clear()
	a.finals.clear()
	a.returns.intern(nil)
}

// start begins a sentence. States given out before may be forgotten.
func (a *automaton) start() int32 {
	if a.states.len() > softStates || a.arcs.len() > softArcs || a.words() > softWords {
		a.reset()
	}
	if a.states.len() == 0 {
		a.begin()
		for _, root := range a.roots {
			a.push(root, 0)
		}
		a.close(afterSpace)
		a.state(afterSpace)
	}
	return start
}

// step is the state after one more rune, dead when no sentence goes on like that.
func (a *automaton) step(state int32, r rune) int32 {
	if !a.has(state) {
		return dead
	}
	arc := uint64(state)<<32 | uint64(uint32(r))
	if next, ok := a.arcs.get(arc); ok {
		return next
	}
	if a.arcs.len() > hardArcs {
		return dead
	}
	next := a.read(state, r)
	a.arcs.put(arc, next)
	return next
}

// nodeOf is where in the graph a position is.
func nodeOf(p uint64) int32 { return int32(p &^ glue >> 32) }

// words is how many the sets take.
func (a *automaton) words() int { return len(a.states.data) + len(a.returns.data) }

// has tells whether a state is one.
func (a *automaton) has(state int32) bool { return state >= 0 && int(state) < a.states.len() }

// positions are those of a state, none when it is dead.
func (a *automaton) positions(state int32) []uint64 {
	if !a.has(state) {
		return nil
	}
	return a.states.list(state)[1:]
}

func (a *automaton) begin() {
	a.work, a.keep, a.calls, a.ended, a.left = a.work[:0], a.keep[:0], a.calls[:0], a.ended[:0], a.left[:0]
	a.seen.clear()
	a.steps, a.overflow, a.begins, a.beginning, a.glued = 0, false, false, false, 0
}

func (a *automaton) push(node, returns int32) {
	if a.steps++; a.steps > hardSteps {
		a.overflow = true
		return
	}
	a.work = append(a.work, uint64(node)<<32|uint64(uint32(returns)))
}

// read finds the positions after a rune.
func (a *automaton) read(state int32, r rune) int32 {
	a.begin()
	list := a.states.list(state)
	flags := uint64(0)
	if isWord(r) {
		flags |= afterWord
	}
	if r == ' ' {
		flags |= afterSpace
	}
	if isDigit(r) {
		flags |= afterDigit
	}
	for _, p := range list[1:] {
		if p&glue == 0 || !isDigit(r) {
			a.readAt(p&^glue, r)
		}
	}
	a.close(flags)
	return a.state(flags)
}

func (a *automaton) readAt(p uint64, r rune) {
	at, returns := int32(p>>32), int32(uint32(p))
	n := a.g.nodes[at]
	switch n.op {
	case opRune:
		if n.r == r {
			a.push(n.x, returns)
		}
	case opSpace:
		if r == ' ' || isBreak(r) && n.r == 0 {
			a.push(n.x, returns)
		}
	case opSoft, opGap:
		if r == ' ' {
			a.push(n.x, returns)
		}
	case opTrie:
		a.descend(n, r, returns)
		if isBreak(r) && r != ' ' {
			a.descend(n, ' ', returns)
		}
	case opWild:
		if r != ' ' {
			a.push(n.x, returns)
		}
	case opMore:
		a.push(at, returns)
	}
}

func (a *automaton) descend(n node, r rune, returns int32) {
	child := a.g.next(n, r)
	if child >= 0 && a.g.visible(child, a.filterOf(returns)) {
		a.push(child, returns)
	}
}

// filterOf is the filter that a part was entered with.
func (a *automaton) filterOf(returns int32) int32 {
	if list := a.returns.list(returns); len(list) > 0 {
		return int32(list[0])
	}
	return 0
}

// close follows everything that reads nothing.
func (a *automaton) close(flags uint64) {
	for {
		for len(a.work) > 0 {
			p := a.work[len(a.work)-1]
			a.work = a.work[:len(a.work)-1]
			if !a.seen.add(p) {
				continue
			}
			if a.overflow {
				return
			}
			a.visit(p, flags)
		}
		switch {
		case len(a.calls) > 0:
			a.enter()
		case len(a.left) > 0 && a.glued == 0:
			a.glued = glue
			for _, p := range a.left {
				a.leave(int32(uint32(p)), a.g.nodes[nodeOf(p)].ending())
			}
		case a.begins && !a.beginning:
			a.beginning = true
			a.split(a.g.nodes[a.g.heard], 0)
		default:
			return
		}
	}
}

func (a *automaton) split(n node, returns int32) {
	for _, e := range a.g.edges[n.x : n.x+n.y] {
		a.push(e.node, returns)
	}
}

func (a *automaton) visit(p, flags uint64) {
	at, returns := int32(p>>32), int32(uint32(p))
	n := a.g.nodes[at]
	switch n.op {
	case opRune:
		a.hold(p)
	case opWild:
		a.visitWild(p, n)
	case opSpace, opSoft, opGap:
		a.visitSpace(p, n, flags)
	case opSplit:
		if a.hears && at == a.g.heard {
			a.begins = true // after everything else, since what begins here may not be a wildcard
			return
		}
		a.split(n, returns)
	case opCall:
		a.calls = append(a.calls, callSet{n.x, 0, uint64(n.y)<<32 | uint64(uint32(returns))})
	case opNames:
		if root := a.g.lists[n.x]; a.g.visible(root, n.r) {
			a.calls = append(a.calls, callSet{root, n.r, uint64(n.y)<<32 | uint64(uint32(returns))})
		}
	case opExit:
		a.leave(returns, n.x)
	case opTrie:
		if n.r > 0 {
			a.hold(p)
		}
		if n.y >= 0 && a.g.ending(at, a.filterOf(returns)) {
			a.leaveValue(p, flags)
		}
	case opMore:
		a.hold(p)
		a.endWild(n, returns, flags)
	case opFinal:
		a.visitFinal(p, n)
	}
}

// hold makes a position one of the state.
func (a *automaton) hold(p uint64) { a.keep = append(a.keep, p|a.glued) }

// visitWild begins a wildcard. One that takes a command is heard as a sentence of its own, and any other
// begins no sentence that is heard: with it anything would be.
func (a *automaton) visitWild(p uint64, n node) {
	if !a.hears || n.y == 0 {
		if !a.beginning {
			a.hold(p)
		}
		return
	}
	caller := a.g.nodes[n.x].y
	a.calls = append(a.calls, callSet{a.g.commands, 0, uint64(caller)<<32 | uint64(uint32(p))})
}

// endWild ends a wildcard: what follows begins a word. Where words must be apart it is heard at the end of one;
// the space after it is the wildcard's when the sentence is read.
func (a *automaton) endWild(n node, returns int32, flags uint64) {
	switch {
	case a.hears:
		if flags&afterSpace == 0 {
			a.push(n.x, returns)
		}
	case n.r == 0 || flags&afterWord == 0 || flags&atEnd != 0:
		a.push(a.g.sites[n.y].next[1], returns)
	}
}

// visitFinal ends a sentence, or a command inside one.
func (a *automaton) visitFinal(p uint64, n node) {
	returns := int32(uint32(p))
	if len(a.returns.list(returns)) > 0 {
		a.leave(returns, 0)
		return
	}
	a.hold(p)
	a.ended = append(a.ended, uint64(uint32(n.x)))
	if a.hears {
		a.push(n.y, returns)
	}
}

func (a *automaton) visitSpace(p uint64, n node, flags uint64) {
	skips := flags&(afterSpace|atEnd) != 0 || n.op == opGap || n.op == opSoft
	waits := flags&(afterSpace|atEnd) == 0 && !a.beginning
	if waits {
		a.hold(p)
	}
	if skips {
		a.push(n.x, int32(uint32(p)))
	}
}

// leaveValue ends a value. After a digit that is done when everything else has been.
func (a *automaton) leaveValue(p, flags uint64) {
	if flags&afterDigit != 0 && a.glued == 0 {
		a.left = append(a.left, p)
		return
	}
	a.leave(int32(uint32(p)), a.g.nodes[nodeOf(p)].ending())
}

// leave goes on after a part, at every place it was entered from.
func (a *automaton) leave(returns, word int32) {
	list := a.returns.list(returns)
	for _, caller := range list[min(1, len(list)):] {
		a.push(a.g.sites[caller>>32].next[word], int32(uint32(caller)))
	}
}

// enter merges the calls found so far: one position for each part that was entered.
func (a *automaton) enter() {
	slices.SortFunc(a.calls, func(x, y callSet) int {
		if x.entry != y.entry {
			return int(x.entry) - int(y.entry)
		}
		if x.filter != y.filter {
			return int(x.filter) - int(y.filter)
		}
		if x.caller < y.caller {
			return -1
		}
		return 1
	})
	for first := 0; first < len(a.calls); {
		c := a.calls[first]
		a.list = append(a.list[:0], uint64(c.filter))
		for first < len(a.calls) && a.calls[first].entry == c.entry && a.calls[first].filter == c.filter {
			a.list = append(a.list, a.calls[first].caller)
			first++
		}
		a.steps += len(a.list)
		if a.words()+len(a.list) > hardWords {
			a.overflow = true
			break
		}
		a.push(c.entry, a.returns.intern(a.list))
	}
	a.calls = a.calls[:0]
}

// state numbers the set of positions just found.
func (a *automaton) state(flags uint64) int32 {
	if len(a.keep) == 0 || a.overflow || a.states.len() >= hardStates || a.words() > hardWords {
		return dead
	}
	slices.Sort(a.keep)
	a.work = append(append(a.work[:0], flags), a.keep...)
	return a.states.intern(a.work)
}

// accepted are the sentences that may end in a state, in no particular order.
func (a *automaton) accepted(state int32) []uint64 {
	if !a.has(state) {
		return nil
	}
	if n, ok := a.finals.get(uint64(state)); ok {
		return a.endings.list(n)
	}
	a.begin()
	list := a.states.list(state)
	for _, p := range list[1:] {
		a.work = append(a.work, p&^glue)
	}
	a.close(list[0] | atEnd)
	slices.Sort(a.ended)
	n := a.endings.intern(slices.Compact(a.ended))
	a.finals.put(uint64(state), n)
	return a.endings.list(n)
}

// beginsWith tells whether the sentence at root may begin with a wildcard, and whether with a command.
func (a *automaton) beginsWith(root int32) (wild, command bool) {
	a.begin()
	a.push(root, 0)
	a.close(afterSpace)
	for _, p := range a.keep {
		wild = wild || a.g.nodes[nodeOf(p)].op == opWild
	}
	for p := range a.seen.keys() {
		command = command || a.g.nodes[p>>32].op == opWild && a.g.nodes[p>>32].y == 1
	}
	return wild, command
}
