package conversation

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Phrases are what a conversation itself says and understands in one language, from phrases/<lang>.yaml.
// What was done, and what the home lacks, is told with the language's published responses instead.
type Phrases struct {
	Language string `yaml:"-"` // whose table it is: "en" for a language that has none

	// What people answer or object. Case, punctuation and spaces make no difference.
	Yes   []string `yaml:"yes"`
	No    []string `yaml:"no"`
	Wrong []string `yaml:"wrong"` // the turn before was a mistake

	// Words of a sentence whose plan holds now and not the next time, and of one that leans on what was said before.
	Passing   []string `yaml:"passing"`
	Referring []string `yaml:"referring"`
	// Remembering are words of which a sentence has one when it may ask to have something remembered.
	Remembering []string `yaml:"remembering"`

	// Joins are the words between two commands in one sentence.
	Joins []string `yaml:"joins"`
	// Excepts are the words before what a command leaves out.
	Excepts []string `yaml:"excepts"`

	// Links are words between a sentence that lacks something and what is answered, Lacking is how that is asked for.
	Links   []string        `yaml:"links"`
	Lacking map[lack]Phrase `yaml:"lacking"`

	WhichRoom Phrase            `yaml:"which_room"`
	DidYouSay Phrase            `yaml:"did_you_say"`
	Confirm   map[action]Phrase `yaml:"confirm"`
	SayYes    Phrase            `yaml:"say_yes"`   // follows one of Confirm, and so do the next two
	SayPIN    Phrase            `yaml:"say_pin"`   // the owner's PIN
	SayCode   Phrase            `yaml:"say_code"`  // the device's own code
	StrayPIN  Phrase            `yaml:"stray_pin"` // a bare number that nobody asked for

	Left      Phrase `yaml:"left"` // after a no
	AllRight  Phrase `yaml:"all_right"`
	TakenBack Phrase `yaml:"taken_back"` // what was learned from a mistake
	// PinnedPlan is said in its stead of what the owner wants kept.
	PinnedPlan Phrase            `yaml:"pinned_plan"`
	Done       Phrase            `yaml:"done"`
	AllBut     Phrase            `yaml:"all_but"` // what was left out
	Sent       Phrase            `yaml:"sent"`    // nothing can confirm it
	NotDone    map[Reason]Phrase `yaml:"not_done"`

	Undone        Phrase `yaml:"undone"`
	NothingToUndo Phrase `yaml:"nothing_to_undo"`

	// Of what was done before. When is one of the three that follow, place InRoom or nothing.
	Began        map[string]Phrase  `yaml:"began"` // by how: speech, text, mqtt, timer
	Today        Phrase             `yaml:"today"`
	Yesterday    Phrase             `yaml:"yesterday"`
	OnDate       Phrase             `yaml:"on_date"`
	DateLayout   Phrase             `yaml:"date_layout"` // of package time
	InRoom       Phrase             `yaml:"in_room"`
	SaidYes      Phrase             `yaml:"said_yes"`
	SaidPIN      Phrase             `yaml:"said_pin"` // or a code
	ByPerson     Phrase             `yaml:"by_person"`
	SetBy        Phrase             `yaml:"set_by"` // of a timer
	Decided      map[Decider]Phrase `yaml:"decided"`
	LookedUp     Phrase             `yaml:"looked_up"` // by a model, in some of Tools
	Tools        map[string]Phrase  `yaml:"tools"`
	Deed         Phrase             `yaml:"deed"` // what came of it follows
	Answered     Phrase             `yaml:"answered"`
	NotMe        Phrase             `yaml:"not_me"`
	NotMeSince   Phrase             `yaml:"not_me_since"` // what Hearth did before follows
	NothingDone  Phrase             `yaml:"nothing_done"`
	NothingSuch  Phrase             `yaml:"nothing_such"` // but other things
	NothingHeard Phrase             `yaml:"nothing_heard"`
	MoreOfThem   Phrase             `yaml:"more_of_them"`
	MoreBefore   Phrase             `yaml:"more_before"`

	// Of what the home remembers.
	Last        map[occasion]Phrase `yaml:"last"`       // by the state that was come into
	NotSoNow    Phrase              `yaml:"not_so_now"` // one of Last may follow
	SoForLonger Phrase              `yaml:"so_for_longer"`
	NotRecorded Phrase              `yaml:"not_recorded"`
	NoRecord    Phrase              `yaml:"no_record"`

	NoHearing    Phrase                `yaml:"no_hearing"`
	NoHearingYet Phrase                `yaml:"no_hearing_yet"`
	NotHeard     Phrase                `yaml:"not_heard"`
	Model        map[ModelFault]Phrase `yaml:"model"`          // why none answered
	NothingSetUp Phrase                `yaml:"nothing_set_up"` // for an intent of the owner's own
	NoOption     Phrase                `yaml:"no_option"`
	OutOfRange   Phrase                `yaml:"out_of_range"`
	PastTime     Phrase                `yaml:"past_time"`
	NoSun        Phrase                `yaml:"no_sun"`   // the home does not tell when it rises and sets
	NextSun      Phrase                `yaml:"next_sun"` // and of no other than the next

	NothingBefore Phrase `yaml:"nothing_before"` // "it", when nothing was spoken of that it could mean

	// Of what is remembered. {facts} and {fact} are each in FactQuote.
	LittleWords     []string          `yaml:"little_words"` // that tell nothing of what a sentence is about
	Likes           map[Liking]Phrase `yaml:"likes"`        // what somebody who likes it so would say
	FactQuote       Phrase            `yaml:"fact_quote"`
	Remembered      Phrase            `yaml:"remembered"`      // of a person
	RememberedHere  Phrase            `yaml:"remembered_here"` // of the household
	MayRemember     Phrase            `yaml:"may_remember"`    // followed by SayYes, as are the next three
	MayForget       Phrase            `yaml:"may_forget"`
	MayForgetPerson Phrase            `yaml:"may_forget_person"`
	MayForgetHere   Phrase            `yaml:"may_forget_here"`
	KnownAlready    Phrase            `yaml:"known_already"`
	Recalled        Phrase            `yaml:"recalled"`
	RecalledNothing Phrase            `yaml:"recalled_nothing"`
	Stranger        Phrase            `yaml:"stranger"` // it is not known who speaks
	Forgotten       Phrase            `yaml:"forgotten"`
	ForgottenTurn   Phrase            `yaml:"forgotten_turn"`
	ForgottenPerson Phrase            `yaml:"forgotten_person"`
	WhichFact       Phrase            `yaml:"which_fact"`
	NoSecrets       Phrase            `yaml:"no_secrets"`
	FactTooLong     Phrase            `yaml:"fact_too_long"`
	MemoryFull      Phrase            `yaml:"memory_full"`
	MemoryFailed    Phrase            `yaml:"memory_failed"`
	NoMemory        Phrase            `yaml:"no_memory"`
	NoLiking        Phrase            `yaml:"no_liking"`

	Timer  Phrase              `yaml:"timer"` // one without a name
	Rings  map[occasion]Phrase `yaml:"rings"` // by kind; what is late, missed or has a name by that too
	Ago    map[occasion]Phrase `yaml:"ago"`
	Clock  string              `yaml:"clock"` // of {hour}, or {hour12} and {half}, and {minute}
	Hours  map[occasion]Phrase `yaml:"hours"` // a time of day within a sentence, by its hour
	When   map[occasion]Phrase `yaml:"when"`
	States map[occasion]Phrase `yaml:"states"`
	List   Phrase              `yaml:"list"`

	answers map[string]answer // by their normal form
}

