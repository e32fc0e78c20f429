package conversation

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// lineMarks are what a line of Markdown may begin with: a heading, a quotation, an item of a list. Numbers are read out.
	lineMarks = regexp.MustCompile(`^\s*(?:#{1,6}\s+|>\s?|[-*+•]\s+)+`)
	// rules are lines between paragraphs, and those around code.
	rules = regexp.MustCompile("^\\s*(?:(?:-\\s*){3,}|(?:\\*\\s*){3,}|(?:_\\s*){3,}|`{3,}\\w*|~{3,}\\w*)$")
	// links and pictures, of which the words are read out.
	links = regexp.MustCompile(`!?\[([^\[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)`)
)

// audible is what of a sentence is read out: models write Markdown, whose marks nobody wants to hear. What may be meant,
// as in "2 * 3" or a name with an underscore, stays. A sentence may hold half a pair of marks.
func audible(sentence string) string {
	var heard []string
	for line := range strings.Lines(sentence) {
		line = strings.TrimRight(line, "\r\n")
		if rules.MatchString(line) {
			continue
		}
		line = links.ReplaceAllString(lineMarks.ReplaceAllString(line, ""), "$1")
		if line = strings.TrimSpace(withoutEmphasis(line)); line != "" {
			heard = append(heard, line)
		}
	}
	return strings.Join(heard, "\n")
}

// withoutEmphasis takes out the marks around words.
func withoutEmphasis(line string) string {
	var b strings.Builder
	before := ' '
	for len(line) > 0 {
		mark, size := utf8.DecodeRuneInString(line)
		run := size
		if strings.ContainsRune("*_`~", mark) {
			run = len(line) - len(strings.TrimLeft(line, string(mark)))
		}
		after, _ := utf8.DecodeRuneInString(line[run:] + " ")
		if !emphasises(mark, run, before, after) {
			b.WriteString(line[:run])
		}
		before, line = mark, line[run:]
	}
	return b.String()
}

// emphasises tells whether so many of a mark are there to emphasise a word, by what stands before and after them.
func emphasises(mark rune, count int, before, after rune) bool {
	inWord := isWord(before) && isWord(after)
	alone := unicode.IsSpace(before) && unicode.IsSpace(after)
	switch mark {
	case '`':
		return true
	case '*':
		return !alone && (count > 1 || !inWord)
	case '_':
		return !alone && !inWord
	case '~':
		return !alone && count > 1
	}
	return false
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
