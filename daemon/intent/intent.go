// Package intent understands sentences. It reads the published sentence templates of one language
// (package home-assistant-intents, format and behaviour of hassil), matches a sentence against them
// with the names of one home, renders the published responses, and gives a speech recogniser the set
// of sentences that the home can hear.
//
//	language, err := intent.Load("data/en.json")
//	...
//	home := language.Home(intent.Names{
//		Entities: []intent.Name{{ID: "light.bed", Names: []string{"Bed light"}, Context: map[string]string{"domain": "light"}}},
//		Areas:    []intent.Name{{ID: "kitchen", Names: []string{"Kitchen"}}},
//	})
//	results := home.Recognize("turn the bed light on", intent.Where{Area: "kitchen"})
//	// results[0].Intent is "HassTurnOn", results[0].Slots["name"].IDs are ["light.bed"]
//	answer, err := language.Respond(results[0], intent.ResponseData{})
//
// A Language is loaded once and may be used by many at once; so may a Home, which is made from it at the cost
// of its names, and from an earlier one (Home.With) at the cost of what has changed. Sentences of an owner's own,
// written in Go (NewCustom) or in Home Assistant's custom_sentences (ParseCustom), join a language by
// Language.WithCustom; what is faulty in them is told by line and column, and the rest works.
//
// It depends on nothing else of Hearth and never touches a home: what a recognised intent does is
// its caller's business.
//
// # How it works
//
// A template is parsed (Parse) and laid out as part of one graph of the language (Load), into which a home's
// names are plugged as tries (Language.Home). An automaton over sets of places in the graph, made as it is
// needed, tells which templates a sentence fits; a tracker then walks those few templates to fill the slots.
// The same automaton, with skip words around, is the Grammar that a recogniser is limited to, with weights that
// say how many ways lead on from where it is. Nothing is expanded: a template that means a million sentences
// costs what is written in it.
//
// # Bad input
//
// Any string may be given to any function. Work and memory are bounded by counted steps, not by a clock:
// templates that refer to themselves, nest too deep or grow too large are refused with their place; a sentence
// that is too long, or ambiguous beyond the bounds, is not understood. Capital letters, punctuation around
// words, marks of direction, zero-width spaces, control characters and variation selectors make no difference;
// zero-width joiners matter only in the scripts that spell with them.
package intent

import "time"

// Names are what a home's owner calls things: the lists {name}, {area} and {floor} of the templates.
type Names struct {
	Entities []Name
	Areas    []Name
	Floors   []Name
}

// A Name is one entity, area or floor.
type Name struct {
	ID    string   // comes back in Slot.IDs
	Names []string // the name proper first, then its aliases
	// Context is compared with a template's requires_context and excludes_context: "domain", for instance.
	Context map[string]string
}

// Where is what is known of the speaker's place: it fills the slots of templates that require a context.
type Where struct {
	Area string // ID of the area the speaker is in, "" when not known
}

// A Result is one way to read a sentence.
type Result struct {
	Intent      string            // "HassTurnOn"
	Combination string            // the slot combination of the template's block: "name_area"
	Slots       map[string]Slot   // by slot name
	Captures    map[string]string // what was said for a list that is no slot: {list:@capture}; nil for none
	Response    string            // key of the response template: "lights_area"
	// NeedsArea is set when the template wants the speaker's area and it is not known.
	NeedsArea bool
	Custom    bool // an owner's own sentence
	// Metadata are what an owner wrote beside the sentence. They are not to be changed.
	Metadata map[string]any `json:",omitempty"`
	Literals int            // runes matched by literal text, for ranking
	Text     string         // the sentence as it was matched, after normalisation
	Template string         `json:",omitempty"` // that it fitted, as it is written
}

// ResponseData is what response templates may speak of besides the slots.
type ResponseData struct {
	State     *State  // the entity the sentence is about
	Matched   []State // entities in the asked state (query.matched)
	Unmatched []State // the others that were asked about (query.unmatched)
	Timers    []Timer
	Media     []string // titles found
	// Facts are what else an intent may speak of: they stand beside the slots, under names of their own.
	Facts map[string]any
	Items []string // of a list
	Now   time.Time
	// Entity finds any entity by its ID, for states('sensor.rain') in a response of the owner's own; nil for none.
	Entity func(id string) (State, bool)
}

// A State is an entity as response templates see it.
type State struct {
	Name          string
	Domain        string
	State         string // "on", as Home Assistant has it
	Spoken        string // "eingeschaltet", as the language has it; "" for State
	StateWithUnit string // "21.5 °C"; "" for what is spoken of the state
	// Attributes are as JSON gives them. A float64 that is whole is spoken of without a fraction, a json.Number as
	// it is written.
	Attributes map[string]any
}

// A Timer is a timer as response templates see it.
type Timer struct {
	Active      bool
	Name, Area  string
	Start       Span   // as it was set
	Left        Span   // rounded to what people want to hear, by RoundLeft
	SecondsLeft int    // exactly
	Message     string // what it reminds of, or does
	When        string // it is due: "tomorrow at 7:30 AM"
}

// A Span is a length of time as people say it.
type Span struct{ Hours, Minutes, Seconds int }
