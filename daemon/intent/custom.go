package intent

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
)

// Custom are sentences of an owner's own, with the lists, rules and responses that belong to them: one file
// of Home Assistant's custom_sentences/<language>. It is not changed once made.
type Custom struct {
	file   customFile
	digest [sha256.Size]byte
}

// customFile is the layout of Home Assistant's custom sentences.
type customFile struct {
	language         phrase
	blocks           []ownBlock
	lists            map[string]listFile
	rules            map[string]phrase
	skipWords        []string
	ignoreWhitespace *bool
	responses        map[string]map[string]phrase // by intent and key
	errors           map[string]phrase
}

// ownBlock is a block of sentences that are not published.
type ownBlock struct {
	intent string
	custom bool // it ranks before the published ones
	blockFile
}

// NewCustom are sentences that mean one intent. Each is plain text or a template: "good night [house]".
func NewCustom(intent string, sentences ...string) *Custom {
	c := &Custom{}
	hash := sha256.New()
	hash.Write([]byte(intent))
	own := ownBlock{intent: intent}
	for _, text := range sentences {
		hash.Write([]byte("\x00" + text))
		source := &customSource{name: strconv.Quote(text), text: []rune(text)}
		own.Sentences = append(own.Sentences, phrase{text, &place{file: source, line: 1, column: 1}})
	}
	hash.Sum(c.digest[:0])
	c.file.blocks = []ownBlock{own}
	return c
}

// WithCustom is the language with an owner's sentences, which win over all that it has. They may use its rules
// and lists, and change them, as Home Assistant merges its custom_sentences into the published ones:
//
//   - the values of a list are added to those it has; the keys of a range replace its own; wildcard replaces all
//   - a rule, a response, or a setting replaces the one of that name
//   - skip words are added
//
// What is faulty is left out and told as a fault: a sentence, a value of a list, or a rule or range, in whose
// place the published one stays. A sentence that uses a faulty rule is left out with it. A nil Custom is none.
func (l *Language) WithCustom(custom ...*Custom) (*Language, Faults) { return l.with(true, custom) }

// WithSupplement is WithCustom for sentences that rank as the published ones do.
func (l *Language) WithSupplement(custom ...*Custom) (*Language, Faults) {
	return l.with(false, custom)
}

func (l *Language) with(custom bool, files []*Custom) (*Language, Faults) {
	source := l.source.clone()
	var faults Faults
	for _, c := range files {
		if c == nil {
			continue
		}
		faults = append(faults, source.add(&c.file, custom)...)
		source.digest = sha256.Sum256(slices.Concat(source.digest[:], c.digest[:]))
	}
	faults = append(faults, source.leaveOutFaulty(l.source)...)
	made, err := compileLanguage(source)
	if err != nil {
		return l, append(faults, Fault{Problem: err.Error()}).Sorted()
	}
	return made, faults.Sorted()
}

// Fingerprint is 16 hexadecimal digits that change with the sentences, lists, rules and responses.
func (l *Language) Fingerprint() string { return hex.EncodeToString(l.source.digest[:8]) }

// Custom is how many sentences of an owner's own the language has.
func (l *Language) Custom() int {
	n := 0
	for _, s := range l.sentences {
		if l.blocks[s.block].custom {
			n++
		}
	}
	return n
}

// meantRule and meantList guess what a name that is none was to be.
func (c *compiler) meantRule(name string) string {
	near, ok := nearest(name, slices.Sorted(maps.Keys(c.lang.source.Rules)))
	return meant("<"+near+">", ok)
}

func (c *compiler) meantList(name string) string {
	near, ok := nearest(name, append(slices.Sorted(maps.Keys(c.lang.source.Lists)), homeLists[:]...))
	return meant("{"+near+"}", ok)
}

func meant(near string, ok bool) string {
	if !ok {
		return ""
	}
	return "; did you mean " + near + "?"
}
