package command

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"hearth/daemon/intent"
)

// Ware is the intent of words that name one thing which a household buys, and nothing else: "some milk". It takes part in
// no turn; daemon/supplement/*.wares.yaml has it.
const Ware = "HearthWare"

// Wares takes a sentence apart that puts several things on a list at once: "add milk, eggs and some bread to the shopping
// list". It is nil unless each of them is a ware, and the whole is none: "macaroni and cheese" is one thing. The joins are
// those of Several; recognise gives all readings, those of Ware among them.
func Wares(r intent.Result, sentence string, joins []string, recognise func(string) []intent.Result, in Input) []Part {
	item := r.Slots["item"].Text
	adds := r.Intent == "HassListAddItem" || r.Intent == "HassShoppingListAddItem"
	if !adds || len(strings.Fields(item)) > maxWords || ware(recognise(item)) != nil {
		return nil
	}
	said := written(item, sentence)
	things := splitter{words: strings.Fields(said)}
	things.findJoins(joins)
	var parts []Part
	from := 0
	for _, join := range append(things.joins, [2]int{len(things.words), len(things.words)}) {
		piece := trimmed(things.words[from:join[0]])
		from = join[1]
		slot := ware(recognise(piece))
		same := func(p Part) bool { return p.Result.Slots["item"].String() == slot.String() }
		if slot == nil || slices.ContainsFunc(parts, same) {
			return nil
		}
		one := r
		one.Slots = maps.Clone(r.Slots)
		one.Slots["item"] = *slot
		c, err := Build(one, in)
		if err != nil {
			return nil
		}
		parts = append(parts, Part{Text: strings.Replace(sentence, said, piece, 1), Result: one, Command: c})
	}
	return parts
}

// ware is the thing that words name which have these readings, nil for none.
func ware(results []intent.Result) *intent.Slot {
	i := slices.IndexFunc(results, isWare)
	if i < 0 {
		return nil
	}
	slot := results[i].Slots["item"]
	return &slot
}

func isWare(r intent.Result) bool { return r.Intent == Ware }

// written are words as they stand in a sentence, with the commas between them, which a reading lacks.
func written(words, sentence string) string {
	fields := strings.Fields(words)
	for i := range fields {
		fields[i] = regexp.QuoteMeta(fields[i])
	}
	return cmp.Or(regexp.MustCompile(`(?i)`+strings.Join(fields, `[\s,]+`)).FindString(sentence), words)
}
