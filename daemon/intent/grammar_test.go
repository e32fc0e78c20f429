package intent

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
)

func TestGrammarAccepts(t *testing.T) {
	g := testHome(t).Grammar()
	for _, tc := range []struct {
		sentence string
		want     bool
	}{
		{"open the fore hatch", true},
		{"please open aft two please", true},
		{"please kindly open aft 2", true},
		{"Open everything!", true},
		{"open the mainhatch", true}, // as it is understood
		{"open the fore-hatch", true},
		{"open the captain's log", false},
		{"open", false},
		{"open ", false},
		{"steer at fifteen knots north", true},
		{"steer at 15 knots north", true},
		{"steer at 16 knots north", false},
		{"fall off two point five degrees", true},
		{"log anything at all", true},
		{"log", false},
		{"the cat goes overboard", false}, // it begins with a wildcard
		{"sing shanty loudly", true},
		{"", false},
		{"please", false},
	} {
		if got := g.Accepts(tc.sentence); got != tc.want {
			t.Errorf("Accepts(%q) = %v", tc.sentence, got)
		}
	}
}

// walk is the state after a beginning, dead when there is none.
func walk(g *Grammar, beginning string) int32 {
	state := g.Start()
	for _, r := range beginning {
		state = g.Step(state, r)
	}
	return state
}

func TestGrammarStates(t *testing.T) {
	g := testHome(t).Grammar()
	for _, tc := range []struct {
		beginning               string
		dead, final, free, open bool
	}{
		{"", false, false, false, false},
		{"open", false, false, false, false},
		{"open the cap", true, false, false, false},
		{"open  ", true, false, false, false},
		{"log ", false, false, true, false},
		{"log a", false, true, true, true},
		{"log a ", false, false, false, true}, // "in the captain's log" may follow
		{"log a in the ", false, false, false, true},
		{"log a in main", false, true, true, true},
		{"open aft 2", false, true, false, false},
	} {
		s := walk(g, tc.beginning)
		if (s < 0) != tc.dead || g.Final(s) != tc.final || g.Free(s) != tc.free || g.Open(s) != tc.open {
			t.Errorf("after %q: dead %v, final %v, free %v, open %v", tc.beginning, s < 0, g.Final(s), g.Free(s), g.Open(s))
		}
	}
	if g.Step(-1, 'a') >= 0 || g.Step(1<<30, 'a') >= 0 || g.Final(1<<30) || g.Free(-7) || g.Open(1<<30) {
		t.Error("a state that does not exist leads somewhere")
	}
}

// TestHeardIsUnderstood holds the two uses of the graph together: every sentence the grammar can hear is
// recognised.
func TestHeardIsUnderstood(t *testing.T) {
	checkHeardIsUnderstood(t, testHome(t), 2_000)
}

func checkHeardIsUnderstood(t *testing.T, h *Home, n int) {
	t.Helper()
	g := h.Grammar()
	rng := rand.New(rand.NewPCG(4, 2))
	whole := 0
	for range n {
		s, ok := g.Sample(rng, 120)
		if !ok {
			if walk(g, s) < 0 || len(s) < 120 {
				t.Fatalf("the grammar leads into a dead end: %q", s)
			}
			continue
		}
		whole++
		if len(h.Recognize(s, Where{Area: "galley"})) == 0 {
			t.Errorf("heard but not understood: %q", s)
		}
	}
	if whole < n/8 { // a sample may stay in a wildcard
		t.Errorf("only %d of %d samples were whole sentences", whole, n)
	}
}

func TestGrammarWithoutNames(t *testing.T) {
	h := testHome(t).lang.Home(Names{})
	g := h.Grammar()
	if g.Accepts("open the fore hatch") || walk(g, "open the") >= 0 {
		t.Error("a home without hatches hears of them")
	}
	if !g.Accepts("open everything") {
		t.Error("a home without names does not hear what needs none")
	}
	checkHeardIsUnderstood(t, h, 500)
}

