package conversation

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// remembered is how many exchanges a session's context keeps word for word.
	remembered = 6
	// maxSaid and maxReply bound what is kept of one of them, in runes.
	maxSaid, maxReply = 200, 300
	// maxSummary bounds the summary of what came before, in lines and in runes of each.
	maxSummary, maxLine = 8, 80
)

// remember adds the turn to the context. The oldest turn that no longer has room becomes a line of the summary, in
// place of the oldest line.
func (next *Context) remember(t *Turn) {
	x := Exchange{Said: shortened(t.Heard.Text, maxSaid), Reply: shortened(t.Reply, maxReply), Did: didWhat(t), Person: t.Person,
		Outside: t.outside, Private: t.private, Veiled: t.veil != unveiled}
	next.Earlier = append(slices.Clone(next.Earlier), x) // others read the old one
	for len(next.Earlier) > remembered {
		next.Summary = summarise(next.Summary, next.Earlier[0])
		next.Earlier = next.Earlier[1:]
	}
}

// didWhat says what came of a turn's steps: "Desk Lamp confirmed, Front Door refused".
func didWhat(t *Turn) string {
	var parts []string
	for _, o := range []Outcome{Confirmed, Sent, Failed, Refused} {
		if names := t.named(o); len(names) > 0 {
			parts = append(parts, strings.Join(names, ", ")+" "+string(o))
		}
	}
	return shortened(strings.Join(parts, "; "), maxLine)
}

// summarise adds a line about an exchange: who said what, and what came of it. What was made with text from outside, or
// of what people keep for themselves, is left out, since nobody could tell any more that it was.
func summarise(summary string, x Exchange) string {
	line := shortened(x.Said, maxLine/2)
	if x.Person != "" {
		line = x.Person + ": " + line
	}
	if came := cmp.Or(x.Did, x.Reply); !x.Outside && !x.Private && !x.Veiled {
		line = shortened(line+" — "+came, maxLine+maxLine/2)
	}
	lines := append(strings.Split(summary, "\n"), strings.Join(strings.Fields(line), " "))
	if summary == "" {
		lines = lines[1:]
	}
	return strings.Join(lines[max(0, len(lines)-maxSummary):], "\n")
}

// shortened is a text of at most so many runes, cut at the end of a word where there is one.
func shortened(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	short := string([]rune(text)[:most-1])
	if i := strings.LastIndexByte(short, ' '); i > most/2 {
		short = short[:i]
	}
	return short + "…"
}
