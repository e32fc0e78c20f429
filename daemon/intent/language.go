package intent

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"hearth/daemon/intent/spellout"
)

// A Language is what people may say in one language: its templates compiled, its responses, and an owner's
// own sentences. It is not changed once loaded and may be used by many at once.
type Language struct {
	Code string // "en"

	graph     graph
	sentences []sentence
	blocks    []block
	slots     []slotName
	values    []value
	filters   []filter
	skip      skipWords
	source    *languageFile
	responses responses
	numerals  func() map[string]string // numbers below a hundred by their words; see Digits
}

// sentence is one template of a block.
type sentence struct {
	text  string // as it is written
	block int32
	edges wildcardEdges
	order int32 // among equal matches of the block: lower comes first
}

// wildcardEdges says at which ends of a sentence a wildcard stands: skip words there belong to it.
type wildcardEdges uint8

const (
	wildcardNone wildcardEdges = iota
	wildcardAtStart
	wildcardAtEnd
	wildcardWhole // the sentence is nothing but a wildcard
)

// block is a group of templates with what they have in common.
type block struct {
	intent      string
	combination string
	response    string
	custom      bool
	unheard     bool // no recogniser is to listen for it
	metadata    map[string]any
	keywords    [][]rune // one of them must have been said, if there are any
	fixed       []fixedSlot
	requires    []requirement
	excludes    []requirement
	filter      int32
}

type fixedSlot struct {
	name  string
	value any
}

// slotName is where the value of a list goes.
type slotName struct {
	name    string
	capture bool // for the response only
	isName  bool // the slot "name", which ranks a match
	unit    Unit // that the list declares
}

// value is one value of a list of the language.
type value struct {
	out      any // nil: the text that was said
	context  map[string]string
	metadata map[string]any
	words    string // a number as the language writes it out, which counts as literal text; "" for all else
	check    *numberRange
}

// Load reads the published language file, home-assistant-intents' data/<lang>.json. Numbers in words come
// from CLDR's rules in the folder rbnf beside the file's own and from spellout's own (spellout.Load); a language
// that has neither is understood in digits only. Faults of templates are *TemplateError.
func Load(path string) (*Language, error) {
	return load(path, filepath.Join(filepath.Dir(path), "..", "rbnf"))
}

// LoadSpeech reads a curated file, home-assistant-intents' data/speech_to_phrase/<lang>.json: fewer
// sentences, for a recogniser with little to go by. The folder rbnf is one further up.
func LoadSpeech(path string) (*Language, error) {
	return load(path, filepath.Join(filepath.Dir(path), "..", "..", "rbnf"))
}

func load(path, numbers string) (*Language, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read sentence templates: %w", err)
	}
	source, err := decodeLanguage(raw)
	if err != nil {
		return nil, fmt.Errorf("read sentence templates %s: %w", path, err)
	}
	source.path = filepath.Base(path)
	source.numbers, err = spellout.Load(numbers, source.Language)
	if err != nil && !errors.Is(err, spellout.ErrNoRules) {
		return nil, err
	}
	source.digest = sha256.Sum256(raw)
	return compileLanguage(source)
}

// Intents are what a sentence of the language may mean, in the order of their names.
func (l *Language) Intents() []string {
	names := make([]string, len(l.blocks))
	for i, b := range l.blocks {
		names[i] = b.intent
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// normalize makes a sentence or a name ready for matching in this language.
func (l *Language) normalize(text string) []rune {
	runes := normalize(text)
	if l.source.Settings.IgnoreWhitespace {
		runes = squeeze(runes)
	}
	return runes
}

// responseText is the template of a response, "" when there is none.
func (l *Language) responseText(intent, key string) string {
	return l.source.Responses.Intents[intent][key]
}

// errorText is the template of an error response, "" when there is none.
func (l *Language) errorText(key string) string { return l.source.Responses.Errors[key] }

// languageFile is the layout of the published files.
type languageFile struct {
	path      string
	digest    [sha256.Size]byte
	numbers   *spellout.Speller // nil when the language has no number words
	own       []ownBlock        // what was added to it
	Language  string            `json:"language"`
	SkipWords []string          `json:"skip_words"`
	Settings  struct {
		IgnoreWhitespace bool `json:"ignore_whitespace"`
	} `json:"settings"`
	Responses struct {
		Errors  map[string]string            `json:"errors"`
		Intents map[string]map[string]string `json:"intents"`
	} `json:"responses"`
	Intents map[string]struct {
		Data []blockFile `json:"data"`
	} `json:"intents"`
	Lists map[string]listFile `json:"lists"`
	Rules map[string]phrase   `json:"expansion_rules"`
}

// UnmarshalJSON reads a published text.
func (p *phrase) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &p.text) }

type blockFile struct {
	Sentences []phrase            `json:"sentences"`
	Slots     map[string]any      `json:"slots"`
	Requires  map[string]any      `json:"requires_context"`
	Excludes  map[string]any      `json:"excludes_context"`
	Metadata  map[string]any      `json:"metadata"`
	Response  phrase              `json:"response"`
	Lists     map[string]listFile `json:"lists"`
	Rules     map[string]phrase   `json:"expansion_rules"`
	Keywords  []string            `json:"required_keywords"`
}

type listFile struct {
	Values   []valueFile `json:"values"`
	Range    *rangeFile  `json:"range"`
	Wildcard bool        `json:"wildcard"`

	// Of an owner's list only.
	at        *place
	rangeKeys map[string]any // what its range says of rangeFile's keys
}

// valueFile is a string, or an object of in, out, context and metadata.
type valueFile struct {
	In       phrase         `json:"in"`
	Out      any            `json:"out"`
	Context  map[string]any `json:"context"`
	Metadata map[string]any `json:"metadata"`
}

func (v *valueFile) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err == nil {
		*v = valueFile{In: phrase{text: text}}
		if !isTemplate(text) {
			v.Out = text
		}
		return nil
	}
	type plain valueFile
	return json.Unmarshal(b, (*plain)(v))
}

type rangeFile struct {
	Type       string   `json:"type"` // "", "number", "percentage" or "temperature"
	From       int      `json:"from"`
	To         int      `json:"to"`
	Step       int      `json:"step"`
	Multiplier *float64 `json:"multiplier"`
	Fractions  string   `json:"fractions"` // "", "halves" or "tenths"
	Digits     *bool    `json:"digits"`
	Words      *bool    `json:"words"`
}

func decodeLanguage(raw []byte) (*languageFile, error) {
	var f languageFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, err
	}
	if f.Language == "" {
		return nil, fmt.Errorf(`it names no language: want "language": "en"`)
	}
	return &f, nil
}

// number makes an int of a float64 that is one.
func number(v any) any {
	if f, ok := v.(float64); ok && f == float64(int(f)) {
		return int(f)
	}
	return v
}
