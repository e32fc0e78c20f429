package intent

import "slices"

// An interner numbers lists of words, equal lists alike.
type interner struct {
	data  []uint64
	ends  []int   // list i is data[ends[i-1]:ends[i]]
	first *table  // by hash
	same  []int32 // next list with the same hash, -1
}

func newInterner() *interner { return &interner{first: newTable()} }

func (t *interner) len() int { return len(t.ends) }

func (t *interner) list(i int32) []uint64 {
	start := 0
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.data[start:t.ends[i]]
}

// intern returns the list's number.
func (t *interner) intern(list []uint64) int32 {
	hash := hashWords(list)
	head, ok := t.first.get(hash)
	if !ok {
		head = -1
	}
	for i := head; i >= 0; i = t.same[i] {
		if slices.Equal(t.list(i), list) {
			return i
		}
	}
	n := int32(len(t.ends))
	t.data = append(t.data, list...)
	t.ends = append(t.ends, len(t.data))
	t.same = append(t.same, head)
	t.first.put(hash, n)
	return n
}

func (t *interner) reset() {
	t.data, t.ends, t.same = t.data[:0], t.ends[:0], t.same[:0]
	t.first.clear()
}

// hashWords mixes words as FNV-1a does bytes, with a final shift for the high bits.
func hashWords(words []uint64) uint64 {
	h := uint64(14695981039346656037)
	for _, w := range words {
		h = (h ^ w) * 1099511628211
		h ^= h >> 29
	}
	return h
}
