package conversation

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/home/confirm"
)

// toldAtOnce is how many turns, and how many names of one, are told in one reply.
const toldAtOnce = 5

// turnsBack is how many turns are looked through for the one that did what a sentence asks about.
const turnsBack = 50

// why tells why Hearth did what it did: what was heard or what else began it, what decided, and what came of it. A
// sentence that names something asks for the last turn that changed it, whoever spoke, and if it says how ("why did you
// turn it on"), for the last one that changed it so; one that names nothing means the last turn here that did anything.
func (c *Conversation) why(ctx context.Context, t *Turn) error {
	named, err := c.spokenOf(t)
	if err != nil {
		return err
	}
	q := TurnQuery{Session: t.Session, Room: t.Room, Acted: true}
	if named != nil {
		q = TurnQuery{Entities: withContainers(t.home, named), Acted: true}
	}
	state, _ := t.Slots["state"].(string)
	if state != "" {
		q.Limit = turnsBack
	}
	turns, err := c.find(ctx, q)
	asked := slices.IndexFunc(turns, func(told *Turn) bool { return state == "" || brought(told, state, named) })
	switch {
	case err != nil:
		return err
	case len(turns) == 0 && len(named) == 1 && !named[0].Changed.IsZero():
		t.Reply = c.fill(c.Phrases.NotMe, "{name}", named[0].Name, "{when}", c.when(t.At, named[0].Changed))
	case len(turns) == 0:
		t.Reply = string(c.Phrases.NothingDone)
	case asked < 0:
		t.Reply = string(c.Phrases.NothingSuch)
	case asked == 0:
		t.Reply = c.notMine(t, turns[0], named) + c.because(ctx, t, turns[0])
	default:
		t.Reply = c.because(ctx, t, turns[asked])
	}
	return nil
}

// ways are the states that actions bring things into.
var ways = map[action]string{
	"turn_on": "on", "turn_off": "off", "open": "open", "close": "closed", "lock": "locked", "unlock": "unlocked", "arm": "armed", "disarm": "disarmed",
}

// brought tells whether a turn brought one of the entities into a state. What else it did with them, or with a scene
// that they are in, did so if they are in that state still.
func brought(told *Turn, state string, entities []home.Entity) bool {
	still := slices.ContainsFunc(entities, func(e home.Entity) bool { return command.Shows(e, e.State, state) })
	return slices.ContainsFunc(told.Steps, func(s Step) bool {
		way, known := ways[actionOf(callOf(s))]
		if !slices.ContainsFunc(entities, func(e home.Entity) bool { return e.ID == s.Entity }) || !known {
			return still
		}
		return way == state
	})
}

// because is the whole account of one turn.
func (c *Conversation) because(ctx context.Context, t, told *Turn) string {
	return strings.Join(append(append(c.began(ctx, t, told), c.decided(told)...), c.outcome(t, told)...), " ")
}

// began says what was heard, when and where, from whom, and what else made the turn.
func (c *Conversation) began(ctx context.Context, t, told *Turn) []string {
	asked := c.asked(ctx, told)
	area, _ := t.home.Area(told.Room)
	place := ""
	if area.Name != "" {
		place = c.Phrases.InRoom.with("{room}", area.Name)
	}
	parts := []string{c.fill(c.Phrases.Began[channelOf(told)], "{sentence}", asked.Heard.Text, "{when}", c.when(t.At, told.At), "{place}", place)}
	switch {
	case asked == told:
	case told.Heard.Text == hidden:
		parts = append(parts, string(c.Phrases.SaidPIN))
	default:
		parts = append(parts, string(c.Phrases.SaidYes))
	}
	if told.Person != "" {
		parts = append(parts, c.Phrases.ByPerson.with("{person}", told.Person))
	}
	if told.Trigger != nil && told.Trigger.Turn != "" {
		if set, _ := c.find(ctx, TurnQuery{ID: told.Trigger.Turn}); len(set) > 0 {
			parts = append(parts, c.fill(c.Phrases.SetBy, "{sentence}", set[0].Heard.Text, "{when}", c.when(t.At, set[0].At)))
		}
	}
	return parts
}

// asked is the turn whose sentence was carried out: when this is a yes, a PIN or a code, the one before that had asked
// for it, however often.
func (c *Conversation) asked(ctx context.Context, told *Turn) *Turn {
	if len(told.Steps) == 0 {
		return told
	}
	asked := told
	for c.answers(asked) || asked != told && asked.leavesQuestion() {
		before, err := c.find(ctx, TurnQuery{Session: told.Session, Until: asked.At})
		if err != nil || len(before) == 0 || before[0].Asks == "" && !before[0].leavesQuestion() {
			return told
		}
		asked = before[0]
	}
	return asked
}

// answers tells whether a turn only answered a question, or was not heard well enough to do even that.
func (c *Conversation) answers(t *Turn) bool {
	return t.Heard.Text == hidden || t.Asks == AsksRepeat || c.Phrases.meaning(t.Heard.Text) == yes
}

