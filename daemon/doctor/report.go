package doctor

import (
	"fmt"
	"io"
	"strings"
)

// A Report is what an examination found.
type Report struct {
	Findings []Finding `json:"findings"`
}

// Count is how many findings have the level.
func (r Report) Count(level Level) int {
	count := 0
	for _, f := range r.Findings {
		if f.Level == level {
			count++
		}
	}
	return count
}

// shownItems bounds what the text shows of one finding; the JSON has all.
const shownItems = 10

// WriteText writes the report for people: a line for each finding, below it what it is about and what to do.
func (r Report) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%-8s %-15s %s\n", f.Level, f.Check, f.Message)
		for _, item := range f.Items[:min(len(f.Items), shownItems)] {
			fmt.Fprintf(&b, "%25s- %s\n", "", item)
		}
		if more := len(f.Items) - shownItems; more > 0 {
			fmt.Fprintf(&b, "%25s- and %d more (--json lists them all)\n", "", more)
		}
		if f.Remedy != "" {
			fmt.Fprintf(&b, "%25s-> %s\n", "", f.Remedy)
		}
	}
	problems, warnings := r.Count(Problem), r.Count(Warning)
	if problems+warnings == 0 {
		b.WriteString("All is well.\n")
	} else {
		fmt.Fprintf(&b, "%s, %s.\n", counted(problems, "problem"), counted(warnings, "warning"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if stem, ok := strings.CutSuffix(what, "ty"); ok {
		return fmt.Sprintf("%d %sties", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
