package conversation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"hearth/daemon/conversation/command"
	"hearth/daemon/intent"
)

// understand turns the sentence into calls, or into an answer that needs none. An open question comes
// first, then a plan that was confirmed before, then the sentence templates, and the language model
// last. It does not touch the home.
func (c *Conversation) understand(ctx context.Context, t *Turn) error {
	if t.given != nil {
		t.DecidedBy, t.calls = ByCaller, t.given
		return nil
	}
	c.hideFree(t)
	t.sentence = t.Heard.Text
	if done, err := c.answerPending(ctx, t); done || err != nil {
		return err
	}
	if c.hideStray(t) {
		return &regretError{NotUnderstood, string(c.Phrases.StrayPIN)}
	}
	defer func() {
		if t.veil != veilAll {
			c.Log.Debug("heard", "turn", t.ID, "text", t.Heard.Text, "confidence", t.Heard.Confidence)
		}
	}()
	if c.Phrases.meaning(t.Heard.Text) == wrong {
		c.takeBack(t)
		return nil
	}
	t.key = planKey(t)
	rings := slices.ContainsFunc(t.timers, func(timer Timer) bool { return timer.Ringing }) // "stop" means that first
	if plan, ok := c.Plans.Get(t.key); ok && !rings && c.replay(t, plan) {
		return nil
	}
	results := c.readings(t, t.sentence)
	if rings {
		results = command.StopFirst(results)
	}
	if len(results) > 0 {
		return c.choose(ctx, t, results)
	}
	if done, err := c.several(t, t.sentence); done || err != nil {
		return err
	}
	return c.askModel(ctx, t)
}

// readings are what the sentence templates make of a sentence.
func (c *Conversation) readings(t *Turn, sentence string) []intent.Result {
	results := command.Sensible(t.recognise(sentence), t.home, func(s string) command.Sense {
		return max(command.SenseOf(t.recognise(s)), command.SenseOfParts(c.parts(t, s)))
	})
	if len(results) == 0 {
		if results = c.refer(t, sentence, c.input(t).Before); results != nil {
			t.key = "" // the same words mean something else each time
		}
	}
	return c.preferComplete(results)
}

func (t *Turn) recognise(sentence string) []intent.Result {
	return t.language.Recognize(sentence, intent.Where{Area: t.Room})
}

// failedWith tells whether an error is the regret of that failure.
func failedWith(err error, why Failure) bool {
	r := (*regretError)(nil)
	return errors.As(err, &r) && r.failure == why
}

// choose takes the best reading that this home can carry out.
func (c *Conversation) choose(ctx context.Context, t *Turn, results []intent.Result) error {
	var first error
	for _, r := range results {
		if answer, ok := own[r.Intent]; ok {
			return c.answerItself(ctx, t, r, answer)
		}
		cmd, err := command.Build(r, c.input(t))
		if err == nil {
			if items := c.items(t, r, t.sentence); items != nil {
				return c.takeSeveral(t, items, nil)
			}
			_, correction := r.Slots["correction"]
			if correction = correction && command.Refers(r); correction {
				c.amend(t)
			}
			c.take(t, ByGrammar, r, cmd)
			if correction {
				c.putBack(t)
			}
			return nil
		}
		if r.Custom && errors.Is(err, command.ErrUnknownIntent) {
			return c.answerOwn(t, r, cmd)
		}
		if first == nil {
			t.Intent, first = r.Intent, err
		}
	}
	if errors.Is(first, command.ErrNothingBefore) { // which a model may know
		t.Intent, t.key = "", "" // the same words mean something else each time
		if err := c.askModel(ctx, t); !failedWith(err, NoModel) {
			return err
		}
	}
	if parts := c.parts(t, t.sentence); parts != nil { // the whole was taken for somebody's own words
		return c.takeSeveral(t, parts, nil)
	}
	return c.cannot(t, first)
}

// answerOwn answers an intent that the owner made up, and for which there is no rule, with the owner's response.
// It does nothing, claims nothing, and is not learned. A home that carries out intents would be asked here.
func (c *Conversation) answerOwn(t *Turn, r intent.Result, cmd command.Command) error {
	c.take(t, ByGrammar, r, cmd)
	t.key = ""
	if t.Reply = c.respond(t, r, t.data); t.Reply == "" {
		return &regretError{NoTarget, c.Phrases.NothingSetUp.with("{intent}", r.Intent)}
	}
	return nil
}

func (c *Conversation) take(t *Turn, by Decider, r intent.Result, cmd command.Command) {
	if command.Refers(r) {
		t.key = "" // the same words mean something else each time
	}
	if cmd.As != nil {
		r = *cmd.As
	}
	t.DecidedBy, t.Rule, t.Intent = by, r.Template, r.Intent
	for name, slot := range r.Slots {
		t.Slots[name] = slot.Value
	}
	c.tellTimers(t, cmd)
	t.recognised, t.calls, t.data = &r, cmd.Calls, cmd.Answer
	t.fetch = cmd.Fetch
}

