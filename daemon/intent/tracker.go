package intent

import "strings"

// A tracker finds out how a sentence was matched, once the automaton knows by which templates: it walks
// those templates alone, keeping for each place in the graph the best way that leads there.
//
// The scores of two ways to the same place differ by the same amount at every later place, so dropping the
// worse one loses nothing, and the work is bounded by the length of the sentence times the size of the
// templates.
type tracker struct {
	home *Home

	text   []rune
	now    []thread
	then   []thread
	at     *table // index in then by node and frame
	frames []frame
	known  *table // index in frames by site and parent
	events []event
	best   *table // index in found by sentence
	found  []found
	steps  int // taken for this sentence
}

// thread is one place in the graph and the best way that leads to it.
type thread struct {
	node, frame int32
	score       score
	event       int32 // last of the way's events, -1 when there is none
}

// frame is where a part was entered from, and the frame there. The filter goes with the site.
type frame struct {
	site, parent, filter int32
}

// event is the start or the end of a list's value.
type event struct {
	before int32 // event, -1 for none
	slot   int32
	value  int32 // isStart, isWild, or the list's value: of the language, or of the home if home is set
	home   bool
	filter int32 // that the list was seen through
	at     int32 // in runes
}

const (
	isStart int32 = -1
	isWild  int32 = -2
)

// score ranks ways to read a sentence, as hassil's recognize_best does.
type score struct {
	name      int32 // runes of the slot "name": more is better
	wildcards int32 // fewer are better
	literals  int32 // runes of literal text: more are better
	wild      int32 // runes in wildcards: fewer are better
}

// compare is negative when s is better than t.
func (s score) compare(t score) int {
	switch {
	case s.name != t.name:
		return int(t.name - s.name)
	case s.wildcards != t.wildcards:
		return int(s.wildcards - t.wildcards)
	case s.literals != t.literals:
		return int(t.literals - s.literals)
	}
	return int(s.wild - t.wild)
}

// found is the best way through a sentence's template.
type found struct {
	sentence int32
	score    score
	event    int32
}

func newTracker(h *Home) *tracker {
	return &tracker{home: h, at: newTable(), known: newTable(), best: newTable()}
}

// maxSteps bounds the work of one sentence. Published templates need a few thousand steps; rules that name
// each other in many ways could take for ever, and then nothing is found.
const maxSteps = 1 << 20

// track walks the templates of the given sentences along the text. The result is valid until the next call.
func (t *tracker) track(text []rune, sentences []uint64) []found {
	t.text = text
	t.now, t.then, t.frames, t.events, t.found = t.now[:0], t.then[:0], t.frames[:0], t.events[:0], t.found[:0]
	t.known.clear()
	t.best.clear()
	t.frames = append(t.frames, frame{site: -1, parent: -1})
	t.at.clear()
	t.steps = 0
	for _, s := range sentences {
		t.add(thread{node: t.home.graph.roots[s], event: -1}, 0)
	}
	for i, r := range text {
		t.now, t.then = t.then, t.now[:0]
		t.at.clear()
		for _, th := range t.now {
			t.read(th, r, i)
		}
		if len(t.then) == 0 {
			break
		}
	}
	if t.steps > maxSteps {
		return nil
	}
	return t.found
}

// read takes a thread over one rune, the one at i.
func (t *tracker) read(th thread, r rune, i int) {
	g := &t.home.graph
	n := g.nodes[th.node]
	folded := fold(r)
	gap := isBreak(r)
	switch n.op {
	case opRune:
		if n.r == folded {
			if n.literal {
				th.score.literals++
			}
			th.node = n.x
			t.add(th, i+1)
		}
	case opSpace:
		if gap {
			t.goTo(th, n.x, i+1)
		}
	case opSoft, opGap:
		if r == ' ' {
			t.goTo(th, n.x, i+1)
		}
	case opTrie:
		t.descend(th, n, folded, i)
		if gap && r != ' ' {
			t.descend(th, n, ' ', i)
		}
	case opWild:
		if r != ' ' {
			th.event = t.event(event{before: th.event, slot: g.sites[g.nodes[n.x].y].slot, value: isStart, at: int32(i)})
			th.score.wildcards++
			th.score.wild++
			th.node = n.x
			t.add(th, i+1)
		}
	case opMore:
		th.score.wild++
		t.add(th, i+1)
	}
}

func (t *tracker) descend(th thread, n node, r rune, i int) {
	child := t.home.graph.next(n, r)
	if child >= 0 && t.home.graph.visible(child, t.frames[th.frame].filter) {
		th.node = child
		t.add(th, i+1)
	}
}

// add puts a thread, and all it leads to without reading, into the next set, unless a better one is there.
func (t *tracker) add(th thread, at int) {
	if t.steps++; t.steps > maxSteps {
		return
	}
	key := uint64(th.node)<<32 | uint64(uint32(th.frame))
	if i, ok := t.at.get(key); ok {
		if th.score.compare(t.then[i].score) >= 0 {
			return
		}
		t.then[i] = th
	} else {
		t.at.put(key, int32(len(t.then)))
		t.then = append(t.then, th)
	}
	t.follow(th, at)
}

