package intent

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
)

// compileLanguage lays the templates of a language out as one graph. Each rule and list is laid out once
// for each filter it can tell apart, and entered from everywhere it is named; nothing is expanded.
func compileLanguage(source *languageFile) (*Language, error) {
	c := newCompiler(source)
	if err := c.language(); err != nil {
		var te *TemplateError
		if errors.As(err, &te) && te.at == nil {
			te.File = source.path
		}
		return nil, err
	}
	c.heard()
	c.g.pack()
	return c.lang, nil
}

// maxNodes bounds the graph of a language, so that no template takes the memory of the hub. The largest
// published one has 130,000 nodes.
const maxNodes = 1 << 20

func newCompiler(source *languageFile) *compiler {
	l := &Language{Code: source.Language, source: source, skip: newSkipWords(source)}
	l.numerals = sync.OnceValue(func() map[string]string { return numeralsOf(source.numbers, l.Code) })
	c := &compiler{
		lang: l, g: &l.graph,
		parts: map[partKey]part{}, filters: map[string]int32{}, slots: map[slotName]int32{},
		exits: map[node]int32{}, filtered: map[string]bool{}, limit: maxNodes,
	}
	c.g.firstName = math.MaxInt32 // there are none in a language
	c.g.add(node{op: opFail})
	c.filter(filter{})
	c.tail = c.skipTail()
	return c
}

// cont is where a match goes on: inside a word, or at the start of one.
type cont [2]int32

// A compiler lays sentences out back to front: each piece is given where the match goes on after it.
type compiler struct {
	lang     *Language
	g        *graph
	parts    map[partKey]part   // rules and lists that are laid out
	filters  map[string]int32   // index in lang.filters by key
	slots    map[slotName]int32 // index in lang.slots
	exits    map[node]int32     // the ends of parts
	filtered map[string]bool    // rules that a filter can tell apart
	visiting []string           // rules and lists being laid out, the outermost first
	scope    *blockFile
	scopeID  int32 // tells blocks with rules or lists of their own apart, 0 for all others
	active   int32 // filter of the block being laid out
	tail     int32 // skip words after a sentence
	inValue  bool  // laying out a list's value, whose text does not count as literal
	limit    int   // of the graph's nodes
}

// part is a rule or list that was laid out.
type part struct{ entry cont }

type partKey struct {
	kind   byte // 'r' for rules, 'l' for lists of values, 'n' for numbers
	name   string
	scope  int32
	filter int32
	value  bool // laid out as part of a list's value
}

