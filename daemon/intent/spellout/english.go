package spellout

import (
	"strconv"
	"strings"
	"sync"
)

// English is the English that needs no file: whole numbers, with and without "and", and decimals.
var English = sync.OnceValue(func() *Speller {
	s, err := compile(map[string][][2]string{
		"%spellout-cardinal": append(small(),
			[2]string{"100", "←← hundred[ →→];"},
			[2]string{"1000", "←← thousand[ →→];"}),
		"%spellout-cardinal-and": append(small(),
			[2]string{"100", "←← hundred[ and →→];"},
			[2]string{"1000", "←← thousand[→%%and→];"}),
		"%%and": {
			{"1", "' and =%spellout-cardinal=;"},
			{"100", "' =%spellout-cardinal-and=;"},
		},
	}, "en")
	if err != nil {
		panic("spellout: the built-in rules: " + err.Error()) // cannot happen: the rules are constant
	}
	return s
})

// small are the rules up to ninety-nine, and those for signs and decimals.
func small() [][2]string {
	rules := make([][2]string, 0, 40)
	rules = append(rules, [2]string{"-x", "minus →→"}, [2]string{"x.x", "←← point →→"})
	words := "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
	for n, word := range strings.Fields(words) {
		rules = append(rules, [2]string{strconv.Itoa(n), word})
	}
	for i, word := range strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety") {
		rules = append(rules, [2]string{strconv.Itoa(20 + 10*i), word + "[-→→]"})
	}
	return rules
}
