package spellout

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// spokenFiles are the package's own rules, a file for each language:
//
//	# a comment
//	%spellout-cardinal-spoken:       a rule set, which may refer to CLDR's
//	1: ein; zwo; 20: zwanzig;        its rules as ICU writes them: one without a number is for the next number,
//	21: →%%unit→·und·zwanzig;        and a dot is where joined words may be parted
//	~ zwei = zwo                     words that are also said otherwise
//	~ ^einhundert = hundert          the same, at the start of a number only
//	~ *ß = ss                        the same, inside words too; _ stands for a space
//
//go:embed spoken
var spokenFiles embed.FS

// spoken is what the package itself knows of a language.
type spoken struct {
	sets     map[string][][2]string
	variants []variant
}

// complete tells whether the language is all here, and not only what is said besides CLDR's rules.
func (s spoken) complete() bool {
	return s.sets["%spellout-cardinal"] != nil || s.sets["%spellout-cardinal-masculine"] != nil
}

// readSpoken reads the own rules of a language, or of the one that it is a form of. It is empty when there are none.
func readSpoken(code string) (spoken, error) {
	parent, _, _ := strings.Cut(code, "-")
	for _, name := range []string{code, parent} {
		raw, err := spokenFiles.ReadFile("spoken/" + name + ".txt")
		if err != nil {
			continue // not there: nothing else can be wrong with an embedded file
		}
		s, err := parseSpoken(string(raw))
		if err != nil {
			return spoken{}, fmt.Errorf("own number words %s: %w", name, err)
		}
		return s, nil
	}
	return spoken{}, nil
}

func parseSpoken(text string) (spoken, error) {
	s := spoken{sets: map[string][][2]string{}}
	set := ""
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		from, to, isVariant := strings.Cut(strings.TrimPrefix(line, "~ "), " =")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '~' && isVariant:
			s.variants = append(s.variants, newVariant(from, to))
		case line[0] == '%' && strings.HasSuffix(line, ":"):
			set = strings.TrimSuffix(line, ":")
		default:
			rules, err := parseRules(line, s.sets[set])
			if err != nil || set == "" {
				return s, fmt.Errorf("line %d: %q: %w", n+1, line, errSyntax)
			}
			s.sets[set] = rules
		}
	}
	return s, nil
}

// parseRules adds the rules of one line: "0: zero; one; 20: twenty[-→→];".
func parseRules(line string, rules [][2]string) ([][2]string, error) {
	for rule := range strings.SplitSeq(strings.TrimSuffix(line, ";"), ";") {
		key, text, ok := strings.Cut(rule, ":")
		if !ok && len(rules) > 0 {
			last, err := strconv.Atoi(rules[len(rules)-1][0])
			if err != nil {
				return nil, err
			}
			key, text = strconv.Itoa(last+1), rule
		} else if !ok {
			return nil, errSyntax
		}
		rules = append(rules, [2]string{strings.TrimSpace(key), strings.ReplaceAll(strings.TrimSpace(text), "·", "\u00ad")})
	}
	return rules, nil
}

// A variant says that some words of a number may be said as others.
type variant struct {
	from, to string
	where    place
}

// place is where a variant's words stand.
type place uint8

const (
	whole    place = iota // between spaces
	first                 // the same, at the start of the number
	anywhere              // inside words too
)

func newVariant(from, to string) variant {
	space := strings.NewReplacer("_", " ")
	v := variant{to: space.Replace(strings.TrimSpace(to))}
	switch from[0] {
	case '^':
		v.where, from = first, from[1:]
	case '*':
		v.where, from = anywhere, from[1:]
	}
	v.from = space.Replace(from)
	return v
}

// apply is a spelling with the variant's words in it; the spelling itself when it has none of them.
func (v variant) apply(spelling string) string {
	padded := " " + spelling + " "
	switch v.where {
	case whole:
		padded = strings.ReplaceAll(padded, " "+v.from+" ", " "+v.to+" ")
	case first:
		if rest, ok := strings.CutPrefix(padded, " "+v.from+" "); ok {
			padded = v.to + " " + rest
		}
	case anywhere:
		padded = strings.ReplaceAll(spelling, v.from, v.to)
	}
	return spaced(padded)
}

// spaced has single spaces between words and none around them.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// Where CLDR joins words, it marks where they may be parted: by a soft hyphen, or in Thai by a space without width.
var (
	joined = strings.NewReplacer("\u00ad", "", "\u200b", "", ",", " ")
	parted = strings.NewReplacer("\u00ad", " ", "\u200b", " ", ",", " ")
)

// addVariants adds a spelling and what people and recognisers make of it; if apart, with its words parted too:
// "fünf und zwanzig".
func (s *Speller) addVariants(all []string, spelling string, apart bool) []string {
	forms := []string{spaced(joined.Replace(spelling))}
	if apart {
		forms = addNew(forms, spaced(parted.Replace(spelling)))
	}
	for _, v := range s.variants {
		for _, form := range slices.Clone(forms) {
			forms = addNew(forms, v.apply(form))
		}
	}
	for _, form := range forms {
		all = addNew(addNew(all, form), strings.ReplaceAll(form, "-", " "))
	}
	return all
}

func addNew(all []string, s string) []string {
	if s == "" || slices.Contains(all, s) {
		return all
	}
	return append(all, s)
}
