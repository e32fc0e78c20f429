package intent

import (
	"fmt"
	"slices"
	"strings"
)

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
	slot := c.slot(e, l)
	switch {
	case !ok:
		return c.names(e, k, slot)
	case l.Wildcard:
		return c.wildcard(e, k, slot), nil
	}
	if err := c.visit(e, "{"+e.name+"}"); err != nil {
		return k, err
	}
	defer c.visited()
	p, err := c.listPart(e, l)
	return c.call(p, k, slot), err
}

// names is a list whose values the home gives.
func (c *compiler) names(e expr, k cont, slot int32) (cont, error) {
	which := slices.Index(homeLists[:], e.name)
	if which < 0 {
		return k, wrong(e, fmt.Sprintf("there is no list {%s}", e.name)+c.meantList(e.name))
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

// wildcard is ended by whatever follows it: at the start of a word, if the template has a space there.
func (c *compiler) wildcard(e expr, k cont, slot int32) cont {
	more := node{op: opMore, x: k[0], y: c.site(k, slot)}
	if e.apart && !c.lang.source.Settings.IgnoreWhitespace {
		more.r = 1
	}
	wild := node{op: opWild, x: c.g.add(more)}
	if e.slot == commandSlot {
		wild.y = 1
	}
	gap := c.g.add(node{op: opGap, x: c.g.add(wild)})
	return cont{gap, gap}
}

// listPart lays a list out. Lists of the same numbers are one.
func (c *compiler) listPart(e expr, l listFile) (part, error) {
	if l.Range != nil {
		r, err := newRange(l.Range)
		if err != nil {
			return part{}, wrong(e, err.Error())
		}
		return c.once(partKey{kind: 'n', name: r.key()}, func() (part, error) { return c.rangePart(r), nil })
	}
	key := partKey{kind: 'l', name: e.name, scope: c.scopeID}
	if c.usesFilter(e) {
		key.filter = c.active + 1
	}
	return c.once(key, func() (part, error) { return c.valuesPart(e, l) })
}

// once lays a part out, unless it was before.
func (c *compiler) once(key partKey, lay func() (part, error)) (part, error) {
	if p, ok := c.parts[key]; ok {
		return p, nil
	}
	p, err := lay()
	if err == nil {
		c.parts[key] = p
	}
	return p, err
}

func (c *compiler) valuesPart(e expr, l listFile) (part, error) {
	before := c.inValue
	c.inValue = true
	defer func() { c.inValue = before }()
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
	if strings.TrimSpace(v.In.text) == "" || !c.lang.filters[c.active].passes(context) {
		return cont{}, false, nil
	}
	exit := c.exit(c.addValue(value{out: number(v.Out), context: context, metadata: v.Metadata}))
	if !isTemplate(v.In.text) {
		return c.text(v.In.text, exit), true, nil
	}
	t, err := Parse(v.In.text)
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
			t.nodes[at].value, t.nodes[at].spoken = c.addValue(v), v.words != ""
		}
	}
	words := c.lang.source.numbers
	r.each(func(n float64) {
		digits := value{out: r.out(n)}
		if r.digits {
			for _, text := range r.writings(n) {
				put(t.putDigits(text), digits)
			}
		}
		if r.words {
			for _, text := range words.Spellings(n) {
				put(t.put(foldTemplate(text)), value{out: r.out(n), words: text})
			}
		}
		if r.digits && r.words {
			for _, text := range words.Mixed(n) {
				put(t.put(foldTemplate(text)), digits)
			}
		}
	})
	if r.digits {
		t.leadingZero()
	}
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
