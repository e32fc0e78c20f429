package intent

import (
	"cmp"
	"slices"
	"strings"
)

// maxSentence bounds what is matched at all, in runes.
const maxSentence = 16_384

// Recognize gives every way to read a sentence, the best first: an owner's own sentences before published
// ones, sentences with an entity's name before others, then the longer name, fewer wildcards, more literal
// text, and less text in wildcards. There is at most one result for each block of templates. Sentences
// that need the speaker's area come last when it is not known.
//
// It takes time in proportion to the length of the sentence: microseconds, or for the longest that is read a few
// milliseconds. It is safe for concurrent use; callers take turns.
func (h *Home) Recognize(text string, where Where) []Result {
	said := h.lang.normalize(text)
	if len(said) == 0 || len(said) > maxSentence {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var matches []match
	for _, v := range h.variants(said) {
		if !v.last || len(matches) == 0 {
			matches = h.match(matches, v, where)
		}
	}
	slices.SortStableFunc(matches, match.compare)
	return results(matches)
}

// variant is a sentence with or without its skip words, and which templates it is meant for.
type variant struct {
	text  []rune
	edges [wildcardWhole + 1]bool
	last  bool // tried only if no other matches
}

// variants are the forms of a sentence to try. What was said comes first: a skip word may belong to the
// sentence. Where a template has a wildcard at one end, skip words at that end belong to the wildcard.
func (h *Home) variants(said []rune) []variant {
	all := variant{text: said, edges: [...]bool{true, true, true, true}}
	if !h.lang.skip.found(said) {
		return []variant{all}
	}
	bare := h.lang.skip.removeAll(said)
	noStart, noEnd := h.lang.skip.removeStart(said), h.lang.skip.removeEnd(said)
	all.edges[wildcardAtStart] = slices.Equal(noEnd, bare) || slices.Equal(noEnd, said)
	all.edges[wildcardAtEnd] = slices.Equal(noStart, bare) || slices.Equal(noStart, said)
	vs := append([]variant{all}, others(said, [...][]rune{wildcardNone: bare, wildcardAtStart: noEnd, wildcardAtEnd: noStart})...)
	if less := h.lang.skip.removeLess(said); len(less) > 0 && !slices.Equal(less, bare) && !slices.Equal(less, said) {
		vs = append(vs, variant{text: less, edges: [...]bool{wildcardNone: true, wildcardWhole: false}, last: true})
	}
	// A skip word of a script whose vowels are no letters may be found inside a word of the template.
	if core := h.lang.skip.removeStart(noEnd); len(core) > 0 && !slices.Equal(core, bare) && !slices.Equal(core, said) {
		vs = append(vs, variant{text: core, edges: [...]bool{wildcardNone: true, wildcardWhole: false}, last: true})
	}
	return vs
}

// others are the forms that differ from what was said, by the templates they are meant for.
func others(said []rune, forms [wildcardWhole][]rune) []variant {
	var vs []variant
	for edges, text := range forms {
		if len(text) == 0 || slices.Equal(text, said) {
			continue
		}
		same := slices.IndexFunc(vs, func(v variant) bool { return slices.Equal(v.text, text) })
		if same < 0 {
			same = len(vs)
			vs = append(vs, variant{text: text})
		}
		vs[same].edges[edges] = true
	}
	return vs
}

// match is a result with what ranks it.
type match struct {
	result   *Result
	score    score
	block    int32
	order    int32 // of the sentence in its block
	sentence int32
}

// match adds the matches of one variant.
func (h *Home) match(matches []match, v variant, where Where) []match {
	state := h.automaton.start()
	for _, r := range v.text {
		if state = h.automaton.step(state, fold(r)); state < 0 {
			return matches
		}
	}
	ids := h.automaton.accepted(state)
	if len(ids) == 0 {
		return matches
	}
	written := string(v.text)
	for _, f := range h.tracker.track(v.text, ids) {
		s := h.lang.sentences[f.sentence]
		if !v.edges[s.edges] {
			continue
		}
		m := match{score: f.score, block: s.block, order: s.order, sentence: f.sentence}
		if m.result = h.result(v.text, written, s, f, where); m.result == nil {
			continue
		}
		matches = h.keep(matches, m)
	}
	return matches
}

// keep adds a match unless its block has a better one.
func (h *Home) keep(matches []match, m match) []match {
	for i, other := range matches {
		if other.block == m.block {
			if m.compare(other) < 0 {
				matches[i] = m
			}
			return matches
		}
	}
	return append(matches, m)
}

// compare is negative when m comes before o.
func (m match) compare(o match) int {
	return cmp.Or(
		compareBool(m.result.Custom, o.result.Custom),
		compareBool(o.result.NeedsArea, m.result.NeedsArea),
		m.score.compare(o.score),
		strings.Compare(m.result.Intent, o.result.Intent),
		cmp.Compare(m.block, o.block),
		cmp.Compare(m.order, o.order),
		cmp.Compare(m.sentence, o.sentence),
	)
}

// compareBool puts true first.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func results(matches []match) []Result {
	if len(matches) == 0 {
		return nil
	}
	rs := make([]Result, len(matches))
	for i, m := range matches {
		rs[i] = *m.result
	}
	return rs
}

