package conversation

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A cutter cuts a text that is still being written into its sentences. A sentence ends at ., ! or ? before a space
// and a word that does not begin with a small letter, at the same marks of Chinese and Japanese, and at the end of a
// line. In doubt it does not end: two sentences spoken in one go are better than one torn apart. Joined, the
// sentences hold the whole text but for the space between them.
type cutter struct {
	language string // "de", "pt-BR"
	open     string // the sentence that has not ended
}

// write takes the next piece and returns the sentences that end in it. That a sentence has ended shows at the first
// letter of the next one.
func (c *cutter) write(piece string) []string {
	c.open += piece
	var sentences []string
	for {
		end, ok := c.end()
		if !ok {
			return sentences
		}
		if s := strings.TrimSpace(c.open[:end]); s != "" {
			sentences = append(sentences, s)
		}
		c.open = c.open[end:]
	}
}

// pause returns what is left if it can be a sentence that has ended: of a text that comes by whole sentences, the next
// letter is not waited for.
func (c *cutter) pause() (string, bool) {
	if _, ended := (&cutter{language: c.language, open: c.open + " X"}).end(); !ended {
		return "", false
	}
	return c.rest(), true
}

// rest ends the text, and returns what is left of it.
func (c *cutter) rest() string {
	s := strings.TrimSpace(c.open)
	c.open = ""
	return s
}

// longestSentence is how many bytes may be without a sentence's end before they are cut between two words.
const longestSentence = 500

// end is where the open sentence ends, if that is certain.
func (c *cutter) end() (int, bool) {
	for i, r := range c.open {
		end := i + utf8.RuneLen(r)
		if i >= longestSentence {
			if space := strings.LastIndexFunc(c.open[:i], unicode.IsSpace); space > 0 {
				return space, true
			}
			return i, true
		}
		switch r {
		case '\n', '。', '！', '？':
			return end, true
		case '.', '!', '?', '…':
			if end, ok := c.endsAt(i, r); ok {
				return end, true
			}
		}
	}
	return 0, false
}

// endsAt tells whether the mark at i ends the sentence, and where that is: behind closing quotes.
func (c *cutter) endsAt(i int, mark rune) (int, bool) {
	after := c.open[i+utf8.RuneLen(mark):]
	next := strings.TrimLeft(after, "\"')]}»”’“‹›")
	end := len(c.open) - len(next)
	following := strings.TrimLeftFunc(next, unicode.IsSpace)
	if following == "" || len(following) == len(next) || !utf8.FullRuneInString(following) {
		return 0, false // nothing follows yet, or what follows belongs to the word: 21.5
	}
	first, _ := utf8.DecodeRuneInString(following)
	if unicode.IsLower(first) || strings.ContainsRune("»”›)]}", first) {
		return 0, false
	}
	return end, mark != '.' || !c.abbreviated(c.open[:i], first)
}

// abbreviated tells whether the text ends with a word after which a full stop ends nothing.
func (c *cutter) abbreviated(text string, following rune) bool {
	start := strings.LastIndexFunc(text, unicode.IsSpace) + 1
	word := strings.TrimLeft(text[start:], "(\"'«„“‘¿¡[")
	language, _, _ := strings.Cut(c.language, "-")
	switch {
	case strings.Trim(word, "0123456789") == "" && word != "":
		// An item of a list, or a German day: "am 3. Mai".
		return strings.TrimSpace(text[:start]) == "" || language == "de" && len(word) <= 2
	case strings.Trim(word, ".") != word: // an ellipsis, or a stop before it
		return false
	case strings.Contains(word, "."): // "e.g", "z.B", "p.m"
		return true
	case utf8.RuneCountInString(word) == 1:
		r, _ := utf8.DecodeRuneInString(word)
		return unicode.IsLetter(r)
	}
	word = strings.ToLower(word)
	return abbreviations[language][word] || numbering[word] && unicode.IsNumber(following)
}

// numbering are abbreviations before a number only.
var numbering = words("no nos nr nrs num núm art vol")

// abbreviations are words whose full stop ends no sentence, by language. Those that often stand at a sentence's
// end, such as "etc", are not among them: before a small letter nothing ends in any case.
var abbreviations = map[string]map[string]bool{
	"en": words("dr mr mrs ms messrs prof st mt gen sen rep rev hon capt lt sgt vs approx dept inc ltd corp jan feb aug sept oct nov dec"),
	"de": words("dr prof hr fr st str nr tel ca bzw evtl ggf inkl exkl vgl zzgl bspw sog mio mrd jan feb aug sept okt nov dez"),
	"fr": words("mm mme mmes mlle mlles mgr dr pr me st ste env av bd tél janv févr avr juil oct nov déc"),
	"es": words("sr sra sres srta dr dra ud uds prof avda av pág tel aprox ej núm dña gral ene feb abr ago oct nov dic"),
	"nl": words("dhr mevr mw dr drs ir ing mr prof st nr tel ca bijv evt incl excl resp jl jan febr aug sept okt nov dec"),
}

func words(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[word] = true
	}
	return set
}
