package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// A Fault is one thing that is wrong with a configuration.
type Fault struct {
	File    string // "" when the value is not from a file
	Field   string // "web.listen"; "" when the whole file is meant
	Value   string // as it was written; "" when there is none to show
	Problem string // a clause that follows the value: "is not an address"
	Want    string // what would be accepted
	position
}

type position struct {
	Line, Column int // from 1; 0 when the file does not set the field
}

// String is one line: hearthd.yaml:3:11: web.listen: "8125" is not an address; expected host:port
func (f Fault) String() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(f.File)
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", f.Line, f.Column)
		}
		b.WriteString(": ")
	}
	if f.Field != "" {
		b.WriteString(f.Field + ": ")
	}
	if f.Value != "" {
		fmt.Fprintf(&b, "%q ", shorten(f.Value))
	}
	b.WriteString(f.Problem)
	if f.Want != "" {
		b.WriteString("; expected " + f.Want)
	}
	return b.String()
}

// shorten keeps a value that is no setting at all from filling the terminal.
func shorten(value string) string {
	const limit = 60
	if runes := []rune(value); len(runes) > limit {
		return string(runes[:limit]) + "..."
	}
	return value
}

// Faults are all that is wrong with a configuration, in the order of the file.
type Faults []Fault //nolint:errname // it is read as what it holds: errors.As(err, &faults)

// Error has one line for each fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// in names the file and sorts; nil when nothing is wrong.
func (f Faults) in(file string) error {
	if len(f) == 0 {
		return nil
	}
	for i := range f {
		f[i].File = file
	}
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return f
}

// suggest lists the accepted words, and says which of them was probably meant.
func suggest(word string, accepted []string) string {
	list := strings.Join(accepted, ", ")
	if len(accepted) > 1 {
		list = "one of " + list
	}
	nearest := slices.MinFunc(accepted, func(a, b string) int {
		return cmp.Compare(levenshtein.ComputeDistance(word, a), levenshtein.ComputeDistance(word, b))
	})
	if d := levenshtein.ComputeDistance(word, nearest); d <= 2 && d < len(word) {
		return fmt.Sprintf("%s (did you mean %s?)", list, nearest)
	}
	return list
}
