package whisper

import "strings"

// Whisper takes a prompt as the text that came before: it makes names likely and sets the tone. Names
// alone make it hear "light" for "lights", because most names are singular; topics balance that.
const topics = "Lights, fans, blinds, doors, windows, timers."

// maxPrompt bounds the tokens of a prompt. Each costs time with every clip, and the names of a large home
// help less than those of a small one: they draw sentences to names that were not said.
const maxPrompt = 60

// prompt is the text to expect, as tokens: topics and as many names as fit.
func (m *model) prompt(names []string) []int {
	ids := make(map[string]int, m.End)
	for id, token := range m.tokens[:m.End] {
		ids[token] = id
	}
	text := topics
	for n := 1; n <= len(names); n++ {
		longer := topics + " " + strings.Join(names[:n], ", ") + "."
		if len(spellOut(ids, longer)) > maxPrompt {
			break
		}
		text = longer // a list that is left open would be continued by what is heard
	}
	return spellOut(ids, text)
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
