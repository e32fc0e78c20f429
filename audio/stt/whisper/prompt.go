package whisper

import "strings"

// Whisper takes a prompt as the text that came before: it makes names likely and sets the tone. Names
// alone make it hear "light" for "lights", because most names are singular; topics balance that.
const topics = "Lights, fans, blinds, doors, windows, timers."

// maxPrompt bounds the tokens of a prompt. Each costs time with every clip, and the names of a large home
// help less than those of a small one: they draw sentences to names that were not said.
const maxPrompt = 100

// prompt is the text to expect, as tokens: topics and as many names as fit.
func (m *model) prompt(names []string) []int {
	ids := make(map[string]int, m.End)
	for id, token := range m.tokens[:m.End] {
		ids[token] = id
	}
	tokens := spellOut(ids, topics)
	for i, name := range names {
		mark := ","
		if i == len(names)-1 {
			mark = "."
		}
		more := spellOut(ids, name+mark)
		if len(tokens)+len(more) > maxPrompt {
			break
		}
		tokens = append(tokens, more...)
	}
	return tokens
}

// spellOut writes text with the longest tokens that fit, none reaching into the next word. That is not
// always the segmentation that was trained, but it is made of the same pieces.
func spellOut(ids map[string]int, text string) (tokens []int) {
	for _, word := range strings.Fields(text) {
		for word = " " + word; word != ""; {
			n := len(word)
			for n > 0 {
				if id, ok := ids[word[:n]]; ok {
					tokens = append(tokens, id)
					break
				}
				n--
			}
			word = word[max(n, 1):]
		}
	}
	return tokens
}
