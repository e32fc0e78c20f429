// Package spellout says numbers in words and finds them in text. The rules of a language are the
// rule-based number format of the Unicode CLDR (package cldr-rbnf, file <language>.json; the syntax is
// that of ICU's RuleBasedNumberFormat). All cardinals of a language are used, in every gender, case
// and style; ordinals, years and financial forms are not.
//
// English works without any file, from rules of its own.
package spellout

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// A Speller knows the number words of one language. It is safe for concurrent use.
type Speller struct {
	tag    language.Tag
	sets   map[string]*ruleSet
	public []*ruleSet // those that a number is spelled with, the plainest first
}

// ErrNoRules is returned for a language whose number words are not known.
var ErrNoRules = errors.New("no number words for this language")

// Load reads the rules of a language, "de" or "pt-BR", from a folder of CLDR files. Without a file
// for it English is built in; for others the error is ErrNoRules.
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
	if tag, err := language.Parse(code); err == nil && base(tag) == "en" {
		return English(), nil
	}
	return nil, fmt.Errorf("%w: %q", ErrNoRules, code)
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

func base(tag language.Tag) string {
	b, _ := tag.Base()
	return b.String()
}

// New reads the rules of one CLDR file.
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
	return compile(sets, code)
}

func compile(sets map[string][][2]string, code string) (*Speller, error) {
	tag, err := language.Parse(code)
	if err != nil {
		return nil, fmt.Errorf("language %q: %w", code, err)
	}
	s := &Speller{tag: tag, sets: make(map[string]*ruleSet, len(sets))}
	for name := range sets {
		s.sets[name] = &ruleSet{name: name}
	}
	for name, rules := range sets {
		if err := s.sets[name].add(rules, s.sets); err != nil {
			return nil, fmt.Errorf("rule set %s: %w", name, err)
		}
	}
	for name, set := range s.sets {
		if isCardinal(name) {
			s.public = append(s.public, set)
		}
	}
	slices.SortFunc(s.public, func(a, b *ruleSet) int {
		return 2*(len(a.name)-len(b.name)) + strings.Compare(a.name, b.name)
	})
	if len(s.public) == 0 {
		return nil, fmt.Errorf("%w: %q has no cardinals", ErrNoRules, code)
	}
	return s, nil
}

func isCardinal(set string) bool {
	return (strings.HasPrefix(set, "%spellout-cardinal") || strings.HasPrefix(set, "%spellout-numbering")) &&
		!strings.HasSuffix(set, "-year") && !strings.Contains(set, "financial")
}

// limit bounds what is spelled: whole parts beyond it and more than two decimals have no words here.
const limit = 1_000_000

// Spellings are all ways to say a number, the plainest first, in lower case: "twenty-one", "twenty one".
// Nil when the language has no words for it.
func (s *Speller) Spellings(n float64) []string {
	if n <= -limit || n >= limit || n != n {
		return nil
	}
	whole, decimals, _ := strings.Cut(strconv.FormatFloat(n, 'f', -1, 64), ".")
	if len(decimals) > 2 {
		return nil
	}
	f := formatter{tag: s.tag}
	f.negative = strings.HasPrefix(whole, "-")
	f.whole, _ = strconv.Atoi(strings.TrimPrefix(whole, "-"))
	f.decimals = decimals
	var all []string
	for _, set := range s.public {
		f.out, f.steps = f.out[:0], 0
		if f.number(set) {
			all = s.addVariants(all, string(f.out))
		}
	}
	return all
}

// addVariants adds a spelling and what people and recognisers make of it.
func (s *Speller) addVariants(all []string, spelling string) []string {
	spelling = strings.TrimSpace(strings.ToLower(spelling))
	all = addNew(all, spelling)
	open := strings.ReplaceAll(spelling, "-", " ")
	all = addNew(all, open)
	if base(s.tag) != "en" {
		return all
	}
	for _, v := range []string{spelling, open} {
		for _, usual := range [][2]string{{"one hundred", "a hundred"}, {"one thousand", "a thousand"}} {
			if rest, ok := strings.CutPrefix(v, usual[0]); ok {
				all = addNew(all, usual[1]+rest)
			}
		}
	}
	return all
}

func addNew(all []string, s string) []string {
	if s == "" || slices.Contains(all, s) {
		return all
	}
	return append(all, s)
}
