package conversation

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hearth/daemon/conversation/command"
	"hearth/daemon/intent"
)

// severalIntent is that of a sentence which asks for more than one thing. The slot parts has what it was taken apart to.
const severalIntent = "HearthSeveral"

// parts takes a sentence apart that asks for several things, or for all but some: nil for another.
func (c *Conversation) parts(t *Turn, text string) []command.Part {
	parts, _ := c.takeApart(t, text)
	return parts
}

func (c *Conversation) takeApart(t *Turn, text string) ([]command.Part, error) {
	read := func(sentence string) []intent.Result {
		results := command.Sensible(t.recognise(sentence), t.home, func(s string) command.Sense { return command.SenseOf(t.recognise(s)) })
		return slices.DeleteFunc(results, func(r intent.Result) bool { return own[r.Intent] != nil })
	}
	joins, in := c.Phrases.JoinsIn(c.Language), c.input(t)
	in.Refer = func(sentence string, before *command.Before) []intent.Result { return c.refer(t, sentence, before) }
	in.Elided = func(verb, piece string, before *command.Before) []intent.Result {
		return c.elided(t, verb, piece, before)
	}
	if parts := command.Except(text, c.Phrases.ExceptsIn(c.Language), joins, read, in); parts != nil {
		return parts, nil
	}
	parts, err := command.Several(text, joins, read, in)
	return c.itemised(t, parts), err
}

// itemised are the parts with those taken apart further that put several things on a list.
func (c *Conversation) itemised(t *Turn, parts []command.Part) (all []command.Part) {
	for _, p := range parts {
		items := c.items(t, p.Result, p.Text)
		if items == nil {
			items = []command.Part{p}
		}
		all = append(all, items...)
	}
	return all
}

// items takes a sentence apart by the things that it puts on a list, nil for another.
func (c *Conversation) items(t *Turn, r intent.Result, sentence string) []command.Part {
	return command.Wares(r, sentence, c.Phrases.JoinsIn(c.Language), t.recognise, c.input(t))
}

// several understands a sentence that asks for several things.
func (c *Conversation) several(t *Turn, text string) (done bool, err error) {
	parts, err := c.takeApart(t, text)
	if parts == nil && err == nil {
		return false, nil
	}
	return true, c.takeSeveral(t, parts, err)
}

// takeSeveral takes the parts, or says why one of them cannot be done. They are not learned.
func (c *Conversation) takeSeveral(t *Turn, parts []command.Part, err error) error {
	t.DecidedBy, t.Intent, t.key = ByGrammar, severalIntent, ""
	if err != nil {
		return c.cannot(t, err)
	}
	for _, p := range parts {
		t.calls = append(t.calls, p.Calls...)
		c.tellTimers(t, p.Command)
	}
	if len(parts) == 1 { // of which something is left out
		t.Intent = parts[0].Result.Intent
	}
	t.Slots["parts"], t.parts, t.fetch = textsOf(parts), parts, command.Together(parts)
	return nil
}

func textsOf(parts []command.Part) []string {
	var texts []string
	for _, p := range parts {
		texts = append(texts, p.Text)
	}
	return texts
}

// tellParts are the published replies to the parts. Where two would be the same, or one has none, it is told by name what was
// done.
func (c *Conversation) tellParts(t *Turn) string {
	if spared := t.parts[0].Spared; len(spared) > 0 {
		return c.Phrases.AllBut.with("{names}", c.Phrases.join(spared))
	}
	replies := c.repliesTo(t, func(command.Part) bool { return true })
	confirmed := t.named(Confirmed)
	if distinct := slices.Compact(slices.Sorted(slices.Values(replies))); len(distinct) < len(t.parts) && len(confirmed) > 0 {
		done := c.done(t).with("{names}", c.Phrases.join(confirmed))
		replies = append([]string{done}, c.repliesTo(t, func(p command.Part) bool { return p.Asks })...)
	}
	return strings.Join(replies, " ")
}

// repliesTo are the published replies to some of the parts.
func (c *Conversation) repliesTo(t *Turn, which func(command.Part) bool) []string {
	var replies []string
	for _, p := range t.parts {
		if which(p) {
			if reply := sentence(c.respond(t, p.Result, p.Answer)); reply != "" {
				replies = append(replies, reply)
			}
		}
	}
	return replies
}

// sentence is a published reply as one among others: many begin with a small letter, and end without a full stop.
func sentence(reply string) string {
	first, size := utf8.DecodeRuneInString(reply)
	if size == 0 {
		return ""
	}
	reply = string(unicode.ToUpper(first)) + reply[size:]
	if !strings.ContainsAny(reply[len(reply)-1:], ".!?") {
		reply += "."
	}
	return reply
}
