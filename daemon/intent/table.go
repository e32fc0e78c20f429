package intent

import (
	"iter"
	"math/bits"
)

// A table maps words to numbers: a hash table with open addressing. What the automaton does for each rune
// it does through tables, so they neither allocate once they have grown nor take time to be emptied: every
// entry bears the stamp of the time it belongs to.
type table struct {
	entries []entry // a power of two, at least a quarter of them free
	used    int
	stamp   uint32
}

type entry struct {
	key   uint64
	value int32
	stamp uint32 // of the table when it was entered
}

const smallestTable = 64

func newTable() *table { return &table{entries: make([]entry, smallestTable), stamp: 1} }

func (t *table) len() int { return t.used }

// get finds a key's value.
func (t *table) get(key uint64) (int32, bool) {
	e := t.find(key)
	return e.value, e.stamp == t.stamp
}

// put gives a key a value.
func (t *table) put(key uint64, value int32) {
	e := t.find(key)
	if e.stamp != t.stamp {
		if t.used++; t.used > len(t.entries)/4*3 {
			t.grow()
			e = t.find(key)
		}
	}
	*e = entry{key, value, t.stamp}
}

// add enters a key that is only counted as there; false when it was there before.
func (t *table) add(key uint64) bool {
	if e := t.find(key); e.stamp == t.stamp {
		return false
	}
	t.put(key, 0)
	return true
}

// keys are in no particular order.
func (t *table) keys() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for _, e := range t.entries {
			if e.stamp == t.stamp && !yield(e.key) {
				return
			}
		}
	}
}

// find gives the key's entry, or the one it would take.
func (t *table) find(key uint64) *entry {
	mask := len(t.entries) - 1
	i := int(key * 0x9e3779b97f4a7c15 >> bits.LeadingZeros64(uint64(mask))) // Fibonacci hashing
	for {
		e := &t.entries[i]
		if e.stamp != t.stamp || e.key == key {
			return e
		}
		i = (i + 1) & mask
	}
}

func (t *table) grow() {
	old := t.entries
	t.entries = make([]entry, 2*len(old))
	for _, e := range old {
		if e.stamp == t.stamp {
			*t.find(e.key) = e
		}
	}
}

// clear empties the table and keeps its memory.
func (t *table) clear() {
	t.used = 0
	if t.stamp++; t.stamp == 0 {
		clear(t.entries)
		t.stamp = 1
	}
}
