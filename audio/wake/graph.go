package wake

// A graph is the phrases that are listened for, as an automaton over tokens (Aho and Corasick), with a bonus for
// each token that a phrase goes on with: without one the search would drop phrases for likelier words. The bonus
// is taken back where the phrase is left. The idea is icefall's and sherpa-onnx's (context graph).
type graph struct {
	states []state
}

// A state is what of a phrase was said so far.
type state struct {
	next   map[int]int // by token
	fail   int         // the longest other beginning of a phrase that has been said, too
	depth  int         // tokens from the start
	bonus  float64     // given on the way here
	phrase int         // which one ends here, -1 for none
	output int         // the nearest state along fail with a phrase, -1 for none; itself first
}

const start = 0

// newGraph joins phrases: several may be ways to say the same one.
func newGraph(phrases []phrase, boost float64) *graph {
	g := &graph{states: []state{{phrase: -1, output: -1, next: map[int]int{}}}}
	for _, p := range phrases {
		at := start
		for _, token := range p.tokens {
			next, ok := g.states[at].next[token]
			if !ok {
				next = len(g.states)
				g.states = append(g.states, state{
					next: map[int]int{}, depth: g.states[at].depth + 1, bonus: g.states[at].bonus + boost, phrase: -1, output: -1,
				})
				g.states[at].next[token] = next
			}
			at = next
		}
		g.states[at].phrase = p.number
	}
	g.link()
	return g
}

// link finds fail and output of each state, the shallow ones first.
func (g *graph) link() {
	queue := []int{start}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		s := &g.states[at]
		if s.phrase >= 0 {
			s.output = at
		} else if at != start {
			s.output = g.states[s.fail].output
		}
		for token, next := range s.next {
			if at != start {
				g.states[next].fail = g.follow(s.fail, token)
			}
			queue = append(queue, next)
		}
	}
}

// follow is where a token leads.
func (g *graph) follow(at, token int) int {
	for {
		if next, ok := g.states[at].next[token]; ok {
			return next
		}
		if at == start {
			return start
		}
		at = g.states[at].fail
	}
}

// step follows a token and tells what it adds to the score: a bonus, or less what was given in vain.
func (g *graph) step(at, token int) (next int, bonus float64) {
	next = g.follow(at, token)
	return next, g.states[next].bonus - g.states[at].bonus
}

// said is the phrase whose end a state is, and how many tokens it has.
func (g *graph) said(at int) (number, length int, ok bool) {
	if at = g.states[at].output; at < 0 {
		return 0, 0, false
	}
	return g.states[at].phrase, g.states[at].depth, true
}
