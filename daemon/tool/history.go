package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// A Chronicle is what the home remembers: conversation.Chronicle says more.
type Chronicle interface {
	States(ctx context.Context, id home.EntityID, since, until time.Time) ([]home.Moment, error)
}

// A Past is what Hearth itself remembers of its turns.
type Past interface {
	Find(ctx context.Context, q conversation.TurnQuery) ([]*conversation.Turn, error)
}

const (
	maxAsked   = 3 // entities that are looked up for one question
	maxChanges = 8 // changes of each that are told
	maxHours   = 24 * command.LookBack
)

// History makes the tool "history": what states something has had, and what Hearth did with it. Times are local.
func History(c Chronicle, p Past) *Tool {
	h := history{c, p}
	return &Tool{
		name: "history",
		hint: `{"of": "front door", "state"?: "open", "hours"?: 24}: its latest changes, when it last came into a state and for how long, least and most of a sensor`,
		form: json.RawMessage(`{"type":"object","properties":{"of":{"type":"string","maxLength":100},"state":{"type":"string","maxLength":100},` +
			`"hours":{"type":"integer","minimum":1,"maximum":` + strconv.Itoa(maxHours) + `}},"required":["of"]}`),
		inside: true, witness: true, look: h.look,
	}
}

type history struct {
	chronicle Chronicle
	past      Past
}

type historyQuestion struct {
	Of    string
	State string
	Hours int
}

func (h history) look(ctx context.Context, q conversation.ModelQuestion, with json.RawMessage) (string, error) {
	var asked historyQuestion
	if err := read(with, &asked); err != nil {
		return "", err
	}
	if asked.Hours < 0 || asked.Hours > maxHours {
		return "", wrongly("hours: want 1 to %d", maxHours)
	}
	entities := find(q.Home, asked.Of, func(home.Entity) bool { return true })
	if len(entities) == 0 {
		return "", wrongly("of: nothing here is called %q", asked.Of)
	}
	var b strings.Builder
	for _, e := range entities[:min(len(entities), maxAsked)] {
		if err := h.tell(ctx, &b, e, asked); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// tell writes what is remembered of one entity.
func (h history) tell(ctx context.Context, b *strings.Builder, e home.Entity, asked historyQuestion) error {
	now := time.Now()
	since := now.AddDate(0, 0, -command.LookBack)
	if asked.Hours > 0 {
		since = now.Add(-time.Duration(asked.Hours) * time.Hour)
	} else if e.Unit != "" { // sensors report all the time
		since = now.AddDate(0, 0, -1)
	}
	fmt.Fprintf(b, "%s (%s) is %s now.\n", e.Name, e.ID, stateOf(e))
	moments, err := h.chronicle.States(ctx, e.ID, since, now)
	if errors.Is(err, home.ErrNotSupported) {
		b.WriteString("The home keeps no history.\n")
		return h.tellDeeds(ctx, b, e, since)
	}
	if err != nil {
		return err
	}
	known := home.Known(moments)
	switch {
	case asked.State != "":
		tellLast(b, e, moments, asked.State, now, since)
	case e.Unit != "" && tellRange(b, e, moments, since):
	default:
		tellChanges(b, known, now, since)
	}
	return h.tellDeeds(ctx, b, e, since)
}

// tellLast says when it last came into a state.
func tellLast(b *strings.Builder, e home.Entity, moments []home.Moment, state string, now, since time.Time) {
	fits := func(s string) bool { return shows(e, s, state) }
	at, always, found := home.LastInto(moments, fits)
	if found {
		fmt.Fprintf(b, "Since %s it was %s for %s in all.\n", when(since), state, home.Spent(moments, now, fits).Round(time.Minute))
	}
	switch {
	case !found:
		fmt.Fprintf(b, "It was not %s since %s.\n", state, when(since))
	case always && shows(e, e.State, state):
		fmt.Fprintf(b, "It has been %s since before %s.\n", state, when(since))
	case always:
		fmt.Fprintf(b, "It was last %s before %s.\n", state, when(since))
	default:
		fmt.Fprintf(b, "It last became %s at %s, %s ago.\n", state, when(at), now.Sub(at).Round(time.Minute))
	}
}

// tellRange says between what a sensor's readings were. It is false when they are no numbers.
func tellRange(b *strings.Builder, e home.Entity, moments []home.Moment, since time.Time) bool {
	least, most := math.Inf(1), math.Inf(-1)
	var leastAt, mostAt time.Time
	for _, m := range moments {
		n, err := strconv.ParseFloat(m.State, 64)
		if err != nil || math.IsNaN(n) {
			continue
		}
		if n < least {
			least, leastAt = n, m.At
		}
		if n > most {
			most, mostAt = n, m.At
		}
	}
	if math.IsInf(least, 0) || math.IsInf(most, 0) {
		return false
	}
	fmt.Fprintf(b, "Since %s: least %v %s at %s, most %v %s at %s.\n", when(since), least, e.Unit, when(leastAt), most, e.Unit, when(mostAt))
	return true
}

// tellChanges lists the latest changes, the latest first.
func tellChanges(b *strings.Builder, known []home.Moment, now, since time.Time) {
	if len(known) < 2 {
		fmt.Fprintf(b, "It has not changed since %s.\n", when(since))
		return
	}
	told := 0
	for i := len(known) - 1; i > 0 && told < maxChanges; i-- {
		fmt.Fprintf(b, "%s: %s (%s ago)\n", when(known[i].At), known[i].State, now.Sub(known[i].At).Round(time.Minute))
		told++
	}
	fmt.Fprintf(b, "%d changes since %s.\n", len(known)-1, when(since))
}

// tellDeeds says what Hearth did with it last. What was said is nobody's business here: only when, and what came of it.
func (h history) tellDeeds(ctx context.Context, b *strings.Builder, e home.Entity, since time.Time) error {
	if h.past == nil {
		return nil
	}
	turns, err := h.past.Find(ctx, conversation.TurnQuery{Entities: []home.EntityID{e.ID}, Acted: true, Since: since, Limit: 2})
	if err != nil {
		return fmt.Errorf("look into the turns: %w", err)
	}
	for _, t := range turns {
		i := slices.IndexFunc(t.Steps, func(s conversation.Step) bool { return s.Entity == e.ID })
		if i >= 0 {
			fmt.Fprintf(b, "I did %s with it at %s: %s.\n", t.Steps[i].Service, when(t.At), t.Steps[i].Outcome)
		}
	}
	return nil
}

// shows is command.Shows for the words that a model has for states.
func shows(e home.Entity, state, wanted string) bool {
	wanted = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(wanted)), " ", "_")
	if other, ok := synonyms[wanted]; ok {
		wanted = other
	}
	return command.Shows(e, strings.ToLower(state), wanted)
}

var synonyms = map[string]string{
	"opened": "open", "close": "closed", "shut": "closed", "turned_on": "on", "turned_off": "off", "switched_on": "on", "switched_off": "off",
	"running": "on", "lock": "locked", "unlock": "unlocked", "away": "not_home", "at_home": "home", "stopped": "off",
}

// when is a moment with its day: "Saturday 28 November 14:03".
func when(t time.Time) string { return t.Local().Format("Monday 2 January 15:04") }
