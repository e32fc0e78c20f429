package score

import (
	"fmt"
	"io"
	"strings"
)

// thresholds are those that a report compares.
var thresholds = []float64{0.1, 0.2, 0.25, 0.3, 0.4, 0.5}

// WriteText writes a table for each threshold: a line for each phrase.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	var phrases []string
	for i, t := range r.Spoken {
		if i == 0 || t.Phrase != r.Spoken[i-1].Phrase {
			phrases = append(phrases, t.Phrase)
		}
	}
	hours := r.Silent.Hours() / float64(max(1, len(phrases)))
	for _, threshold := range thresholds {
		fmt.Fprintf(&b, "threshold %.2f     recorded", threshold)
		for _, noise := range noises {
			fmt.Fprintf(&b, "  %3.0f dB", noise)
		}
		fmt.Fprintf(&b, "  false in %.1f h\n", hours)
		for _, phrase := range phrases {
			fmt.Fprintf(&b, "  %-16s %8s", phrase, rate(r.Recordings, phrase, 0, threshold))
			for _, noise := range noises {
				fmt.Fprintf(&b, " %7s", rate(r.Spoken, phrase, noise, threshold))
			}
			fmt.Fprintf(&b, "  %d\n", r.alarms(phrase, threshold))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// rate is how many of the trials found their phrase.
func rate(trials []Trial, phrase string, noise, threshold float64) string {
	found, all := 0, 0
	for _, t := range trials {
		if t.Phrase == phrase && t.Noise == noise {
			all++
			if t.Confidence >= threshold {
				found++
			}
		}
	}
	if all == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d", found, all)
}

func (r *Report) alarms(phrase string, threshold float64) (n int) {
	for _, a := range r.False {
		if a.Phrase == phrase && a.Confidence >= threshold {
			n++
		}
	}
	return n
}
