package score

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Words is a sentence as it is compared: lower case, without punctuation ("what's" is "whats"), numbers
// in digits, "%" as "percent".
func Words(sentence string) []string {
	sentence = strings.ReplaceAll(strings.ToLower(sentence), "%", " percent ")
	sentence = strings.ReplaceAll(sentence, "-", " ")
	sentence = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSpace(r) {
			return r
		}
		return -1
	}, sentence)
	return digits(strings.Fields(sentence))
}

// digits turns English number words below a hundred into digits.
func digits(words []string) (out []string) {
	for i := 0; i < len(words); i++ {
		if ten := slices.Index(tens, words[i]); ten > 0 {
			n := 10 * ten
			if i+1 < len(words) {
				if one := slices.Index(ones, words[i+1]); one > 0 && one < 10 {
					n += one
					i++
				}
			}
			out = append(out, strconv.Itoa(n))
			continue
		}
		if one := slices.Index(ones, words[i]); one >= 0 {
			out = append(out, strconv.Itoa(one))
			continue
		}
		out = append(out, words[i])
	}
	return out
}

var (
	ones = strings.Fields(`zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
		fifteen sixteen seventeen eighteen nineteen`)
	tens = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
)

// Same says whether two sentences are exactly the same. Spaces do not count: "never mind" is "nevermind".
func Same(a, b string) bool {
	return strings.Join(Words(a), "") == strings.Join(Words(b), "")
}

// Edits is how many words must be added, left out or changed to make b of a.
func Edits(a, b []string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, wordA := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, wordB := range b {
			changed := diagonal
			if wordA != wordB {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
