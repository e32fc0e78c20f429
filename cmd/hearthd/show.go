package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"hearth/daemon/conversation"
)

// stageOrder is the order in which people want to read the timings.
var stageOrder = []string{"transcribe", "recall", "understand", "gate", "act", "confirm", "answer"}

// show prints a turn as a person would want to see it.
func show(w io.Writer, t *conversation.Turn) {
	fmt.Fprintf(w, "you   %-42s %s\n", quoted(t.Heard.Text), hearing(t.Heard))
	for _, s := range t.Steps {
		fmt.Fprintf(w, "%-5s %-42s %s: %s\n", did(s.Outcome), s.Service+" "+nameOf(s), s.Outcome, s.Evidence)
	}
	fmt.Fprintf(w, "said  %s\n", quoted(t.Reply))
	fmt.Fprintf(w, "took  %s\n", timings(t))
}

// A wordPrinter prints a turn whose reply comes in several pieces, which a model's does that has nothing to do. Of
// any other there is more to show when it has ended.
type wordPrinter struct {
	w       io.Writer
	heard   conversation.Heard
	first   string // the first piece, until there is a second
	printed bool
	err     error
}

func (p *wordPrinter) print(n conversation.News) {
	switch {
	case n.Heard != nil:
		p.heard = *n.Heard
	case n.Sequence == 0:
		p.first = n.Words
	case !p.printed:
		p.printed = true
		p.write("you   %-42s %s\nsaid  \"%s%s", quoted(p.heard.Text), hearing(p.heard), p.first, n.Words)
	default:
		p.write("%s", n.Words)
	}
}

// end ends the line, if one was begun.
func (p *wordPrinter) end() error {
	if p.printed {
		p.write("\"\n")
	}
	return p.err
}

func (p *wordPrinter) write(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func quoted(text string) string {
	if text == "" {
		return "(nothing)"
	}
	return `"` + text + `"`
}

func hearing(h conversation.Heard) string {
	if h.Recogniser == "text" {
		return "typed"
	}
	return fmt.Sprintf("%s, confidence %.2f", h.Recogniser, h.Confidence)
}

func did(o conversation.Outcome) string {
	switch o {
	case conversation.Confirmed, conversation.Sent:
		return "did"
	case conversation.Refused:
		return "held"
	}
	return "tried"
}

// nameOf is the entity's name; a turn that came over the socket has only its ID.
func nameOf(s conversation.Step) string {
	if s.Name != "" {
		return s.Name
	}
	return string(s.Entity)
}

// timings are the stages that took a tenth of a millisecond or more.
func timings(t *conversation.Turn) string {
	var parts []string
	for _, stage := range stageOrder {
		if ms, ok := t.Timings[stage]; ok && ms >= 0.1 {
			parts = append(parts, fmt.Sprintf("%s %.1f ms", stage, ms))
		}
	}
	return strings.Join(append(parts, fmt.Sprintf("%.1f ms in all", t.Total)), ", ")
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
