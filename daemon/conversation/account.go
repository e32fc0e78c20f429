package conversation

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// whatDidYouDo tells the last turn here that did anything, or, for a time, a room or a thing that the sentence
// names, the last few of the whole home.
func (c *Conversation) whatDidYouDo(ctx context.Context, t *Turn) error {
	named, err := c.spokenOf(t)
	if err != nil {
		return err
	}
	period, _ := t.Slots["period"].(string)
	q := TurnQuery{Acted: true, Limit: toldAtOnce + 1}
	q.Since, q.Until = periodOf(period, t.At)
	switch {
	case named != nil:
		q.Entities = withContainers(t.home, named)
	case period == "":
		q.Session, q.Room, q.Limit = t.Session, t.Room, 1
	}
	turns, err := c.find(ctx, q)
	if err != nil {
		return err
	}
	t.Reply = c.list(ctx, t, turns)
	return nil
}

// list tells several turns in the order in which they happened.
func (c *Conversation) list(ctx context.Context, t *Turn, turns []*Turn) string {
	if len(turns) == 0 {
		return string(c.Phrases.NothingDone)
	}
	var parts []string
	if len(turns) > toldAtOnce {
		turns = turns[:toldAtOnce]
		parts = append(parts, string(c.Phrases.MoreBefore))
	}
	for i := len(turns) - 1; i >= 0; i-- {
		told := turns[i]
		deed := c.fill(c.Phrases.Deed, "{sentence}", c.asked(ctx, told).Heard.Text, "{when}", c.when(t.At, told.At))
		parts = append(append(parts, deed), c.outcome(t, told)...)
	}
	return strings.Join(parts, " ")
}

// whatDidYouHear tells what the turn before heard and answered.
func (c *Conversation) whatDidYouHear(ctx context.Context, t *Turn) error {
	turns, err := c.find(ctx, TurnQuery{Session: t.Session, Room: t.Room})
	if err != nil {
		return err
	}
	if len(turns) == 0 {
		t.Reply = string(c.Phrases.NothingHeard)
		return nil
	}
	parts := c.began(ctx, t, turns[0])
	t.Reply = strings.Join(append(parts, c.Phrases.Answered.with("{reply}", turns[0].Reply)), " ")
	return nil
}

// repeat says again what was last said in this conversation; what was told of what somebody had remembered, to nobody else.
func (c *Conversation) repeat(_ context.Context, t *Turn) error {
	n := len(t.context.Earlier)
	if n == 0 || t.context.Earlier[n-1].Veiled && t.context.Earlier[n-1].Person != t.Person {
		t.Reply = string(c.Phrases.NothingHeard)
		return nil
	}
	last := t.context.Earlier[n-1]
	t.Reply, t.outside, t.private = last.Reply, t.outside || last.Outside, t.private || last.Private
	if last.Veiled {
		t.veil = max(t.veil, veilReply)
	}
	return nil
}

// periodOf is the time that a sentence names: from the beginning of the first to the second, both zero when it
// names none. Nights are told of on the morning after.
func periodOf(name string, now time.Time) (since, until time.Time) {
	now = now.Local()
	hour := func(days, hours int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, hours, 0, 0, 0, now.Location())
	}
	switch name {
	case "hour":
		return now.Add(-time.Hour), now
	case "today":
		return hour(0, 0), now
	case "yesterday":
		return hour(-1, 0), hour(0, 0)
	case "night":
		return hour(-1, 20), hour(0, 8)
	case "morning":
		return hour(0, 5), hour(0, 12)
	case "afternoon":
		return hour(0, 12), hour(0, 18)
	case "evening":
		return hour(0, 17), hour(1, 0)
	case "yesterday_evening":
		return hour(-1, 17), hour(0, 0)
	}
	return since, until
}

// when is a moment as people say it: with its day, unless that is today.
func (c *Conversation) when(now, at time.Time) string {
	now, at = now.Local(), at.Local()
	phrase := c.Phrases.OnDate
	switch date := at.Format(time.DateOnly); date {
	case now.Format(time.DateOnly):
		phrase = c.Phrases.Today
	case now.AddDate(0, 0, -1).Format(time.DateOnly):
		phrase = c.Phrases.Yesterday
	}
	return c.fill(phrase, "{time}", c.Phrases.inSentence(at, at.Format("15:04")), "{date}", at.Format(string(c.Phrases.DateLayout)))
}

// fill puts values into the placeholders of a phrase, given as pairs. What is put in is not looked at again.
func (c *Conversation) fill(p Phrase, pairs ...any) string {
	texts := make([]string, len(pairs))
	for i, v := range pairs {
		texts[i] = fmt.Sprint(v)
	}
	return strings.NewReplacer(texts...).Replace(string(p))
}
