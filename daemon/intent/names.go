package intent

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A nameList is one of a home's lists of names. Each name has a number, which it keeps in the homes made
// from this one for as long as it stays as it is.
type nameList struct {
	names   []Name
	numbers []int32 // by place in names
	places  []int32 // by number; -1 when the name is gone
}

// A change leads from one list to another.
type change struct {
	list    nameList // afterwards
	removed []int32  // places in the list before
	added   []int32  // places in the list afterwards
}

func (c change) any() bool { return len(c.removed)+len(c.added) > 0 }

// change finds what differs. A name that has changed is removed and added; so is one that has moved.
func (l nameList) change(names []Name) change {
	first, last := 0, 0 // names that are the same at either end
	for least := min(len(l.names), len(names)); first < least && l.names[first].equal(names[first]); first++ {
	}
	before, after := l.names[first:], names[first:]
	for least := min(len(before), len(after)); last < least; last++ {
		if !before[len(before)-1-last].equal(after[len(after)-1-last]) {
			break
		}
	}
	before, after = before[:len(before)-last], after[:len(after)-last]
	if len(before)+len(after) == 0 {
		return change{list: l}
	}

	c := change{list: nameList{names: names, numbers: make([]int32, 0, len(names))}}
	c.list.numbers = append(c.list.numbers, l.numbers[:first]...)
	number, kept := int32(len(l.places)), matching(before, after)
	for i, at := range kept {
		if at >= 0 {
			c.list.numbers = append(c.list.numbers, l.numbers[first+at])
			continue
		}
		c.list.numbers = append(c.list.numbers, number)
		c.added = append(c.added, int32(first+i))
		number++
	}
	c.list.numbers = append(c.list.numbers, l.numbers[len(l.numbers)-last:]...)
	c.list.places = slices.Repeat([]int32{-1}, int(number))
	for at, n := range c.list.numbers {
		c.list.places[n] = int32(at)
	}
	for i := range before {
		if c.list.places[l.numbers[first+i]] < 0 {
			c.removed = append(c.removed, int32(first+i))
		}
	}
	return c
}

// matching gives for each name of after where the same name is in before, in ascending order, or -1.
func matching(before, after []Name) []int {
	byID := make(map[string]int, len(before))
	for i, n := range before {
		byID[n.ID] = i
	}
	places, last := make([]int, len(after)), -1
	for i, n := range after {
		at, ok := byID[n.ID]
		if places[i] = -1; ok && at > last && before[at].equal(n) {
			places[i], last = at, at
		}
	}
	return places
}

func (n Name) equal(o Name) bool {
	return n.ID == o.ID && slices.Equal(n.Names, o.Names) && maps.Equal(n.Context, o.Context)
}

// homeName is what can be said, and the names it stands for in the order of their list.
type homeName struct {
	list    int
	bearers []bearer
}

// bearer is a name that is said like that.
type bearer struct {
	text   string // as the name writes it
	number int32  // of the name
	class  int32  // of its context
}

// An edit changes the trie of one list.
type edit struct {
	home *Home
	list int
	trie *trieBuilder
	own  int32 // what is said from here on belongs to no older home
}

// apply makes the change to a list that had the names before.
func (e *edit) apply(before []Name, c change) {
	list, places := e.home.lists[e.list], c.list.places
	for _, at := range c.removed {
		e.forms(before[at], func(name *homeName, _ string) {
			name.bearers = slices.DeleteFunc(name.bearers, func(b bearer) bool { return places[b.number] < 0 })
		})
	}
	for _, at := range c.added {
		class := e.home.class(list.names[at].Context)
		e.forms(list.names[at], func(name *homeName, text string) {
			i, known := slices.BinarySearchFunc(name.bearers, at, func(b bearer, at int32) int { return int(places[b.number] - at) })
			if !known {
				name.bearers = slices.Insert(name.bearers, i, bearer{text, list.numbers[at], class})
			}
		})
	}
	e.home.graph.lists[e.list] = e.trie.layoutNames(&e.home.graph, e.ending)
}

// forms calls f with everything that can be said for a name.
func (e *edit) forms(n Name, f func(name *homeName, text string)) {
	for _, text := range n.Names {
		for _, form := range e.home.lang.spokenForms(text) {
			f(e.said(&e.trie.nodes[e.trie.put(form)]), text)
		}
	}
}

// said is what ends at a node of the trie, made this home's own so that it may be changed.
func (e *edit) said(n *trieNode) *homeName {
	h := e.home
	if n.value < e.own {
		name := homeName{list: e.list}
		if n.value >= 0 {
			name.bearers = slices.Clone(h.said[n.value].bearers)
		}
		n.value = int32(len(h.said))
		h.said = append(h.said, name)
	}
	return &h.said[n.value]
}

// ending sets the bits of the filters that let a name pass.
func (e *edit) ending(value int32, mask []uint64) {
	for _, b := range e.home.said[value].bearers {
		for i, bits := range e.home.classes[b.class] {
			mask[i] |= bits
		}
	}
}

// contextKey is the same for equal contexts.
func contextKey(context map[string]string) string {
	if len(context) == 1 {
		for key, v := range context {
			return key + "\x00" + v
		}
	}
	return fmt.Sprintf("%q", context) // in the order of the keys
}

// spokenForms are a name as it is written, with spaces for its dashes and, when it has numbers, with the
// numbers in words.
func (l *Language) spokenForms(name string) [][]rune {
	written := l.normalize(name)
	for i, r := range written {
		written[i] = fold(r)
	}
	open := spaceBreaks(written)
	if len(open) == 0 {
		return nil // nothing that could be said
	}
	forms := [][]rune{written}
	if !slices.Equal(open, written) {
		forms = append(forms, open)
	}
	bare := stripMarks(open) // a mark before a dash has come to end a word
	if len(bare) != len(open) {
		forms = append(forms, bare)
	}
	if words, ok := l.numbersInWords(bare); ok {
		forms = append(forms, words)
		if apart := spaceBreaks(words); !slices.Equal(apart, words) {
			forms = append(forms, apart)
		}
	}
	return forms
}

func (l *Language) numbersInWords(written []rune) ([]rune, bool) {
	if !slices.ContainsFunc(written, isDigit) {
		return nil, false
	}
	words, spelled := strings.Fields(string(written)), false
	for i, w := range words {
		n, err := strconv.ParseUint(w, 10, 16)
		if err != nil {
			continue
		}
		if in := l.source.numbers.Spellings(float64(n)); len(in) > 0 {
			words[i], spelled = in[0], true
		}
	}
	return foldTemplate(strings.Join(words, " ")), spelled
}
