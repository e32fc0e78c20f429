package intent

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	yamlparser "github.com/goccy/go-yaml/parser"
)

// ownHome is the test language with an owner's files, all of which must be without fault.
func ownHome(t *testing.T, files ...string) *Home {
	t.Helper()
	l, faults := withFiles(t, files...)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return l.Home(testNames())
}

func withFiles(t *testing.T, files ...string) (*Language, Faults) {
	t.Helper()
	var all []*Custom
	var faults Faults
	for _, text := range files {
		c, found := ParseCustom("own.yaml", []byte(text))
		all, faults = append(all, c), append(faults, found...)
	}
	l, found := testHome(t).lang.WithCustom(all...)
	return l, append(faults, found...).Sorted()
}

func TestCustomSentences(t *testing.T) {
	h := ownHome(t, `
language: en
intents:
  Mine:
    data:
      - sentences: ["Open the fore hatch!", "bring [me] {name} [now]"]
        slots: {speed: 3.0, crew: [a, 1], fair: true}
        response: as you wish
        metadata: {why: "a test"}
  Stow:
    data:
      - sentences: ["stow (the|our) {cargo} in {place:hold}"]
        lists:
          cargo: {values: [{in: "barrel[s]", out: 7, metadata: {weight: 90}}, crate]}
      - sentences: ["stow all <of_it>"]
        expansion_rules: {of_it: "of (it|them)"}
        required_keywords: [Them]
  Open:
    data:
      - sentences: ["gape {name}"]
        name_domains: [hatch]
      - sentences: ["gape here"]
        inferred_domain: hatch
        requires_context: {area: {slot: true}}
lists:
  place: {values: [{in: aft, out: A, context: {wet: yes}}, on]}
  heading: {values: [{in: leewards, out: L}]}
  degrees: {range: {to: 400}}
  falling: {wildcard: true}
expansion_rules:
  the: (the|thy)
  of: "of <the>"
skip_words: [ahoy]
`)
	for _, tc := range []struct{ text, want string }{
		{"open the Fore Hatch", "Mine/ crew=[a 1] fair=true speed=3"},
		{"bring me captain's log", "Mine/ crew=[a 1] fair=true name=Captain's log[book.log] speed=3"},
		{"stow our barrels in aft", "Stow/ cargo=7 hold=A"},
		{"stow the crate in on", "Stow/ cargo=crate hold=on"},
		{"stow all of it", ""},
		{"stow all of them", "Stow/"},
		{"gape fore hatch", "Open/ name=Fore Hatch[hatch.fore]"},
		{"gape main", "Open/ name=main[hatch.main]"},
		{"gape captain's log", ""},
		{"gape here", "Open/ area=Galley[galley] domain=hatch"},
		{"ahoy steer at 15 knots leewards", "Steer/course course=L speed=15"},
		{"steer at 15 knots north", "Steer/course course=north speed=15"},
		{"steer 395 degrees", "Steer/degrees degrees=395"},
		{"fall off anywhere", "Steer/number falling=anywhere"},
		{"open thy aft 2", "Open/name name=Aft 2[hatch.aft2]"},
		{"open our aft 2", ""},
	} {
		got := ""
		if rs := h.Recognize(tc.text, Where{Area: "galley"}); len(rs) > 0 {
			got = describe(rs[0])
		}
		if got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.text, got, tc.want)
		}
	}
	rs := h.Recognize("open the fore hatch", Where{})
	if len(rs) != 2 || !rs[0].Custom || rs[1].Custom || rs[1].Intent != "Open" {
		t.Fatalf("got %+v, want the owner's before the published", rs)
	}
	if why := rs[0].Metadata["why"]; why != "a test" {
		t.Errorf("metadata %v", rs[0].Metadata)
	}
	if text, err := h.lang.Respond(rs[0], ResponseData{}); text != "as you wish" || err != nil {
		t.Errorf("response %q, %v", text, err)
	}
	rs = h.Recognize("stow the barrel in aft", Where{})
	if weight := rs[0].Slots["cargo"].Metadata["weight"]; weight != 90 {
		t.Errorf("the metadata of a value are %v", rs[0].Slots["cargo"].Metadata)
	}
	if n := h.lang.Custom(); n != 6 {
		t.Errorf("%d sentences are the owner's, want 6", n)
	}
}