func TestGrammarMarshal(t *testing.T) {
	h := testHome(t)
	want := h.Grammar()
	b, err := want.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	got, err := UnmarshalGrammar(b)
	if err != nil {
		t.Fatal(err)
	}
	again, err := got.MarshalBinary()
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("encoding what was decoded differs: %v", err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		if s, ok := want.Sample(rng, 120); ok && !got.Accepts(s) {
			t.Errorf("the decoded grammar does not accept %q", s)
		}
	}
	if got.Accepts("open the captain's log") {
		t.Error("the decoded grammar lets a book be opened")
	}
	for _, bad := range [][]byte{nil, []byte("hgr2"), b[:len(b)-1], append(bytes.Clone(b), 0), []byte("xxxx")} {
		if _, err := UnmarshalGrammar(bad); !errors.Is(err, errGrammar) {
			t.Errorf("%d bytes: %v", len(bad), err)
		}
	}
}

func FuzzUnmarshalGrammar(f *testing.F) {
	source, err := decodeLanguage([]byte(`{"language":"en","skip_words":["please"],"intents":{"A":{"data":[
	  {"sentences":["go [<to>] {name}","<to> {w}","(x;{l}) {0..3:n}"]}]}},"lists":{"w":{"wildcard":true},"l":{"values":["a","b[c]"]}},"expansion_rules":{"to":"to [the]"}}`))
	if err != nil {
		f.Fatal(err)
	}
	l, err := compileLanguage(source)
	if err != nil {
		f.Fatal(err)
	}
	b, err := l.Home(Names{Entities: []Name{{ID: "x", Names: []string{"port", "pier"}}}}).Grammar().MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	for i := 4; i < len(b); i += 97 {
		changed := bytes.Clone(b)
		changed[i] ^= 0x5
		f.Add(changed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := UnmarshalGrammar(b)
		if err != nil {
			return
		}
		for _, s := range []string{"go to the port", "to anywhere", "please a x 3", "aaaa aaaa"} {
			g.Accepts(s)
		}
		g.Sample(rand.New(rand.NewPCG(1, 2)), 8)
	})
}

// TestHeardNames has names as owners write them and as recognisers do.
func TestHeardNames(t *testing.T) {
	l := testHome(t).lang
	for _, tc := range []struct {
		name  string
		heard []string
		not   string
	}{
		{"Rez-de-Chaussée", []string{"open the rez de chaussée", "open the rez-de-chaussée"}, "open the rez dechaussée"},
		{"L'entrée", []string{"open l'entrée", "open l’entrée"}, "open lentrée"},
		{"Küche", []string{"open the küche", "open the ku\u0308che"}, "open the kuche"},
		{"Room 21", []string{"open room 21", "open room twenty one", "open room twenty-one"}, "open room 2"},
		{"Mom's hatch", []string{"open mom's hatch", "open mom’s hatch"}, "open moms"},
		{"Dr. Evil", []string{"open dr evil", "open dr. evil"}, "open dr"},
		{"A.C.", []string{"open a.c.", "open the a.c."}, "open c"},
		{"TV-2", []string{"open the tv 2", "open the tv-2", "open the tv two"}, "open the tv 3"},
		{"iPod_X", []string{"open ipod x", "open ipod_x"}, "open ipod"},
	} {
		h := l.Home(Names{Entities: []Name{{ID: "x", Names: []string{tc.name}, Context: map[string]string{"domain": "hatch"}}}})
		g := h.Grammar()
		for _, s := range tc.heard {
			if !g.Accepts(s) || len(h.Recognize(s, Where{})) == 0 {
				t.Errorf("%q: heard %v, understood %v: %q", tc.name, g.Accepts(s), len(h.Recognize(s, Where{})) > 0, s)
			}
		}
		if g.Accepts(tc.not) {
			t.Errorf("%q: heard %q", tc.name, tc.not)
		}
	}
}
