package conformance

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"hearth/daemon/intent"
)

// A Score is how many sentences of a language came out right. Each count includes only sentences that
// were right in all that comes before it.
type Score struct {
	Language    string        `json:"language"`
	Sentences   int           `json:"sentences"`
	Intent      int           `json:"intent"`
	Combination int           `json:"combination"`
	Slots       int           `json:"slots"`
	Response    int           `json:"response"`
	P50         time.Duration `json:"p50_ns"` // time to recognise one sentence
	P95         time.Duration `json:"p95_ns"`
	Failures    []Failure     `json:"failures,omitempty"` // the first of them

	times []time.Duration
}

// maxFailures are kept of each language.
const maxFailures = 100

// A Failure is a sentence that did not come out right.
type Failure struct {
	File     string `json:"file"` // Intent/combination
	Sentence string `json:"sentence"`
	Part     string `json:"part"` // "intent", "combination", "slots" or "response"
	Want     string `json:"want"`
	Got      string `json:"got"`
}

// Add takes in the figures of another language, but not its failures.
func (s *Score) Add(o Score) {
	s.Sentences += o.Sentences
	s.Intent += o.Intent
	s.Combination += o.Combination
	s.Slots += o.Slots
	s.Response += o.Response
	s.timed(o.times)
}

func (s *Score) timed(times []time.Duration) {
	s.times = append(s.times, times...)
	slices.Sort(s.times)
	if n := len(s.times); n > 0 {
		s.P50, s.P95 = s.times[n/2], s.times[n*95/100]
	}
}

// RunAll runs the tests in dir, <language>/<Intent>/<combination>.yaml or the same in the folder tests, of the
// named languages, or of all that are there when none is named. Templates and facts about intents are those in
// the folder sentences. It hands on the score of each language when it is known, in the order of their codes.
//
// What cannot be read is left out. The error then joins what was wrong with each language or file; a file's is
// a *FileError.
func RunAll(dir, sentences string, languages []string, report func(Score)) error {
	intents, err := ReadIntents(filepath.Join(sentences, "intents.json"))
	if err != nil {
		return err
	}
	files, err := findTests(dir)
	if err != nil {
		return err
	}
	if len(languages) == 0 {
		languages = slices.Sorted(maps.Keys(files))
	}
	var faults []error
	for _, code := range languages {
		if len(files[code]) == 0 {
			faults = append(faults, fmt.Errorf("find sentence tests of %s in %s: %w", code, dir, errNoTests))
			continue
		}
		language, err := load(sentences, code)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		score, err := Run(files[code], language, intents)
		if err != nil {
			faults = append(faults, err)
		}
		if score.Sentences > 0 {
			report(score)
		}
	}
	return errors.Join(faults...)
}

