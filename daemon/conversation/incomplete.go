package conversation

import (
	"context"
	"slices"
	"strings"

	"hearth/daemon/conversation/command"
	"hearth/daemon/intent"
)

// lack is what a sentence lacks.
type lack string

const lacksMessage lack = "message" // what a reminder is about; the others are how long and when

func lackOf(slots map[string]any) lack {
	text, _ := slots["lacks"].(string)
	return lack(text)
}

// preferComplete drops the readings by which the sentence lacks something where it has another one, or where its words may
// be a time that was not understood: "remind me to lock up when I leave".
func (c *Conversation) preferComplete(results []intent.Result) []intent.Result {
	if slices.ContainsFunc(results, func(r intent.Result) bool { return r.Intent != command.Incomplete }) {
		return slices.DeleteFunc(results, func(r intent.Result) bool { return r.Intent == command.Incomplete })
	}
	results = slices.DeleteFunc(results, func(r intent.Result) bool {
		message := r.Slots["message"].Text
		return holdsAny(message, c.Phrases.Passing) || strings.ContainsAny(message, "0123456789")
	})
	slices.SortStableFunc(results, func(a, b intent.Result) int { // "recuérdame a las siete" has no message "a las siete"
		return len(a.Slots["message"].Text) - len(b.Slots["message"].Text)
	})
	return results
}

// askForMore asks for what the sentence lacks.
func (c *Conversation) askForMore(_ context.Context, t *Turn) error {
	t.Asks, t.Reply = AsksMore, string(c.Phrases.Lacking[lackOf(t.Slots)])
	t.next = &Pending{Question: AsksMore, Text: t.sentence, Slots: t.Slots}
	return nil
}

// answerMore puts the answer behind the sentence that lacks it, with a word between the two where it takes one. What
// means something by itself is no answer, unless anything may be.
func (c *Conversation) answerMore(ctx context.Context, t *Turn, p *Pending) (done bool, err error) {
	alone := c.readings(t, t.Heard.Text)
	if c.Phrases.meaning(t.Heard.Text) == yes || slices.ContainsFunc(alone, reminds) || lackOf(p.Slots) != lacksMessage && command.Meant(alone) {
		return false, nil
	}
	for _, link := range append([]string{""}, c.Phrases.Links...) {
		whole := strings.Join(strings.Fields(p.Text+" "+link+" "+t.Heard.Text), " ")
		if results := c.readings(t, whole); len(results) > 0 && !swallows(results[0], p) {
			t.sentence = whole
			return true, c.choose(ctx, t, results)
		}
	}
	return false, nil
}

// reminds tells whether a reading is of a reminder, whole or not: who asks for another one does not answer.
func reminds(r intent.Result) bool {
	return r.Intent == "HearthSetReminder" || r.Intent == command.Incomplete
}

// swallows tells whether a reading takes the answer for more of the message or the name, where it was to tell a time, or
// all of it for a sentence that is to be said later.
func swallows(r intent.Result, p *Pending) bool {
	_, later := r.Slots["conversation_command"]
	words := r.Slots["message"].Text + r.Slots["name"].Text
	return later || r.Intent == command.Incomplete && lackOf(p.Slots) != lacksMessage && words != ""
}