func (t *tracker) follow(th thread, at int) {
	g := &t.home.graph
	n := g.nodes[th.node]
	afterSpace := at == 0 || t.text[at-1] == ' '
	switch n.op {
	case opSpace:
		if afterSpace || at == len(t.text) {
			t.goTo(th, n.x, at)
		}
	case opSoft, opGap:
		t.goTo(th, n.x, at)
	case opSplit:
		for _, e := range g.edges[n.x : n.x+n.y] {
			t.goTo(th, e.node, at)
		}
	case opCall:
		t.enter(th, n.x, n.y, 0, at)
	case opNames:
		if root := g.lists[n.x]; g.visible(root, n.r) {
			t.enter(th, root, n.y, n.r, at)
		}
	case opExit:
		t.leave(th, n.x, n.y, at)
	case opTrie:
		if n.y >= 0 && !t.insideNumber(at) && g.ending(th.node, t.frames[th.frame].filter) {
			t.leave(th, n.ending(), n.y, at)
		}
	case opMore:
		if t.wildEnds(n, at) {
			if afterSpace {
				th.score.wild--
			}
			th.event = t.event(event{before: th.event, slot: g.sites[n.y].slot, value: isWild, at: int32(at)})
			t.goTo(th, g.sites[n.y].next[1], at)
		}
	case opFinal:
		t.end(th, n.x, at)
	}
}

func (t *tracker) goTo(th thread, node int32, at int) {
	th.node = node
	t.add(th, at)
}

// wildEnds tells whether a wildcard may end at a position: at the end of the text, where a word begins or, if
// what follows may be part of a word, anywhere.
func (t *tracker) wildEnds(n node, at int) bool {
	switch {
	case at == len(t.text):
		return true
	case n.r == 0:
		return !t.insideNumber(at)
	}
	return !isWord(t.text[at-1]) && isWord(t.text[at])
}

// insideNumber tells whether a position lies between two digits, where no value ends.
func (t *tracker) insideNumber(at int) bool {
	return at > 0 && at < len(t.text) && isDigit(fold(t.text[at-1])) && isDigit(fold(t.text[at]))
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func (t *tracker) enter(th thread, entry, from, filter int32, at int) {
	key := uint64(from)<<32 | uint64(uint32(th.frame))
	n, ok := t.known.get(key)
	if !ok {
		n = int32(len(t.frames))
		t.frames = append(t.frames, frame{site: from, parent: th.frame, filter: filter})
		t.known.put(key, n)
	}
	if slot := t.home.graph.sites[from].slot; slot >= 0 {
		th.event = t.event(event{before: th.event, slot: slot, value: isStart, at: int32(at)})
	}
	th.node, th.frame = entry, n
	t.add(th, at)
}

// leave ends a rule (value -1) or the value of a list.
func (t *tracker) leave(th thread, word, value int32, at int) {
	f := t.frames[th.frame]
	if f.site < 0 {
		return
	}
	s := t.home.graph.sites[f.site]
	if value >= 0 {
		home := th.node >= t.home.graph.firstName
		length := int32(at) - t.startOf(th.event)
		if !t.credit(&th.score, s.slot, value, home, length, at) {
			return
		}
		th.event = t.event(event{th.event, s.slot, value, home, f.filter, int32(at)})
	}
	th.node, th.frame = s.next[word], f.parent
	t.add(th, at)
}

// credit adds what a list's value is worth; false when the value is none of the list's.
func (t *tracker) credit(s *score, slot, value int32, home bool, length int32, at int) bool {
	lang := t.home.lang
	if lang.slots[slot].isName {
		s.name += length
	}
	if home {
		return true
	}
	v := &lang.values[value]
	if v.words != "" {
		s.literals += length
	}
	if t.signed(at - int(length)) {
		return false
	}
	if v.check == nil {
		return true
	}
	n, ok := parseNumber(strings.TrimSpace(string(t.text[at-int(length) : at])))
	return ok && v.check.holds(n)
}

// signed tells whether digits that begin at a position belong to a number with a sign before them: a wildcard took
// the dash of "-5".
func (t *tracker) signed(at int) bool {
	return at > 0 && at < len(t.text) && isDigit(fold(t.text[at])) && fold(t.text[at-1]) == '-' && (at == 1 || t.text[at-2] == ' ')
}

// startOf is where the value began that is still open after an event.
func (t *tracker) startOf(e int32) int32 {
	open := 1
	for ; e >= 0; e = t.events[e].before {
		if t.events[e].value != isStart {
			open++
			continue
		}
		if open--; open == 0 {
			return t.events[e].at
		}
	}
	return 0
}

func (t *tracker) event(e event) int32 {
	t.events = append(t.events, e)
	return int32(len(t.events) - 1)
}

// end notes the way of a thread that has reached the end of its template with the end of the text.
func (t *tracker) end(th thread, sentence int32, at int) {
	if at != len(t.text) || sentence < 0 {
		return
	}
	way := found{sentence, th.score, th.event}
	i, ok := t.best.get(uint64(sentence))
	switch {
	case !ok:
		t.best.put(uint64(sentence), int32(len(t.found)))
		t.found = append(t.found, way)
	case th.score.compare(t.found[i].score) < 0:
		t.found[i] = way
	}
}
