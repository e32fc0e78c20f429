package intent

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// A Fault is one thing that is wrong with an owner's own sentences.
type Fault struct {
	File         string // as ParseCustom was told
	Line, Column int    // in the file, from 1, columns in runes; 0 when the whole file is meant
	Problem      string // "there is no list {colour}"
	Want         string // what would be accepted; "" when the problem tells
}

// String is one line: en/lamps.yaml:7:20: there is no list {colour}; did you mean {color}?
func (f Fault) String() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(f.File)
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", f.Line, f.Column)
		}
		b.WriteString(": ")
	}
	b.WriteString(f.Problem)
	if f.Want != "" {
		b.WriteString("; expected " + f.Want)
	}
	return b.String()
}

// Faults are all that is wrong, in the order of files and lines.
type Faults []Fault //nolint:errname // it is read as what it holds: errors.As(err, &faults)

// Error has one line for each fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// Sorted puts faults into the order of files and lines, and keeps one of each: many sentences may suffer from
// the same rule.
func (f Faults) Sorted() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(f)
}

// oneOf lists the accepted words, and says which of them was probably meant.
func oneOf(word string, accepted []string) string {
	list := strings.Join(accepted, ", ")
	if len(accepted) > 1 {
		list = "one of " + list
	}
	if near, ok := nearest(word, accepted); ok {
		list += fmt.Sprintf(" (did you mean %s?)", near)
	}
	return list
}

// nearest is the word that is at most two slips of the pen away.
func nearest(word string, accepted []string) (near string, ok bool) {
	best := min(3, len(word))
	for _, a := range accepted {
		if d := levenshtein.ComputeDistance(word, a); d < best {
			near, best, ok = a, d, true
		}
	}
	return near, ok
}
