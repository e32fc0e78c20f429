// Package spellout says numbers in words, in every way that people say them. The rules of a language are the
// rule-based number format of the Unicode CLDR (package cldr-rbnf, file <language>.json; the syntax is
// that of ICU's RuleBasedNumberFormat). All cardinals of a language are used, in every gender, case
// and style; ordinals and years are not.
//
// Beside them stand the package's own rules (folder spoken): languages that CLDR lacks, English, and what people
// say otherwise than CLDR writes it, as the Czech pětadvacet for dvacet pět.
package spellout

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// A Speller knows the number words of one language. It is safe for concurrent use, and nil knows none.
type Speller struct {
	tag      language.Tag
	sets     map[string]*ruleSet
	public   []*ruleSet // those that a number is spelled with, the plainest first
	variants []variant
}

// ErrNoRules is returned for a language whose number words are not known.
var ErrNoRules = errors.New("no number words for this language")

// Load reads the rules of a language, "de" or "pt-BR", from a folder of CLDR files. Without a file there the
// package's own rules must do; where they have none either, the error is ErrNoRules.
func Load(dir, code string) (*Speller, error) {
	for _, name := range fileNames(code) {
		path := filepath.Join(dir, name+".json")
		raw, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, fmt.Errorf("read number words: %w", err)
		}
		s, err := New(raw, code)
		if err != nil {
			return nil, fmt.Errorf("number words %s: %w", path, err)
		}
		return s, nil
	}
	return Own(code)
}

// fileNames are what CLDR may call a language, the closest first.
func fileNames(code string) []string {
	switch code {
	case "nb":
		return []string{"no"}
	case "pt":
		return []string{"pt-PT", "pt"}
	case "zh-TW", "zh-HK":
		return []string{"zh-Hant", "zh"}
	}
	parent, _, _ := strings.Cut(code, "-")
	return []string{code, parent}
}

// New reads the rules of one CLDR file and adds the package's own for the language.
func New(raw []byte, code string) (*Speller, error) {
	var file struct {
		RBNF struct {
			RBNF struct {
				SpelloutRules map[string]json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, err
	}
	sets := map[string][][2]string{}
	for name, raw := range file.RBNF.RBNF.SpelloutRules {
		var rules [][2]string
		if !strings.HasPrefix(name, "%") { // the name of the file it was made from
			continue
		}
		if err := json.Unmarshal(raw, &rules); err != nil {
			return nil, fmt.Errorf("rule set %s: %w", name, err)
		}
		sets[name] = rules
	}
	own, err := readSpoken(code)
	if err != nil {
		return nil, err
	}
	return compile(sets, own, code)
}

// Own is a language that the package itself knows without CLDR: English, and what CLDR lacks. The error for others
// is ErrNoRules.
func Own(code string) (*Speller, error) {
	own, err := readSpoken(code)
	if err != nil {
		return nil, err
	}
	if !own.complete() {
		return nil, fmt.Errorf("%w: %q", ErrNoRules, code)
	}
	return compile(nil, own, code)
}

// compile puts a language together. A rule set that CLDR has wins over the own one of the same name.
func compile(cldr map[string][][2]string, own spoken, code string) (*Speller, error) {
	tag, err := language.Parse(code)
	if err != nil {
		return nil, fmt.Errorf("language %q: %w", code, err)
	}
	sets := map[string][][2]string{}
	maps.Copy(sets, own.sets)
	maps.Copy(sets, cldr)
	s := &Speller{tag: tag, sets: make(map[string]*ruleSet, len(sets)), variants: own.variants}
	for name := range sets {
		s.sets[name] = &ruleSet{name: name}
	}
	for name, rules := range sets {
		if err := s.sets[name].add(rules, s.sets); err != nil {
			return nil, fmt.Errorf("rule set %s: %w", name, err)
		}
		if isCardinal(name) {
			s.public = append(s.public, s.sets[name])
		}
	}
	slices.SortFunc(s.public, func(a, b *ruleSet) int {
		return cmp.Or(len(a.name)-len(b.name), strings.Compare(a.name, b.name))
	})
	if len(s.public) == 0 {
		return nil, fmt.Errorf("%w: %q has no cardinals", ErrNoRules, code)
	}
	return s, nil
}

func isCardinal(set string) bool {
	return (strings.HasPrefix(set, "%spellout-cardinal") || strings.HasPrefix(set, "%spellout-numbering")) &&
		!strings.HasSuffix(set, "-year")
}

// limit bounds what is spelled: whole parts beyond it and more than two decimals have no words here.
const limit = 1_000_000

// Spellings are all ways to say a number, the plainest first: "twenty-one", "twenty one". Nil when
// the language has no words for it.
func (s *Speller) Spellings(n float64) []string {
	f, ok := s.formatter(n)
	if !ok {
		return nil
	}
	var all []string
	for i, set := range s.public {
		f.out, f.steps = f.out[:0], 0
		if f.number(set) {
			all = s.addVariants(all, string(f.out), i == 0)
		}
	}
	return all
}

// halfSet spells numbers and a half: "two and a half".
const halfSet = "%spellout-cardinal-half"

// Mixed are the ways to say a number and a half with the number in digits: "2 and a half". Nil when nobody does.
func (s *Speller) Mixed(n float64) []string {
	f, ok := s.formatter(n)
	if !ok || s.sets[halfSet] == nil || f.decimals != "5" {
		return nil
	}
	f.figures = true
	if !f.number(s.sets[halfSet]) {
		return nil
	}
	return s.addVariants(nil, string(f.out), false)
}

// formatter takes a number apart; false when it is none that is spelled.
func (s *Speller) formatter(n float64) (formatter, bool) {
	if s == nil || n <= -limit || n >= limit || n != n {
		return formatter{}, false
	}
	whole, decimals, _ := strings.Cut(strconv.FormatFloat(n, 'f', -1, 64), ".")
	f := formatter{tag: s.tag, decimals: decimals}
	f.negative = strings.HasPrefix(whole, "-")
	f.whole, _ = strconv.Atoi(strings.TrimPrefix(whole, "-"))
	return f, len(decimals) <= 2
}
