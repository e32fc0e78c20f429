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
	in.Before = nil
	words := strings.Fields(strings.ReplaceAll(sentence, "-", " -")) // "éteins-la"
	for i := range words {
		said := strings.ReplaceAll(strings.Join(slices.Concat(words[:i], []string{names}, words[i+1:]), " "), " -", "-")
		calls := callsOf(t.recognise(said), in, func(intent.Result) bool { return true })
		if calls == nil {
			for _, p := range c.parts(t, said) {
				calls = append(calls, p.Calls...)
			}
		}
		if sameCalls(calls, meant) {
			return said
		}
	}
	return ""
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
