package wake

import (
	"cmp"
	"math"
	"slices"
)

// A path is one way to read the sound so far, from where its phrase may have begun.
type path struct {
	score  float64
	at     int      // in the graph
	last   [2]int64 // tokens
	said   []spoken // of the phrase
	silent int      // rows since the last token
}

// spoken is one token of a path.
type spoken struct {
	row         int     // of the stream
	probability float64 // that the model gave it there
}

const (
	// paths is how many readings are followed side by side.
	paths = 8
	// trailing is how many rows without a token a phrase takes to be over: it may be the beginning of a longer word.
	trailing = 1
)

// beginning are the tokens before anything is said, as the model was trained.
var beginning = [2]int64{-1, blank}

// A search follows the likeliest readings of a stream, row by row (icefall's keyword spotting: a beam search over
// tokens in which whatever belongs to no phrase is forgotten).
type search struct {
	graph    *graph
	joint    func(row []float32, last [2]int64, into []float32) error
	row      int // number of the next row
	paths    []path
	next     []path // scratch
	grown    []growth
	likeness [paths][tokens]float32
}

// growth is a path with one more token.
type growth struct {
	path, token int
	score       float64
}

func newSearch(g *graph, joint func(row []float32, last [2]int64, into []float32) error) *search {
	s := &search{graph: g, joint: joint}
	s.restart()
	return s
}

// restart forgets what was said so far.
func (s *search) restart() { s.paths = append(s.paths[:0], path{last: beginning}) }

// reset begins a new stream.
func (s *search) reset() {
	s.row = 0
	s.restart()
}

// A hit is a phrase that was said.
type hit struct {
	phrase      int
	first, last int     // rows of its first and last token
	probability float64 // mean of its tokens
}

// push takes the next row and tells of a phrase that has ended.
func (s *search) push(row []float32) (hit, bool, error) {
	for i, p := range s.paths {
		if err := s.joint(row, p.last, s.likeness[i][:]); err != nil {
			return hit{}, false, err
		}
	}
	s.extend()
	s.row++
	best := slices.MaxFunc(s.paths, func(a, b path) int { return cmp.Compare(a.score, b.score) })
	number, length, ok := s.graph.said(best.at)
	if !ok || best.silent <= trailing || length > len(best.said) {
		return hit{}, false, nil
	}
	said := best.said[len(best.said)-length:]
	h := hit{phrase: number, first: said[0].row, last: said[length-1].row}
	for _, token := range said {
		h.probability += token.probability / float64(length)
	}
	return h, true, nil
}

// extend keeps the likeliest continuations of all paths. Two that say the same are one.
func (s *search) extend() {
	s.grown = s.grown[:0]
	for i, p := range s.paths {
		for token, like := range s.likeness[i] {
			s.grow(growth{i, token, p.score + float64(like)})
		}
	}
	s.next = s.next[:0]
	for _, g := range s.grown {
		s.join(s.continued(g))
	}
	s.paths, s.next = s.next, s.paths
	// Scores are compared among each other only, and would grow for ever.
	top := s.paths[0].score
	for i := range s.paths {
		top = max(top, s.paths[i].score)
	}
	for i := range s.paths {
		s.paths[i].score -= top
	}
}

// grow keeps a growth if it is among the best so far.
func (s *search) grow(g growth) {
	if len(s.grown) == paths {
		worst := &s.grown[paths-1]
		if g.score <= worst.score {
			return
		}
		*worst = g
	} else {
		s.grown = append(s.grown, g)
	}
	for i := len(s.grown) - 1; i > 0 && s.grown[i].score > s.grown[i-1].score; i-- {
		s.grown[i], s.grown[i-1] = s.grown[i-1], s.grown[i]
	}
}

func (s *search) continued(g growth) path {
	from := &s.paths[g.path]
	p := path{score: g.score, at: from.at, last: from.last, said: from.said, silent: from.silent + 1}
	if g.token == blank || g.token == unknown {
		return p
	}
	next, bonus := s.graph.step(from.at, g.token)
	p.at, p.score, p.silent = next, g.score+bonus, 0
	if next == start {
		p.last, p.said = beginning, nil
		return p
	}
	token := spoken{s.row, math.Exp(float64(s.likeness[g.path][g.token]))}
	p.last, p.said = [2]int64{from.last[1], int64(g.token)}, append(slices.Clip(from.said), token)
	// Only the tokens of the phrases that may still come to an end are of use.
	p.said = p.said[max(0, len(p.said)-s.graph.states[next].depth):]
	return p
}

// join adds a path, or its likelihood to one that says the same.
func (s *search) join(p path) {
	for i := range s.next {
		if other := &s.next[i]; other.at == p.at && other.last == p.last && len(other.said) == len(p.said) {
			sum := logAdd(other.score, p.score)
			if p.score > other.score {
				*other = p
			}
			other.score = sum
			return
		}
	}
	s.next = append(s.next, p)
}

// logAdd is the logarithm of the sum of two numbers given by theirs.
func logAdd(a, b float64) float64 {
	return max(a, b) + math.Log1p(math.Exp(-math.Abs(a-b)))
}

// logSoftmax turns logits into logarithms of likelihoods.
func logSoftmax(into, logits []float32) {
	top := slices.Max(logits)
	var sum float64
	for _, l := range logits {
		sum += math.Exp(float64(l - top))
	}
	total := top + float32(math.Log(sum))
	for i, l := range logits {
		into[i] = l - total
	}
}
