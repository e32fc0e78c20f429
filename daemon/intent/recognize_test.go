package intent

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"hearth/daemon/intent/spellout"
)

// A language of our own, with one of everything.
const testLanguage = `{
  "language": "en",
  "skip_words": ["please", "kindly", "kindly open"],
  "responses": {"intents": {"Open": {"default": "opened"}}, "errors": {"no_area": "where?"}},
  "intents": {
    "Open": {"data": [
      {"sentences": ["(open|unfold) [<the>] {name} [hatch[es]]"],
       "requires_context": {"domain": ["hatch", "sail"]}, "metadata": {"slot_combination": "name"}},
      {"sentences": ["open everything[ here]"], "slots": {"domain": "hatch"},
       "requires_context": {"area": {"slot": true}}, "metadata": {"slot_combination": "here"}},
      {"sentences": ["open [<the>] {area} hatches", "open l'{area}"], "metadata": {"slot_combination": "area"}}
    ]},
    "Steer": {"data": [
      {"sentences": ["steer ({heading:course};at {0..30,5:speed} knots)"], "metadata": {"slot_combination": "course"}},
      {"sentences": ["steer {degrees}[°| degrees]"], "metadata": {"slot_combination": "degrees"}},
      {"sentences": ["fall off {falling}[°| degrees]", "sink to {depth:depth} feet"], "metadata": {"slot_combination": "number"}}
    ]},
    "Log": {"data": [
      {"sentences": ["log {entry}"], "metadata": {"slot_combination": "entry"}},
      {"sentences": ["log {entry} in [the] {name}"], "requires_context": {"domain": "book"}, "metadata": {"slot_combination": "book"}},
      {"sentences": ["{entry} goes overboard"], "metadata": {"slot_combination": "overboard"}}
    ]},
    "Sing": {"data": [
      {"sentences": ["sing [<verse>] {name}"], "excludes_context": {"domain": ["sail"]}, "metadata": {"slot_combination": "name"}},
      {"sentences": ["sing {song:@tune} loudly"], "metadata": {"slot_combination": "tune"}}
    ]}
  },
  "lists": {
    "heading": {"values": ["north", {"in": "south[wards]", "out": "S"}, {"in": "(east|sunrise)", "out": 90}]},
    "degrees": {"range": {"from": 0, "to": 359}},
    "falling": {"range": {"from": 0, "to": 100, "fractions": "halves", "multiplier": -1}},
    "depth": {"range": {"from": -10, "to": 2000000}},
    "entry": {"wildcard": true},
    "song": {"values": ["shanty"]}
  },
  "expansion_rules": {"the": "(the|our)", "verse": "the verse of"}
}`

func testNames() Names {
	domain := func(d string) map[string]string { return map[string]string{"domain": d} }
	return Names{
		Entities: []Name{
			{ID: "hatch.fore", Names: []string{"Fore Hatch", "front hatch"}, Context: domain("hatch")},
			{ID: "hatch.well", Names: []string{"Well-deck"}, Context: domain("hatch")},
			{ID: "hatch.ab", Names: []string{"A - B"}, Context: domain("hatch")},
			{ID: "hatch.dash", Names: []string{"-"}, Context: domain("hatch")},
			{ID: "hatch.aft2", Names: []string{"Aft 2"}, Context: domain("hatch")},
			{ID: "sail.main", Names: []string{"Main"}, Context: domain("sail")},
			{ID: "hatch.main", Names: []string{"main"}, Context: domain("hatch")},
			{ID: "book.main", Names: []string{"Main"}, Context: domain("book")},
			{ID: "book.log", Names: []string{"Captain's log"}, Context: domain("book")},
			{ID: "nothing", Names: []string{"", "..."}},
		},
		Areas: []Name{{ID: "galley", Names: []string{"Galley"}}, {ID: "cabin", Names: []string{"Crew cabin"}}},
	}
}

func testHome(t testing.TB) *Home {
	t.Helper()
	source, err := decodeLanguage([]byte(testLanguage))
	if err != nil {
		t.Fatal(err)
	}
	source.numbers = english(t)
	l, err := compileLanguage(source)
	if err != nil {
		t.Fatal(err)
	}
	return l.Home(testNames())
}

