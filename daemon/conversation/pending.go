package conversation

import (
	"context"
	"strings"
	"unicode"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// answerPending deals with the answer to a question of the turn before. A sentence that is no answer
// drops the question and is understood as usual.
func (c *Conversation) answerPending(ctx context.Context, t *Turn) (done bool, err error) {
	p := t.pending
	if p == nil || t.way.unattended && !p.Question.agreesToNothing() {
		return false, nil
	}
	switch meaning := c.Phrases.meaning(t.Heard.Text); {
	case meaning == no:
		t.Reply = string(c.Phrases.Left)
		return true, nil
	case p.Question == AsksRoom:
		return c.answerRoom(ctx, t, p)
	case p.Question == AsksMore:
		return c.answerMore(ctx, t, p)
	case p.Question.wantsDigits():
		return c.answerPIN(t, p, meaning)
	case meaning == yes && t.Heard.Verdict != Act: // it may have been something else, and opens no door
		t.Asks = AsksRepeat
		return false, &regretError{NotHeard, string(c.Phrases.NotHeard)}
	case meaning == yes && p.Question == AsksConsent:
		return true, c.consented(ctx, t, p)
	case meaning == yes:
		t.confirmed = true
		c.resume(t, p)
		return true, nil
	}
	return false, nil
}

// agreesToNothing tells whether an answer cannot allow anything, so that a program may give it.
func (q Question) agreesToNothing() bool { return q == AsksRoom || q == AsksMore }

// resume takes up the plan that waited for an answer.
func (c *Conversation) resume(t *Turn, p *Pending) {
	t.DecidedBy, t.Rule, t.Intent, t.calls = p.Decider, p.Rule, p.Intent, p.Calls
	t.key, t.lesson = p.Plan, p.Lesson
	if p.Veiled {
		t.veil = veilReply
	}
	t.fetch = command.Completing(t.calls)
	for name, value := range p.Slots {
		t.Slots[name] = value
	}
	if t.recognised = p.Recognised; t.recognised != nil {
		if cmd, err := command.Build(*t.recognised, c.input(t)); err == nil {
			t.fetch, t.data = cmd.Fetch, cmd.Answer
		}
	}
}

// answerRoom asks the question of the turn before again, in the room that was named. A sentence that means something by
// itself is no answer, though it names a room.
func (c *Conversation) answerRoom(ctx context.Context, t *Turn, p *Pending) (done bool, err error) {
	area, ok := areaNamed(t.home, t.Heard.Text)
	if !ok || command.Meant(t.language.Recognize(t.Heard.Text, intent.Where{Area: t.Room})) {
		return false, nil
	}
	t.Room, t.sentence = area, p.Text
	if results := c.readings(t, t.sentence); len(results) > 0 {
		return true, c.choose(ctx, t, results)
	}
	return c.several(t, t.sentence)
}

// areaNamed finds the area that an answer such as "in the kitchen" or "dans l'entrée" names: the one of the
// longest name, for "in the guest bathroom" is not in the bathroom.
func areaNamed(snapshot *home.Snapshot, text string) (id string, ok bool) {
	words := func(s string) string { return " " + normalise(elision.Replace(s)) + " " }
	said, longest := words(text), words("")
	for _, area := range snapshot.Areas {
		for _, name := range append([]string{area.Name}, area.Aliases...) {
			if name = words(name); len(name) > len(longest) && strings.Contains(said, name) {
				id, longest = area.ID, name
			}
		}
	}
	return id, id != ""
}

// elision parts an article from the name that swallowed its vowel: "l'entrée".
var elision = strings.NewReplacer("'", " ", "’", " ")

// normalise makes sentences equal that differ only in case, punctuation and spaces.
func normalise(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch {
		case unicode.IsSpace(r) || r == '-':
			if s := b.String(); s != "" && s[len(s)-1] != ' ' {
				b.WriteByte(' ')
			}
		case unicode.IsPunct(r) && r != '%':
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.TrimRight(b.String(), " ")
}
