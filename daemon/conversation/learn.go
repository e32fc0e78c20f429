package conversation

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A LearnedPlan is what a sentence was carried out as and confirmed. It holds no critical calls.
//
// What a template recognised is kept as that: its calls are made anew from the home as it is. What a model made
// is kept as calls, once it is certain that they hang on nothing but the sentence, and are the answer to it: see
// learn.
type LearnedPlan struct {
	Intent *intent.Result `json:"intent,omitempty"` // nil when a model made the plan

	// The rest is of a model's plan.
	ID      string      `json:"id,omitempty"` // of the sentence in its room; set in lists alone
	Calls   []home.Call `json:"calls,omitempty"`
	Text    string      `json:"text,omitempty"`    // the sentence as it was first said
	Room    string      `json:"room,omitempty"`    // name of the area where it was said, "" when not known
	Person  string      `json:"person,omitempty"`  // who said it, "" when not known
	Model   string      `json:"model,omitempty"`   // its name
	Things  []Thing     `json:"things,omitempty"`  // what the calls are about, as it was called then
	Offered []Thing     `json:"offered,omitempty"` // what the model was told of, as far as is known
	Learned time.Time   `json:"learned,omitzero"`
	// From is when it begins to count for everybody; until then the speaker may still object. Zero: it counts.
	From     time.Time `json:"from,omitzero"`
	Uses     int       `json:"uses,omitempty"` // how often it was carried out again
	LastUsed time.Time `json:"last_used,omitzero"`
	Pinned   bool      `json:"pinned,omitempty"` // by the owner: it is kept
}

// A Thing is an entity as a model was told of it.
type Thing struct {
	ID   home.EntityID `json:"id"`
	Name string        `json:"name"`
	Area string        `json:"area,omitempty"` // its name
}

// Errors about learned plans.
var (
	ErrPinned = errors.New("the plan is pinned")
	ErrNoPlan = errors.New("there is no such plan")
)

// secondThoughts is how long after a plan another command for the same things counts as an objection.
const secondThoughts = 30 * time.Second

// planKey is where a learned plan lives: the same words of the same person in the same room, registry and sentences
// mean the same calls.
func planKey(t *Turn) string {
	sentence := strings.Join(append([]string{normalise(t.Heard.Text)}, marked.FindAllString(t.Heard.Text, -1)...), " ")
	return strings.Join([]string{t.language.Fingerprint(), t.home.Registry(), t.Room, t.Person, sentence}, "\x00")
}

// marked are numbers that a mark makes others: 2.5 is not 25, and -5 is not 5.
var marked = regexp.MustCompile(`[-−–]\d+(?:[.,:]\d+)*|\d+(?:[.,:]\d+)+`)

// SplitPlanKey parts a key of Plans into what identifies the home and its sentences, and what identifies the
// sentence, its room and its speaker whatever becomes of the home.
func SplitPlanKey(key string) (house, sentence string) {
	language, rest, _ := strings.Cut(key, "\x00")
	registry, sentence, _ := strings.Cut(rest, "\x00")
	return language + "\x00" + registry, sentence
}

// replay does again what was confirmed for this sentence in this room and home. The gate judges it anew.
func (c *Conversation) replay(t *Turn, plan LearnedPlan) bool {
	if plan.Intent == nil {
		return c.replayCalls(t, plan)
	}
	cmd, err := command.Build(*plan.Intent, c.input(t))
	if err != nil {
		c.forget(t, t.key, planGone) // the home has changed in a way its registry does not show
		return false
	}
	c.take(t, ByPlan, *plan.Intent, cmd)
	return true
}

func (c *Conversation) replayCalls(t *Turn, plan LearnedPlan) bool {
	switch {
	case t.At.Before(plan.From) && t.context.Plan != t.key:
		return false // somebody else may still object
	case slices.ContainsFunc(plan.Things, func(was Thing) bool { is, ok := thing(t.home, was.ID); return !ok || is != was }):
		c.forget(t, t.key, planGone)
		return false
	}
	t.DecidedBy, t.Rule, t.calls, t.lesson = ByPlan, plan.Model, plan.Calls, &plan
	t.fetch = command.Completing(t.calls)
	return true
}

// thing is an exposed entity as a model is told of it.
func thing(snapshot *home.Snapshot, id home.EntityID) (Thing, bool) {
	e, ok := snapshot.Entity(id)
	if !ok || !e.Exposed {
		return Thing{}, false
	}
	area, _ := snapshot.Area(e.Area)
	return Thing{ID: id, Name: e.Name, Area: area.Name}, true
}

// lesson is what could be learned from a model's answer, nil when its calls hang on more than the sentence: on what
// the model looked up or was told to remember, on the moment, or on what was said before.
func (c *Conversation) lesson(t *Turn, answer ModelAnswer) *LearnedPlan {
	elsewhere := func(call home.Call) bool {
		return slices.Contains([]string{timerDomain, errandDomain, memoryDomain}, call.Domain)
	}
	said := t.Heard.Text
	switch {
	case len(answer.Calls) == 0, slices.ContainsFunc(answer.Calls, elsewhere), len(answer.Lookups) > 0, t.outside, t.Trigger != nil, t.veil != unveiled:
		return nil
	case c.Phrases.Language != c.Language: // no list of words to go by
		return nil
	case holdsAny(said, c.Phrases.Passing), t.context.leads() && holdsAny(said, c.Phrases.Referring):
		return nil
	}
	room, _ := t.home.Area(t.Room)
	plan := LearnedPlan{Text: t.Heard.Text, Room: room.Name, Person: t.Person, Model: answer.Model}
	for _, call := range answer.Calls {
		if about, ok := thing(t.home, call.Entity); ok && !slices.Contains(plan.Things, about) {
			plan.Things = append(plan.Things, about)
		}
	}
	for _, id := range answer.Offered {
		if about, ok := thing(t.home, id); ok {
			plan.Offered = append(plan.Offered, about)
		}
	}
	return &plan
}