// A Phrase is a whole sentence, in which {name} and the like stand for what is filled in.
type Phrase string

// with fills in what a placeholder stands for.
func (p Phrase) with(placeholder, text string) string {
	return strings.ReplaceAll(string(p), placeholder, text)
}

// withAll fills in several, given as placeholder and text by turns.
func (p Phrase) withAll(pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(string(p))
}

// answer is what a sentence means to the conversation itself.
type answer int

const (
	noAnswer answer = iota
	yes
	no
	wrong
)

//go:embed phrases/*.yaml
var tables embed.FS

// LoadPhrases reads the phrases of a language such as "de-CH": its own, else those of "de", else English ones.
func LoadPhrases(language string) (*Phrases, error) {
	parent, _, _ := strings.Cut(language, "-")
	for _, name := range []string{language, parent} {
		text, err := tables.ReadFile("phrases/" + name + ".yaml")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read phrases: %w", err)
		}
		return parsePhrases(name, text)
	}
	return LoadPhrases("en")
}

func parsePhrases(language string, text []byte) (*Phrases, error) {
	p := &Phrases{Language: language}
	if err := yaml.UnmarshalWithOptions(text, p, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read phrases of %q: %w", language, err)
	}
	if err := p.index(); err != nil {
		return nil, fmt.Errorf("read phrases of %q: %w", language, err)
	}
	return p, nil
}

// Accept adds words for yes and no, such as those of a language that has no phrases of its own.
func (p *Phrases) Accept(yes, no []string) error {
	p.Yes, p.No = append(p.Yes, yes...), append(p.No, no...)
	return p.index()
}

// index makes the answers ready to be looked up. One that means two things is an error.
func (p *Phrases) index() error {
	p.answers = map[string]answer{}
	for meaning, list := range map[answer][]string{yes: p.Yes, no: p.No, wrong: p.Wrong} {
		for _, text := range list {
			said := normalise(text)
			if other, known := p.answers[said]; said == "" || known && other != meaning {
				return fmt.Errorf("%q cannot be understood as an answer: it is empty, or in two lists", text)
			}
			p.answers[said] = meaning
		}
	}
	return nil
}

// meaning is what a sentence is as an answer.
func (p *Phrases) meaning(text string) answer { return p.answers[normalise(text)] }

// Answers are the sentences that a conversation itself understands, so that a recogniser can hear them.
func (p *Phrases) Answers() []string { return slices.Concat(p.Yes, p.No, p.Wrong) }

// JoinsIn are the words that join two commands in a language, none when these are another's phrases.
func (p *Phrases) JoinsIn(language string) []string {
	if !strings.HasPrefix(language, p.Language) {
		return nil
	}
	return p.Joins
}

// ExceptsIn are the words before what is left out, in the same way.
func (p *Phrases) ExceptsIn(language string) []string {
	if !strings.HasPrefix(language, p.Language) {
		return nil
	}
	return p.Excepts
}

// join lists names as people do: "A, B and C".
func (p *Phrases) join(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.NewReplacer("{names}", strings.Join(names[:last], ", "), "{last}", names[last]).Replace(string(p.List))
}
