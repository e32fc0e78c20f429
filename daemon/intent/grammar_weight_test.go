package intent

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// smallGrammar is a home whose ways can be counted by hand.
func smallGrammar(t *testing.T) *Grammar {
	t.Helper()
	source, err := decodeLanguage([]byte(`{"language":"en","intents":{"A":{"data":[
	  {"sentences":["a b","a [very] c","<r> d","x <r>","see {name}","note {w}"]}]}},
	  "lists":{"w":{"wildcard":true}},"expansion_rules":{"r":"(a|o)"}}`))
	if err != nil {
		t.Fatal(err)
	}
	l, err := compileLanguage(source)
	if err != nil {
		t.Fatal(err)
	}
	return l.Home(Names{Entities: []Name{{ID: "1", Names: []string{"port", "pier", "dock"}}}}).Grammar()
}

func TestWeight(t *testing.T) {
	g := smallGrammar(t)
	for _, tc := range []struct {
		after string
		r     rune
		want  float64 // share of the ways
	}{
		{"", 'a', 3.0 / 7}, // "a b", "a c", "<r> d"
		{"", 'o', 1.0 / 7},
		{"", 'x', 1.0 / 7},
		{"", 'q', 0},
		{"a", ' ', 1 - 2.0/wildRunes},
		{"a", '-', 1.0 / wildRunes},
		{"a ", 'b', 1.0 / 4},
		{"a ", 'v', 1.0 / 4},
		{"a very ", 'c', 1},
		{"see ", 'p', 2.0 / 3},
		{"see ", 'd', 1.0 / 3},
		{"see p", 'o', 1.0 / 2},
		{"note ", 'k', 1.0 / wildRunes},
	} {
		if got := math.Exp(g.Weight(walk(g, tc.after), tc.r)); math.Abs(got-tc.want) > 1e-9 {
			t.Errorf("after %q, %q has a share of %g, want %g", tc.after, tc.r, got, tc.want)
		}
	}
	if got := math.Exp(g.EndWeight(walk(g, "a b"))); got != 1 {
		t.Errorf("the end of \"a b\" has a share of %g", got)
	}
	if got, want := g.Prior("see dock"), math.Log(1.0/7/3*(1-2.0/wildRunes)); math.Abs(got-want) > 1e-9 {
		t.Errorf("the prior of a name is %g, want %g", got, want)
	}
	if w := g.Weight(-1, 'a'); !math.IsInf(w, -1) || !math.IsInf(g.EndWeight(1<<30), -1) || !math.IsInf(g.Prior("nothing"), -1) {
		t.Error("what does not exist has a weight")
	}
}

// TestWeightsAreShares follows samples and makes sure that no state gives out more than there is, and none
// leaves out a way that it has.
func TestWeightsAreShares(t *testing.T) {
	g := testHome(t).Grammar()
	rng := rand.New(rand.NewPCG(1, 4))
	for range 300 {
		s, _ := g.Sample(rng, 80)
		state := g.Start()
		for i, r := range s {
			sum := math.Exp(g.EndWeight(state))
			for _, next := range g.choices(state) {
				w := g.Weight(state, next)
				if math.IsInf(w, -1) {
					t.Fatalf("%q may follow %q but weighs nothing", next, s[:i])
				}
				sum += math.Exp(w)
			}
			if sum > 1+1e-9 {
				t.Fatalf("after %q the shares add up to %g", s[:i], sum)
			}
			state = g.Step(state, r)
		}
	}
}

// TestWeightsAreMarshalled makes sure that a recogniser in a child process weighs alike, and also when the
// grammar has had to forget.
func TestWeightsAreMarshalled(t *testing.T) {
	g := testHome(t).Grammar()
	b, err := g.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	copied, err := UnmarshalGrammar(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"open the fore hatch", "please open aft 2", "steer at 15 knots north", "log x"} {
		want := g.Prior(s)
		g.automaton.reset()
		g.weigher.forget()
		if got := copied.Prior(s); got != want || g.Prior(s) != want || math.IsInf(want, -1) {
			t.Errorf("%q: %g, unmarshalled %g, afterwards %g", s, want, got, g.Prior(s))
		}
	}
}

// TestSampleFollowsWeights draws the first word of many sentences.
func TestSampleFollowsWeights(t *testing.T) {
	g := smallGrammar(t)
	rng := rand.New(rand.NewPCG(7, 7))
	first := map[string]int{}
	const n = 7_000
	for range n {
		s, ok := g.Sample(rng, 60)
		if !ok {
			t.Fatalf("%q is no whole sentence", s)
		}
		first[strings.Fields(s)[0]]++
	}
	for word, ways := range map[string]int{"a": 3, "o": 1, "x": 1, "see": 1, "note": 1} {
		if got := first[word]; got < ways*900 || got > ways*1100 {
			t.Errorf("%d of %d samples begin with %q, want about %d", got, n, word, ways*1000)
		}
	}
	if len(first) != 5 {
		t.Errorf("samples begin with %v", first)
	}
}

// TestDamagedTrie counts the names of a trie that leads into itself.
func TestDamagedTrie(t *testing.T) {
	g := &graph{
		nodes: []node{{op: opTrie, x: 0, r: 1, y: -1}, {op: opTrie, x: 1, r: 1, y: 3}},
		edges: []edge{{r: 'a', node: 1}, {r: 'b', node: 0}},
	}
	var w weigher
	if n := w.below(g, 0, 0); n != 2 || slices.Max(w.names) != 2 {
		t.Errorf("it has %g names", n)
	}
}
