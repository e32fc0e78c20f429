package command

import (
	"slices"

	"hearth/daemon/intent"
)

// Sensible leaves out the readings that put off what means nothing to the home: "he will get up in twenty
// minutes" starts no timer. Understands tells whether a sentence means something.
func Sensible(results []intent.Result, understands func(sentence string) bool) []intent.Result {
	return slices.DeleteFunc(results, func(r intent.Result) bool {
		later, ok := r.Slots["conversation_command"]
		return ok && !understands(later.Text)
	})
}
