package chatter

import (
	"bufio"
	"bytes"
	"io"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what counts as a sentence, in words. Shorter ones are headings and cries, longer ones tables.
const (
	minWords = 2
	maxWords = 60
)

// Sentences are those of a text: what ends with a full stop, a question or exclamation mark, within a
// paragraph. Headings, tables and code, which do not, are left out.
func Sentences(text io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		paragraphs := bufio.NewScanner(text)
		paragraphs.Buffer(nil, 16<<20)
		paragraphs.Split(splitParagraphs)
		for paragraphs.Scan() {
			for _, s := range sentences(paragraphs.Text()) {
				if !yield(s, nil) {
					return
				}
			}
		}
		if err := paragraphs.Err(); err != nil {
			yield("", err)
		}
	}
}

// splitParagraphs is a bufio.SplitFunc for what empty lines separate.
func splitParagraphs(data []byte, atEOF bool) (advance int, token []byte, err error) {
	for i := 0; i < len(data); {
		n := bytes.IndexByte(data[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
		if rest := bytes.TrimLeft(data[i:], " \t\r"); len(rest) > 0 && rest[0] == '\n' {
			return i, data[:i], nil
		}
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

func sentences(paragraph string) (all []string) {
	words := strings.Fields(paragraph)
	first := 0
	for i, w := range words {
		if !endsSentence(w) {
			continue
		}
		if n := i + 1 - first; n >= minWords && n <= maxWords {
			all = append(all, strings.Trim(strings.Join(words[first:i+1], " "), "\"“”„»«()[]_* "))
		}
		first = i + 1
	}
	return all
}

// endsSentence tells whether a word is the last of a sentence. Initials and short abbreviations are not.
func endsSentence(word string) bool {
	word = strings.TrimRight(word, "\"“”»«')]_*’")
	last, size := utf8.DecodeLastRuneInString(word)
	if !strings.ContainsRune(".!?…", last) {
		return false
	}
	before := word[:len(word)-size]
	return last != '.' || utf8.RuneCountInString(before) > 2 || strings.IndexFunc(before, unicode.IsUpper) < 0
}
