package intent

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// numberRange is a list of numbers: from, from+step, ... up to to, each with its fractions.
type numberRange struct {
	from, to, step int
	fractions      int // parts of one: 1, 2 (halves) or 10 (tenths)
	multiplier     *float64
	digits, words  bool
}

// maxSpelled bounds how many numbers of a range are laid out one by one. A larger range is heard and
// read in digits only.
const maxSpelled = 20_000

// maxNumber bounds the numbers of a range, on both sides of zero, so that counting them cannot overflow.
const maxNumber = 1_000_000_000

func newRange(f *rangeFile) (numberRange, error) {
	r := numberRange{from: f.From, to: f.To, step: f.Step, fractions: 1, multiplier: f.Multiplier, digits: true, words: true}
	if r.step == 0 {
		r.step = 1
	}
	switch f.Fractions {
	case "":
	case "halves":
		r.fractions = 2
	case "tenths":
		r.fractions = 10
	default:
		return r, fmt.Errorf(`unknown fractions %q: want "halves" or "tenths"`, f.Fractions)
	}
	if _, ok := rangeUnits[f.Type]; !ok {
		return r, fmt.Errorf(`unknown type %q: want "number", "percentage" or "temperature"`, f.Type)
	}
	if min(r.from, r.to) < -maxNumber || max(r.from, r.to, r.step) > maxNumber {
		return r, fmt.Errorf("range from %d to %d by %d goes beyond %d", r.from, r.to, r.step, maxNumber)
	}
	if r.from > r.to || r.step < 0 {
		return r, fmt.Errorf("range from %d to %d by %d holds no number", r.from, r.to, r.step)
	}
	if r.count() > maxSpelled && r.fractions > 1 {
		return r, fmt.Errorf("range from %d to %d has more than %d fractions", r.from, r.to, maxSpelled)
	}
	if f.Digits != nil {
		r.digits = *f.Digits
	}
	if f.Words != nil {
		r.words = *f.Words
	}
	return r, nil
}

var inlineRange = regexp.MustCompile(`^(-?\d{1,9})\.\.(-?\d{1,9})(?:,(\d{1,9}))?$`)

// parseInlineRange reads the list of {0..100,5:slot}.
func parseInlineRange(name string) (*rangeFile, bool) {
	m := inlineRange.FindStringSubmatch(name)
	if m == nil {
		return nil, false
	}
	f := &rangeFile{Step: 1}
	f.From, _ = strconv.Atoi(m[1])
	f.To, _ = strconv.Atoi(m[2])
	if m[3] != "" {
		f.Step, _ = strconv.Atoi(m[3])
	}
	return f, true
}

// count is how many numbers the range holds.
func (r numberRange) count() int { return ((r.to-r.from)/r.step + 1) * r.fractions }

// each calls f with every number of the range.
func (r numberRange) each(f func(n float64)) {
	for i := r.from; i <= r.to; i += r.step {
		for part := range r.fractions {
			f(float64(i*r.fractions+part) / float64(r.fractions))
		}
	}
}

// holds tells whether the range has this number.
func (r numberRange) holds(n float64) bool {
	if n < float64(r.from) || n >= float64(r.to)+1 {
		return false
	}
	whole := int(n)
	if float64(whole) > n {
		whole--
	}
	parts := (n - float64(whole)) * float64(r.fractions)
	nearest := float64(int(parts + 0.5))
	return whole >= r.from && whole <= r.to && (whole-r.from)%r.step == 0 &&
		parts-nearest < 1e-9 && nearest-parts < 1e-9
}

// out is what the range gives for a number: an int when it is whole.
func (r numberRange) out(n float64) any {
	if r.multiplier != nil {
		n *= *r.multiplier
	}
	return number(n)
}

// parseNumber reads "20", "-5", "20.5" and "20,5", in the digits of any script.
func parseNumber(text string) (float64, bool) {
	n, err := strconv.ParseFloat(strings.ReplaceAll(strings.Map(fold, text), ",", "."), 64)
	return n, err == nil
}

// writings are the ways to write a number of the range in digits.
func (r numberRange) writings(n float64) []string {
	text := strconv.FormatFloat(n, 'f', -1, 64)
	if r.fractions == 1 {
		return []string{text}
	}
	whole, part, ok := strings.Cut(text, ".")
	if !ok {
		return []string{text, text + ".0", text + ",0", text + ".00", text + ",00"}
	}
	return []string{text, text + "0", whole + "," + part, whole + "," + part + "0"}
}

// key tells ranges of different numbers apart.
func (r numberRange) key() string {
	multiplier := 1.0
	if r.multiplier != nil {
		multiplier = *r.multiplier
	}
	return fmt.Sprint(r.from, r.to, r.step, r.fractions, multiplier, r.digits, r.words)
}

// span is a range of numbers with equally many digits.
type span struct{ least, most string }

// sameLength cuts a range of numbers, none below 0, by how many digits they have.
func sameLength(least, most int) []span {
	var spans []span
	for least <= most {
		digits := strconv.Itoa(least)
		last, err := strconv.Atoi(strings.Repeat("9", len(digits)))
		if err != nil || last > most {
			last = most
		}
		spans = append(spans, span{digits, strconv.Itoa(last)})
		least = last + 1
	}
	return spans
}
