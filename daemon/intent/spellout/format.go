package spellout

import (
	"math"
	"strconv"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// A formatter spells one number into out. Its methods return false when there are no words.
type formatter struct {
	tag      language.Tag
	negative bool
	whole    int
	decimals string // "5" of 21.5
	figures  bool   // the whole part is written in digits
	out      []byte
	depth    int
	steps    int
}

// Bounds on how rules refer to one another: on the way to one word, and in all. CLDR's stay far below.
const (
	maxDepth = 64
	maxSteps = 1000
)

// enter counts one rule more; leave it when done.
func (f *formatter) enter() bool {
	f.depth++
	f.steps++
	return f.depth <= maxDepth && f.steps <= maxSteps
}

func (f *formatter) leave() { f.depth-- }

func (f *formatter) number(set *ruleSet) bool {
	defer f.leave()
	if !f.enter() {
		return false
	}
	switch {
	case f.negative:
		return f.minus(set)
	case f.decimals != "":
		return f.decimal(set)
	}
	return f.integer(set, f.whole)
}

// minus applies "-x" to the number without its sign.
func (f *formatter) minus(set *ruleSet) bool {
	r := set.negative
	if r == nil {
		return f.forward(set)
	}
	for _, p := range r.parts {
		if p.kind == literal {
			f.out = append(f.out, p.text...)
			continue
		}
		f.negative = false
		ok := f.number(p.set)
		if f.negative = true; !ok {
			return false
		}
	}
	return true
}

// forward hands a number that the set has no rule for to the set that its rule for the whole part
// refers to.
func (f *formatter) forward(set *ruleSet) bool {
	r := set.find(f.whole)
	if r == nil || len(r.parts) != 1 || r.parts[0].kind != same {
		return false
	}
	return f.number(r.parts[0].set)
}

func (f *formatter) decimal(set *ruleSet) bool {
	r := set.decimal
	if f.whole == 0 && set.zero != nil {
		r = set.zero
	}
	if r == nil {
		return f.forward(set)
	}
	for _, p := range r.parts {
		if p.when == ifRemainder && f.whole == 0 || p.when == ifNone && f.whole != 0 {
			continue
		}
		ok := true
		switch p.kind {
		case literal:
			f.out = append(f.out, p.text...)
		case counted:
			ok = f.plural(p, f.whole)
		case quotient:
			ok = f.wholePart(p.set)
		case remainder, previous:
			ok = f.fraction(p)
		case same:
			ok = f.number(p.set)
		case digits:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}

func (f *formatter) wholePart(set *ruleSet) bool {
	if f.figures {
		f.out = strconv.AppendInt(f.out, int64(f.whole), 10)
		return true
	}
	return f.integer(set, f.whole)
}

// fraction spells the decimals: digit by digit, or as a numerator over the base of the rule that
// fits best ("five tenths").
func (f *formatter) fraction(p part) bool {
	if p.own {
		for i := range len(f.decimals) {
			if i > 0 && p.kind == remainder {
				f.out = append(f.out, ' ')
			}
			if !f.integer(p.set, int(f.decimals[i]-'0')) {
				return false
			}
		}
		return true
	}
	value, _ := strconv.ParseFloat("0."+f.decimals, 64)
	var best *rule
	least := math.Inf(1)
	for i := range p.set.rules {
		r := &p.set.rules[i]
		numerator := value * float64(r.base)
		if off := math.Abs(numerator - math.Round(numerator)); r.base > 0 && off < least-1e-6 {
			best, least = r, off
		}
	}
	if best == nil || least > 1e-6 {
		return false
	}
	return f.numerator(best, int(math.Round(value*float64(best.base))))
}

func (f *formatter) numerator(r *rule, n int) bool {
	for _, p := range r.parts {
		ok := true
		switch p.kind {
		case literal:
			f.out = append(f.out, p.text...)
		case counted:
			ok = f.plural(p, n)
		case quotient:
			ok = (!p.zeros || f.leadingZeros(p.set, r.base, n)) && f.integer(p.set, n)
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}

func (f *formatter) leadingZeros(set *ruleSet, base, n int) bool {
	for tens := 10 * max(n, 1); tens < base; tens *= 10 {
		if !f.integer(set, 0) {
			return false
		}
		f.out = append(f.out, ' ')
	}
	return true
}

func (f *formatter) integer(set *ruleSet, n int) bool {
	defer f.leave()
	if !f.enter() {
		return false
	}
	r := set.find(n)
	return r != nil && f.apply(set, r, n)
}

// find is the rule for n: the one with the largest base up to n. One that would say nothing after its
// quotient gives way to the rule before it, as ICU has it: 200 is for "two hundred", not 201's
// "two hundred and".
func (s *ruleSet) find(n int) *rule {
	i := len(s.rules) - 1
	for i >= 0 && s.rules[i].base > n {
		i--
	}
	if i < 0 {
		return nil
	}
	if r := &s.rules[i]; r.splits && n%r.divisor == 0 && r.base%r.divisor != 0 && i > 0 {
		i--
	}
	return &s.rules[i]
}

func (f *formatter) apply(set *ruleSet, r *rule, n int) bool {
	left := n % r.divisor
	for _, p := range r.parts {
		if r.base%r.divisor == 0 && (p.when == ifRemainder && left == 0 || p.when == ifNone && left != 0) {
			continue
		}
		ok := true
		switch p.kind {
		case literal:
			f.out = append(f.out, p.text...)
		case counted:
			ok = f.plural(p, n/r.divisor)
		case quotient:
			ok = f.integer(p.set, n/r.divisor)
		case remainder:
			ok = f.integer(p.set, left)
		case previous:
			ok = f.byPrevious(set, r, left)
		case same:
			ok = f.integer(p.set, n)
		case digits:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}

func (f *formatter) byPrevious(set *ruleSet, r *rule, n int) bool {
	for i := 1; i < len(set.rules); i++ {
		if &set.rules[i] == r {
			return f.apply(set, &set.rules[i-1], n)
		}
	}
	return false
}

var categories = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

func (f *formatter) plural(p part, n int) bool {
	form, ok := p.forms[categories[plural.Cardinal.MatchPlural(f.tag, n, 0, 0, 0, 0)]]
	if !ok {
		form, ok = p.forms["other"]
	}
	f.out = append(f.out, form...)
	return ok
}