// tellTimers puts into the answer when its timers are due.
func (c *Conversation) tellTimers(t *Turn, cmd command.Command) {
	for i, timer := range cmd.Timers {
		thing, told := thingOf(t.home, timer.Entity), &cmd.Answer.Timers[i]
		told.When = c.Phrases.when(Timer(timer), thing, t.At)
		if timer.Kind == command.Reminder && timer.State != "" { // snoozed, it reminds of what came about
			told.Message = c.Phrases.stateOf(thing, timer.State)
		}
	}
}

// cannot says why a sentence that was understood leads to nothing in this home.
func (c *Conversation) cannot(t *Turn, err error) error {
	var target *command.TargetError
	var option *command.OptionError
	var bounds *command.RangeError
	switch {
	case errors.Is(err, command.ErrNeedsRoom):
		t.Asks, t.Reply = AsksRoom, string(c.Phrases.WhichRoom)
		t.next = &Pending{Question: AsksRoom, Text: t.sentence}
		return nil
	case errors.Is(err, command.ErrNothingBefore):
		return &regretError{NotUnderstood, string(c.Phrases.NothingBefore)}
	case errors.Is(err, command.ErrPast):
		return &regretError{NoTarget, string(c.Phrases.PastTime)}
	case errors.Is(err, command.ErrNoSun):
		return &regretError{NoTarget, string(c.Phrases.NoSun)}
	case errors.Is(err, command.ErrNextSun):
		return &regretError{NoTarget, string(c.Phrases.NextSun)}
	case errors.As(err, &target):
		return &regretError{NoTarget, t.language.Apology(target.Key, target.Data)}
	case errors.As(err, &option):
		return &regretError{NoTarget, c.Phrases.NoOption.withAll(
			"{name}", option.Entity, "{option}", option.Option, "{options}", c.Phrases.join(option.Options))}
	case errors.As(err, &bounds):
		return &regretError{NoTarget, c.Phrases.OutOfRange.withAll(
			"{name}", bounds.Entity, "{min}", fmt.Sprint(bounds.Min), "{max}", fmt.Sprint(bounds.Max))}
	}
	return err
}

func (c *Conversation) input(t *Turn) command.Input {
	in := command.Input{Home: t.home, Room: t.Room, Now: t.At}
	if t.Trigger == nil { // what was put off means nothing that was said since
		in.Before = t.context.before(t.At)
	}
	for _, timer := range t.timers {
		in.Timers = append(in.Timers, command.Timer(timer))
	}
	return in
}

// askModel hands on a sentence that no template knows.
func (c *Conversation) askModel(ctx context.Context, t *Turn) error {
	if c.Model == nil {
		return &regretError{NoModel, string(c.Phrases.Model[ModelAbsent])}
	}
	q := ModelQuestion{
		Text: t.Heard.Text, Room: t.Room, Home: t.home, Language: c.Language, Earlier: t.context.Earlier,
		Summary: t.context.Summary, Facts: c.factsForModel(ctx, t), Timers: t.timers, Person: t.Person, Fetch: c.fetcher(t), Recall: c.recaller(t),
	}
	if slices.ContainsFunc(t.context.Earlier, func(x Exchange) bool { return x.Veiled }) { // what it was told then, it may say now
		t.veil = max(t.veil, veilReply)
	}
	q.Last, q.Area = t.context.lastSpokenOf(t)
	q.MayRemember = c.Memory != nil && holdsAny(t.Heard.Text, c.Phrases.Remembering)
	answer, err := c.Model.Ask(ctx, q, func(words string) { c.words(t, words) })
	c.noteLookups(t, answer)
	if err != nil {
		return c.modelFailed(ctx, t, err)
	}
	t.DecidedBy, t.Rule = ByModel, answer.Model
	var idea *Fact
	if t.calls, idea = c.idea(t, answer.Calls); len(t.calls) == 0 && idea == nil && len(answer.Calls) > 0 {
		return &regretError{NotUnderstood, string(c.Phrases.Model[ModelUseless])}
	}
	t.fetch = command.Completing(t.calls)
	switch {
	case len(t.calls) > 0:
	case len(answer.Tell) > 0:
		t.Reply = c.tell(t, answer.Tell)
	default:
		t.Reply = answer.Reply
	}
	t.lesson = c.lesson(t, answer)
	if idea != nil {
		c.suggest(t, idea)
	}
	return nil
}

// modelFailed says why the model gave no answer. A turn that somebody has broken off needs no reason.
func (c *Conversation) modelFailed(ctx context.Context, t *Turn, err error) error {
	fault := ModelFailed
	if failed := (*ModelError)(nil); errors.As(err, &failed) {
		fault = failed.Fault
	}
	if !errors.Is(ctx.Err(), context.Canceled) {
		level := slog.LevelWarn
		if fault == ModelAbsent || fault == ModelPaused { // which is logged when it begins
			level = slog.LevelInfo
		}
		c.Log.Log(ctx, level, "language model failed", "turn", t.ID, "fault", fault, "error", err)
	}
	why := NoModel
	switch fault {
	case ModelTooLong, ModelSlow, ModelCut, ModelEndless, ModelUseless, ModelFailed: // there is one, and it was no help
		why = NotUnderstood
	}
	return &regretError{why, string(c.Phrases.Model[fault])}
}