// holdsAny tells whether a text holds one of the words.
func holdsAny(text string, words []string) bool {
	plain := func(text string) string { return " " + normalise(elision.Replace(text)) + " " }
	said := plain(text)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(said, plain(word)) })
}

// learn admits the sentence's plan after a run that was confirmed throughout, and drops a plan that failed or has
// become critical. A plan that the gate wanted a yes for, or that is critical, is never learned.
func (c *Conversation) learn(t *Turn) {
	critical := slices.ContainsFunc(t.Steps, func(s Step) bool { return s.Decision.Critical })
	switch {
	case t.key == "":
	case t.DecidedBy == ByPlan:
		c.relearn(t, critical)
	case critical, !t.confirmedThroughout(), t.recognised == nil && t.lesson == nil:
		t.key = ""
	case t.recognised != nil:
		c.keep(t, t.key, LearnedPlan{Intent: t.recognised})
	default:
		plan := *t.lesson
		plan.Calls, plan.Learned, plan.From = t.calls, c.Now(), c.Now().Add(c.ObjectWithin)
		c.keep(t, t.key, plan)
		c.Metrics.plan(planLearned)
	}
}

// relearn judges a plan by how it went.
func (c *Conversation) relearn(t *Turn, critical bool) {
	switch {
	case critical:
		c.forget(t, t.key, planCritical)
	case t.lesson == nil && t.Failure != "", slices.ContainsFunc(t.Steps, Step.blamesPlan):
		c.forget(t, t.key, planFailed)
	default:
		if t.lesson != nil && t.Failure == "" && t.Asks == "" {
			c.used(t)
		}
		return
	}
	t.key = ""
}

// used notes that a model's plan was carried out again.
func (c *Conversation) used(t *Turn) {
	plan, ok := c.Plans.Get(t.key) // it may have been deleted meanwhile
	if !ok || plan.Intent != nil {
		return
	}
	plan.Uses, plan.LastUsed, plan.From = plan.Uses+1, c.Now(), time.Time{}
	c.keep(t, t.key, plan)
}

// blamesPlan tells whether the step failed because it was not the right one to take. A device that cannot be
// reached, and what this person may not do now, are not the plan's fault.
func (s Step) blamesPlan() bool {
	switch s.reason {
	case NoEntity, NotExposed, Forbidden, Unsupported, NotFound, Unconfirmed, OtherReason:
		return s.Outcome == Failed || s.Outcome == Refused
	}
	return false
}

func (c *Conversation) keep(t *Turn, key string, plan LearnedPlan) {
	if err := c.Plans.Put(key, plan); err != nil {
		c.Log.Warn("plan not learned", "turn", t.ID, "error", err)
	}
}

// settle ends the time in which the plan of the turn before may be objected to: this turn came after it, and was no
// objection. It is one when it begins with a no, undoes, or soon does something else with the same things.
func (c *Conversation) settle(t *Turn) {
	key := t.context.Plan
	if key == "" || key == t.key {
		return
	}
	plan, ok := c.Plans.Get(key)
	switch {
	case !ok || plan.Intent != nil || plan.From.IsZero():
	case t.Intent == undoIntent, c.Phrases.objects(t.Heard.Text), t.At.Sub(t.context.At) < secondThoughts && t.touches(plan):
		c.forget(t, key, planCorrected)
	default:
		plan.From = time.Time{}
		c.keep(t, key, plan)
	}
}

// touches tells whether the turn did something with what the plan is about.
func (t *Turn) touches(plan LearnedPlan) bool {
	return slices.ContainsFunc(t.Steps, func(s Step) bool {
		return s.Outcome != Refused && slices.ContainsFunc(plan.Things, func(about Thing) bool { return about.ID == s.Entity })
	})
}

// objects tells whether a sentence begins with a no or with what is said of a mistake.
func (p *Phrases) objects(text string) bool {
	said := normalise(text) + " "
	return slices.ContainsFunc(slices.Concat(p.No, p.Wrong), func(start string) bool {
		return strings.HasPrefix(said, normalise(start)+" ")
	})
}

// takeBack forgets the plan that the turn before used or taught.
func (c *Conversation) takeBack(t *Turn) {
	switch {
	case t.context.Plan == "":
		t.Reply = string(c.Phrases.AllRight)
	case c.forget(t, t.context.Plan, planCorrected):
		t.Reply = string(c.Phrases.TakenBack)
	default:
		t.Reply = string(c.Phrases.PinnedPlan)
	}
}

// amend does the same before something else is done instead.
func (c *Conversation) amend(t *Turn) {
	if t.context.Plan != "" {
		c.takeBack(t)
		t.remarks, t.Reply = append(t.remarks, t.Reply), ""
	}
}

// forget drops a plan, and tells whether it is gone: one that is pinned stays.
func (c *Conversation) forget(t *Turn, key string, why planEvent) bool {
	switch err := c.Plans.Delete(key); {
	case errors.Is(err, ErrPinned):
		return false
	case err != nil:
		c.Log.Warn("plan not forgotten", "turn", t.ID, "error", err)
	}
	c.Metrics.plan(why)
	return true
}
