package intent

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Sentences are compared after normalisation: spaces collapsed, Unicode composed (NFC), punctuation at the
// edges of words removed and letters folded to lower case as they are read. The rules are those of hassil's
// normalize_for_matching, which template authors test against.

// fold maps a rune to the one that stands for all its cases.
func fold(r rune) rune {
	switch {
	case r < 0x80:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	case r == 'ς':
		return 'σ'
	case r == 'ı': // its upper case is I
		return 'i'
	case r == 'ſ':
		return 's'
	case r == '٫':
		return ','
	case r == '−':
		return '-'
	}
	if d, ok := digit(r); ok {
		return d
	}
	return unicode.ToLower(r)
}

// digit is the ASCII digit of a script's own: 5 for the Arabic ٥ and the Thai ๕. The digits of a script lie
// together in Unicode, from zero to nine.
func digit(r rune) (rune, bool) {
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	zero := r
	for _, script := range unicode.Nd.R16 {
		if rune(script.Lo) <= r && r <= rune(script.Hi) {
			zero = rune(script.Lo)
		}
	}
	for _, script := range unicode.Nd.R32 {
		if rune(script.Lo) <= r && r <= rune(script.Hi) {
			zero = rune(script.Lo)
		}
	}
	return '0' + (r-zero)%10, true
}

