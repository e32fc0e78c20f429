package intent

import (
	"strconv"
	"strings"
	"unicode"

	"hearth/daemon/intent/spellout"
)

// Digits are those of all numbers in a text, one after the other, written or in words of the language: "1234" of
// "12 34", "one two three four" and "twelve, thirty-four". Words count up to ninety-nine, the longest that
// fit: "twenty one" is 21. Bare tells that the text holds numbers and nothing else.
func (l *Language) Digits(text string) (digits string, bare bool) {
	words, numerals := numberWords(text), l.numerals()
	var found strings.Builder
	bare = true
	for len(words) > 0 {
		value, used := numeral(words, numerals)
		found.WriteString(value)
		bare = bare && value != ""
		words = words[used:]
	}
	return found.String(), bare && found.Len() > 0
}

// numeral reads the number that the words begin with, and tells how many words it took; "" and 1 when there is none.
func numeral(words []string, numerals map[string]string) (value string, used int) {
	if strings.Trim(words[0], "0123456789") == "" {
		return words[0], 1
	}
	for used = min(len(words), maxNumeralWords); used > 0; used-- {
		if value, ok := numerals[strings.Join(words[:used], " ")]; ok {
			return value, used
		}
	}
	return "", 1
}

// maxNumeralWords is the length of quatre-vingt-dix-neuf, with room for other languages.
const maxNumeralWords = 6

// numberWords are the words of a text in lower case, parted by all that is neither letter nor digit.
func numberWords(text string) []string {
	folded := strings.Map(fold, string(foldSpaces(text)))
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.Nd) })
}

// numeralsOf are the numbers below a hundred by their words.
func numeralsOf(speller *spellout.Speller, language string) map[string]string {
	numerals := map[string]string{}
	if language == "en" || strings.HasPrefix(language, "en-") {
		numerals["oh"], numerals["o"] = "0", "0" // as telephone numbers are said, and no quantity is
	}
	for n := range 100 {
		for _, spelling := range speller.Spellings(float64(n)) {
			words := strings.Join(numberWords(spelling), " ")
			if _, known := numerals[words]; !known {
				numerals[words] = strconv.Itoa(n)
			}
		}
	}
	return numerals
}
