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
// ("mais ...", which French templates hear as "mets ..."). Read gives the readings of a sentence; one that only refers
// to what was said before means nothing later.
func Sensible(results []intent.Result, read func(sentence string) []intent.Result) []intent.Result {
	return slices.DeleteFunc(results, func(r intent.Result) bool {
		_, later := r.Slots["conversation_command"]
		return later && !slices.ContainsFunc(read(putOff(r.Slots)), func(r intent.Result) bool { return !Refers(r) }) ||
			len(strings.Fields(r.Slots["search_query"].Text)) > maxTitle
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
