package intent

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// compileLanguage lays the templates of a language out as one graph. Each rule and list is laid out once
// for each filter it can tell apart, and entered from everywhere it is named; nothing is expanded.
func compileLanguage(source *languageFile, custom []Custom) (*Language, error) {
	l := &Language{Code: source.Language, source: source, custom: custom, skip: newSkipWords(source.SkipWords)}
	c := &compiler{
		lang: l, g: &l.graph, spell: source.spell,
		parts: map[partKey]part{}, filters: map[string]int32{}, slots: map[slotName]int32{},
		exits: map[node]int32{}, filtered: map[string]bool{},
	}
	c.g.firstName = math.MaxInt32 // there are none in a language
	c.g.add(node{op: opFail})
	c.filter(filter{})
	c.tail = c.skipTail()
	if err := c.language(source, custom); err != nil {
		var te *TemplateError
		if errors.As(err, &te) {
			te.File = source.path
		}
		return nil, err
	}
	c.heard()
	return l, nil
}

// cont is where a match goes on: inside a word, or at the start of one.
type cont [2]int32

type compiler struct {
	lang     *Language
	g        *graph
	spell    func(n float64) []string
	parts    map[partKey]part
	filters  map[string]int32
	slots    map[slotName]int32
	exits    map[node]int32
	filtered map[string]bool
	visiting []string // rules being laid out, the outermost first
	scope    *blockFile
	scopeID  int32 // tells blocks with rules or lists of their own apart, 0 for all others
	active   int32 // filter of the block being laid out
	tail     int32 // skip words after a sentence
	inValue  bool  // laying out a list's value, whose text does not count as literal
}

// part is a rule or list that was laid out.
type part struct{ entry cont }

type partKey struct {
	kind   byte // 'r' for rules, 'l' for lists
	name   string
	scope  int32
	filter int32
}

