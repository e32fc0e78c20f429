package llm

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
	"hearth/daemon/llm/chat"
)

const (
	maxOutput = 768 // tokens of an answer, enough for maxCalls and a reply
	// turnBudget is how many tokens may follow the prefix, those of the sentence and of the chat's own marks included. A
	// small machine reads as many in half a minute, each time.
	turnBudget = 300
	chatMarks  = 20 // tokens that a model's template puts around two messages
	leastTold  = 4  // entities that are told of whatever they cost
	maxBefore  = 70 // tokens of earlier turns
	maxTimers  = 4  // timers that are told of
)

// A question is one sentence with what the model is told for it. The form of the answer, its check and the prompt are
// made of the same entities: those that the sentence may be about.
type question struct {
	conversation.ModelQuestion
	*knowledge
	now     time.Time
	offered []home.Entity
	results string // of all lookups so far
	outside bool   // some of them are text that strangers may have written
}

// question finds what a sentence may be about.
func (m *Model) question(q conversation.ModelQuestion, now time.Time, similar func(int32) float32) *question {
	asked := &question{ModelQuestion: q, knowledge: m.know(q.Home), now: now}
	about := rankQuery{text: q.Text, room: q.Room, area: q.Area, last: -1, similar: similar}
	if m.opts.Vocabulary != nil {
		about.vocabulary = m.opts.Vocabulary()
	}
	if used := m.used.Load(); used != nil {
		about.used = func(i int32) float32 { return used.share(q.Home.Entities[i].ID) }
	}
	if len(q.Earlier) > 0 {
		about.before = q.Earlier[len(q.Earlier)-1].Said
	}
	if i := slices.IndexFunc(q.Home.Entities, func(e home.Entity) bool { return e.ID == q.Last && e.Exposed }); i >= 0 {
		about.last = int32(i)
	}
	found := above(asked.top(about, mostOffered), leastShare)
	unsaid := len(found) > 0 && found[0].score <= byRoom+byContext
	for _, f := range found {
		e := q.Home.Entities[f.entity]
		if unsaid && (len(asked.offered) == mostUnsaid || len(command.Services(q.Home, e)) == 0) {
			continue
		}
		asked.offered = append(asked.offered, e)
	}
	return asked
}

// mostUnsaid is how many entities of the room are offered for a sentence that speaks of nothing in it, such as "it is so
// dark", or a question about the world.
const mostUnsaid = 5

// A knowledge is what is the same for all questions about homes of one registry, as long as the tools are the same.
type knowledge struct {
	*ranking
	rules           string // of the tools
	prefix          string
	places, domains []string // of which all can be called at once
}

func know(snapshot *home.Snapshot, rules string) *knowledge {
	return &knowledge{newRanking(snapshot), rules, prefix(snapshot) + rules, groupPlaces(snapshot), groupDomains(snapshot)}
}

// know is what is known of the home. It is made anew when names or tools have changed.
func (m *Model) know(snapshot *home.Snapshot) *knowledge {
	rules := toolRules(m.tools(snapshot))
	if k := m.known.Load(); k != nil && k.registry == snapshot.Registry() && k.rules == rules {
		return k
	}
	k := know(snapshot, rules)
	k.prefix += personal(m.opts.Personality)
	m.known.Store(k)
	return k
}

// offer adds entities that were found while the model looked things up. They may be called and told of from then on.
func (q *question) offer(ids ...home.EntityID) {
	for _, id := range ids {
		if e, ok := q.Home.Entity(id); ok && e.Exposed && !q.offers(id) {
			q.offered = append(q.offered, e)
		}
	}
}

func (q *question) offers(id home.EntityID) bool {
	return slices.ContainsFunc(q.offered, func(e home.Entity) bool { return e.ID == id })
}

// names tells whether words, as of intent.Words, hold the whole name of an area or of something exposed.
func (q *question) names(words string) bool {
	words = " " + words + " "
	named := func(name string) bool {
		name = inWords(name)
		return name != "" && strings.Contains(words, " "+name+" ")
	}
	return slices.ContainsFunc(q.Home.Areas, func(a home.Area) bool { return named(a.Name) || slices.ContainsFunc(a.Aliases, named) }) ||
		slices.ContainsFunc(q.Home.Entities, func(e home.Entity) bool {
			return e.Exposed && (named(e.Name) || slices.ContainsFunc(e.Aliases, named))
		})
}

// measured tells whether a number, as words, is one that the model was told: of something exposed that the words speak of,
// by who asked it to be remembered, or by a tool. Strangers cannot tell how something of the home is.
func (q *question) measured(number, words string, ofHome bool) bool {
	in := func(text string) bool { return strings.Contains(" "+inWords(text)+" ", " "+number+" ") }
	return slices.ContainsFunc(q.Facts, in) || (!ofHome || !q.outside) && in(q.results) || slices.ContainsFunc(q.offered, func(e home.Entity) bool {
		area, _ := q.Home.Area(e.Area)
		spoken := slices.ContainsFunc(intent.Words(e.Name+" "+area.Name), func(word string) bool { return has(words, word) })
		return spoken && in(q.line(e))
	})
}

// request is the whole question.
func (q *question) request() (chat.Request, error) {
	text := q.volatile() // which may offer less
	form, err := q.form()
	return chat.Request{
		Messages: []chat.Message{{Role: chat.System, Content: q.prefix}, {Role: chat.User, Content: text}},
		Form:     form, MaxTokens: maxOutput,
	}, err
}

