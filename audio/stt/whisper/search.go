package whisper

import (
	"cmp"
	"slices"
	"strings"
)

// Width of the search.
const (
	beams = 8
	// beamRange drops hypotheses that have become so much less likely than the best (nats).
	beamRange = 12
	// freeTokens is how many of the likeliest tokens are tried where the grammar allows any word.
	freeTokens = 40
	// freePenalty makes words that the grammar knows win over the same words in a free place (nats a token).
	freePenalty = 0.5
)

// A predictor continues hypotheses: decoding does, and tests have their own.
type predictor interface {
	step(next [][]int, from []int) ([][]float32, error)
}

// A hypothesis is one way in which the sentence may begin.
type hypothesis struct {
	row   int // of the predictor's last step
	token int // the last one
	count int // tokens so far
	state int32
	text  string
	sum   float64 // log probability
}

// A search decodes one clip freely and along the grammar at once, so that every step serves both.
type search struct {
	model   *model
	speller *speller // nil: free decoding only
	limit   int      // tokens at most

	free    []int   // tokens of the free decoding
	freeSum float64 // their log probability
	freeRow int     // -1 when it has ended
	beams   []hypothesis
	best    *hypothesis // likeliest whole sentence
	rows    [][]float32
}

// run continues the one row that the predictor holds.
func (s *search) run(p predictor, first []float32) error {
	s.rows = [][]float32{first}
	s.extendFree()
	if s.speller != nil {
		s.extend([]hypothesis{{state: s.speller.grammar.Start()}})
	}
	for n := 1; n < s.limit && (s.freeRow >= 0 || len(s.beams) > 0); n++ {
		var next [][]int
		var from []int
		if s.freeRow >= 0 {
			next, from = append(next, []int{s.free[len(s.free)-1]}), append(from, s.freeRow)
			s.freeRow = 0
		}
		for i, h := range s.beams {
			next, from = append(next, []int{h.token}), append(from, h.row)
			s.beams[i].row = len(from) - 1
		}
		var err error
		if s.rows, err = p.step(next, from); err != nil {
			return err
		}
		if s.freeRow >= 0 {
			s.extendFree()
		}
		s.extend(s.beams)
	}
	return nil
}

func (s *search) extendFree() {
	row := s.rows[s.freeRow]
	token := s.model.likeliest(row, len(s.free) == 0)
	s.free = append(s.free, token)
	s.freeSum += float64(row[token])
	if token == s.model.End || looping(s.free) {
		s.freeRow = -1
	}
}

// extend grows every hypothesis by one token and keeps the likeliest.
func (s *search) extend(from []hypothesis) {
	grown := map[string]hypothesis{}
	for _, h := range from {
		row := s.rows[h.row]
		if s.speller.grammar.Final(h.state) {
			s.finish(h, float64(row[s.model.End]))
		}
		for _, a := range s.advances(h, row) {
			next := h
			next.token, next.state, next.text = a.token, a.state, h.text+a.text
			next.count++
			next.sum += float64(row[a.token])
			if s.speller.grammar.Free(a.state) {
				next.sum -= freePenalty
			}
			if old, ok := grown[next.text]; !ok || next.sum > old.sum {
				grown[next.text] = next
			}
		}
	}
	s.keep(grown)
}

func (s *search) finish(h hypothesis, end float64) {
	h.sum += end
	h.count++
	if s.best == nil || h.sum > s.best.sum {
		s.best = &h
	}
}

// keep leaves the likeliest hypotheses that can still win: a longer sentence is never likelier.
func (s *search) keep(grown map[string]hypothesis) {
	s.beams = nil
	for _, h := range grown {
		if s.best == nil || h.sum > s.best.sum {
			s.beams = append(s.beams, h)
		}
	}
	slices.SortFunc(s.beams, func(a, b hypothesis) int {
		return cmp.Or(cmp.Compare(b.sum, a.sum), strings.Compare(a.text, b.text))
	})
	s.beams = s.beams[:min(len(s.beams), beams)]
	for i, h := range s.beams {
		if h.sum < s.beams[0].sum-beamRange {
			s.beams = s.beams[:i]
			break
		}
	}
}

// advances are the tokens that may follow a hypothesis.
func (s *search) advances(h hypothesis, row []float32) []advance {
	if !s.speller.grammar.Free(h.state) {
		return s.speller.next(h.state)
	}
	var found []advance
	for _, token := range s.model.top(row, freeTokens) {
		found = append(found, s.speller.spell(h.state, token)...)
	}
	return found
}

// likeliest is the best token that may be said.
func (m *model) likeliest(row []float32, first bool) int {
	best := -1
	for id := range m.End + 1 {
		if m.silent[id] || first && m.never1st[id] || best >= 0 && row[id] <= row[best] {
			continue
		}
		best = id
	}
	return best
}

// top are the n best tokens of text, in no order.
func (m *model) top(row []float32, n int) []int {
	ids := make([]int, 0, n+1)
	for id := range m.End {
		if m.silent[id] || len(ids) == n && row[id] <= row[ids[n-1]] {
			continue
		}
		at, _ := slices.BinarySearchFunc(ids, row[id], func(i int, v float32) int { return cmp.Compare(v, row[i]) })
		ids = slices.Insert(ids, at, id)
		ids = ids[:min(len(ids), n)]
	}
	return ids
}

// looping says whether the text has begun to repeat itself, as Whisper does when it hears nothing.
func looping(tokens []int) bool {
	n := len(tokens)
	for period := 1; period <= 4; period++ {
		if n >= 4*period && slices.Equal(tokens[n-2*period:], tokens[n-4*period:n-2*period]) &&
			slices.Equal(tokens[n-period:], tokens[n-2*period:n-period]) {
			return true
		}
	}
	return false
}