// english are the number words that need no asset.
func english(t testing.TB) *spellout.Speller {
	t.Helper()
	words, err := spellout.Own("en")
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// describe writes a result in one line: "Open/name name=Main[sail.main hatch.main]".
func describe(r Result) string {
	var slots []string
	for name, s := range r.Slots {
		text := fmt.Sprintf("%s=%v", name, s.Value)
		if s.IDs != nil {
			text += fmt.Sprint(s.IDs)
		}
		slots = append(slots, text)
	}
	for name, said := range r.Captures {
		slots = append(slots, fmt.Sprintf("@%s=%s", name, said))
	}
	slices.Sort(slots)
	if r.NeedsArea {
		slots = append(slots, "?area")
	}
	return strings.TrimSpace(r.Intent + "/" + r.Combination + " " + strings.Join(slots, " "))
}

func TestRecognize(t *testing.T) {
	h := testHome(t)
	for _, tc := range []struct {
		text string
		want []string
	}{
		{"open the fore hatch", []string{"Open/name name=Fore Hatch[hatch.fore]"}},
		{"Open FORE  hatch!", []string{"Open/name name=Fore Hatch[hatch.fore]"}},
		{"open the well-deck hatch", []string{"Open/name name=Well-deck[hatch.well]"}},
		{"open the well deck hatch", []string{"Open/name name=Well-deck[hatch.well]"}},
		{"open a - b", []string{"Open/name name=A - B[hatch.ab]"}},
		{"open a b", []string{"Open/name name=A - B[hatch.ab]"}},
		{"unfold our front-hatch", []string{"Open/name name=front hatch[hatch.fore]"}},
		{"open the main", []string{"Open/name name=Main[sail.main hatch.main]"}},
		{"open the main hatch", []string{"Open/name name=Main[sail.main hatch.main]"}},
		{"open the main hatches", []string{"Open/name name=Main[sail.main hatch.main]"}},
		{"open the mainhatch", []string{"Open/name name=Main[sail.main hatch.main]"}}, // as the reference does after a list
		{"open themain hatch", nil},
		{"please open aft 2", []string{"Open/name name=Aft 2[hatch.aft2]"}},
		{"kindly open aft two please", []string{"Open/name name=Aft 2[hatch.aft2]"}},
		{"kindly open open aft two", []string{"Open/name name=Aft 2[hatch.aft2]"}},
		{"please kindly open kindly open aft two kindly open", []string{"Open/name name=Aft 2[hatch.aft2]"}},
		{"open the captain's log", nil},
		{"open the", nil},
		{"open everything", []string{"Open/here area=Galley[galley] domain=hatch"}},
		{"open everything here", []string{"Open/here area=Galley[galley] domain=hatch"}},
		{"open everythinghere", nil},
		{"open the crew cabin hatches", []string{"Open/area area=Crew cabin[cabin]"}},
		{"open l'galley", []string{"Open/area area=Galley[galley]"}},
		{"steer north at 15 knots", []string{"Steer/course course=north speed=15"}},
		{"steer at fifteen knots southwards", []string{"Steer/course course=S speed=15"}},
		{"steer at 15 knots sunrise", []string{"Steer/course course=90 speed=15"}},
		{"steer at 16 knots north", nil},
		{"steer 90", []string{"Steer/degrees degrees=90"}},
		{"steer 90°", []string{"Steer/degrees degrees=90"}},
		{"steer twenty-one degrees", []string{"Steer/degrees degrees=21"}},
		{"steer twenty one degrees", []string{"Steer/degrees degrees=21"}},
		{"steer 360 degrees", nil},
		{"fall off 2.5 degrees", []string{"Steer/number falling=-2.5"}},
		{"fall off 2,5 degrees", []string{"Steer/number falling=-2.5"}},
		{"fall off 2.3 degrees", nil},
		{"fall off a hundred degrees", []string{"Steer/number falling=-100"}},
		{"sink to 1999999 feet", []string{"Steer/number depth=1999999"}},
		{"sink to -5 feet", []string{"Steer/number depth=-5"}},
		{"sink to -11 feet", nil},
		{"sink to 2000001 feet", nil},
		{"sink to 99999999999999999999 feet", nil},
		{"log all is Well", []string{"Log/entry entry=all is Well"}},
		{"log", nil},
		{"log All Quiet in the captain's log", []string{
			"Log/book entry=All Quiet name=Captain's log[book.log]", "Log/entry entry=All Quiet in the captain's log"}},
		{"log a in b in main", []string{"Log/book entry=a in b name=Main[book.main]", "Log/entry entry=a in b in main"}},
		{"please log this please", []string{"Log/entry entry=this please"}},
		{"kindly the cat goes overboard please", []string{"Log/overboard entry=kindly the cat"}},
		{"sing the verse of main", []string{"Sing/name name=main[hatch.main book.main]"}},
		{"sing Shanty loudly", []string{"Sing/tune @tune=Shanty"}},
		{"", nil},
		{"?!", nil},
		{"please", nil},
	} {
		var got []string
		for _, r := range h.Recognize(tc.text, Where{Area: "galley"}) {
			got = append(got, describe(r))
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%q:\n got %q\nwant %q", tc.text, got, tc.want)
		}
	}
}

func TestRecognizeWithoutArea(t *testing.T) {
	rs := testHome(t).Recognize("open everything", Where{})
	if len(rs) != 1 || describe(rs[0]) != "Open/here domain=hatch ?area" {
		t.Errorf("got %+v, want one result that needs an area", rs)
	}
	rs = testHome(t).Recognize("open everything", Where{Area: "unheard of"})
	if len(rs) != 1 || rs[0].NeedsArea || rs[0].Slots["area"].Value != "unheard of" {
		t.Errorf("got %+v, want the ID of an area without a name", rs)
	}
}

func TestSlotText(t *testing.T) {
	rs := testHome(t).Recognize("Unfold the Front Hatch, please", Where{})
	if len(rs) != 1 || rs[0].Slots["name"].Text != "Front Hatch" || rs[0].Text != "Unfold the Front Hatch" {
		t.Errorf("got %+v", rs)
	}
}

// TestRanking has an intent Z that must win over A, although A comes first by name.
func TestRanking(t *testing.T) {
	for _, tc := range []struct{ name, a, z, said string }{
		{"fewer wildcards before more literals", "stow {w} {v} in the big box", "stow {w} box", "stow a b in the big box"},
		{"text of the template before a list's", "find {kind} {w}", "find old {w}", "find old rope"},
		{"less in wildcards", "find {w}", "find {kind} {w}", "find old rope"},
		{"a list before a wildcard", "find {w}", "find {kind}", "find old"},
		{"an entity before none", "sail to the {place}", "sail {name} place", "sail to the place"},
		{"the longer name", "raise {name} high", "raise {name}", "raise main high"},
		{"a named entity before a wildcard of that name", "raise the {w:name}", "raise {name}", "raise the mast"},
		{"number words count as text", "go {seven} miles", "go {0..9:n} miles", "go seven miles"},
	} {
		source, err := decodeLanguage(fmt.Appendf(nil, `{"language":"en","intents":{
			"A":{"data":[{"sentences":[%q]}]}, "Z":{"data":[{"sentences":[%q]}]}},
			"lists":{"w":{"wildcard":true},"v":{"wildcard":true},"kind":{"values":["old"]},"place":{"values":["place"]},"seven":{"values":["seven"]}}}`, tc.a, tc.z))
		if err != nil {
			t.Fatal(err)
		}
		source.numbers = english(t)
		l, err := compileLanguage(source)
		if err != nil {
			t.Fatal(err)
		}
		h := l.Home(Names{Entities: []Name{{ID: "1", Names: []string{"to the", "main", "main high", "the mast"}}}})
		rs := h.Recognize(tc.said, Where{})
		if len(rs) != 2 || rs[0].Intent != "Z" || rs[1].Intent != "A" {
			t.Errorf("%s: got %+v", tc.name, rs)
		}
	}
}

// TestEqualMatches has sentences that match equally well. Blocks decide by their order in the file, and in a
// block the sentence with a wildcard and the most words, though one without may stand before it.
func TestEqualMatches(t *testing.T) {
	for _, tc := range []struct{ name, blocks, said, want string }{
		{"the first block", `{"sentences":["furl {kind}"],"response":"x"},{"sentences":["furl {kind}"],"response":"y"}`, "furl old", "x"},
		{"the first value", `{"sentences":["furl {twice:x}"]}`, "furl it", "1"},
		{"more words beside a wildcard", `{"sentences":["raise {w:x} mast","raise mast[ named] {w:x}"]}`, "raise mast a mast", "a mast"},
	} {
		source, err := decodeLanguage(fmt.Appendf(nil, `{"language":"en","intents":{"A":{"data":[%s]}},
			"lists":{"w":{"wildcard":true},"kind":{"values":["old"]},"twice":{"values":[{"in":"it","out":1},{"in":"it","out":2}]}}}`, tc.blocks))
		if err != nil {
			t.Fatal(err)
		}
		l, err := compileLanguage(source)
		if err != nil {
			t.Fatal(err)
		}
		rs := l.Home(Names{}).Recognize(tc.said, Where{})
		if len(rs) == 0 || rs[0].Response != tc.want && fmt.Sprint(rs[0].Slots["x"].Value) != tc.want {
			t.Errorf("%s: got %+v", tc.name, rs)
		}
	}
}

// TestWildcardEnds holds where a wildcard may end: before a word when the template has a space there, anywhere when
// it has none, and never without a word of its own.
func TestWildcardEnds(t *testing.T) {
	for _, tc := range []struct{ template, said, want string }{
		{"stow {w} in {kind}", "stow pin in old", "pin"},
		{"stow {w} in {kind}", "stow pinin old", "<nil>"},
		{"stow {w} in {kind}", "stow it-in old", "it-"},
		{"stow {w}in {kind}", "stow pin old", "p"},
		{"stow {w}", "stow - it -", "- it -"},
		{"stow {w}", "stow", "<nil>"},
		{"stow[all]{w}", "stow all it", "all it"},
		{"[all]{w} away", "all it away", "it"},
		{"stow {w} {0..99:n} times", "stow it 12 times", "it"},
		{"stow {w}{0..99:n} times", "stow it 12 times", "it"},
	} {
		source, err := decodeLanguage(fmt.Appendf(nil, `{"language":"en","intents":{"A":{"data":[{"sentences":[%q]}]}},
			"lists":{"w":{"wildcard":true},"kind":{"values":["old"]}}}`, tc.template))
		if err != nil {
			t.Fatal(err)
		}
		l, err := compileLanguage(source)
		if err != nil {
			t.Fatal(err)
		}
		got := "<nil>"
		if rs := l.Home(Names{}).Recognize(tc.said, Where{}); len(rs) > 0 {
			got = fmt.Sprint(rs[0].Slots["w"].Value)
		}
		if got != tc.want {
			t.Errorf("%q by %q: %s, want %s", tc.said, tc.template, got, tc.want)
		}
	}
}

func TestLanguageErrors(t *testing.T) {
	for _, tc := range []struct{ name, file, want string }{
		{"no such list", `"intents":{"A":{"data":[{"sentences":["b","go {nowhere}"]}]}}`,
			`A block 1 sentence 2: line 1 column 4 of "go {nowhere}": there is no list {nowhere}`},
		{"no such rule", `"intents":{"A":{"data":[{"sentences":["go <now>"]}]}}`, "there is no rule <now>"},
		{"recursive rules", `"intents":{"A":{"data":[{"sentences":["go <a>"]}]}},"expansion_rules":{"a":"x <b>","b":"[y] <a>"}`,
			`rule <b>: line 1 column 5 of "[y] <a>": <a> refers to itself: <a> -> <b> -> <a>`},
		{"recursive lists", `"intents":{"A":{"data":[{"sentences":["go {a}"]}]}},"lists":{"a":{"values":["x {b}"]},"b":{"values":["<r>"]}},"expansion_rules":{"r":"{a}"}`,
			`{a} refers to itself: {a} -> {b} -> <r> -> {a}`},
		{"bad rule", `"intents":{"A":{"data":[{"sentences":["go <a>"]}]}},"expansion_rules":{"a":"x ("}`, `rule <a>: line 1 column 3`},
		{"bad value", `"intents":{"A":{"data":[{"sentences":["go {l}"]}]}},"lists":{"l":{"values":["x","[y"]}}`, `list {l} value 2: line 1 column 1`},
		{"empty range", `"intents":{"A":{"data":[{"sentences":["go {l}"]}]}},"lists":{"l":{"range":{"from":5,"to":1}}}`, "holds no number"},
		{"endless range", `"intents":{"A":{"data":[{"sentences":["go {l}"]}]}},"lists":{"l":{"range":{"from":-9223372036854775808,"to":9223372036854775807}}}`, "goes beyond"},
		{"unknown fractions", `"intents":{"A":{"data":[{"sentences":["go {l}"]}]}},"lists":{"l":{"range":{"from":5,"to":9,"fractions":"thirds"}}}`, "thirds"},
	} {
		source, err := decodeLanguage([]byte(`{"language":"en",` + tc.file + `}`))
		if err != nil {
			t.Fatal(err)
		}
		source.path = "en.json"
		_, err = compileLanguage(source)
		var te *TemplateError
		if !errors.As(err, &te) || te.File != "en.json" || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want ...%s...", tc.name, err, tc.want)
		}
	}
	if _, err := decodeLanguage([]byte(`{}`)); err == nil {
		t.Error("a file without a language was taken")
	}
	if _, err := Load("no/such/file.json"); err == nil || !strings.Contains(err.Error(), "no/such/file.json") {
		t.Errorf("Load of no file: %v", err)
	}
}

