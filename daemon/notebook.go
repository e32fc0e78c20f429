package daemon

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/learned"
	"hearth/daemon/web"
	"hearth/storage/history"
)

// A Notebook is what one account may see and change of what is remembered: the owner's all of it, another's what is
// that person's and the household's.
type Notebook struct {
	memory  memory
	person  string // whose account it is
	owner   bool
	people  []string
	phrases *conversation.Phrases
	secret  func(text string) bool
	room    func(id string) bool // tells whether there is such an area
}

var _ web.Memory = (*Notebook)(nil)

// memory is where the notebook's facts are.
type memory interface {
	conversation.Memory
	AllFacts(ctx context.Context) ([]conversation.Fact, error)
}

// notebook is that of a Unix account. The owner's are root's and the daemon's own.
func (d *Daemon) notebook(user int) *Notebook {
	n := newNotebook(d.cfg, d.keeper(), d.phrases)
	n.person, n.owner = d.Person(user), user == 0 || user == os.Getuid()
	n.secret = func(text string) bool {
		kept := guarded(d.cfg) || conversation.WantsCodes(d.home.Snapshot())
		return kept && conversation.HoldsLongNumber(text, d.language.understanding().Digits)
	}
	n.room = func(id string) bool {
		_, ok := d.home.Snapshot().Area(id)
		return ok
	}
	return n
}

// OpenNotebook is the owner's notebook while no daemon runs. Rooms are not checked.
func OpenNotebook(cfg *config.Config, store *history.Store, plans *learned.Plans) (*Notebook, error) {
	phrases, err := conversation.LoadPhrases(cfg.Language)
	if err != nil {
		return nil, err
	}
	n := newNotebook(cfg, keeper{Store: store, plans: plans}, phrases)
	n.owner, n.room = true, func(string) bool { return true }
	n.secret = func(text string) bool { return guarded(cfg) && conversation.HoldsLongNumber(text, digits) }
	return n, nil
}

func newNotebook(cfg *config.Config, m memory, phrases *conversation.Phrases) *Notebook {
	n := &Notebook{memory: m, phrases: phrases}
	for _, p := range cfg.People {
		n.people = append(n.people, p.Name)
	}
	return n
}

// guarded tells whether a PIN or a code is in use, which must not be written down.
func guarded(cfg *config.Config) bool { return !cfg.Gate.PIN.IsZero() || !cfg.Gate.Code.IsZero() }

// digits are those of a text that is nothing but digits and what parts them.
func digits(text string) (found string, bare bool) {
	found = strings.NewReplacer(".", "", "-", "", ",", "").Replace(text)
	return found, found != "" && strings.Trim(found, "0123456789") == ""
}

// Facts are those that may be seen, the latest first.
func (n *Notebook) Facts(ctx context.Context) ([]conversation.Fact, error) {
	if n.owner {
		return n.memory.AllFacts(ctx)
	}
	return n.memory.Facts(ctx, slices.Compact([]string{n.person, ""})...)
}

// Add keeps a fact. Its text may be left out of a preference.
func (n *Notebook) Add(ctx context.Context, f conversation.Fact) (conversation.Fact, error) {
	if f.Text == "" && f.Likes != "" {
		value := strconv.FormatFloat(f.Value, 'f', -1, 64)
		f.Text = strings.ReplaceAll(string(n.phrases.Likes[f.Likes]), "{value}", value)
	}
	if err := n.check(&f); err != nil {
		return f, err
	}
	theirs, err := n.memory.Facts(ctx, f.Person)
	if err != nil {
		return f, err
	}
	if len(theirs) >= conversation.MaxFacts {
		return f, &conversation.InputError{Field: "memory", Value: "full", Remedy: "delete something first"}
	}
	f.ID, f.At = conversation.NewFactID(), time.Now()
	return f, n.memory.SaveFact(ctx, f)
}

// Correct gives a fact another text.
func (n *Notebook) Correct(ctx context.Context, id, text string) (conversation.Fact, error) {
	f, err := n.fact(ctx, id)
	if err != nil {
		return f, err
	}
	if f.Likes != "" {
		return f, &conversation.InputError{Field: "id", Value: id, Remedy: "this is a preference: add it anew with its value, which takes this one's place"}
	}
	f.Text, f.At = text, time.Now()
	if err := n.check(&f); err != nil {
		return f, err
	}
	return f, n.memory.SaveFact(ctx, f)
}

// Delete forgets a fact, and returns it.
func (n *Notebook) Delete(ctx context.Context, id string) (conversation.Fact, error) {
	f, err := n.fact(ctx, id)
	if err != nil {
		return f, err
	}
	return f, n.memory.DeleteFacts(ctx, id)
}

// Forget forgets all of a person, turns included, or with "" what the household had remembered.
func (n *Notebook) Forget(ctx context.Context, person string) error {
	if !n.owner && person != n.person {
		return &conversation.InputError{Field: "person", Value: strconv.Quote(person), Remedy: "the account may forget its own person only"}
	}
	return n.memory.ForgetPerson(ctx, person)
}

func (n *Notebook) fact(ctx context.Context, id string) (conversation.Fact, error) {
	facts, err := n.Facts(ctx)
	if err != nil {
		return conversation.Fact{}, err
	}
	if i := slices.IndexFunc(facts, func(f conversation.Fact) bool { return f.ID == id }); i >= 0 {
		return facts[i], nil
	}
	return conversation.Fact{}, &conversation.InputError{Field: "id", Value: strconv.Quote(id), Remedy: "hearthd memory lists what there is"}
}

// check says what of a fact cannot be kept.
func (n *Notebook) check(f *conversation.Fact) error {
	secret := n.secret(f.Text) // before it is quoted anywhere
	switch {
	case secret:
		return &conversation.InputError{Field: "text", Value: "a long number", Remedy: "leave it out: it might be a PIN"}
	case !f.Shorten():
		return &conversation.InputError{Field: "text", Value: strconv.Itoa(len(f.Text)) + " bytes", Remedy: "write one sentence of at most " + strconv.Itoa(conversation.MaxFact) + " letters"}
	case f.Person != "" && !slices.Contains(n.people, f.Person):
		return &conversation.InputError{Field: "person", Value: strconv.Quote(f.Person), Remedy: "name one of people in the configuration, or nobody for the household"}
	case !n.owner && f.Person != "" && f.Person != n.person:
		return &conversation.InputError{Field: "person", Value: strconv.Quote(f.Person), Remedy: "the account may add for its own person or the household"}
	case f.Room != "" && !n.room(f.Room):
		return &conversation.InputError{Field: "room", Value: strconv.Quote(f.Room), Remedy: "name one of the home's areas by its ID, or leave it out"}
	case f.Likes != "" && n.phrases.Likes[f.Likes] == "":
		return &conversation.InputError{Field: "likes", Value: strconv.Quote(string(f.Likes)), Remedy: "use temperature or brightness"}
	case f.Likes != "" && !(f.Value >= 0 && f.Value <= 100):
		return &conversation.InputError{Field: "value", Value: strconv.FormatFloat(f.Value, 'f', -1, 64), Remedy: "use 0 to 100"}
	}
	return nil
}