// isWord is what a regular expression calls \w: part of a word.
func isWord(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

func isSpace(r rune) bool { return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f }

// isMark is punctuation that may stand at the edge of a word and says nothing there.
func isMark(r rune) bool {
	switch r {
	case '.', '。', ',', '，', '?', '¿', '？', '؟', '!', '¡', '！', ';', '；', ':', '：', '’', '…', '—', '–', '―':
		return true
	}
	return false
}

// normalize makes a sentence ready for matching, except that letters keep their case: what a wildcard
// takes is somebody's own words.
func normalize(text string) []rune { return stripMarks(foldSpaces(text)) }

// Folded is text as it is compared with what was said: two names that fold alike cannot be told apart. It is
// empty when nothing of the text can be said.
func Folded(text string) string {
	runes := normalize(text)
	for i, r := range runes {
		runes[i] = fold(r)
	}
	return strings.TrimSpace(string(runes))
}

// foldTemplate prepares a template's literal text: its punctuation stays.
func foldTemplate(text string) []rune {
	runes := foldSpaces(text)
	for i, r := range runes {
		runes[i] = fold(r)
	}
	return runes
}

// foldSpaces collapses spaces, composes and unifies apostrophes.
func foldSpaces(text string) []rune {
	if !norm.NFC.IsNormalString(text) {
		text = norm.NFC.String(text)
	}
	runes := make([]rune, 0, len(text))
	for _, r := range text {
		switch {
		case isSpace(r):
			r = ' '
			if len(runes) > 0 && runes[len(runes)-1] == ' ' {
				continue
			}
		case isInvisible(r), isJoiner(r) && !joins(runes):
			continue
		case r == '’', r == 'ʼ':
			r = '\''
		}
		runes = append(runes, r)
	}
	return runes
}

// isInvisible is true for what a keyboard or a copied text may leave behind unseen: marks of direction,
// spaces without width, soft hyphens, variation selectors and control characters. They are nobody's words.
func isInvisible(r rune) bool {
	switch {
	case r < 0x80:
		return unicode.IsControl(r)
	case r == '\u200c', r == '\u200d': // joiners, see isJoiner
		return false
	case '\u200b' <= r && r <= '\u200f', '\u202a' <= r && r <= '\u202e', '\u2060' <= r && r <= '\u206f':
		return true
	}
	return r == '\u00ad' || r == '\u061c' || r == '\ufeff' || unicode.IsControl(r) || unicode.Is(unicode.Variation_Selector, r)
}

// isJoiner is true for the two marks by which Persian and the scripts of India spell, and emoji are composed.
func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// joins tells whether a joiner means something after these runes: not after a space, a digit or a letter of
// a script that has no use for it.
func joins(before []rune) bool {
	if len(before) == 0 {
		return false
	}
	last := before[len(before)-1]
	return last >= 0x80 && !unicode.In(last, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}

// stripMarks removes punctuation around the whole sentence and around each word, but keeps the dots of
// initialisms ("a.c.") and marks inside words ("20.5").
func stripMarks(runes []rune) []rune {
	runes = runes[leadingMarks(runes):]
	if !endsWithInitialism(runes) {
		for len(runes) > 0 && isMark(runes[len(runes)-1]) {
			runes = runes[:len(runes)-1]
		}
	}
	if !slices.ContainsFunc(runes, isMark) {
		return trimSpaces(runes)
	}
	noPeriod := func(r rune) bool { return r != '.' && isMark(r) }
	notWord := func(r rune) bool { return !isWord(r) }
	runes = removeRuns(runes, isMark, notWord, isWord)
	runes = removeRuns(runes, noPeriod, isWord, notWord)
	runes = removePeriods(runes)
	runes = removeRuns(runes, isMark, notWord, notWord)
	return trimSpaces(collapse(runes))
}

// squeeze removes the spaces between signs of scripts that write none, in place.
func squeeze(runes []rune) []rune {
	out := runes[:0]
	for i, r := range runes {
		if r == ' ' && i > 0 && i+1 < len(runes) && isCJK(runes[i-1]) && isCJK(runes[i+1]) {
			continue
		}
		out = append(out, r)
	}
	return out
}

// isCJK is true for Chinese characters, kana and hangul.
func isCJK(r rune) bool {
	return '\u4e00' <= r && r <= '\u9fff' || '\u3400' <= r && r <= '\u4dbf' ||
		'\u3040' <= r && r <= '\u30ff' || '\uac00' <= r && r <= '\ud7af'
}

// collapse makes one space of each run of them, in place.
func collapse(runes []rune) []rune {
	return slices.CompactFunc(runes, func(a, b rune) bool { return a == ' ' && b == ' ' })
}

func leadingMarks(runes []rune) int {
	n := 0
	for n < len(runes) && isMark(runes[n]) {
		n++
	}
	return n
}

func trimSpaces(runes []rune) []rune {
	for len(runes) > 0 && runes[0] == ' ' {
		runes = runes[1:]
	}
	for len(runes) > 0 && runes[len(runes)-1] == ' ' {
		runes = runes[:len(runes)-1]
	}
	return runes
}

// endsWithInitialism tells whether the text ends like "a.c.": at least two letters with a dot each. "0.5." is the
// end of a sentence.
func endsWithInitialism(runes []rune) bool {
	dots, i := 0, len(runes)
	for i >= 2 && runes[i-1] == '.' && unicode.IsLetter(runes[i-2]) {
		dots++
		i -= 2
	}
	return dots > 2 || dots == 2 && (i == 0 || !isWord(runes[i-1]))
}

// removeRuns removes the longest runs of marks that have a rune like before in front of them and one like
// after behind them. A mark itself counts as either.
func removeRuns(runes []rune, mark, before, after func(rune) bool) []rune {
	out := make([]rune, 0, len(runes))
	for i := 0; i < len(runes); i++ {
		if !mark(runes[i]) || i == 0 || !before(runes[i-1]) {
			out = append(out, runes[i])
			continue
		}
		end := i + 1
		for end < len(runes) && mark(runes[end]) {
			end++
		}
		for end > i && (end == len(runes) || !after(runes[end])) {
			end--
		}
		if end == i {
			out = append(out, runes[i])
			continue
		}
		i = end - 1
	}
	return out
}

// removePeriods removes dots before a non-word rune unless they belong to an initialism.
func removePeriods(runes []rune) []rune {
	out := make([]rune, 0, len(runes))
	for i, r := range runes {
		initialism := i >= 3 && isWord(runes[i-3]) && runes[i-2] == '.' && isWord(runes[i-1])
		if r == '.' && !initialism && i+1 < len(runes) && !isWord(runes[i+1]) {
			continue
		}
		out = append(out, r)
	}
	return out
}
