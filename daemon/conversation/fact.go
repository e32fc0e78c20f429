package conversation

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A Fact is what somebody asked Hearth to remember. It is in no log, metric or turn's record.
type Fact struct {
	ID     string `json:"id"`
	Person string `json:"person,omitempty"` // whose it is, as the channel proved it; "" for the household's
	Room   string `json:"room,omitempty"`   // area ID that it is for; "" for everywhere
	Text   string `json:"text"`             // in the person's words
	// Likes is what a preference is about, "" for any other fact; Value is how it is liked.
	Likes Liking      `json:"likes,omitempty"`
	Value float64     `json:"value,omitempty"`
	Unit  intent.Unit `json:"unit,omitempty"` // of Value; degrees are the home's unless a scale was named
	At    time.Time   `json:"at"`
}

// NewFactID is an ID that no fact has, short enough to be typed.
func NewFactID() string { return strings.ToLower(rand.Text()[:10]) }

// A Liking is something that people like in different ways.
type Liking string

const (
	Warmth     Liking = "temperature" // in degrees
	Brightness Liking = "brightness"  // of lamps, in percent
)

// A Memory keeps facts for good.
type Memory interface {
	// Facts are those of these people, "" being the household, the latest first.
	Facts(ctx context.Context, people ...string) ([]Fact, error)
	// SaveFact keeps a fact in place of the one with its ID, and of the one that says what the same person likes in
	// the same room.
	SaveFact(ctx context.Context, f Fact) error
	// DeleteFacts leaves nothing of them; one that is not there is no error.
	DeleteFacts(ctx context.Context, ids ...string) error
	// ForgetPerson deletes the person's facts and turns; for "", the household's facts.
	ForgetPerson(ctx context.Context, person string) error
}

const (
	// MaxFact is the longest text of a fact, in runes.
	MaxFact = 200
	// MaxFacts is how many one person can have.
	MaxFacts = 500

	factsToModel = 4   // that are told to a model with one question
	runesToModel = 400 // of all of them
)

// Shorten makes a fact's text one line, and tells whether it is neither empty nor too long.
func (f *Fact) Shorten() bool {
	f.Text = strings.TrimRight(strings.Join(strings.Fields(f.Text), " "), " .!")
	return f.Text != "" && utf8.RuneCountInString(f.Text) <= MaxFact
}

// facts are those that the speaker may hear: their own and the household's, the latest first.
func (c *Conversation) facts(ctx context.Context, t *Turn) ([]Fact, error) {
	if c.Memory == nil {
		return nil, nil
	}
	if t.Person == "" {
		return c.Memory.Facts(ctx, "")
	}
	return c.Memory.Facts(ctx, t.Person, "")
}

// factsForModel are the few facts that a sentence may be about, most alike first. A model's reply may repeat them, so
// it is not kept.
func (c *Conversation) factsForModel(ctx context.Context, t *Turn) []string {
	facts, err := c.facts(ctx, t)
	if err != nil {
		c.Log.Warn("memory not read", "turn", t.ID, "error", err)
		return nil
	}
	var told []string
	room := runesToModel
	for _, f := range c.Phrases.about(facts, t.Heard.Text, 1) {
		text := f.attributed()
		if room -= utf8.RuneCountInString(text); len(told) == factsToModel || room < 0 {
			break
		}
		told = append(told, text)
	}
	if len(told) > 0 {
		t.veil = max(t.veil, veilReply)
	}
	return told
}

// attributed is a fact's text with whose it is.
func (f Fact) attributed() string {
	if f.Person == "" {
		return f.Text
	}
	return f.Person + ": " + f.Text
}

// recaller lets a tool of a model read what the speaker may hear. A reply may repeat it, so it is not kept.
func (c *Conversation) recaller(t *Turn) func(context.Context) ([]string, error) {
	if c.Memory == nil {
		return nil
	}
	return func(ctx context.Context) ([]string, error) {
		facts, err := c.facts(ctx, t)
		if err != nil {
			return nil, err
		}
		t.veil = max(t.veil, veilReply)
		told := make([]string, len(facts))
		for i, f := range facts {
			told[i] = f.attributed()
		}
		return told, nil
	}
}

// about are the facts that share at least so many of the telling words of a text, those that share most first.
func (p *Phrases) about(facts []Fact, text string, least int) []Fact {
	asked := p.telling(text)
	shared := func(f Fact) (n int) {
		said := p.telling(f.Text)
		for _, word := range asked {
			if slices.ContainsFunc(said, func(other string) bool { return akin(word, other) }) {
				n++
			}
		}
		return n
	}
	found := slices.DeleteFunc(slices.Clone(facts), func(f Fact) bool { return shared(f) < max(1, least) })
	slices.SortStableFunc(found, func(a, b Fact) int { return cmp.Compare(shared(b), shared(a)) })
	return found
}

// telling are the words of a text that tell what it is about, each once: not the little words of the language.
func (p *Phrases) telling(text string) []string {
	var words []string
	for word := range strings.FieldsSeq(normalise(elision.Replace(text))) {
		number := strings.Trim(word, "0123456789") == ""
		little := slices.Contains(p.LittleWords, word) || utf8.RuneCountInString(word) < 3 && !number
		if !little && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// akin tells whether two words are the same but for an ending: "bin" and "bins".
func akin(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) >= 3 && len(b)-len(a) <= 2 && strings.HasPrefix(b, a)
}

// quote is facts as they are told, in the words in which they were said.
func (c *Conversation) quote(snapshot *home.Snapshot, facts ...Fact) string {
	var all []string
	for _, f := range facts[:min(len(facts), toldAtOnce)] {
		text := c.Phrases.FactQuote.with("{fact}", f.Text)
		if area, ok := snapshot.Area(f.Room); ok {
			text += c.Phrases.InRoom.with("{room}", area.Name)
		}
		all = append(all, text)
	}
	if more := len(facts) - toldAtOnce; more > 0 {
		all = append(all, c.Phrases.MoreOfThem.with("{count}", strconv.Itoa(more)))
	}
	return strings.Join(all, "; ")
}