func TestCustomFilesAddUp(t *testing.T) {
	first, _ := withFiles(t, "intents: {A: {data: [{sentences: [heave to], response: all}]}}\nresponses: {intents: {A: {all: first}, Open: {default: 'done, {{ slots.name }}'}}, errors: {no_area: which?}}")
	c, faults := ParseCustom("second.yaml", []byte("intents: {A: {data: [{sentences: [heave away]}]}}\nresponses: {intents: {A: {default: second}}}"))
	both, more := first.WithCustom(c, NewCustom("B", "belay", "avast [there]"))
	if len(faults)+len(more) > 0 {
		t.Fatal(faults, more)
	}
	h := both.Home(testNames())
	for text, want := range map[string]string{"heave to": "first", "heave away": "second", "open the fore hatch": "done, Fore Hatch", "avast": ""} {
		rs := h.Recognize(text, Where{})
		if len(rs) == 0 {
			t.Errorf("%q is not understood", text)
			continue
		}
		if got, err := both.Respond(rs[0], ResponseData{}); got != want || err != nil {
			t.Errorf("%q is answered %q, %v; want %q", text, got, err, want)
		}
	}
	if got := both.Apology("no_area", nil); got != "which?" {
		t.Errorf("the apology is %q", got)
	}
	if rs := first.Home(testNames()).Recognize("belay", Where{}); rs != nil {
		t.Errorf("the language that was added to understands %v", rs)
	}
}

func TestResponsesAskForEntities(t *testing.T) {
	entity := func(id string) (State, bool) {
		known := map[string]State{
			"sensor.rain": {State: "2.5", Attributes: map[string]any{"unit": "mm"}}, "lock.hatch": {State: "unavailable"},
		}
		s, ok := known[id]
		return s, ok
	}
	for template, want := range map[string]string{
		"{{ states('sensor.rain') }} {{ state_attr('sensor.rain', 'unit') }}":               "2.5 mm",
		"{{ states('sensor.snow') }} {{ state_attr('sensor.snow', 'unit') }}":               "unknown None",
		"{{ is_state('sensor.rain', '2.5') }} {{ is_state('lock.hatch', 'open') }}":         "True False",
		"{{ has_value('sensor.rain') }} {{ has_value('lock.hatch') }} {{ has_value('x') }}": "True False False",
		"{{ states() }} {{ is_state() }} {{ state_attr([]) }} {{ states([1]) }}":            "unknown False None unknown",
	} {
		l, faults := withFiles(t, "intents: {A: {data: [{sentences: [belay], response: \""+template+"\"}]}}")
		rs := l.Home(testNames()).Recognize("belay", Where{})
		if len(faults) > 0 || len(rs) != 1 {
			t.Errorf("%s: %v, %v", template, faults, rs)
			continue
		}
		if got, err := l.Respond(rs[0], ResponseData{Entity: entity}); got != want || err != nil {
			t.Errorf("%s: %q, %v; want %q", template, got, err, want)
		}
		if _, err := l.Respond(rs[0], ResponseData{}); err != nil {
			t.Errorf("%s without entities: %v", template, err)
		}
	}
}

func TestSupplementsRankAsPublished(t *testing.T) {
	l, faults := testHome(t).lang.WithSupplement(NewCustom("Sink", "log the {entry}"))
	if faults != nil {
		t.Fatal(faults)
	}
	l, faults = l.WithCustom(NewCustom("Zero", "log the {entry}"))
	if faults != nil {
		t.Fatal(faults)
	}
	rs := l.Home(testNames()).Recognize("log the end", Where{})
	if len(rs) < 2 || rs[0].Intent != "Zero" || !rs[0].Custom || rs[1].Intent != "Sink" || rs[1].Custom {
		t.Errorf("got %+v", rs)
	}
}

func TestFingerprint(t *testing.T) {
	l := testHome(t).lang
	with := func(s string) string {
		l, _ := l.WithCustom(NewCustom("A", s))
		return l.Fingerprint()
	}
	if again := with("a"); len(l.Fingerprint()) != 16 || again != with("a") || again == l.Fingerprint() || again == with("b") {
		t.Errorf("%q %q %q", l.Fingerprint(), with("a"), with("b"))
	}
}

// TestCustomFaults has files of which every line marked with # is faulty, and says so. The rest must work.
func TestCustomFaults(t *testing.T) {
	paths, err := filepath.Glob("testdata/custom/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal("no files", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c, faults := ParseCustom("own.yaml", text)
			l, more := testHome(t).lang.WithCustom(c)
			want, err := os.ReadFile(strings.TrimSuffix(path, ".yaml") + ".faults")
			if err != nil {
				t.Fatal(err)
			}
			got := append(faults, more...).Sorted().Error() + "\n"
			if got != string(want) {
				t.Errorf("faults:\n%s\nwant:\n%s", got, want)
			}
			h := l.Home(testNames())
			for line := range strings.Lines(string(text)) {
				said, ok := strings.CutPrefix(strings.TrimSpace(line), "# works: ")
				if ok && len(h.Recognize(said, Where{})) == 0 {
					t.Errorf("%q is not understood", said)
				}
			}
			if _, again := l.WithCustom(NewCustom("More", "heave away")); again != nil {
				t.Errorf("what was left out is told again: %v", again)
			}
		})
	}
}