// channelOf is how a turn began, as the key of a phrase: speech, a timer, MQTT, or text.
func channelOf(t *Turn) string {
	switch {
	case t.Trigger != nil, t.Channel == "timer":
		return "timer"
	case t.Heard.Recogniser != "text":
		return "speech"
	case t.Channel == "mqtt":
		return "mqtt"
	}
	return "text"
}

// decided says which rule decided, nothing when none did.
func (c *Conversation) decided(told *Turn) []string {
	phrase, ok := c.Phrases.Decided[told.DecidedBy]
	if !ok || told.DecidedBy != ByModel && told.Intent == "" {
		return nil
	}
	parts := []string{c.fill(phrase, "{intent}", told.Intent, "{model}", told.Rule)}
	if looked := c.lookedUp(told); looked != "" {
		parts = append(parts, looked)
	}
	return parts
}

// outcome says what became of the steps, by the names of what they changed.
func (c *Conversation) outcome(t, told *Turn) []string {
	names := map[Outcome][]string{}
	for _, s := range told.Steps {
		name := c.nameOf(t, callOf(s))
		if !slices.Contains(names[s.Outcome], name) {
			names[s.Outcome] = append(names[s.Outcome], name)
		}
	}
	var parts []string
	for _, o := range []struct {
		outcome     Outcome
		phrase      Phrase
		placeholder string
	}{
		{Confirmed, c.done(told), "{names}"}, {Sent, c.Phrases.Sent, "{names}"},
		{Failed, c.Phrases.NotDone[OtherReason], "{name}"}, {Refused, c.Phrases.NotDone[Forbidden], "{name}"},
	} {
		if len(names[o.outcome]) > 0 {
			parts = append(parts, o.phrase.with(o.placeholder, c.some(names[o.outcome])))
		}
	}
	return parts
}

// callOf is the call of a step that was read from the history.
func callOf(s Step) home.Call {
	domain, service, _ := strings.Cut(s.Service, ".")
	return home.Call{Domain: domain, Service: service, Entity: s.Entity, Data: s.Data}
}

// some are the first names of a list, and how many more there are.
func (c *Conversation) some(names []string) string {
	if more := len(names) - toldAtOnce; more > 1 {
		names = append(slices.Clone(names[:toldAtOnce]), c.fill(c.Phrases.MoreOfThem, "{count}", more))
	}
	return c.Phrases.join(names)
}

// notMine says so when something has changed after the turn that Hearth changed it with last, and leads over to
// that turn. It is "" while things are as that turn left them.
func (c *Conversation) notMine(t, told *Turn, named []home.Entity) string {
	for _, e := range named {
		i := slices.IndexFunc(told.Steps, func(s Step) bool { return s.Entity == e.ID })
		if i >= 0 && changedSince(told, told.Steps[i], e) {
			return c.fill(c.Phrases.NotMeSince, "{name}", e.Name, "{when}", c.when(t.At, e.Changed)) + " "
		}
	}
	return ""
}

// restless are the domains whose entities report news of themselves that nobody has brought about.
var restless = []string{"climate", "water_heater", "humidifier", "media_player", "cover", "valve", "vacuum", "lawn_mower", "alarm_control_panel", "todo", "scene", "script"}

// changedSince tells whether somebody else has changed an entity after a step: it no longer shows what the step
// asked for, or it shows a later change.
func changedSince(told *Turn, s Step, now home.Entity) bool {
	over := told.At.Add(time.Duration(told.Total*float64(time.Millisecond)) + stragglers)
	if !now.Available() || !now.Changed.After(over) {
		return false
	}
	_, shows := confirm.Expect(callOf(s), home.Entity{ID: now.ID}).Check(now)
	return !shows || !slices.Contains(restless, now.Domain())
}

// spokenOf are the entities that the sentence names, by name, by kind, or by area; nil when it names none.
func (c *Conversation) spokenOf(t *Turn) ([]home.Entity, error) {
	found, err := command.SpokenOf(*t.recognised, c.input(t))
	if target := (*command.TargetError)(nil); errors.As(err, &target) {
		return nil, &regretError{NoTarget, t.language.Apology(target.Key, target.Data)}
	}
	return found, err
}

// withContainers are the IDs of entities, and of the scenes and groups that change them.
func withContainers(s *home.Snapshot, entities []home.Entity) []home.EntityID {
	ids := make([]home.EntityID, 0, len(entities))
	for _, e := range entities {
		ids = append(ids, e.ID)
	}
	inside := len(ids)
	for _, e := range s.Entities {
		if slices.ContainsFunc(e.Members(), func(id home.EntityID) bool { return slices.Contains(ids[:inside], id) }) {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// find looks into the history.
func (c *Conversation) find(ctx context.Context, q TurnQuery) ([]*Turn, error) {
	if c.Past == nil {
		return nil, nil
	}
	q.Limit = cmp.Or(q.Limit, 1)
	return c.Past.Find(ctx, q)
}