// TestHostileSentences makes sure that what nobody would say is neither slow nor fatal. The work is
// counted in automaton states, not in seconds.
func TestHostileSentences(t *testing.T) {
	h := testHome(t)
	for name, text := range map[string]string{
		"spaces":     strings.Repeat(" ", 10_000),
		"dashes":     "log " + strings.Repeat("-", 10_000),
		"wildcards":  "log " + strings.Repeat("in main ", 1_250),
		"long word":  "open " + strings.Repeat("a", 10_000),
		"controls":   "log \x00\x01\x1b[31m\u202e\ufeff",
		"not UTF-8":  "log \xff\xfe\xc0",
		"marks":      strings.Repeat("?!.", 3_000),
		"combining":  "log " + strings.Repeat("a\u0301", 3_000),
		"skip words": strings.Repeat("please ", 1_400),
		"too long":   "log " + strings.Repeat("x ", 50_000),
	} {
		h.Recognize(text, Where{})
		if n := h.automaton.states.len(); n > 15_000 {
			t.Errorf("%s: %d states", name, n)
		}
		if n := len(h.tracker.events); n > 200_000 {
			t.Errorf("%s: %d events", name, n)
		}
	}
	if rs := h.Recognize("open the fore hatch", Where{}); len(rs) != 1 {
		t.Errorf("afterwards an ordinary sentence gives %v", rs)
	}
}