func (q *question) form() (json.RawMessage, error) {
	form, err := json.Marshal(q.schema())
	if err != nil {
		return nil, fmt.Errorf("write the form of the answer: %w", err)
	}
	return form, nil
}

// volatile is all that changes from one question to the next. Entities for which there is no room are not offered.
func (q *question) volatile() string {
	rest := q.timers() + q.background() + q.before() + q.circumstances() + "\n" + q.Text
	var b strings.Builder
	left := turnBudget - chatMarks - tokens(rest)
	for i, e := range q.offered {
		line := q.line(e)
		if left -= tokens(line); left < 0 && i >= leastTold {
			q.offered = q.offered[:i]
			break
		}
		b.WriteString(line)
	}
	return b.String() + rest
}

// circumstances are the time and the place of the question.
func (q *question) circumstances() string {
	text := "It is " + q.now.Format("Monday 2006-01-02 15:04") + "."
	if area, ok := q.Home.Area(q.Room); ok {
		text += " The speaker is in " + quoted(area.Name) + "."
	}
	return text + "\n"
}

// before tells of earlier turns, the last ones first as long as there is room.
func (q *question) before() string {
	text := ""
	for _, x := range slices.Backward(q.Earlier) {
		line := "Before: " + quoted(x.Said) + " You: " + quoted(x.Reply) + "\n"
		if tokens(text)+tokens(line) > maxBefore {
			break
		}
		text = line + text
	}
	return text
}

// running are the timers that may be spoken of.
func (q *question) running() []command.Timer {
	var all []command.Timer
	for _, t := range q.Timers[:min(len(q.Timers), maxTimers)] {
		all = append(all, command.Timer(t))
	}
	return all
}

func (q *question) timers() string {
	var b strings.Builder
	for _, t := range q.running() {
		b.WriteString(string(command.TimerEntity(t.ID)) + " " + string(t.Kind))
		for _, text := range []string{t.Name, t.Message} {
			if text != "" {
				b.WriteString(" " + quoted(text))
			}
		}
		switch {
		case t.Ringing:
			b.WriteString(": rings\n")
		case t.Paused:
			b.WriteString(": paused\n")
		case t.Kind == command.Condition:
			b.WriteString(": waits\n")
		default:
			b.WriteString(": due " + t.Due.In(q.now.Location()).Format("Mon 15:04:05") + "\n")
		}
	}
	return b.String()
}

// line tells of one entity: what it is called by, where it is, and its state.
//
//	light.ceiling_2 "Big light" (Kitchen): on brightness_pct=47
func (q *question) line(e home.Entity) string {
	var b strings.Builder
	b.WriteString(string(e.ID))
	for _, name := range q.namesOf(e) {
		b.WriteString(" " + quoted(name))
	}
	if area, ok := q.Home.Area(e.Area); ok && !has(string(e.ID)+" "+e.Name, area.Name) {
		b.WriteString(" (" + plain(area.Name) + ")")
	}
	b.WriteString(": " + stated(e.State))
	if e.Unit != "" && e.Available() {
		b.WriteString(" " + plain(e.Unit))
	}
	if e.Available() {
		b.WriteString(detail(e))
	}
	return b.String() + "\n"
}

// namesOf are the names of an entity that the model needs: its own, unless its ID says the same, and an alias that the
// sentence may mean.
func (q *question) namesOf(e home.Entity) []string {
	var names []string
	if !has(string(e.ID), e.Name) {
		names = append(names, e.Name)
	}
	said := intent.Words(q.Text)
	for _, alias := range e.Aliases {
		if slices.ContainsFunc(intent.Words(alias), func(word string) bool { return slices.Contains(said, word) }) {
			return append(names, alias)
		}
	}
	return names
}

// has tells whether all words of one text are in another.
func has(text, words string) bool {
	in := intent.Words(text)
	return !slices.ContainsFunc(intent.Words(words), func(word string) bool { return !slices.Contains(in, word) })
}

// A scaled attribute is one that people ask about, by the name that the services have for it.
type scaled struct {
	attribute, name string
	scale           float64 // what Home Assistant's number is to be multiplied with, 0 for text
}

var details = []scaled{
	{"brightness", "brightness_pct", 100.0 / 255}, {"current_position", "position", 1}, {"percentage", "percentage", 1},
	{"current_temperature", "measured", 1}, {"temperature", "temperature", 1}, {"humidity", "humidity", 1},
	{"volume_level", "volume_level", 1}, {"media_title", "title", 0}, {"source", "source", 0}, {"preset_mode", "preset_mode", 0},
}

func (d scaled) round(n float64) float64 {
	if d.scale == 1 {
		return math.Round(n*100) / 100
	}
	return math.Round(n * d.scale)
}

// maxOptions is how many words of a list that a device can be set to the model is told.
const maxOptions = 8

// detail is what there is to say of an entity besides its state.
func detail(e home.Entity) string {
	var b strings.Builder
	for _, d := range details {
		n, isNumber := home.Number(e.Attributes[d.attribute])
		text, isText := e.Attributes[d.attribute].(string)
		switch {
		case d.scale != 0 && isNumber:
			fmt.Fprintf(&b, " %s=%v", d.name, d.round(n))
		case d.scale == 0 && isText && text != "":
			b.WriteString(" " + d.name + "=" + stated(text))
		}
	}
	if options := command.Words(e.Attributes["options"]); len(options) > 0 {
		var words []string
		for _, word := range options[:min(len(options), maxOptions)] {
			words = append(words, stated(word))
		}
		b.WriteString(" of " + strings.Join(words, ","))
	}
	return b.String()
}
