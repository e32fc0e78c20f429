package llm

import (
	"math"
	"slices"
	"strings"
	"sync"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// What speaks for an entity. The values were chosen by the recall on the sentences of rank_recall_test.go.
const (
	byName    = 3.0  // a word of its name, less the longer the name is
	byArea    = 1.2  // a word of its area's name
	byFloor   = 0.8  // of its floor's
	byID      = 0.8  // of its ID, where the name does not have it
	byKind    = 1.0  // a word for such devices
	byRoom    = 0.5  // the speaker is in its area, and as much again when a word is for such devices
	byLast    = 1.5  // it was spoken of last
	byContext = 0.4  // its area was
	byUse     = 0.4  // it is used often
	byMeaning = 2.0  // its name means something similar, as far as vectors tell
	before    = 0.25 // a word of the turn before, of what the same word in this one weighs
	common    = 0.3  // a word that stands in sentences about everything, likewise
)

const (
	// mostOffered is how many entities a question offers the model, and leastShare how far they may be behind the best,
	// by the same recall.
	mostOffered = 8
	leastShare  = 0.2
)

// A ranking knows the names of one home's exposed entities and finds those that a sentence is about. It does not
// change and may be used by many at once.
type ranking struct {
	registry string
	size     int // of the home, in entities
	words    []rankedWord
	exact    map[string]int32 // index in words
	groups   []group
	groupOf  []int32 // index in groups by entity, -1 for what is not exposed
	areas    map[string][]int32
	scratch  sync.Pool
}

// A group is all entities of one kind.
type group struct {
	domain, class string
	entities      []int32
}

// A rankedWord is a word that entities are called by. Entities are meant by their index in the snapshot, which is the
// same in all snapshots of a registry.
type rankedWord struct {
	shape    shape
	rarity   float32 // 1 for a word of one entity alone
	bearers  []int32
	strength []float32 // of the word for each of bearers
}

// newRanking reads the names of a home.
func newRanking(snapshot *home.Snapshot) *ranking {
	r := &ranking{
		registry: snapshot.Registry(), size: len(snapshot.Entities), exact: map[string]int32{}, areas: map[string][]int32{},
	}
	r.scratch.New = func() any {
		return &scores{
			total: make([]float32, r.size), word: make([]float32, r.size), group: make([]float32, len(r.groups)),
			kinds: map[intent.Hint]float32{},
		}
	}
	areas := map[string]map[string]float32{}
	for _, a := range snapshot.Areas {
		floor, _ := snapshot.Floor(a.Floor)
		areas[a.ID] = map[string]float32{}
		addWords(areas[a.ID], byArea, append([]string{a.Name}, a.Aliases...)...)
		addWords(areas[a.ID], byFloor, append([]string{floor.Name}, floor.Aliases...)...)
	}
	groups := map[[2]string]int32{}
	for i, e := range snapshot.Entities {
		r.groupOf = append(r.groupOf, -1)
		if !e.Exposed {
			continue
		}
		kind := [2]string{e.Domain(), e.DeviceClass}
		g, known := groups[kind]
		if !known {
			g = int32(len(r.groups))
			groups[kind], r.groups = g, append(r.groups, group{domain: kind[0], class: kind[1]})
		}
		r.groupOf[i], r.groups[g].entities = g, append(r.groups[g].entities, int32(i))
		r.add(int32(i), e, areas[e.Area])
	}
	for i := range r.words {
		w := &r.words[i]
		w.rarity = float32(math.Log(1+float64(r.size)/float64(len(w.bearers))) / math.Log(1+float64(r.size)))
	}
	return r
}

func (r *ranking) add(i int32, e home.Entity, area map[string]float32) {
	if e.Area != "" {
		r.areas[e.Area] = append(r.areas[e.Area], i)
	}
	own := map[string]float32{}
	for _, name := range append([]string{e.Name}, e.Aliases...) {
		n := len(intent.Words(name))
		addWords(own, byName/float32(math.Sqrt(float64(max(n, 1)))), name)
	}
	addWords(own, byID, string(e.ID))
	for text, strength := range area {
		own[text] = max(own[text], strength)
	}
	for text, strength := range own {
		w := r.word(text)
		w.bearers, w.strength = append(w.bearers, i), append(w.strength, strength)
	}
}

func (r *ranking) word(text string) *rankedWord {
	i, known := r.exact[text]
	if !known {
		i = int32(len(r.words))
		r.exact[text] = i
		r.words = append(r.words, rankedWord{shape: shapeOf(text)})
	}
	return &r.words[i]
}

func addWords(to map[string]float32, strength float32, names ...string) {
	for _, name := range names {
		for _, word := range intent.Words(name) {
			to[word] = max(to[word], strength)
		}
	}
}

// A rankQuery is what is known about which entities are meant.
type rankQuery struct {
	text       string
	before     string // what was said the turn before
	room       string // area ID of the speaker, "" when not known
	area       string // area ID that was last spoken of, "" likewise
	last       int32  // entity that was last spoken of, -1 for none
	vocabulary *intent.Vocabulary
	// used tells how often an entity is used, from 0 to 1, and similar how near its name's meaning is to the sentence's;
	// both may be nil.
	used, similar func(entity int32) float32
}

// A match is an entity that a sentence may be about.
type match struct {
	entity int32
	score  float32
}

// scores are what one ranking works with.
type scores struct {
	total, word []float32 // by entity
	group       []float32 // by group
	touched     []int32
	kinds       map[intent.Hint]float32
}

// top are the entities for which something speaks, the best first, at most limit of them.
func (r *ranking) top(q rankQuery, limit int) []match {
	s := r.scratch.Get().(*scores)
	defer r.scratch.Put(s)
	clear(s.total)
	clear(s.kinds)
	r.heard(s, q, q.text, 1)
	r.heard(s, q, q.before, before)
	r.kinds(s)
	for _, i := range r.areas[q.room] {
		s.total[i] += byRoom * (1 + s.group[r.groupOf[i]])
	}
	for _, i := range r.areas[q.area] {
		s.total[i] += byContext
	}
	if q.last >= 0 {
		s.total[q.last] += byLast
	}
	for i, group := range r.groupOf {
		if group < 0 {
			continue
		}
		if q.similar != nil {
			s.total[i] += byMeaning * q.similar(int32(i))
		}
		if q.used != nil && s.total[i] > 0 { // decides among those for which something else speaks
			s.total[i] += byUse * q.used(int32(i))
		}
	}
	return s.best(limit)
}

// heard adds what the words of a text speak for.
func (r *ranking) heard(s *scores, q rankQuery, text string, weight float32) {
	for _, word := range intent.Words(text) {
		weight := weight
		if q.vocabulary != nil {
			if q.vocabulary.Common(word) {
				weight *= common
			}
			s.hint(q.vocabulary, word, weight)
		}
		r.named(s, word, weight)
	}
}

// named adds what one word speaks for: of the words that are like it, the one that speaks most for an entity counts.
func (r *ranking) named(s *scores, word string, weight float32) {
	s.touched = s.touched[:0]
	said := shapeOf(word)
	for i := range r.words {
		w := &r.words[i]
		likeness := said.likeness(w.shape)
		if likeness == 0 {
			continue
		}
		for j, entity := range w.bearers {
			if s.word[entity] == 0 {
				s.touched = append(s.touched, entity)
			}
			s.word[entity] = max(s.word[entity], likeness*w.rarity*w.strength[j])
		}
	}
	for _, entity := range s.touched {
		s.total[entity] += weight * s.word[entity]
		s.word[entity] = 0
	}
}

// hint notes which kinds of devices a word is for. The last part of a compound tells what it is ("Stehlampe").
func (s *scores) hint(v *intent.Vocabulary, word string, weight float32) {
	hints := v.Hints(word)
	for i := 3; hints == nil && i <= len(word)-4; i++ {
		hints = v.Hints(word[i:])
	}
	for _, h := range hints {
		key := intent.Hint{Domain: h.Domain, Class: h.Class}
		s.kinds[key] = max(s.kinds[key], weight*float32(h.Weight))
	}
}

// kinds adds what is for the kinds of devices that the words are for. A word for a class of covers is one for sensors of
// that class, too.
func (r *ranking) kinds(s *scores) {
	for i, g := range r.groups {
		best := float32(0)
		for kind, weight := range s.kinds {
			switch {
			case kind.Class != "" && kind.Class == g.class, kind.Class == "" && kind.Domain == g.domain:
				best = max(best, weight)
			case kind.Domain == g.domain && g.class == "":
				best = max(best, weight/2)
			}
		}
		s.group[i] = best
		for _, entity := range g.entities {
			s.total[entity] += best * byKind
		}
	}
}

// best takes out the entities with the highest scores, those of equal scores in their order.
func (s *scores) best(limit int) []match {
	found := make([]match, 0, limit+1)
	for i, score := range s.total {
		if score <= 0 || len(found) == limit && score <= found[limit-1].score {
			continue
		}
		at, _ := slices.BinarySearchFunc(found, score, func(m match, score float32) int {
			if m.score >= score {
				return -1
			}
			return 1
		})
		found = slices.Insert(found, at, match{int32(i), score})
		found = found[:min(len(found), limit)]
	}
	return found
}

// A shape is a word with what quickly tells that it is unlike another.
type shape struct {
	text    string
	letters uint32 // a bit for each letter that it has
}

func shapeOf(word string) shape {
	s := shape{text: word}
	for i := range len(word) {
		s.letters |= 1 << (word[i] & 31)
	}
	return s
}

// leastPart is how many bytes a part of a compound has at least.
const leastPart = 3

// likeness is how far one word stands for another, 0 for not at all: the same, a part of a compound or an inflected form
// ("Küche" in "Küchenlicht"), or off by a slip or two.
func (s shape) likeness(o shape) float32 {
	short, long := s, o
	if len(short.text) > len(long.text) {
		short, long = long, short
	}
	n, m := len(short.text), len(long.text)
	switch {
	case s.text == o.text:
		return 1
	case n < leastPart || short.letters&^long.letters != 0 && m-n > 2:
		return 0
	case m > leastPart && (strings.HasPrefix(long.text, short.text) || strings.HasSuffix(long.text, short.text)):
		return 0.8 * float32(math.Sqrt(float64(n)/float64(m)))
	}
	slips := 0
	switch {
	case n >= 8:
		slips = 2
	case n >= 4:
		slips = 1
	}
	if m-n > slips || differing(s.letters, o.letters) > 2*slips {
		return 0
	}
	if d := distance(short.text, long.text, slips); d <= slips {
		return 0.8 - 0.15*float32(d)
	}
	return 0
}

func differing(a, b uint32) int {
	n := 0
	for x := a ^ b; x != 0; x &= x - 1 {
		n++
	}
	return n
}

// distance is how many letters are to be added, removed, replaced or swapped with their neighbour to make one word of
// the other; anything above most when it is more than that. Words longer than the row have none.
func distance(a, b string, most int) int {
	const longest = 32
	if len(a) >= longest || len(b) >= longest {
		return most + 1
	}
	var rows [3][longest + 1]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, above, twice := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			replaced := above[j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			row[j] = min(replaced, above[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], twice[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
	}
	return rows[len(a)%3][len(b)]
}

// above leaves out the matches that are far behind the best one.
func above(found []match, share float32) []match {
	i := slices.IndexFunc(found, func(m match) bool { return m.score < share*found[0].score })
	if i < 0 {
		return found
	}
	return found[:i]
}
