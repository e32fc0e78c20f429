package score

import (
	"fmt"
	"io"
	"strings"

	"hearth/audio/stt"
)

// WriteText writes the report for people: what went wrong, then the sums.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, result := range r.Results {
		if fault := result.fault(); fault != "" {
			h := result.Hypothesis
			fmt.Fprintf(&b, "%-16s %s\n  wanted %q, heard %q (%s, confidence %.1f, free %q)\n",
				fault, result.File, result.Want, result.Heard, h.Verdict, h.Confidence, h.Free)
		}
	}
	fmt.Fprintf(&b, "exact             %d of %d commands (%d without asking)\n", r.Exact, r.Commands, r.Acted)
	fmt.Fprintf(&b, "word error rate   %.1f %%\n", 100*r.WordErrorRate)
	fmt.Fprintf(&b, "other words       %d acted upon though not exact\n", r.ActedInexact)
	fmt.Fprintf(&b, "rejected          %d of %d without a command (%d wrongly accepted, %d asked about)\n",
		r.Rejected, r.Rejectable, r.WronglyAccepted, r.WronglyAsked)
	fmt.Fprintf(&b, "real-time factor  %.3f (%.1f s of processor for %.1f s of audio)\n", r.RealTimeFactor, r.CPU, r.Audio)
	fmt.Fprintf(&b, "peak memory       %d MB\n", r.PeakMemory>>20)
	if left := r.NoHome + r.OtherLanguages; left > 0 {
		fmt.Fprintf(&b, "left out          %d (no home given for %d, another language in %d)\n", left, r.NoHome, r.OtherLanguages)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// fault names what is wrong with a result, "" when nothing is.
func (r Result) fault() string {
	accepted := r.Hypothesis.Verdict == stt.Act || r.Hypothesis.Verdict == stt.Ask
	switch {
	case r.Want == "" && accepted:
		return "wrongly accepted"
	case r.Want != "" && !r.Exact:
		return "not exact"
	}
	return ""
}