// result puts a match into the caller's terms; nil when the block's context is not as it requires.
func (h *Home) result(text []rune, written string, s sentence, f found, where Where) *Result {
	b := &h.lang.blocks[s.block]
	r := &Result{
		Intent: b.intent, Combination: b.combination, Response: b.response, Custom: b.custom, Metadata: b.metadata,
		Slots: map[string]Slot{}, Literals: int(f.score.literals), Text: written, Template: s.text,
	}
	if !b.keyword(text) {
		return nil
	}
	context := h.fill(r, text, f.event)
	if where.Area != "" && context["area"] == "" {
		context["area"] = h.areaName(where.Area)
	}
	if !notExcluded(b.excludes, context) {
		return nil
	}
	for _, req := range b.requires {
		if !h.require(r, req, context, where) {
			return nil
		}
	}
	for _, fixed := range b.fixed {
		if _, ok := r.Slots[fixed.name]; !ok {
			r.Slots[fixed.name] = Slot{Value: fixed.value}.counting(unitOf(b.intent, slotName{name: fixed.name}, nil))
		}
	}
	return r
}

// keyword tells whether one of the words was said that the block insists on.
func (b *block) keyword(text []rune) bool {
	if len(b.keywords) == 0 {
		return true
	}
	said := " " + string(foldTemplate(string(text))) + " "
	return slices.ContainsFunc(b.keywords, func(word []rune) bool { return strings.Contains(said, " "+string(word)+" ") })
}

// require checks one entry of requires_context and copies it into its slot.
func (h *Home) require(r *Result, req requirement, context map[string]string, where Where) bool {
	v, known := context[req.key]
	_, filled := r.Slots[req.slot]
	if !known && req.key == "area" && req.values == nil {
		r.NeedsArea = !filled
		return true
	}
	if !known || req.values != nil && !slices.Contains(req.values, v) {
		return false
	}
	if filled || req.slot == "" {
		return true
	}
	slot := Slot{Value: v}
	if req.key == "area" && where.Area != "" {
		slot.IDs = []string{where.Area}
	}
	r.Slots[req.slot] = slot
	return true
}

// areaName is what the home calls an area, or its ID when it does not know it.
func (h *Home) areaName(id string) string {
	for _, a := range h.lists[listArea].names {
		if a.ID == id && len(a.Names) > 0 {
			return a.Names[0]
		}
	}
	return id
}

// fill puts the values of a way's events into the result's slots and returns the context they bring along,
// which is valid until the next call.
func (h *Home) fill(r *Result, text []rune, last int32) map[string]string {
	context := h.context
	clear(context)
	t := h.tracker
	for e := last; e >= 0; e = t.events[e].before {
		ev := t.events[e]
		if ev.value == isStart {
			continue
		}
		said := strings.TrimSpace(string(text[t.startOf(ev.before):ev.at]))
		slot, own := h.slot(ev, said)
		for key, v := range own {
			if _, ok := context[key]; !ok {
				context[key] = v
			}
		}
		name := h.lang.slots[ev.slot]
		r.put(name, slot.counting(unitOf(r.Intent, name, text[ev.at:])))
	}
	return context
}

// put fills a slot or a capture, unless something later in the sentence did.
func (r *Result) put(name slotName, slot Slot) {
	if name.capture {
		if r.Captures == nil {
			r.Captures = map[string]string{}
		}
		if _, filled := r.Captures[name.name]; !filled {
			r.Captures[name.name] = slot.Text
		}
		return
	}
	if _, filled := r.Slots[name.name]; !filled {
		r.Slots[name.name] = slot
	}
}

// slot is the value of one event and its context.
func (h *Home) slot(ev event, said string) (Slot, map[string]string) {
	switch {
	case ev.value == isWild:
		return Slot{Value: said, Text: said}, nil
	case ev.home:
		return h.named(h.said[ev.value], said, ev)
	}
	v := h.lang.values[ev.value]
	slot := Slot{Value: v.out, Text: said, Metadata: v.metadata}
	switch {
	case v.words != "": // as the language writes it, whatever capitals it was said with
		slot.Text = v.words
	case v.check != nil:
		n, _ := parseNumber(said)
		slot.Value = v.check.out(n)
	case v.out == nil:
		slot.Value = said
	}
	return slot, v.context
}

// named is a name of the home with those of its bearers that pass the filter of the match. The first of them
// says how it is written.
func (h *Home) named(name homeName, said string, ev event) (Slot, map[string]string) {
	slot := Slot{Text: said}
	var context map[string]string
	list := &h.lists[name.list]
	for _, b := range name.bearers {
		if h.classes[b.class][ev.filter/64]&(1<<(ev.filter%64)) == 0 {
			continue
		}
		n := &list.names[list.places[b.number]]
		if slot.IDs == nil {
			slot.Value, context = b.text, n.Context
		}
		slot.IDs = append(slot.IDs, n.ID)
	}
	return slot, context
}
