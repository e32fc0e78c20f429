package llm

import (
	"unicode"
	"unicode/utf8"
)

// tokens estimates how many tokens a text has, without asking a model: each has its own. It counts rather too many than
// too few for what prompts are made of; TestEstimateOfTokens compares it with a real one.
func tokens(text string) int {
	n, word := 0, 0 // letters of the word so far
	for _, r := range text {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
			if word%4 == 0 {
				n++
			}
			word++
			continue
		case r == ' ': // belongs to the word behind it
		case r < utf8.RuneSelf:
			n++
		case r < 0x250: // Latin letters with marks
			n++
		case unicode.IsLetter(r) || unicode.IsMark(r):
			n += (utf8.RuneLen(r) + 1) / 2
		default:
			n += utf8.RuneLen(r)
		}
		word = 0
	}
	return n
}
