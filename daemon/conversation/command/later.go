package command

import (
	"slices"
	"strings"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// maxTitle is how many words the title or artist of a search for media may have.
const maxTitle = 10

// Sensible leaves out readings that no speaker means: one that puts off what means nothing to the home ("he
// will get up in twenty minutes" starts no timer), and one that searches media for what is a whole sentence
// ("mais ...", which French templates hear as "mets ..."). Understands tells what a sentence means. Nothing is put
// off twice: of "turn the lamp on at 7 and off at 8" nobody means all but its end for 8. Nor does anybody ask a home where people are that knows of none, or whether they are in a place which
// is a whole sentence ("is anyone coming to visit?"). What the language says is no title is not searched for.
func Sensible(results []intent.Result, house *home.Snapshot, understands func(sentence string) Sense) []intent.Result {
	results = slices.DeleteFunc(results, func(r intent.Result) bool {
		_, later := r.Slots["conversation_command"]
		return later && understands(putOff(r.Slots)) < least(r) || r.Intent == "HassStartTimer" && len(strings.Fields(r.Slots["name"].Text)) > maxTimerName ||
			len(strings.Fields(r.Slots["search_query"].Text)) > maxTitle ||
			asksForPeople(r) && !mayBeIn(r.Slots["state"].Text, house)
	})
	results = slices.DeleteFunc(results, isWare)
	if slices.ContainsFunc(results, deniesTitle) {
		results = slices.DeleteFunc(results, func(r intent.Result) bool { return deniesTitle(r) || searchesMedia(r) })
	}
	return preferSun(results)
}

// A Sense is what a sentence means that another one puts off.
type Sense int

// Senses.
const (
	Nonsense Sense = iota // nothing by itself
	Timed                 // something for a time of its own
	Plain                 // anything else
)

// SenseOf is the best that one of a sentence's readings means.
func SenseOf(results []intent.Result) Sense {
	if plain := slices.DeleteFunc(slices.Clone(results), timed); Meant(plain) {
		return Plain
	}
	if Meant(results) {
		return Timed
	}
	return Nonsense
}

// SenseOfParts is that of a sentence which asks for several things, or for none.
func SenseOfParts(parts []Part) Sense {
	switch {
	case parts == nil:
		return Nonsense
	case slices.ContainsFunc(parts, func(p Part) bool { return timed(p.Result) }):
		return Timed
	}
	return Plain
}

// least is what a command must mean that a reading puts off. For what is waited for it may have a time of its own.
func least(r intent.Result) Sense {
	if timed(r) {
		return Plain
	}
	return Timed
}

// timed tells whether a reading puts a command off for some time.
func timed(r intent.Result) bool {
	_, command := r.Slots["conversation_command"]
	return command && r.Intent != "HearthWaitFor" && !deniesTitle(r)
}

// preferSun leaves out the readings by which words that say sunset or sunrise are part of a message or a title, and
// those that come after one by the sun: where it cannot be, nothing is done in its place. By a verb alone, the words
// are a title: "play when the sun goes down".
func preferSun(results []intent.Result) []intent.Result {
	if slices.ContainsFunc(results, searchesMedia) {
		results = slices.DeleteFunc(results, func(r intent.Result) bool { return bySun(r) && !strings.Contains(putOff(r.Slots), " ") })
	}
	first := slices.IndexFunc(results, bySun)
	if first < 0 {
		return results
	}
	sunless := func(r intent.Result) bool { return !bySun(r) }
	after := slices.DeleteFunc(slices.Clone(results[first:]), sunless)
	before := slices.DeleteFunc(results[:first:first], func(r intent.Result) bool { return searchesMedia(r) || r.Intent == "HearthSetReminder" })
	return append(before, after...)
}

func bySun(r intent.Result) bool { return r.Slots["sun"].Text != "" }

// NoTitle is the intent of sentences by which nobody means a search for media, though they would fit one: "mets la
// lumière", "play jazz and turn off the lights". It does nothing else; daemon/supplement/*.titles.yaml has it.
const NoTitle = "HearthNoTitle"

// Incomplete is the intent of a sentence that lacks one thing, of which its slot "lacks" tells the kind: "set a timer". It
// is asked for, since a language model would make something up; daemon/supplement/*.asks.yaml has it.
const Incomplete = "HearthIncomplete"

func deniesTitle(r intent.Result) bool { return r.Intent == NoTitle }

func searchesMedia(r intent.Result) bool { return r.Intent == "HassMediaSearchAndPlay" }

// PutOff is the sentence that a reading puts off.
func PutOff(r intent.Result) (sentence string, ok bool) {
	_, ok = r.Slots["conversation_command"]
	return putOff(r.Slots), ok && !deniesTitle(r)
}

// PutOffInstead has a reading put off another sentence.
func PutOffInstead(r intent.Result, sentence string) {
	delete(r.Slots, "verb_end")
	r.Slots["conversation_command"] = intent.Slot{Value: sentence, Text: sentence}
}

// putOff is the sentence that is to be carried out later. Where a verb is split, its end may follow the time:
// "schalte das Licht um acht aus".
func putOff(slots map[string]intent.Slot) string {
	return strings.TrimSpace(slots["conversation_command"].Text + " " + slots["verb_end"].Text)
}

// maxTimerName is how many words the name of a timer has at most: of "turn on the lights and set a pizza timer for ten
// minutes", what comes before is none.
const maxTimerName = 3

// maxPlace is how many words a place has that the home does not know.
const maxPlace = 2

func asksForPeople(r intent.Result) bool {
	return r.Intent == "HassGetState" && r.Slots["domain"].String() == "person" && r.Slots["state"].Text != ""
}

// mayBeIn tells whether there are people, who may be in a place of that name.
func mayBeIn(place string, house *home.Snapshot) bool {
	people := keep(house.Entities, func(e home.Entity) bool { return e.Exposed && e.Domain() == "person" })
	known := func(e home.Entity) bool {
		return e.Domain() == "person" && strings.EqualFold(e.State, place) || e.Domain() == "zone" && named(place, e.Name, e.Aliases)
	}
	return len(people) > 0 && (len(strings.Fields(place)) <= maxPlace || slices.ContainsFunc(house.Entities, known))
}

// StopFirst puts the reading before others that stops what rings: "stop" may mean a player too.
func StopFirst(results []intent.Result) []intent.Result {
	slices.SortStableFunc(results, func(a, b intent.Result) int {
		rank := func(r intent.Result) int {
			if r.Intent == "HearthStopRinging" || r.Intent == "HearthAlarmOff" {
				return 0
			}
			return 1
		}
		return rank(a) - rank(b)
	})
	return results
}