func TestUnreadableFiles(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"not UTF-8":      {"intents: \xff", "own.yaml: it is not UTF-8"},
		"too large":      {strings.Repeat("# long\n", 200_000), "own.yaml: it has 1400000 bytes, at most 1048576 are read"},
		"long line":      {"a: " + strings.Repeat("- ", 10_000), "own.yaml: it has a line of 20003 bytes, at most 16384 are read"},
		"open brackets":  {strings.Repeat("[[\n", 1_000), "own.yaml: more than 1000 brackets are not closed"},
		"bracket first":  {"intents:\n  A:\n    data:\n      - sentences:\n          - [the] lamp\n", "own.yaml:5:19: value is not allowed in this context; expected YAML, with sentences that begin with [ or { in quotes"},
		"two documents":  {"language: en\n---\nlanguage: en\n", "own.yaml:3:1: this begins a second document; expected one document"},
		"no section":     {"- a\n", "own.yaml:1:1: this is no section; expected keys: language, intents, lists, expansion_rules, skip_words, settings, responses"},
		"other language": {"language: de\n", `own.yaml:1:11: the language is "de", but this is among the sentences for "en"; expected language: en`},
		"alias bomb": {"a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n" +
			"intents: {A: {data: [{sentences: [x], slots: {a: &z [*y]}, metadata: {a: &y [*z]}}]}}", "there is no anchor of this name above"},
	} {
		_, faults := withFiles(t, tc.text)
		if len(faults) == 0 || !slices.ContainsFunc(faults, func(f Fault) bool { return strings.Contains(f.String(), tc.want) }) {
			t.Errorf("%s: got %v, want %s", name, faults, tc.want)
		}
	}
	if l, faults := withFiles(t, "", "# nothing\n", "intents:\n", "\ufefflanguage: en\r\nintents:\r\n  A:\r\n    data:\r\n      - sentences: [belay]\r\n"); len(faults) > 0 || l.Custom() != 1 {
		t.Errorf("files that say little: %v", faults)
	}
}

// TestCustomMemory has templates that are short to write and long to lay out.
func TestCustomMemory(t *testing.T) {
	permutation := "(" + strings.Repeat("(a;b;c;d;e;f;g;h;i;j)", 100) + ")"
	sentences := strings.Repeat("\n          - "+permutation, 7)
	l, faults := withFiles(t, "intents:\n  A:\n    data:\n      - sentences:\n          - belay"+sentences+"\n          - avast\n")
	if len(faults) == 0 || !strings.Contains(faults[0].Problem, "too large") {
		t.Errorf("faults %v", faults)
	}
	if n := len(l.graph.nodes); n > 2*maxCustomGraph {
		t.Errorf("%d nodes", n)
	}
	if rs := l.Home(testNames()).Recognize("belay", Where{}); len(rs) != 1 {
		t.Errorf("got %v", rs)
	}
}

func FuzzParseCustom(f *testing.F) {
	paths, err := filepath.Glob("testdata/custom/*.yaml")
	if err != nil || len(paths) == 0 {
		f.Fatal("no files", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	published := testHome(f).lang
	f.Fuzz(func(t *testing.T, text []byte) {
		c, faults := ParseCustom("own.yaml", text)
		l, more := published.WithCustom(c)
		lines := 2 + strings.Count(string(text), "\n") + strings.Count(string(text), "\r")
		for _, fault := range append(faults, more...) {
			if fault.Problem == "" || fault.File != "own.yaml" || fault.Line < 0 || fault.Line > lines || fault.Column < 0 || fault.Column > len(text)+1 {
				t.Fatalf("%+v", fault)
			}
		}
		h := l.Home(testNames())
		for _, said := range []string{"open the fore hatch", "steer at 15 knots north", "log a in main"} {
			h.Recognize(said, Where{})
		}
	})
}

// TestAliasAtTheBound reads an alias that names nothing as the last value that is read.
func TestAliasAtTheBound(t *testing.T) {
	file, err := yamlparser.ParseBytes([]byte("*nothing"), 0)
	if err != nil {
		t.Fatal(err)
	}
	r := &customReader{source: &customSource{}, nodes: maxCustomNodes - 1}
	if n := r.open(file.Docs[0].Body); n != nil || len(r.faults) != 1 {
		t.Errorf("opened %v with the faults %v", n, r.faults)
	}
}

// What is not to be heard is understood all the same.
func TestUnheardSentences(t *testing.T) {
	unheard, faults := ParseCustom("a.yaml", []byte(`intents:
  Sink:
    data:
      - sentences: ["sink the (boat|ship)"]
        metadata: {heard: false}
  Raise:
    data:
      - sentences: ["raise the (boat|ship)"]
`))
	l, more := testHome(t).lang.WithSupplement(unheard)
	if len(faults)+len(more) > 0 {
		t.Fatal(faults, more)
	}
	h := l.Home(Names{})
	for said, heard := range map[string]bool{"sink the ship": false, "raise the ship": true} {
		if got := h.Grammar().Accepts(said); got != heard {
			t.Errorf("%q: heard is %v", said, got)
		}
		if len(h.Recognize(said, Where{})) == 0 {
			t.Errorf("%q is not understood", said)
		}
	}
}
