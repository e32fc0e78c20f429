package conversation

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// refer reads a sentence that puts off what only refers to something: "turn it off in ten minutes". By then something else
// may have been spoken of, so the command that is put off has the names of what is meant now.
func (c *Conversation) refer(t *Turn, sentence string, before *command.Before) []intent.Result {
	if before == nil || len(before.Entities) == 0 {
		return nil
	}
	for _, r := range t.recognise(sentence) {
		later, ok := command.PutOff(r)
		if !ok {
			continue
		}
		if named := c.withNames(t, later, before); named != "" {
			r.Slots = maps.Clone(r.Slots)
			command.PutOffInstead(r, named)
			return []intent.Result{r}
		}
	}
	return nil
}

// maxParticle is how many words of a verb may stand before the thing: "off".
const maxParticle = 2

// elided reads a verb and a piece of a sentence with the names of what was spoken of between them, when that puts off what
// is about nothing else: "turn", "off at 8".
func (c *Conversation) elided(t *Turn, verb, piece string, before *command.Before) []intent.Result {
	words := strings.Fields(piece)
	if before == nil || len(before.Entities) == 0 {
		return nil
	}
	var names []string
	for _, id := range before.Entities {
		names = append(names, thingOf(t.home, id))
	}
	for n := 1; n < min(len(words), maxParticle+1); n++ {
		said := strings.Join(slices.Concat([]string{verb}, words[:n], []string{c.Phrases.join(names)}, words[n:]), " ")
		for _, r := range t.recognise(said) {
			if later, ok := command.PutOff(r); ok && about(c.calls(t, later), before.Entities) {
				return []intent.Result{r}
			}
		}
	}
	return nil
}

// about tells whether calls are for these things, and no others.
func about(calls []home.Call, things []home.EntityID) bool {
	return len(calls) == len(things) && !slices.ContainsFunc(calls, func(c home.Call) bool { return !slices.Contains(things, c.Entity) })
}

// withNames is a command with the names of what it refers to in the place of one of its words: which, is seen by what it
// then does. It is "" when there is none.
func (c *Conversation) withNames(t *Turn, sentence string, before *command.Before) string {
	in := c.input(t)
	in.Before = before
	meant := callsOf(t.recognise(sentence), in, command.Refers)
	if len(meant) == 0 {
		return ""
	}
	names := c.Phrases.join(namesOf(t.home, meant))
	words := strings.Fields(strings.ReplaceAll(sentence, "-", " -")) // "éteins-la"
	for i := range words {
		said := strings.ReplaceAll(strings.Join(slices.Concat(words[:i], []string{names}, words[i+1:]), " "), " -", "-")
		if sameCalls(c.calls(t, said), meant) {
			return said
		}
	}
	return ""
}

// calls are those of a sentence that refers to nothing.
func (c *Conversation) calls(t *Turn, sentence string) []home.Call {
	in := c.input(t)
	in.Before = nil
	calls := callsOf(t.recognise(sentence), in, func(r intent.Result) bool { return !command.Refers(r) })
	if calls == nil {
		for _, p := range c.parts(t, sentence) {
			calls = append(calls, p.Calls...)
		}
	}
	return calls
}

// callsOf are those of the first reading of that kind that can be carried out.
func callsOf(results []intent.Result, in command.Input, of func(intent.Result) bool) []home.Call {
	for _, r := range results {
		if !of(r) {
			continue
		}
		if cmd, err := command.Build(r, in); err == nil {
			return cmd.Calls
		}
	}
	return nil
}

func namesOf(snapshot *home.Snapshot, calls []home.Call) []string {
	var names []string
	for _, call := range calls {
		if name := thingOf(snapshot, call.Entity); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// sameCalls tells whether they do the same, in whichever order.
func sameCalls(a, b []home.Call) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(x home.Call) bool {
		return !slices.ContainsFunc(b, func(y home.Call) bool { return reflect.DeepEqual(x, y) })
	})
}
