package intent

import (
	"errors"
	"strings"
	"unicode"

	"hearth/daemon/intent/jinja"
)

// A phrase is the text of a template, and where its owner wrote it.
type phrase struct {
	text string
	at   *place // nil for what is published
}

// place is where a text begins in an owner's file.
type place struct {
	file         *customSource
	line, column int
	quote        rune // '"', '\'', '|' or '>' of YAML's styles, 0 for plain text
}

// customSource is an owner's file.
type customSource struct {
	name string
	text []rune
}

func (s *customSource) fault(line, column int, problem, want string) Fault {
	return Fault{File: s.name, Line: line, Column: column, Problem: problem, Want: want}
}

func (p *place) fault(problem, want string) Fault {
	return p.file.fault(p.line, p.column, problem, want)
}

// faultIn is a fault at one line and column of the text that begins here.
func (p *place) faultIn(text string, line, column int, problem string) Fault {
	line, column = p.locate(before(text, line, column))
	return p.file.fault(line, column, problem, "")
}

// before is the part of a text before a line and column, from 1 and in runes.
func before(text string, line, column int) string {
	start := lineStart(text, line)
	for i := range text[start:] {
		if column--; column == 0 {
			return text[:start+i]
		}
	}
	return text
}

// locate finds where in the file the text goes on after its beginning. YAML changes spaces when it folds
// lines, so that only the other runes are counted.
func (p *place) locate(beginning string) (line, column int) {
	scan := scanner{text: p.file.text, line: 1, column: 1}
	for !scan.done() && (scan.line < p.line || scan.line == p.line && scan.column < p.column) {
		scan.next()
	}
	switch p.quote {
	case '"', '\'':
		scan.next()
	case '|', '>':
		for header := scan.line; !scan.done() && scan.line == header; {
			scan.next()
		}
	}
	for _, r := range beginning {
		if !unicode.IsSpace(r) {
			scan.skipSpaces(p.quote)
			scan.skip(p.quote)
		}
	}
	scan.skipSpaces(p.quote)
	return scan.line, scan.column
}

// scanner walks over the text of a file.
type scanner struct {
	text         []rune
	at           int
	line, column int
}

func (s *scanner) done() bool { return s.at >= len(s.text) }

func (s *scanner) next() {
	if s.done() {
		return
	}
	s.column++
	if s.text[s.at] == '\n' {
		s.line, s.column = s.line+1, 1
	}
	s.at++
}

// skip passes one rune of a scalar as it is written: \" and ” are one.
func (s *scanner) skip(quote rune) {
	if s.done() {
		return
	}
	r := s.text[s.at]
	s.next()
	switch {
	case quote == '\'' && r == '\'':
		s.next()
	case quote == '"' && r == '\\' && !s.done():
		digits := map[rune]int{'x': 2, 'u': 4, 'U': 8}[s.text[s.at]]
		for range 1 + digits {
			s.next()
		}
	}
}

// skipSpaces passes spaces, those written as \n, \t and \  too.
func (s *scanner) skipSpaces(quote rune) {
	for !s.done() {
		escaped := quote == '"' && s.text[s.at] == '\\' && s.at+1 < len(s.text) && strings.ContainsRune("nrt \t\n\r", s.text[s.at+1])
		if !escaped && !unicode.IsSpace(s.text[s.at]) {
			return
		}
		s.skip(quote)
	}
}

// faultOf says where in an owner's files a template is wrong. What is at fault is in the phrase itself or
// in a rule or list that it uses; when that is a published one, it is the phrase.
func (p phrase) faultOf(err error) Fault {
	var te *TemplateError
	var je *jinja.Error
	switch {
	case errors.As(err, &te) && te.at != nil:
		return te.at.faultIn(te.Template, te.Line, te.Column, te.Problem)
	case errors.As(err, &te):
		return p.at.fault(te.Problem, "")
	case errors.As(err, &je):
		line, _, _ := strings.Cut(p.text[lineStart(p.text, je.Line):], "\n")
		column := 1 + len([]rune(line[:min(len(line), je.Column-1)]))
		return p.at.faultIn(p.text, je.Line, column, "response: "+je.Err.Error())
	}
	return p.at.fault(err.Error(), "")
}

// lineStart is the byte offset of a line, from 1.
func lineStart(text string, line int) int {
	start := 0
	for ; line > 1; line-- {
		start += strings.IndexByte(text[start:], '\n') + 1
	}
	return start
}