func TestAutomatonForgets(t *testing.T) {
	h := testHome(t)
	for i := range 3_000 {
		text := fmt.Sprintf("log %x in main", uint32(i)*2654435761)
		if rs := h.Recognize(text, Where{}); len(rs) != 2 {
			t.Fatalf("%q gives %v", text, rs)
		}
		if h.automaton.states.len() > hardStates || h.automaton.arcs.len() > hardArcs {
			t.Fatalf("%d states, %d arcs after %d sentences", h.automaton.states.len(), h.automaton.arcs.len(), i)
		}
	}
	for r := rune(0x3400); r < 0x3400+softArcs+0x2000; r++ { // each dies at its first rune, and leaves an arc
		h.Recognize(string(r), Where{})
	}
	if n := h.automaton.arcs.len(); n > softArcs+1 {
		t.Errorf("%d arcs are kept", n)
	}
	if rs := h.Recognize("open the fore hatch", Where{}); len(rs) != 1 {
		t.Errorf("afterwards an ordinary sentence gives %v", rs)
	}
}

func TestRecognizeAtOnce(t *testing.T) {
	h := testHome(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if rs := h.Recognize("open the fore hatch", Where{}); len(rs) != 1 {
					t.Errorf("got %v", rs)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzRecognize(f *testing.F) {
	for _, s := range []string{"open the fore hatch", "log a in main", "steer at 15 knots north", "fall off 2.5", "please please", "-_-"} {
		f.Add(s)
	}
	h := testHome(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range h.Recognize(text, Where{}) {
			if r.Intent == "" || r.Slots == nil {
				t.Fatalf("%q gives %+v", text, r)
			}
		}
	})
}
