package intent

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// saidEverywhere are sentences in many scripts, and what keyboards, recognisers and attackers make of them.
var saidEverywhere = []string{
	"open the fore hatch", "please kindly open aft two please", "steer at 15 knots north", "fall off 2,5°",
	"log a in main", "sing the verse of main", "Öffne bitte die Luke", "ouvre l'entrée du rez-de-chaussée",
	"¿está abierta la escotilla?", "de TV volume 90 procent", "открой люк", "άνοιξε την πόρτα", "افتح الباب",
	"می\u200cخواهم در را باز کنم", "פתח את הדלת", "दरवाज़ा खोलो", "വാതിൽ തുറക്കുക", "เปิดประตู", "打开灯 20%", "ドアを開けて",
	"문을 열어 줘", "log 👩\u200d🚀❤\ufe0f", "log e\u0301\u0323", "log İıſß", "\u202eopen\u202c the\u00ad hatch", "log \x00\x1b[31m",
	"\xff\xfe\xed\xa0\x80", "-_- --", "٤٢", "a.c.", "......", strings.Repeat("in main ", 40), strings.Repeat("{[(<|>)]}", 9),
}

// hostileNames are things whose names look like templates, sentences, numbers, and nothing.
func hostileNames(more ...string) Names {
	names := testNames()
	names.Entities = append(names.Entities, Name{
		ID:      "hostile",
		Names:   append(more, "", " ", "...", "{name}", "[[(", "open the", "2.5", "-7", "20%", "\u200f\u200d", "\xff", "😀", "İ", "the fore hatch open", "log"),
		Context: map[string]string{"domain": "hatch"},
	})
	return names
}

// checkWork fails when a home has done more for its last sentence than it may.
func checkWork(t *testing.T, h *Home, text string) {
	t.Helper()
	if h.automaton.states.len() > hardStates || h.automaton.steps > hardSteps+1 || h.tracker.steps > maxSteps+1 {
		t.Fatalf("%q: %d states, %d steps, %d steps of the tracker", text, h.automaton.states.len(), h.automaton.steps, h.tracker.steps)
	}
}

// FuzzHear says anything to a home with anything for a name. What is heard must be understood, unless there are
// skip words in the name: next to others they are taken for skip words, as the reference takes them.
func FuzzHear(f *testing.F) {
	for i, s := range saidEverywhere {
		f.Add(s, saidEverywhere[len(saidEverywhere)-1-i])
	}
	l := testHome(f).lang
	f.Fuzz(func(t *testing.T, text, name string) {
		if len(name) > 200 || len(text) > 2_000 || l.skip.found(l.normalize(name)) {
			return
		}
		h := l.Home(hostileNames(name))
		g := h.Grammar()
		for _, said := range []string{text, "open the " + name, "sing " + name + text} {
			results := h.Recognize(said, Where{Area: "galley"})
			checkWork(t, h, said)
			if g.Accepts(said) && len(results) == 0 {
				t.Errorf("with %q: heard but not understood: %q", name, said)
			}
			for _, r := range results {
				if _, err := l.Respond(r, ResponseData{Now: time.Unix(0, 0)}); err != nil {
					t.Errorf("%q: %v", said, err)
				}
			}
		}
		if s, ok := g.Sample(rand.New(rand.NewPCG(1, 2)), 60); ok && len(h.Recognize(s, Where{Area: "galley"})) == 0 {
			t.Errorf("with %q: heard but not understood: %q", name, s)
		}
	})
}

// FuzzLoad loads anything as a language.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(testLanguage))
	for _, s := range []string{
		`{"language":"en","intents":{"A":{"data":[{"sentences":["go [<to>] {name}","(x;{l}) {0..3:n}"]}]}},"lists":{"l":{"values":["a","b[c]"]}},"expansion_rules":{"to":"to [the]"}}`,
		`{"language":"zh","settings":{"ignore_whitespace":true},"skip_words":["請"],"intents":{"A":{"data":[{"sentences":["打开{w}"],"response":"x"}]}},"lists":{"w":{"wildcard":true}},"responses":{"intents":{"A":{"x":"{{ slots.w }}"}}}}`,
		`{"language":"en","intents":{"A":{"data":[{"sentences":["<a>"],"lists":{"n":{"range":{"from":-3,"to":9,"step":2,"fractions":"halves","multiplier":-1}}},"expansion_rules":{"a":"{n:@c} [<b>]","b":"<a>"},"requires_context":{"area":{"slot":true},"domain":["x"]},"excludes_context":{"x":null}}]}}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<13 {
			return
		}
		source, err := decodeLanguage(raw)
		if err != nil {
			return
		}
		l, err := compileLanguage(source)
		if err != nil {
			var te *TemplateError
			if errors.As(err, &te) && (te.Line < 1 || te.Column < 1 || te.Problem == "") {
				t.Fatalf("%v tells no place", err)
			}
			return
		}
		if n := len(l.graph.nodes); n > 2*maxNodes {
			t.Fatalf("%d nodes", n)
		}
		h := l.Home(hostileNames())
		g := h.Grammar()
		for _, said := range saidEverywhere {
			for _, r := range h.Recognize(said, Where{Area: "galley"}) {
				_, _ = l.Respond(r, ResponseData{}) // a template may be wrong; it may not be fatal
			}
			checkWork(t, h, said)
			g.Accepts(said)
		}
		g.Sample(rand.New(rand.NewPCG(1, 2)), 40)
	})
}

// FuzzNumber reads anything as a number of a range.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"20", "-5", "20,5", "1e400", "NaN", "0x1p-2", "+Inf", "1_000", "٤٢", "..", "-0", "９"} {
		f.Add(s, 0, 100, 5)
	}
	f.Fuzz(func(t *testing.T, text string, from, to, step int) {
		r, err := newRange(&rangeFile{From: from, To: to, Step: step, Fractions: "tenths"})
		if err != nil {
			return
		}
		n, ok := parseNumber(text)
		if ok && r.holds(n) && (n < float64(from) || n >= float64(to)+1) {
			t.Errorf("%q is %v, and in the range from %d to %d by %d", text, n, from, to, step)
		}
	})
}
