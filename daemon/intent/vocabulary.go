package intent

import (
	"maps"
	"slices"
	"strings"
)

// A Vocabulary tells which kinds of devices the words of a language speak of, as its sentences use them: in German
// "Lampe" of lights, "Rollladen" of covers of the class shutter, "lauter" of media players. It is not changed once made
// and may be used by many at once.
type Vocabulary struct {
	hints  map[string][]Hint
	common map[string]bool
}

// A Hint is what a word says of the device that is meant.
type Hint struct {
	Domain string  // "cover"
	Class  string  // the device class, "" when the word says nothing of it
	Weight float64 // up to 1: the word is said of this domain alone
}

const (
	// leastHint is the weight below which a word is as good as said of any kind.
	leastHint = 0.15
	// commonShare is the share of all topics in whose sentences a word is common.
	commonShare = 0.4
)

// Hints are what a word says, the word being one of Words; nil when it says nothing.
func (v *Vocabulary) Hints(word string) []Hint { return v.hints[word] }

// Common tells whether the word occurs in sentences about nearly everything: "the", "please", "turn".
func (v *Vocabulary) Common(word string) bool { return v.common[word] }

// Vocabulary reads the sentences of the language for the kinds that their words speak of. It takes milliseconds; what it
// gives is to be kept.
func (l *Language) Vocabulary() *Vocabulary {
	r := vocabularyReader{source: l.source, rules: map[string]ruleWords{}, topics: map[string]*topic{}}
	for intent, i := range l.source.Intents {
		r.intent(intent, i.Data)
	}
	for _, own := range l.source.own {
		r.intent(own.intent, []blockFile{own.blockFile})
	}
	return r.vocabulary()
}

// A topic is what sentences are about: a domain, or an intent that has none.
type topic struct {
	domain  string // "" when it is no domain
	blocks  int
	words   map[string]int // blocks that have the word
	classes classes
}

// classes are the device classes that words stand for.
type classes map[string]map[string]bool

func (c classes) add(word, class string) {
	if c[word] == nil {
		c[word] = map[string]bool{}
	}
	c[word][class] = true
}

func (c classes) addAll(other classes) {
	for word, all := range other {
		for class := range all {
			c.add(word, class)
		}
	}
}

type vocabularyReader struct {
	source *languageFile
	rules  map[string]ruleWords // those that were read, or are being read
	topics map[string]*topic
}

func (r *vocabularyReader) intent(name string, blocks []blockFile) {
	var all []string
	for _, b := range blocks {
		all = append(all, domainsOf(b)...)
	}
	for _, b := range blocks {
		domains := domainsOf(b)
		if len(domains) == 0 {
			domains = slices.Compact(slices.Sorted(slices.Values(all)))
		}
		words, found := r.block(b)
		if len(domains) == 0 {
			r.topic("intent "+name, "").add(words, found)
		}
		for _, domain := range domains {
			r.topic(domain, domain).add(words, found)
		}
	}
}

func (r *vocabularyReader) topic(key, domain string) *topic {
	if r.topics[key] == nil {
		r.topics[key] = &topic{domain: domain, words: map[string]int{}, classes: classes{}}
	}
	return r.topics[key]
}

// domainsOf are the domains that a block is about.
func domainsOf(b blockFile) []string {
	if domain, ok := b.Slots["domain"]; ok {
		return contextValues(domain)
	}
	for _, r := range parseRequirements(b.Requires) {
		if r.key == "domain" {
			return r.values
		}
	}
	return nil
}

// block reads the words of a block, and which of them stand for device classes.
func (r *vocabularyReader) block(b blockFile) (words map[string]bool, found classes) {
	words, found = map[string]bool{}, classes{}
	for _, sentence := range b.Sentences {
		parsed, err := Parse(sentence.text)
		if err != nil {
			continue // the language was compiled: it is an owner's, and told as a fault
		}
		maps.Copy(words, r.expr(parsed.root, found).words())
	}
	if class, ok := b.Slots["device_class"].(string); ok {
		for word := range words {
			found.add(word, class)
		}
	}
	return words, found
}

func (t *topic) add(words map[string]bool, found classes) {
	t.blocks++
	for word := range words {
		t.words[word]++
	}
	t.classes.addAll(found)
}

