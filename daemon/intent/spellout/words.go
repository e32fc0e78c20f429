package spellout

import (
	"iter"
	"slices"
	"strings"
)

// Words are all spellings of some numbers, laid out so that they are found in a text without allocating.
// They do not change and are safe for concurrent use.
type Words struct {
	nodes  []node // children of a node lie together, sorted by label
	values []float64
}

type node struct {
	label    byte
	children uint16
	first    uint32 // index of the first child
	value    int32  // index of the number whose spelling ends here, -1 for none
}

// Words collects the spellings of from, from+step, ... up to to, each cut into parts: 1 for whole numbers
// only, 2 for halves, 10 for tenths. Where two numbers are spelled alike the first one counts. A hundred numbers
// take a few kilobytes; ten thousand take about one megabyte, in Russian seven, in Finnish twenty.
func (s *Speller) Words(from, to, step, parts int) *Words {
	w := &Words{}
	var spellings []spelling
	for n := from; n <= to; n += max(step, 1) {
		for part := range max(parts, 1) {
			value := float64(n) + float64(part)/float64(max(parts, 1))
			if value > float64(to) {
				break
			}
			for _, text := range s.Spellings(value) {
				spellings = append(spellings, spelling{text, int32(len(w.values))})
			}
			w.values = append(w.values, value)
		}
	}
	slices.SortStableFunc(spellings, func(a, b spelling) int { return strings.Compare(a.text, b.text) })
	w.build(slices.CompactFunc(spellings, func(a, b spelling) bool { return a.text == b.text }))
	return w
}

type spelling struct {
	text  string
	value int32
}

// build lays the nodes out level by level. Spellings are sorted and different.
func (w *Words) build(spellings []spelling) {
	type branch struct {
		node  int
		depth int
		below []spelling
	}
	w.nodes = []node{{value: -1}}
	for queue := []branch{{0, 0, spellings}}; len(queue) > 0; queue = queue[1:] {
		b := queue[0]
		if len(b.below) > 0 && len(b.below[0].text) == b.depth {
			w.nodes[b.node].value = b.below[0].value
			b.below = b.below[1:]
		}
		w.nodes[b.node].first = uint32(len(w.nodes))
		for len(b.below) > 0 {
			label := b.below[0].text[b.depth]
			end := 1
			for end < len(b.below) && b.below[end].text[b.depth] == label {
				end++
			}
			queue = append(queue, branch{len(w.nodes), b.depth + 1, b.below[:end]})
			w.nodes = append(w.nodes, node{label: label, value: -1})
			w.nodes[b.node].children++
			b.below = b.below[end:]
		}
	}
}

// Match finds the longest number at the start of a text, which is in lower case. The length is in bytes. It
// does not look at what follows: "sixth" starts with a six.
func (w *Words) Match(text string) (value float64, length int, ok bool) {
	for value, length = range w.Prefixes(text) {
		ok = true
	}
	return value, length, ok
}

// Prefixes are all numbers at the start of a text with their lengths in bytes, shortest first:
// "twenty one" starts with 20 and with 21.
func (w *Words) Prefixes(text string) iter.Seq2[float64, int] {
	return func(yield func(float64, int) bool) {
		at := &w.nodes[0]
		for i := range len(text) {
			if at = w.child(at, text[i]); at == nil {
				return
			}
			if at.value >= 0 && !yield(w.values[at.value], i+1) {
				return
			}
		}
	}
}

func (w *Words) child(n *node, label byte) *node {
	for i := n.first; i < n.first+uint32(n.children); i++ {
		if w.nodes[i].label == label {
			return &w.nodes[i]
		}
	}
	return nil
}
