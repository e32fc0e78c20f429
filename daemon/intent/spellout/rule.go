package spellout

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A ruleSet spells numbers by the rule with the largest base that is not above them.
type ruleSet struct {
	name     string
	rules    []rule // by base, ascending
	negative *rule  // "-x"
	decimal  *rule  // "x.x" or "x,x"
	zero     *rule  // "0.x"
}

// A rule for numbers from base on. They are split by the divisor into a quotient and a remainder.
type rule struct {
	base, divisor int
	parts         []part
	splits        bool // some part takes the remainder
}

// A part is a piece of a rule's text.
type part struct {
	kind  partKind
	when  condition
	text  string            // of literal
	set   *ruleSet          // that spells the number of the part
	forms map[string]string // of counted, by CLDR category
	own   bool              // the set is the rule's own
	zeros bool              // a numerator is spelled with the zeros before it: "zero five" hundredths
}

type partKind uint8

const (
	literal   partKind = iota
	quotient           // ←...←
	remainder          // →...→
	previous           // →→→, spelled by the rule before this one
	same               // =...=, the number itself
	digits             // anything that CLDR writes in digits: such numbers have no words
	counted            // $(cardinal,one{...}other{...})$, of the quotient
)

// condition is what a part in brackets depends on.
type condition uint8

const (
	always      condition = iota
	ifRemainder           // [...]
	ifNone                // behind | in brackets
)

var errSyntax = errors.New("the rule cannot be read")

func (s *ruleSet) add(rules [][2]string, sets map[string]*ruleSet) error {
	for _, r := range rules {
		compiled, err := parseRule(r[0], strings.TrimSuffix(r[1], ";"), s, sets)
		if err != nil {
			return fmt.Errorf("%q: %q: %w", r[0], r[1], err)
		}
		switch r[0] {
		case "-x":
			s.negative = compiled
		case "x.x", "x,x":
			s.decimal = compiled
		case "0.x":
			s.zero = compiled
		case "Inf", "NaN":
		default:
			if r[0] == "" || r[0][0] < '0' || r[0][0] > '9' {
				return fmt.Errorf("%w: no number is %q", errSyntax, r[0])
			}
			s.rules = append(s.rules, *compiled)
		}
	}
	return nil
}

func parseRule(key, text string, own *ruleSet, sets map[string]*ruleSet) (*rule, error) {
	r := &rule{divisor: 1}
	if !strings.HasSuffix(key, "x") && strings.IndexAny(key, "0123456789") == 0 {
		if err := r.split(strings.ReplaceAll(key, ",", "")); err != nil {
			return nil, err
		}
	}
	p := ruleParser{rest: strings.TrimPrefix(text, "'"), own: own, sets: sets}
	if err := p.parse(); err != nil {
		return nil, err
	}
	r.parts = p.parts
	for _, part := range r.parts {
		r.splits = r.splits || part.kind == remainder || part.kind == previous
	}
	return r, nil
}

// split reads a key, "100" or "1100/100": a base and the radix whose powers the divisor is.
func (r *rule) split(key string) error {
	base, radix, ok := strings.Cut(key, "/")
	if !ok {
		radix = "10"
	}
	b, err := strconv.Atoi(base)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // Atoi then gives the greatest number there is: nothing above limit is spelled
		return err
	}
	x, err := strconv.Atoi(radix)
	if err != nil || x < 2 {
		return fmt.Errorf("%w: radix %q", errSyntax, radix)
	}
	r.base = b
	for r.divisor <= b/x {
		r.divisor *= x
	}
	return nil
}

// A ruleParser cuts a rule's text into parts.
type ruleParser struct {
	rest  string
	when  condition
	own   *ruleSet
	sets  map[string]*ruleSet
	parts []part
}

func (p *ruleParser) parse() error {
	for p.rest != "" {
		end := strings.IndexAny(p.rest, "←→=[]|$")
		if end < 0 {
			end = len(p.rest)
		}
		if end > 0 {
			p.add(part{kind: literal, text: p.rest[:end]})
			p.rest = p.rest[end:]
			continue
		}
		if err := p.special(); err != nil {
			return err
		}
	}
	return nil
}

func (p *ruleParser) add(piece part) {
	piece.when = p.when
	p.parts = append(p.parts, piece)
}

func (p *ruleParser) special() error {
	for mark, when := range map[string]condition{"[": ifRemainder, "|": ifNone, "]": always} {
		if rest, ok := strings.CutPrefix(p.rest, mark); ok {
			p.rest, p.when = rest, when
			return nil
		}
	}
	if rest, ok := strings.CutPrefix(p.rest, "→→→"); ok {
		p.rest = rest
		p.add(part{kind: previous, set: p.own, own: true})
		return nil
	}
	if inner, ok := p.between("$(cardinal,", ")$"); ok {
		return p.plural(inner)
	}
	if _, ok := p.between("$(ordinal,", ")$"); ok { // only behind digits: "21st"
		p.add(part{kind: digits})
		return nil
	}
	for mark, kind := range map[string]partKind{"←": quotient, "→": remainder, "=": same} {
		if inner, ok := p.between(mark, mark); ok {
			return p.substitution(kind, inner)
		}
	}
	if rest, ok := strings.CutPrefix(p.rest, "←"); ok && len(p.parts) > 0 && p.parts[len(p.parts)-1].kind == quotient {
		p.rest, p.parts[len(p.parts)-1].zeros = rest, true
		return nil
	}
	return errSyntax
}

// between takes what stands between two marks at the start of the rest.
func (p *ruleParser) between(open, end string) (inner string, ok bool) {
	rest, ok := strings.CutPrefix(p.rest, open)
	if !ok {
		return "", false
	}
	inner, rest, ok = strings.Cut(rest, end)
	if ok {
		p.rest = rest
	}
	return inner, ok
}

func (p *ruleParser) substitution(kind partKind, name string) error {
	piece := part{kind: kind, set: p.own, own: name == "" || name == p.own.name}
	switch {
	case strings.HasPrefix(name, "%"):
		if piece.set = p.sets[name]; piece.set == nil {
			return fmt.Errorf("there is no rule set %s", name)
		}
	case name != "":
		piece.kind = digits
	}
	p.add(piece)
	return nil
}

func (p *ruleParser) plural(forms string) error {
	piece := part{kind: counted, forms: map[string]string{}}
	for forms != "" {
		category, rest, ok := strings.Cut(forms, "{")
		form, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return errSyntax
		}
		piece.forms[category], forms = form, after
	}
	p.add(piece)
	return nil
}