// vocabulary weighs the words: one that half of the sentences about lights have and no others speaks of lights.
func (r *vocabularyReader) vocabulary() *Vocabulary {
	total, spread := map[string]float64{}, map[string]int{}
	for _, t := range r.topics {
		for word := range t.words {
			total[word] += t.share(word)
			spread[word]++
		}
	}
	v := &Vocabulary{hints: map[string][]Hint{}, common: map[string]bool{}}
	for word, topics := range spread {
		v.common[word] = float64(topics) >= commonShare*float64(len(r.topics))
	}
	for _, key := range slices.Sorted(maps.Keys(r.topics)) {
		t := r.topics[key]
		for word := range t.words {
			weight := t.share(word) / total[word]
			if t.domain == "" || weight < leastHint || v.common[word] {
				continue
			}
			for _, class := range t.classesOf(word) {
				v.hints[word] = append(v.hints[word], Hint{t.domain, class, weight})
			}
		}
	}
	return v
}

func (t *topic) share(word string) float64 { return float64(t.words[word]) / float64(t.blocks) }

func (t *topic) classesOf(word string) []string {
	if len(t.classes[word]) == 0 {
		return []string{""}
	}
	return slices.Sorted(maps.Keys(t.classes[word]))
}

// expr reads one expression of a template, and adds which words stand for device classes.
func (r *vocabularyReader) expr(e expr, found classes) fragments {
	switch e.kind {
	case exprText:
		return textFragments(e.text)
	case exprRule:
		return r.rule(e.name, found)
	case exprList:
		return r.list(e, found)
	case exprSequence:
		read := fragments{through: set("")}
		for _, item := range e.items {
			read = read.then(r.expr(item, found))
		}
		return read
	}
	read := fragments{}
	for _, item := range e.items { // of a permutation each has spaces around
		read = read.or(r.expr(item, found))
	}
	return read
}

type ruleWords struct {
	read  fragments
	found classes
}

func (r *vocabularyReader) rule(name string, found classes) fragments {
	known, ok := r.rules[name]
	if !ok {
		known = ruleWords{gap, classes{}}
		r.rules[name] = known // should it name itself
		if parsed, err := Parse(r.source.Rules[name].text); err == nil {
			known.read = r.expr(parsed.root, known.found)
			r.rules[name] = known
		}
	}
	found.addAll(known.found)
	return known.read
}

// list reads the values of a list. Names, numbers and free text are not the language's words.
func (r *vocabularyReader) list(e expr, found classes) fragments {
	list, ok := r.source.Lists[e.name]
	if !ok || list.Wildcard || list.Range != nil {
		return gap
	}
	read := fragments{}
	for _, v := range list.Values {
		parsed, err := Parse(v.In.text)
		if err != nil {
			continue
		}
		value := r.expr(parsed.root, found)
		if class, ok := v.Out.(string); ok && e.slot == "device_class" {
			for word := range value.words() {
				found.add(word, class)
			}
		}
		read = read.or(value)
	}
	return read
}

// fragments are the words that an expression may be spelled as, and the parts of words at its edges: templates put
// words together from parts ("light[s]").
type fragments struct {
	inner       map[string]bool // whole words
	left, right map[string]bool // up to the first space, and after the last
	through     map[string]bool // without a space
}

// mostFragments bounds the parts that are put together, far above what published templates have.
const mostFragments = 400

func set(words ...string) map[string]bool {
	s := make(map[string]bool, len(words))
	for _, w := range words {
		s[w] = true
	}
	return s
}

var gap = fragments{left: set(""), right: set("")}

func textFragments(text string) fragments {
	parts := strings.Split(Folded("x"+text+"x"), " ") // whose spaces at the ends are not to be lost
	last := len(parts) - 1
	parts[0] = parts[0][1:]
	parts[last] = parts[last][:len(parts[last])-1]
	if last == 0 {
		return fragments{through: set(parts[0])}
	}
	return fragments{inner: set(parts[1:last]...), left: set(parts[0]), right: set(parts[last])}
}

// then is one expression and behind it another.
func (f fragments) then(next fragments) fragments {
	return fragments{
		inner:   union(f.inner, next.inner, product(f.right, next.left)),
		left:    union(f.left, product(f.through, next.left)),
		right:   union(next.right, product(f.right, next.through)),
		through: product(f.through, next.through),
	}
}

// or is one expression or another.
func (f fragments) or(other fragments) fragments {
	return fragments{
		inner: union(f.inner, other.inner), left: union(f.left, other.left),
		right: union(f.right, other.right), through: union(f.through, other.through),
	}
}

// words are all words of the expression standing alone.
func (f fragments) words() map[string]bool {
	all := map[string]bool{}
	for text := range union(f.inner, f.left, f.right, f.through) {
		for _, word := range Words(text) {
			all[word] = true
		}
	}
	return all
}

func union(sets ...map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, s := range sets {
		maps.Copy(all, s)
	}
	return all
}

func product(first, second map[string]bool) map[string]bool {
	all := map[string]bool{}
	for a := range first {
		for b := range second {
			if len(all) == mostFragments {
				return all
			}
			all[a+b] = true
		}
	}
	return all
}