// language lays out all sentences, those that were added first: they win when nothing else decides.
func (c *compiler) language() error {
	source := c.lang.source
	for i := range source.own {
		own := &source.own[i]
		if err := c.block(own.intent, i, &own.blockFile, own.custom); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(source.Intents)) {
		for i, b := range source.Intents[name].Data {
			if err := c.block(name, i, &b, false); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *compiler) block(intent string, i int, b *blockFile, custom bool) error {
	n := c.enter(intent, b, custom)
	for s, text := range b.Sentences {
		if err := c.parsed(n, fmt.Sprintf("%s block %d sentence %d", intent, i+1, s+1), text); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) parsed(n int32, place string, p phrase) error {
	text := p.text
	if p.at != nil && !isTemplate(text) {
		text = string(normalize(text)) // people write "Good night!"
	}
	t, err := Parse(text)
	if err == nil {
		err = c.sentence(n, p.text, t)
	}
	return placed(err, place, p)
}

// placed completes a template's error with what holds the template, unless an inner one did.
func placed(err error, place string, held phrase) error {
	var te *TemplateError
	if errors.As(err, &te) && te.Place == "" {
		te.Place, te.at = place, held.at
		if te.Template == "" {
			p := parser{text: held.text}
			at := p.fail(te.Column, te.Problem)
			te.Template, te.Line, te.Column = held.text, at.Line, at.Column
		}
	}
	return err
}

// wrong is an error at an expression; placed turns its offset into line and column.
func wrong(e expr, problem string) error { return &TemplateError{Column: e.at, Problem: problem} }

// enter begins a block.
func (c *compiler) enter(intent string, b *blockFile, custom bool) int32 {
	combination, _ := b.Metadata["slot_combination"].(string)
	compiled := block{
		intent: intent, combination: combination, response: b.Response.text, custom: custom,
		requires: parseRequirements(b.Requires), excludes: parseRequirements(b.Excludes),
	}
	if compiled.response == "" {
		compiled.response = "default"
	}
	if custom {
		compiled.metadata = b.Metadata
	}
	if heard, said := b.Metadata["heard"].(bool); said {
		compiled.unheard = !heard
	}
	for _, word := range b.Keywords {
		compiled.keywords = append(compiled.keywords, foldTemplate(string(c.lang.normalize(word))))
	}
	for name, v := range b.Slots {
		compiled.fixed = append(compiled.fixed, fixedSlot{name, number(v)})
	}
	sort.Slice(compiled.fixed, func(i, j int) bool { return compiled.fixed[i].name < compiled.fixed[j].name })
	compiled.filter = c.filter(filterOf(&compiled))
	n := int32(len(c.lang.blocks))
	c.lang.blocks = append(c.lang.blocks, compiled)
	c.scope, c.scopeID, c.active = b, 0, compiled.filter
	if len(b.Lists)+len(b.Rules) > 0 {
		c.scopeID = n + 1
	}
	return n
}

func (c *compiler) filter(f filter) int32 {
	key := f.key()
	n, ok := c.filters[key]
	if !ok {
		n = int32(len(c.lang.filters))
		c.filters[key] = n
		c.lang.filters = append(c.lang.filters, f)
	}
	return n
}

func (c *compiler) sentence(block int32, text string, t *Template) error {
	id := int32(len(c.lang.sentences))
	final := c.g.add(node{op: opFinal, x: id, y: c.tail})
	k, err := c.expr(t.root, cont{final, final})
	if err != nil {
		return err
	}
	c.lang.sentences = append(c.lang.sentences, sentence{text: text, block: block, edges: c.edges(t.root), order: c.order(t.root)})
	c.g.roots = append(c.g.roots, k[1])
	return nil
}

// edges finds the wildcards at a template's ends.
func (c *compiler) edges(root expr) wildcardEdges {
	for root.kind == exprSequence && len(root.items) == 1 && root.items[0].kind != exprList {
		root = root.items[0]
	}
	if root.kind != exprSequence || len(root.items) == 0 {
		return wildcardNone
	}
	isWildcard := func(e expr) bool {
		l, ok := c.list(e.name)
		return e.kind == exprList && ok && l.Wildcard
	}
	first, last := root.items[0], root.items[len(root.items)-1]
	switch {
	case isWildcard(first) && len(root.items) == 1:
		return wildcardWhole
	case isWildcard(first):
		return wildcardAtStart
	case isWildcard(last):
		return wildcardAtEnd
	}
	return wildcardNone
}

// order puts sentences with wildcards before the others of their block, those with the most words first. Lists
// that a rule names do not count, nor do its words.
func (c *compiler) order(root expr) int32 {
	if !c.namesWildcard(root) {
		return 0
	}
	return -textChunks(root)
}

func (c *compiler) namesWildcard(e expr) bool {
	if e.kind == exprList {
		return c.lang.source.Lists[e.name].Wildcard
	}
	return slices.ContainsFunc(e.items, c.namesWildcard)
}

// textChunks counts words, and spaces that stand alone. The nothing that an optional may be is one, too.
func textChunks(e expr) int32 {
	if e.kind == exprText {
		return int32(max(1, len(strings.Fields(e.text))))
	}
	n := int32(0)
	for _, item := range e.items {
		n += textChunks(item)
	}
	return n
}
