package whisper

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// A script answers like a decoder that hears fixed words: after each word said so far it gives what may
// follow, as words with probabilities. What is not listed is all but impossible.
type script struct {
	model *model
	after map[string]map[string]float64
	said  []string // by row
	steps int
}

const nearZero = -30

func (s *script) row(said string) []float32 {
	row := slices.Repeat([]float32{nearZero}, len(s.model.tokens))
	for word, p := range s.after[said] {
		row[slices.Index(s.model.tokens, word)] = float32(math.Log(p))
	}
	return row
}

func (s *script) step(next [][]int, from []int) (rows [][]float32, err error) {
	s.steps++
	var said []string
	for i, tokens := range next {
		text := s.said[from[i]]
		for _, t := range tokens {
			text += s.model.tokens[t]
		}
		said = append(said, text)
		rows = append(rows, s.row(text))
	}
	s.said = said
	return rows, nil
}

// hear runs a search over the script with a grammar.
func hear(t *testing.T, g *sentences, after map[string]map[string]float64) (*search, *script) {
	t.Helper()
	words := map[string]bool{}
	for _, next := range after {
		for w := range next {
			words[w] = true
		}
	}
	delete(words, end)
	var tokens []string
	for w := range words {
		tokens = append(tokens, w)
	}
	slices.Sort(tokens)
	m := &model{Settings: Settings{End: len(tokens)}, tokens: append(tokens, end)}
	m.forms = m.normalForms()
	p := &script{model: m, after: after, said: []string{""}}
	s := &search{model: m, limit: 20}
	if g != nil {
		s.speller = &speller{grammar: g, forms: m.forms}
	}
	if err := s.run(p, p.row("")); err != nil {
		t.Fatal(err)
	}
	return s, p
}

const end = "<|end|>"

func TestSearchPrefersWhatTheHomeHas(t *testing.T) {
	after := map[string]map[string]float64{
		"":                         {" Turn": 0.7, " Learn": 0.2},
		" Turn":                    {" on": 0.9, " of": 0.05},
		" Turn on":                 {" page": 0.8, " Base": 0.1},
		" Turn on page":            {".": 1},
		" Turn on page.":           {end: 1},
		" Turn on Base":            {"ment": 1},
		" Turn on Basement":        {" light": 0.9, end: 0.1},
		" Turn on Basement light":  {end: 0.5, ".": 0.5},
		" Turn on Basement light.": {end: 1},
	}
	s, _ := hear(t, grammarOf("turn on basement light", "learn on basement light"), after)
	if got := s.model.text(s.free); got != "Turn on page." {
		t.Errorf("free text %q, want %q", got, "Turn on page.")
	}
	if s.best == nil || s.best.text != "turn on basement light" {
		t.Fatalf("best = %+v, want turn on basement light", s.best)
	}
	want := math.Log(0.7 * 0.9 * 0.1 * 0.9 * 0.5)
	if math.Abs(s.best.sum-want) > 1e-5 || s.best.count != 6 {
		t.Errorf("best has log probability %f of %d tokens, want %f of 6", s.best.sum, s.best.count, want)
	}
	if wantFree := math.Log(0.7 * 0.9 * 0.8); math.Abs(s.freeSum-wantFree) > 1e-5 {
		t.Errorf("free log probability %f, want %f", s.freeSum, wantFree)
	}
}

// TestWeightSettlesTies has two sentences that sound alike; one of them can be said in two ways.
func TestWeightSettlesTies(t *testing.T) {
	g := grammarOf("dim light", "turn light", "turn light")
	for dim, want := range map[float64]string{0.5: "turn light", 0.6: "dim light"} {
		after := map[string]map[string]float64{
			"":            {" Dim": dim, " Turn": 1 - dim},
			" Dim":        {" light": 1},
			" Turn":       {" light": 1},
			" Dim light":  {end: 1},
			" Turn light": {end: 1},
		}
		if s, _ := hear(t, g, after); s.best == nil || s.best.text != want {
			t.Errorf("heard %q with %g: best = %+v, want %q", " Dim", dim, s.best, want)
		}
	}
}

func TestSearchEndsOnlyWhereASentenceEnds(t *testing.T) {
	after := map[string]map[string]float64{
		"":            {" Lights": 1},
		" Lights":     {end: 0.9, " off": 0.1},
		" Lights off": {end: 1},
	}
	s, _ := hear(t, grammarOf("lights off"), after)
	if s.best == nil || s.best.text != "lights off" {
		t.Errorf("best = %+v, want lights off", s.best)
	}
}

func TestSearchFindsNothing(t *testing.T) {
	s, _ := hear(t, grammarOf("lights off"), map[string]map[string]float64{"": {" Hello": 1}, " Hello": {end: 1}})
	if s.best != nil {
		t.Errorf("best = %+v, want nothing", s.best)
	}
	if got := s.model.text(s.free); got != "Hello" {
		t.Errorf("free text %q, want Hello", got)
	}
}

func TestSearchGivesUpWhenHopeless(t *testing.T) {
	tiny := math.Exp(-6)
	after := map[string]map[string]float64{"": {" Hello": 1 - tiny, " a": tiny}, " Hello": {end: 1}}
	sentence := strings.Repeat(" a", 15)
	for n := 2; n < len(sentence); n += 2 {
		after[sentence[:n]] = map[string]float64{" a": tiny, end: 1 - tiny}
	}
	_, p := hear(t, grammarOf(strings.TrimSpace(sentence)), after)
	if p.steps > 4 {
		t.Errorf("%d steps for a sentence that cannot be taken for meant", p.steps)
	}
}

func TestSearchWithoutGrammar(t *testing.T) {
	s, p := hear(t, nil, map[string]map[string]float64{"": {" Hello": 1}, " Hello": {end: 1}})
	if got := s.model.text(s.free); got != "Hello" || s.best != nil || p.steps != 1 {
		t.Errorf("free text %q, best %v after %d steps", got, s.best, p.steps)
	}
}

func TestFreeWordsCost(t *testing.T) {
	g := grammarOf("add tea")
	g.free = int32(slices.Index(g.all, "add "))
	after := map[string]map[string]float64{"": {" Add": 1}, " Add": {" tea": 1}, " Add tea": {end: 1}}
	s, _ := hear(t, g, after)
	if s.best == nil || math.Abs(s.best.sum+freePenalty) > 1e-5 {
		t.Errorf("best = %+v, want one penalty of %v", s.best, freePenalty)
	}
}

func TestLooping(t *testing.T) {
	tests := []struct {
		tokens []int
		want   bool
	}{
		{[]int{1, 2, 3}, false},
		{[]int{9, 1, 1, 1, 1}, true},
		{[]int{1, 1, 1}, false},
		{[]int{5, 1, 2, 1, 2, 1, 2, 1, 2}, true},
		{[]int{1, 2, 1, 2, 1, 2, 1, 3}, false},
		{[]int{1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4}, true},
	}
	for _, test := range tests {
		if got := looping(test.tokens); got != test.want {
			t.Errorf("looping(%v) = %v", test.tokens, got)
		}
	}
}

func TestPercentIsAWord(t *testing.T) {
	for text, want := range map[string]string{
		"set the light to 50%":  "set the light to 50 percent",
		"set the light to 50 %": "set the light to 50 percent",
		"turn on the light":     "turn on the light",
	} {
		if got := inWords(text); got != want {
			t.Errorf("inWords(%q) = %q, want %q", text, got, want)
		}
	}
}
