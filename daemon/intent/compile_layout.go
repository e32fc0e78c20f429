package intent

import (
	"fmt"
	"slices"
	"strings"
)

// expr lays an expression out before what follows it and returns where it begins.
func (c *compiler) expr(e expr, k cont) (cont, error) {
	if len(c.g.nodes) > c.limit {
		return k, wrong(e, "the templates are too large: make lists of long alternatives, and permutations shorter")
	}
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
		at = c.space(k[1])[0]
	case runes[len(runes)-1] == '\'':
		at = k[1] // the next word follows an elided article: l'entrée
	}
	for _, r := range slices.Backward(body) {
		if r == ' ' {
			at = c.space(at)[0]
			continue
		}
		at = c.g.add(node{op: opRune, literal: !c.inValue, r: r, x: at})
	}
	if runes[0] == ' ' {
		return c.space(at)
	}
	return cont{at, c.g.add(node{op: opGap, x: at})}
}

// space lays a space of the template out. In languages without spaces between words it may be missing.
func (c *compiler) space(next int32) cont {
	if c.lang.source.Settings.IgnoreWhitespace {
		gap := c.g.split([]int32{c.g.add(node{op: opSpace, x: next}), next})
		return cont{gap, gap}
	}
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

// exit is the end of a part; value is the list's value, -1 for rules. What follows a list's value does not
// depend on how the value ends.
func (c *compiler) exit(value int32) cont {
	var k cont
	for i := range k {
		n := node{op: opExit, x: int32(i), y: value}
		if value >= 0 {
			n.x = 0
		}
		at, ok := c.exits[n]
		if !ok {
			at = c.g.add(n)
			c.exits[n] = at
		}
		k[i] = at
	}
	return k
}

// call enters a part. After a list one is at the start of a word if one was before it, but never after a
// number in words: slot is the list's slot, -1 for rules.
func (c *compiler) call(p part, k cont, slot int32) cont {
	var entry cont
	for i := range entry {
		next := k
		if slot >= 0 {
			next = cont{k[i], k[0]}
		}
		entry[i] = c.g.add(node{op: opCall, x: p.entry[i], y: c.site(next, slot)})
	}
	return entry
}

func (c *compiler) site(next cont, slot int32) int32 {
	c.g.sites = append(c.g.sites, site{next: next, slot: slot})
	return int32(len(c.g.sites) - 1)
}

func (c *compiler) slot(e expr, l listFile) int32 {
	s := slotName{name: e.slot, capture: e.capture, isName: e.slot == homeLists[listName] && !e.capture}
	if l.Range != nil {
		s.unit = rangeUnits[l.Range.Type]
	}
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
			return k, wrong(e, fmt.Sprintf("there is no rule <%s>", e.name)+c.meantRule(e.name))
		}
	}
	if err := c.visit(e, "<"+e.name+">"); err != nil {
		return k, err
	}
	defer c.visited()
	p, err := c.rulePart(partKey{kind: 'r', name: e.name, scope: c.scopeID, value: c.inValue}, body)
	if err != nil {
		return k, err
	}
	return c.call(p, k, -1), nil
}

// visit enters a rule or list, and refuses one that is being laid out already.
func (c *compiler) visit(e expr, name string) error {
	if len(c.visiting) >= maxNesting {
		return wrong(e, fmt.Sprintf("rules and lists are nested deeper than %d", maxNesting))
	}
	around := append(slices.Clone(c.visiting), name)
	if slices.Contains(c.visiting, name) {
		return wrong(e, fmt.Sprintf("%s refers to itself: %s", name, strings.Join(around, " -> ")))
	}
	c.visiting = around
	return nil
}

func (c *compiler) visited() { c.visiting = c.visiting[:len(c.visiting)-1] }

// rulePart lays a rule out, unless it was before. Rules that name a list of the home see only the names
// that pass the block's filter, so they are laid out for each filter.
func (c *compiler) rulePart(key partKey, body phrase) (part, error) {
	if p, ok := c.parts[key]; ok {
		return p, nil
	}
	filtered := key
	filtered.filter = c.active + 1
	if p, ok := c.parts[filtered]; ok {
		return p, nil
	}
	place := fmt.Sprintf("rule <%s>", key.name)
	t, err := Parse(body.text)
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