func (c *compiler) language(source *languageFile, custom []Custom) error {
	for i, own := range custom {
		if err := c.customBlock(i, own); err != nil {
			return err
		}
	}
	names := make([]string, 0, len(source.Intents))
	for name := range source.Intents {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for i, b := range source.Intents[name].Data {
			if err := c.block(name, i, &b); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *compiler) customBlock(i int, own Custom) error {
	b := blockFile{Slots: own.Slots, Response: customKey(i)}
	n := c.enter(own.Intent, &b)
	c.lang.blocks[n].custom = true
	place := fmt.Sprintf("custom sentence %d", i+1)
	if !isTemplate(own.Sentence) {
		text := string(foldTemplate(string(normalize(own.Sentence))))
		return c.sentence(n, place, &Template{Text: own.Sentence, root: expr{kind: exprText, text: text}})
	}
	return c.parsed(n, place, own.Sentence)
}

func (c *compiler) block(intent string, i int, b *blockFile) error {
	n := c.enter(intent, b)
	for s, text := range b.Sentences {
		if err := c.parsed(n, fmt.Sprintf("%s block %d sentence %d", intent, i+1, s+1), text); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) parsed(n int32, place, text string) error {
	t, err := Parse(text)
	if err == nil {
		err = c.sentence(n, place, t)
	}
	return placed(err, place, text)
}

// placed completes a template's error with what holds the template, unless an inner one did.
func placed(err error, place, text string) error {
	var te *TemplateError
	if errors.As(err, &te) && te.Place == "" {
		te.Place = place
		if te.Template == "" {
			p := parser{text: text}
			at := p.fail(te.Column, te.Problem)
			te.Template, te.Line, te.Column = text, at.Line, at.Column
		}
	}
	return err
}

// wrong is an error at an expression; placed turns its offset into line and column.
func wrong(e expr, problem string) error { return &TemplateError{Column: e.at, Problem: problem} }

// enter begins a block.
func (c *compiler) enter(intent string, b *blockFile) int32 {
	combination, _ := b.Metadata["slot_combination"].(string)
	compiled := block{
		intent: intent, combination: combination, response: b.Response,
		requires: parseRequirements(b.Requires), excludes: parseRequirements(b.Excludes),
	}
	if compiled.response == "" {
		compiled.response = "default"
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

func (c *compiler) sentence(block int32, place string, t *Template) error {
	id := int32(len(c.lang.sentences))
	final := c.g.add(node{op: opFinal, x: id, y: c.tail})
	k, err := c.expr(t.root, cont{final, final})
	if err != nil {
		return placed(err, place, t.Text)
	}
	c.lang.sentences = append(c.lang.sentences, sentence{block: block, edges: c.edges(t.root), place: place})
	c.g.roots = append(c.g.roots, k[1])
	return nil
}

// skipTail lays out the skip words that may follow a sentence as it is heard, any number of them.
func (c *compiler) skipTail() int32 {
	if len(c.lang.skip) == 0 {
		return 0
	}
	end := c.g.add(node{op: opFinal, x: -1})
	tail := c.g.add(node{op: opSpace, x: c.skipWords(end)})
	c.g.nodes[end].y = tail
	return tail
}

// heard lays out the sentences as they are heard, with the skip words that may come before one.
func (c *compiler) heard() {
	var all, commands []int32
	reader := newAutomaton(c.g, nil, true)
	for _, root := range c.g.roots {
		wild, command := reader.beginsWith(root)
		if wild {
			continue
		}
		all = append(all, root)
		if !command {
			commands = append(commands, root)
		}
	}
	c.g.commands = c.g.split(commands)
	again := c.g.add(node{op: opSplit})
	if len(c.lang.skip) > 0 {
		all = append(all, c.skipWords(c.g.add(node{op: opSpace, x: again})))
	}
	c.g.nodes[again].x, c.g.nodes[again].y = int32(len(c.g.edges)), int32(len(all))
	for _, t := range all {
		c.g.edges = append(c.g.edges, edge{node: t})
	}
	c.g.heard = again
}

func (c *compiler) skipWords(next int32) int32 {
	targets := make([]int32, 0, len(c.lang.skip))
	for _, words := range c.lang.skip {
		targets = append(targets, c.text(string(words), cont{next, next})[0])
	}
	return c.g.split(targets)
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

// expr lays an expression out before what follows it and returns where it begins.
func (c *compiler) expr(e expr, k cont) (cont, error) {
	switch e.kind {
	case exprText:
		return c.text(e.text, k), nil
	case exprSequence:
		var err error
		for _, item := range slices.Backward(e.items) {
			if k, err = c.expr(item, k); err != nil {
				return k, err
			}
		}
		return k, nil
	case exprAlternative:
		return c.alternative(e, k)
	case exprPermutation:
		return c.permutation(e, k)
	case exprRule:
		return c.ruleReference(e, k)
	}
	return c.listReference(e, k)
}

// text lays literal text out. At the start of a word the space in front of it is not insisted upon, which
// matters after a list: "{area} lights", "{area}'s".
func (c *compiler) text(text string, k cont) cont {
	runes := foldTemplate(text)
	if len(runes) == 0 {
		return k
	}
	if len(runes) == 1 && runes[0] == ' ' {
		return c.space(k[1])
	}
	body := trimSpaces(runes)
	at := k[0]
	switch {
	case runes[len(runes)-1] == ' ':
		at = c.g.add(node{op: opSpace, x: k[1]})
	case runes[len(runes)-1] == '\'':
		at = k[1] // the next word follows an elided article: l'entrée
	}
	for _, r := range slices.Backward(body) {
		if r == ' ' {
			at = c.g.add(node{op: opSpace, x: at})
			continue
		}
		at = c.g.add(node{op: opRune, literal: !c.inValue, r: r, x: at})
	}
	if runes[0] == ' ' {
		return c.space(at)
	}
	return cont{at, c.g.add(node{op: opGap, x: at})}
}

func (c *compiler) space(next int32) cont {
	return cont{c.g.add(node{op: opSpace, x: next}), c.g.add(node{op: opSoft, x: next})}
}

func (c *compiler) alternative(e expr, k cont) (cont, error) {
	var targets [2][]int32
	for _, item := range e.items {
		entry, err := c.expr(item, k)
		if err != nil {
			return k, err
		}
		for i, n := range entry {
			if !slices.Contains(targets[i], n) {
				targets[i] = append(targets[i], n)
			}
		}
	}
	return cont{c.g.split(targets[0]), c.g.split(targets[1])}, nil
}

// permutation lays each item out once, as a part, and a node for each set of items that are still to come:
// 2^n nodes for n items, instead of n! orders.
func (c *compiler) permutation(e expr, k cont) (cont, error) {
	items := make([]part, len(e.items))
	for i, item := range e.items {
		entry, err := c.expr(item, c.exit(-1))
		if err != nil {
			return k, err
		}
		items[i] = part{entry}
	}
	after := make([]cont, 1<<len(items))
	after[0] = k
	for set := 1; set < len(after); set++ {
		var targets [2][]int32
		for i, item := range items {
			if set&(1<<i) == 0 {
				continue
			}
			call := c.call(item, after[set&^(1<<i)], -1)
			targets[0] = append(targets[0], call[0])
			targets[1] = append(targets[1], call[1])
		}
		after[set] = cont{c.g.split(targets[0]), c.g.split(targets[1])}
	}
	return after[len(after)-1], nil
}

// exit is the end of a part; value is the list's value, -1 for rules.
func (c *compiler) exit(value int32) cont {
	var k cont
	for i := range k {
		n := node{op: opExit, x: int32(i), y: value}
		at, ok := c.exits[n]
		if !ok {
			at = c.g.add(n)
			c.exits[n] = at
		}
		k[i] = at
	}
	return k
}

// call enters a part. A list leaves the start of a word where it was: slot is the list's slot.
func (c *compiler) call(p part, k cont, slot int32) cont {
	var entry cont
	for i := range entry {
		next := k
		if slot >= 0 {
			next = cont{k[i], k[i]}
		}
		entry[i] = c.g.add(node{op: opCall, x: p.entry[i], y: c.site(next, slot)})
	}
	return entry
}

func (c *compiler) site(next cont, slot int32) int32 {
	c.g.sites = append(c.g.sites, site{next: next, slot: slot})
	return int32(len(c.g.sites) - 1)
}

func (c *compiler) slot(e expr) int32 {
	s := slotName{name: e.slot, capture: e.capture, isName: e.slot == homeLists[listName] && !e.capture}
	n, ok := c.slots[s]
	if !ok {
		n = int32(len(c.lang.slots))
		c.slots[s] = n
		c.lang.slots = append(c.lang.slots, s)
	}
	return n
}

func (c *compiler) ruleReference(e expr, k cont) (cont, error) {
	body, own := c.scope.Rules[e.name]
	if !own {
		var ok bool
		if body, ok = c.lang.source.Rules[e.name]; !ok {
			return k, wrong(e, fmt.Sprintf("there is no rule <%s>", e.name))
		}
	}
	if slices.Contains(c.visiting, e.name) {
		return k, wrong(e, fmt.Sprintf("rule <%s> refers to itself: <%s>", e.name,
			strings.Join(append(slices.Clone(c.visiting), e.name), "> -> <")))
	}
	key := partKey{kind: 'r', name: e.name, scope: c.scopeID}
	c.visiting = append(c.visiting, e.name)
	defer func() { c.visiting = c.visiting[:len(c.visiting)-1] }()
	p, err := c.rulePart(key, body)
	if err != nil {
		return k, err
	}
	return c.call(p, k, -1), nil
}

// rulePart lays a rule out, unless it was before. Rules that name a list of the home see only the names
// that pass the block's filter, so they are laid out for each filter.
func (c *compiler) rulePart(key partKey, body string) (part, error) {
	if p, ok := c.parts[key]; ok {
		return p, nil
	}
	filtered := key
	filtered.filter = c.active + 1
	if p, ok := c.parts[filtered]; ok {
		return p, nil
	}
	place := fmt.Sprintf("rule <%s>", key.name)
	t, err := Parse(body)
	if err != nil {
		return part{}, placed(err, place, body)
	}
	entry, err := c.expr(t.root, c.exit(-1))
	if err != nil {
		return part{}, placed(err, place, body)
	}
	if c.usesFilter(t.root) {
		key = filtered
		c.filtered[key.name] = true
	}
	c.parts[key] = part{entry}
	return part{entry}, nil
}

// usesFilter tells whether an expression names values that a filter can tell apart. The rules it names
// have been laid out before.
func (c *compiler) usesFilter(e expr) bool {
	switch e.kind {
	case exprList:
		l, ok := c.list(e.name)
		return !ok || slices.ContainsFunc(l.Values, func(v valueFile) bool { return len(v.Context) > 0 })
	case exprRule:
		return c.filtered[e.name]
	}
	return slices.ContainsFunc(e.items, c.usesFilter)
}

// list finds a list of the block or of the language, or an inline range.
func (c *compiler) list(name string) (listFile, bool) {
	if c.scope != nil {
		if l, ok := c.scope.Lists[name]; ok {
			return l, true
		}
	}
	if l, ok := c.lang.source.Lists[name]; ok {
		return l, true
	}
	if r, ok := parseInlineRange(name); ok {
		return listFile{Range: r}, true
	}
	return listFile{}, false
}

func (c *compiler) listReference(e expr, k cont) (cont, error) {
	l, ok := c.list(e.name)
	slot := c.slot(e)
	switch {
	case !ok:
		return c.names(e, k, slot)
	case l.Wildcard:
		return c.wildcard(k, slot, e.slot == commandSlot), nil
	}
	key := partKey{kind: 'l', name: e.name, scope: c.scopeID}
	if c.usesFilter(e) {
		key.filter = c.active + 1
	}
	p, ok := c.parts[key]
	if !ok {
		var err error
		if p, err = c.listPart(e, l); err != nil {
			return k, err
		}
		c.parts[key] = p
	}
	return c.call(p, k, slot), nil
}

// names is a list whose values the home gives.
func (c *compiler) names(e expr, k cont, slot int32) (cont, error) {
	which := slices.Index(homeLists[:], e.name)
	if which < 0 {
		return k, wrong(e, fmt.Sprintf("there is no list {%s}", e.name))
	}
	var entry cont
	for i := range entry {
		entry[i] = c.g.add(node{op: opNames, x: int32(which), r: c.active, y: c.site(cont{k[i], k[i]}, slot)})
	}
	entry[1] = c.g.add(node{op: opGap, x: entry[1]})
	return entry, nil
}

// commandSlot is filled with what to do later: a sentence of its own.
const commandSlot = "conversation_command"

// wildcard is ended by whatever follows it, at the end of a word if the template has a space there.
func (c *compiler) wildcard(k cont, slot int32, command bool) cont {
	more := c.g.add(node{op: opMore, x: k[0], y: c.site(k, slot)})
	wild := c.g.add(node{op: opWild, x: more})
	if command {
		c.g.nodes[wild].y = 1
	}
	return cont{wild, c.g.add(node{op: opGap, x: wild})}
}

func (c *compiler) listPart(e expr, l listFile) (part, error) {
	if l.Range != nil {
		r, err := newRange(l.Range)
		if err != nil {
			return part{}, wrong(e, err.Error())
		}
		return c.rangePart(r), nil
	}
	c.inValue = true
	defer func() { c.inValue = false }()
	var targets [2][]int32
	for i, v := range l.Values {
		place := fmt.Sprintf("list {%s} value %d", e.name, i+1)
		entry, ok, err := c.value(v)
		if err != nil {
			return part{}, placed(err, place, v.In)
		}
		if ok {
			targets[0] = append(targets[0], entry[0])
			targets[1] = append(targets[1], entry[1])
		}
	}
	if len(targets[0]) == 0 {
		return part{cont{0, 0}}, nil
	}
	return part{cont{c.g.split(targets[0]), c.g.split(targets[1])}}, nil
}

// value lays one value of a list out; not if it is empty, or the block's filter refuses it.
func (c *compiler) value(v valueFile) (cont, bool, error) {
	context := parseContext(v.Context)
	if strings.TrimSpace(v.In) == "" || !c.lang.filters[c.active].passes(context) {
		return cont{}, false, nil
	}
	exit := c.exit(c.addValue(value{out: number(v.Out), context: context}))
	if !isTemplate(v.In) {
		return c.text(v.In, exit), true, nil
	}
	t, err := Parse(v.In)
	if err != nil {
		return cont{}, false, err
	}
	entry, err := c.expr(t.root, exit)
	return entry, true, err
}

func (c *compiler) addValue(v value) int32 {
	c.lang.values = append(c.lang.values, v)
	return int32(len(c.lang.values) - 1)
}

// rangePart lays the numbers of a range out, as digits and in words.
func (c *compiler) rangePart(r numberRange) part {
	if r.count() > maxSpelled {
		return c.numberPart(r)
	}
	t := newTrieBuilder()
	put := func(at int32, v value) {
		if t.nodes[at].value < 0 {
			t.nodes[at].value = c.addValue(v)
		}
	}
	r.each(func(n float64) {
		if r.digits {
			for _, text := range r.writings(n) {
				put(t.putDigits(text), value{out: r.out(n)})
			}
		}
		if r.words {
			for _, text := range c.spell(n) {
				put(t.put(foldTemplate(text)), value{out: r.out(n), spoken: true})
			}
		}
	})
	root := t.layout(c.g)
	return part{cont{root, c.g.add(node{op: opGap, x: root})}}
}

// numberPart reads the whole numbers of a range too large to lay out one by one: a branch for each sign
// and count of digits. Steps are asked at the end of the number.
func (c *compiler) numberPart(r numberRange) part {
	v := c.addValue(value{check: &r})
	var targets []int32
	branch := func(sign string, least, most int) {
		for _, span := range sameLength(least, most) {
			t := newTrieBuilder()
			t.putSpan(t.putDigits(sign), span.least, span.most, v)
			targets = append(targets, t.layout(c.g))
		}
	}
	if r.from < 0 {
		branch("-", max(1, -r.to), -r.from)
	}
	if r.to >= 0 {
		branch("", max(0, r.from), r.to)
	}
	root := c.g.split(targets)
	return part{cont{root, c.g.add(node{op: opGap, x: root})}}
}