func load(sentences, code string) (*intent.Language, error) {
	language, err := intent.Load(filepath.Join(sentences, code+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("language %s has tests but no templates: run `make assets` for a release that has "+
			"them, or leave its folder out: %w", code, err)
	}
	return language, err
}

// Run says every sentence of a language's test files to it. Files that cannot be read are left out, and the
// error joins their *FileErrors.
func Run(paths []string, language *intent.Language, intents Intents) (Score, error) {
	score := Score{Language: language.Code}
	var faults []error
	var times []time.Duration
	for _, path := range paths {
		f, err := readTest(path)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		c, ok := intents[f.intent].Combinations[f.combination]
		if !ok {
			continue // the published runner does not see these either
		}
		r := runner{file: f, combination: c, language: language, home: language.Home(names(f)), score: &score}
		r.where = contextArea(f)
		for _, test := range f.Tests {
			for _, sentence := range test.Sentences {
				times = append(times, r.say(sentence, test))
			}
		}
	}
	score.timed(times)
	return score, errors.Join(faults...)
}

// noArea is where the speaker is when the test does not say: in an area that the home has no name for.
const noArea = "__context_area__"

func contextArea(f testFile) intent.Where {
	for _, a := range f.Areas {
		if a.ContextArea {
			return intent.Where{Area: a.Name}
		}
	}
	return intent.Where{Area: noArea}
}

// names makes a home of a test's fixtures. Names serve as IDs; an entity's carries its domain in front.
func names(f testFile) intent.Names {
	var n intent.Names
	for _, e := range f.Entities {
		n.Entities = append(n.Entities, intent.Name{
			ID: e.Domain + "." + e.Name, Names: []string{e.Name}, Context: map[string]string{"domain": e.Domain},
		})
	}
	for _, a := range f.Areas {
		n.Areas = append(n.Areas, intent.Name{ID: a.Name, Names: []string{a.Name}})
	}
	for _, fl := range f.Floors {
		n.Floors = append(n.Floors, intent.Name{ID: fl.Name, Names: []string{fl.Name}})
	}
	return n
}

type runner struct {
	file        testFile
	combination combination
	language    *intent.Language
	home        *intent.Home
	where       intent.Where
	score       *Score
}

// say recognises one sentence, scores it and returns how long the recognition took.
func (r *runner) say(sentence string, test testCase) time.Duration {
	begin := time.Now()
	results := r.home.Recognize(sentence, r.where)
	took := time.Since(begin)
	r.score.Sentences++
	fail := func(part, want, got string) {
		if len(r.score.Failures) < maxFailures {
			r.score.Failures = append(r.score.Failures,
				Failure{r.file.intent + "/" + r.file.combination, sentence, part, want, got})
		}
	}
	if len(results) == 0 || results[0].Intent != r.file.intent {
		got := "nothing"
		if len(results) > 0 {
			got = fmt.Sprintf("%+v", results[0])
		}
		fail("intent", r.file.intent, got)
		return took
	}
	best := results[0]
	r.score.Intent++
	if best.Combination != r.file.combination {
		fail("combination", r.file.combination, best.Combination)
		return took
	}
	r.score.Combination++
	if problem := r.checkSlots(best.Slots, test.Slots); problem != "" {
		fail("slots", fmt.Sprint(test.Slots), problem)
		return took
	}
	r.score.Slots++
	if got := r.respond(best, test); got != test.Response {
		fail("response", test.Response, got)
		return took
	}
	r.score.Response++
	return took
}

// checkSlots compares the slots with those of the combination and of the test; "" when all is well.
func (r *runner) checkSlots(got map[string]intent.Slot, want map[string]any) string {
	names := slices.Clone(r.combination.Slots)
	if r.combination.ContextArea {
		names = append(names, "area")
		if area := fmt.Sprint(got["area"].Value); area != r.where.Area {
			return "the speaker's area is " + area
		}
	}
	if inferred := domains(r.combination.Inferred); len(inferred) > 0 {
		names = append(names, "domain")
		if d := fmt.Sprint(got["domain"].Value); !slices.Contains(inferred, d) {
			return "the inferred domain is " + d
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for name := range got {
		if !slices.Contains(names, name) {
			return "unexpected slot " + name
		}
	}
	if len(got) != len(names) {
		return fmt.Sprintf("the slots are %v, not %v", got, names)
	}
	for name, value := range want {
		if name == "domain" && len(r.combination.Inferred) > 0 {
			continue // any of the inferred ones will do
		}
		if !equal(got[name].Value, value) {
			return fmt.Sprintf("%s is %v", name, got[name].Value)
		}
	}
	return r.checkDomain(got["name"].Value)
}

// checkDomain makes sure that a name is one of the test's home, and only of entities that the combination is for.
func (r *runner) checkDomain(name any) string {
	allowed := domains(r.combination.Names)
	if len(allowed) == 0 {
		return ""
	}
	known := false
	for _, e := range r.file.Entities {
		if e.Name != name {
			continue
		}
		if known = true; !slices.Contains(allowed, e.Domain) {
			return "the name is one of a " + e.Domain
		}
	}
	if !known {
		return fmt.Sprintf("the name %q is that of no entity", name)
	}
	return ""
}

// equal compares a slot with what a test wants: lists by what they hold, numbers by value.
func equal(got, want any) bool {
	switch w := want.(type) {
	case []any:
		g, ok := got.([]any)
		if !ok {
			return slices.ContainsFunc(w, func(v any) bool { return equal(got, v) })
		}
		return !slices.ContainsFunc(g, func(v any) bool { return !equal(v, want) })
	case nil:
		return got == nil
	}
	if g, ok := got.([]any); ok {
		return slices.ContainsFunc(g, func(v any) bool { return equal(v, want) })
	}
	a, aok := asFloat(got)
	b, bok := asFloat(want)
	if aok || bok {
		return aok && bok && a == b
	}
	return got == want
}

func asFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case uint64:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
