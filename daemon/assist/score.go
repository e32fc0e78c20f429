package assist

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

// A Verdict is what became of a case.
type Verdict string

const (
	Right      Verdict = "right"
	Unanswered Verdict = "unanswered" // nothing has changed, and it was said that or asked what is meant
	Wrong      Verdict = "wrong"      // anything else
)

// A Result is how one case went.
type Result struct {
	ID       string               `json:"id"`
	Category string               `json:"category"`
	Text     string               `json:"text"`
	Verdict  Verdict              `json:"verdict"`
	Asked    bool                 `json:"asked"` // it was asked "shall I", and the answer was yes
	By       conversation.Decider `json:"decided_by"`
	Reply    string               `json:"reply"`
	Changed  []string             `json:"changed,omitempty"` // "light.a from off to on"
	Why      string               `json:"why,omitempty"`     // it is not right
	Millis   float64              `json:"ms"`                // of the turn that acted or answered
}

// A Speaker says sentences to a conversation in a home.
type Speaker interface {
	Say(ctx context.Context, room, text string) (*conversation.Turn, error)
}

// A Builder makes a conversation in a home, whose clock is now, and hands it to use while it works.
type Builder func(ctx context.Context, house *demo.Home, now func() time.Time, use func(context.Context, Speaker) error) error

// Run says the sentence of a case in its home.
func Run(ctx context.Context, h House, c Case, build Builder) (Result, error) {
	house, err := h.Simulate(c)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", c.ID, err)
	}
	r := Result{ID: c.ID, Category: strings.Join(c.Category, "+"), Text: c.Text}
	err = build(ctx, house, c.now, func(ctx context.Context, s Speaker) error {
		before := house.Snapshot()
		turn, err := s.Say(ctx, h.room(c), c.Text)
		if err != nil {
			return err
		}
		if turn.Asks == conversation.AsksConfirmation { // that it asks is counted by itself
			r.Asked = true
			if turn, err = s.Say(ctx, h.room(c), "yes"); err != nil {
				return err
			}
		}
		if err := house.Rest(ctx); err != nil {
			return err
		}
		r.judge(c, turn, before, house.Snapshot())
		return nil
	})
	if err != nil {
		return r, fmt.Errorf("%s: %w", c.ID, err)
	}
	return r, nil
}

// judge compares the home before and after, and the answer.
func (r *Result) judge(c Case, turn *conversation.Turn, before, after *home.Snapshot) {
	r.By, r.Reply, r.Millis = turn.DecidedBy, turn.Reply, turn.Total
	unexpected := r.compare(c, before, after)
	missing := c.missing(after)
	declined := turn.Failure != "" || turn.Asks != ""
	switch {
	case len(r.Changed) == 0 && declined:
		r.Verdict, r.Why = Unanswered, cmp.Or(string(turn.Failure), "asks for "+string(turn.Asks))
	case len(unexpected) > 0:
		r.Verdict, r.Why = Wrong, "changed: "+strings.Join(unexpected, ", ")
	case len(missing) > 0:
		r.Verdict, r.Why = Wrong, "is not so: "+strings.Join(missing, ", ")
	case strings.Contains(turn.Reply, "Sorry"):
		r.Verdict, r.Why = Wrong, "it apologised"
	case c.Kind == kindAnswer && !c.answeredBy(turn.Reply):
		r.Verdict, r.Why = Wrong, "the answer holds none of: "+strings.Join(c.Response, ", ")
	default:
		r.Verdict = Right
	}
}

func (c Case) answeredBy(reply string) bool {
	said := strings.ToLower(reply)
	return slices.ContainsFunc(c.Response, func(want string) bool { return strings.Contains(said, strings.ToLower(want)) })
}

// compare notes all that is different, and tells what of it was not expected.
func (r *Result) compare(c Case, before, after *home.Snapshot) (unexpected []string) {
	for _, was := range before.Entities {
		is, _ := after.Entity(was.ID)
		expected := c.Expect[string(was.ID)]
		if was.State != is.State {
			r.Changed = append(r.Changed, fmt.Sprintf("%s from %s to %s", was.ID, was.State, is.State))
			if expected.State == nil {
				unexpected = append(unexpected, fmt.Sprintf("%s is %s", was.ID, is.State))
			}
		}
		for _, name := range attributes(was, is) {
			if same(was.Attributes[name], is.Attributes[name]) {
				continue
			}
			r.Changed = append(r.Changed, fmt.Sprintf("%s of %s from %s to %s", name, was.ID, shown(was.Attributes[name]), shown(is.Attributes[name])))
			if _, ok := expected.Attributes[name]; !ok && !c.ignores(was.ID, name) {
				unexpected = append(unexpected, fmt.Sprintf("%s of %s is %s", name, was.ID, shown(is.Attributes[name])))
			}
		}
	}
	return unexpected
}

// shown is a value for people.
func shown(value any) string {
	if value == nil {
		return "nothing"
	}
	return fmt.Sprint(value)
}

// missing is what was expected and is not so.
func (c Case) missing(after *home.Snapshot) (missing []string) {
	for _, id := range slices.Sorted(maps.Keys(c.Expect)) {
		expected := c.Expect[id]
		is, _ := after.Entity(home.EntityID(id))
		if expected.State != nil && !same(expected.State, is.State) {
			missing = append(missing, fmt.Sprintf("%s %v", id, expected.State))
		}
		for _, name := range slices.Sorted(maps.Keys(expected.Attributes)) {
			if want := expected.Attributes[name]; !c.ignores(is.ID, name) && !same(want, is.Attributes[name]) {
				missing = append(missing, fmt.Sprintf("%s of %s %s", name, id, shown(want)))
			}
		}
	}
	return missing
}

func (c Case) ignores(id home.EntityID, attribute string) bool {
	return slices.Contains([]string{"is_closed", "is_opening", "is_closing"}, attribute) || slices.Contains(c.Ignore[string(id)], attribute)
}

func attributes(a, b home.Entity) []string {
	names := maps.Clone(a.Attributes)
	maps.Copy(names, b.Attributes)
	return slices.Sorted(maps.Keys(names))
}

// same compares as text, numbers by their value.
func same(a, b any) bool {
	x, isNumber := home.Number(a)
	y, both := home.Number(b)
	if isNumber && both {
		return x == y
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// A Score counts verdicts.
type Score struct {
	Category   string `json:"category"`
	Sentences  int    `json:"sentences"`
	Right      int    `json:"right"`
	Asked      int    `json:"right_after_a_yes"` // of those that are right
	Unanswered int    `json:"unanswered"`
	Wrong      int    `json:"wrong"`
}

// Add counts a result.
func (s *Score) Add(r Result) {
	s.Sentences++
	switch r.Verdict {
	case Right:
		s.Right++
		if r.Asked {
			s.Asked++
		}
	case Unanswered:
		s.Unanswered++
	case Wrong:
		s.Wrong++
	}
}

// Scores are those of each category by name, and of all together at the end.
func Scores(results []Result) []Score {
	byName := map[string]*Score{}
	all := Score{Category: "all"}
	for _, r := range results {
		if byName[r.Category] == nil {
			byName[r.Category] = &Score{Category: r.Category}
		}
		byName[r.Category].Add(r)
		all.Add(r)
	}
	var scores []Score
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		scores = append(scores, *byName[name])
	}
	return append(scores, all)
}
