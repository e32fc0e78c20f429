package whisper

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Width of the search, in hypotheses and in nats.
const (
	beams = 8
	// beamRange is how much less likely than the likeliest a hypothesis may be, tokenRange how much less
	// than the likeliest token the next one.
	beamRange  = 10
	tokenRange = 14
	// hopeless is how far below the finished free text the search gives up. What is further below is
	// not taken for a command: see the thresholds in package stt.
	hopeless = 12
	// freePenalty makes words that the grammar knows win over the same words where it allows any
	// (nats a token).
	freePenalty = 0.5
	// priorStrength lets the grammar's weights settle what was heard equally well, within a tenth of a nat
	// or so. On 40 recorded commands strengths up to 0.2 changed nothing, 0.3 cost one and 1 cost six.
	priorStrength = 0.02
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
	idle  bool    // the last token added nothing to the text: punctuation
	sum   float64 // log probability
	prior float64 // log weight of the text in the grammar
}

// rank is what hypotheses are compared by.
func (h *hypothesis) rank() float64 { return h.sum + priorStrength*h.prior }

// A search decodes one clip freely and along the grammar at once, so that every step serves both.
type search struct {
	model   *model
	speller *speller // nil: free decoding only
	limit   int      // tokens at most

	rows    [][]float32 // what may follow each hypothesis of the last step
	free    []int       // tokens of the free decoding
	freeSum float64     // their log probability
	freeRow int         // -1 when it has ended
	beams   []hypothesis
	top     float64     // rank of the likeliest hypothesis of this step
	best    *hypothesis // likeliest whole sentence
}

// run continues the one row that the predictor holds.
func (s *search) run(p predictor, first []float32) (err error) {
	s.rows = [][]float32{first}
	s.extendFree()
	if s.speller != nil {
		s.extend([]hypothesis{{state: s.speller.grammar.Start()}})
	}
	for n := 1; n < s.limit && (s.freeRow >= 0 || len(s.beams) > 0); n++ {
		if s.rows, err = p.step(s.next()); err != nil {
			return err
		}
		if s.freeRow >= 0 {
			s.extendFree()
		}
		s.extend(s.beams)
	}
	return nil
}

// next lists the last token of each hypothesis, the free one first, and the row that it continues.
func (s *search) next() (tokens [][]int, from []int) {
	if s.freeRow >= 0 {
		tokens, from = [][]int{s.free[len(s.free)-1:]}, []int{s.freeRow}
		s.freeRow = 0
	}
	for i := range s.beams {
		h := &s.beams[i]
		tokens, from = append(tokens, []int{h.token}), append(from, h.row)
		h.row = len(from) - 1
	}
	return tokens, from
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
	s.top = math.Inf(-1)
	for _, h := range from {
		row := s.rows[h.row]
		if s.speller.grammar.Final(h.state) {
			s.finish(h, float64(row[s.model.End]))
		}
		least := max(highest(row[:s.model.End])-tokenRange, float32(s.bound()-h.rank()))
		for token, logprob := range row[:s.model.End] {
			if logprob >= least {
				s.grow(h, token, float64(logprob), grown)
			}
		}
	}
	s.keep(grown)
}

// bound is the rank that a hypothesis must have to be kept: a longer one is never likelier.
func (s *search) bound() float64 {
	bound := s.top - beamRange
	if s.best != nil {
		bound = max(bound, s.best.rank())
	}
	if s.freeRow < 0 {
		bound = max(bound, s.freeSum-hopeless)
	}
	return bound
}

// grow adds the ways that one more token can take. Of those that come to the same text it keeps the
// likeliest. Punctuation does not begin a sentence and does not follow itself.
func (s *search) grow(h hypothesis, token int, logprob float64, grown map[string]hypothesis) {
	for _, a := range s.speller.spell(h.state, token) {
		idle := a.text == ""
		if idle && (h.idle || h.count == 0) {
			continue
		}
		next := hypothesis{
			row: h.row, token: token, count: h.count + 1,
			state: a.state, text: h.text + a.text, idle: idle, sum: h.sum + logprob,
			prior: h.prior + s.speller.weigh(h.state, a.text),
		}
		if s.speller.grammar.Free(a.state) {
			next.sum -= freePenalty
		}
		if old, ok := grown[next.text]; !ok || next.sum > old.sum { // the prior is the same
			grown[next.text] = next
			s.top = max(s.top, next.rank())
		}
	}
}

func (s *search) finish(h hypothesis, end float64) {
	h.sum += end
	h.prior += s.speller.grammar.EndWeight(h.state)
	h.count++
	if s.best == nil || h.rank() > s.best.rank() {
		s.best = &h
	}
}

// keep leaves the likeliest hypotheses, in an order that does not depend on the map's.
func (s *search) keep(grown map[string]hypothesis) {
	s.beams = nil
	bound := s.bound()
	for _, h := range grown {
		if h.rank() > bound {
			s.beams = append(s.beams, h)
		}
	}
	slices.SortFunc(s.beams, func(a, b hypothesis) int {
		return cmp.Or(cmp.Compare(b.rank(), a.rank()), strings.Compare(a.text, b.text))
	})
	s.beams = s.beams[:min(len(s.beams), beams)]
}

// likeliest is the best token that may be said.
func (m *model) likeliest(row []float32, first bool) int {
	best := -1
	for id, logprob := range row[:m.End+1] {
		forbidden := m.silent[id] || first && m.notFirst[id]
		if !forbidden && (best < 0 || logprob > row[best]) {
			best = id
		}
	}
	return best
}

func highest(row []float32) float32 {
	high := row[0]
	for _, v := range row {
		if v > high {
			high = v
		}
	}
	return high
}

// looping says whether the text repeats itself, as Whisper does when it hears nothing: four times the same
// one to four tokens.
func looping(tokens []int) bool {
	for period := 1; period <= 4; period++ {
		n := len(tokens) - 4*period
		if n >= 0 && slices.Equal(tokens[n:n+3*period], tokens[n+period:]) {
			return true
		}
	}
	return false
}
