package command

import (
	"slices"
	"strings"

	"hearth/daemon/intent"
)

// maxTitle is how many words the title or artist of a search for media may have.
const maxTitle = 10

// Sensible leaves out readings that no speaker means: one that puts off what means nothing to the home ("he
// will get up in twenty minutes" starts no timer), and one that searches media for what is a whole sentence
// ("mais ...", which French templates hear as "mets ..."). Understands tells whether a sentence means
// something.
func Sensible(results []intent.Result, understands func(sentence string) bool) []intent.Result {
	return slices.DeleteFunc(results, func(r intent.Result) bool {
		_, later := r.Slots["conversation_command"]
		return later && !understands(putOff(r.Slots)) || len(strings.Fields(r.Slots["search_query"].Text)) > maxTitle
	})
}

// putOff is the sentence that is to be carried out later. Where a verb is split, its end may follow the time:
// "schalte das Licht um acht aus".
func putOff(slots map[string]intent.Slot) string {
	return strings.TrimSpace(slots["conversation_command"].Text + " " + slots["verb_end"].Text)
}

// StopFirst puts the reading before others that stops what rings: "stop" may mean a player too.
func StopFirst(results []intent.Result) []intent.Result {
	slices.SortStableFunc(results, func(a, b intent.Result) int {
		rank := func(r intent.Result) int {
			if r.Intent == "HearthStopRinging" {
				return 0
			}
			return 1
		}
		return rank(a) - rank(b)
	})
	return results
}
