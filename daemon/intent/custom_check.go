package intent

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// maxCustomGraph bounds the nodes of what an owner wrote: the published templates must fit in beside them.
const maxCustomGraph = maxNodes / 2

// A customCheck lays out what an owner wrote, piece by piece, and leaves out what cannot be.
type customCheck struct {
	file   *languageFile
	c      *compiler
	faults Faults
	drop   []func() // takes out faulty rules once nothing uses them
}

// leaveOutFaulty takes out of the language what makes no language, so that the rest can be compiled. A rule
// in whose place there was another gives way to it; one that is new goes, and the sentences that use it.
func (f *languageFile) leaveOutFaulty(base *languageFile) Faults {
	k := &customCheck{file: f, c: newCompiler(f)}
	k.c.limit = maxCustomGraph
	k.c.enter("", &blockFile{}, false)
	k.rules(f.Rules, base.Rules)
	k.lists(f.Lists)
	for i := range f.own {
		k.block(&f.own[i])
	}
	for _, drop := range k.drop {
		drop()
	}
	return k.faults
}

func (k *customCheck) rules(rules, before map[string]phrase) {
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		rule := rules[name]
		if rule.at == nil || k.fits(rule, func() error {
			_, err := k.c.expr(expr{kind: exprRule, name: name}, k.c.exit(-1))
			return err
		}) {
			continue
		}
		if old, ok := before[name]; ok {
			rules[name] = old
		} else {
			k.drop = append(k.drop, func() { delete(rules, name) })
		}
	}
}

// lists takes out the values that are templates and do not fit. Ranges have been looked at before.
func (k *customCheck) lists(lists map[string]listFile) {
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		list := lists[name]
		if list.at == nil {
			continue
		}
		list.Values = slices.Clone(list.Values)
		list.Values = slices.DeleteFunc(list.Values, func(v valueFile) bool {
			return v.In.at != nil && isTemplate(v.In.text) && !k.fits(v.In, func() error {
				k.c.visiting = []string{"{" + name + "}"}
				_, _, err := k.c.value(v)
				return err
			})
		})
		lists[name] = list
	}
}

func (k *customCheck) block(b *ownBlock) {
	n := k.c.enter(b.intent, &b.blockFile, b.custom)
	k.rules(b.Rules, nil)
	k.lists(b.Lists)
	k.response(b)
	b.Sentences = slices.DeleteFunc(slices.Clone(b.Sentences), func(p phrase) bool {
		if len(normalize(p.text)) == 0 {
			k.faults = append(k.faults, p.at.fault("this sentence has no words", ""))
			return true
		}
		return !k.fits(p, func() error { return k.c.parsed(n, "own", p) })
	})
}

// responseKey tells the key of a response from a response: a text has spaces, a full stop, or other letters.
var responseKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// response finds out whether the block names its response or holds it. A response that it holds is its own
// key, so that a key which somebody kept never means another text.
func (k *customCheck) response(b *ownBlock) {
	p := b.Response
	responses := k.file.Responses.Intents[b.intent]
	if _, known := responses[p.text]; known || p.text == "" {
		return
	}
	b.Response = phrase{}
	if !responseKey.MatchString(p.text) {
		faults := k.file.respond(b.intent, p.text, p)
		if len(faults) == 0 {
			b.Response = p
		}
		k.faults = append(k.faults, faults...)
		return
	}
	want := "the text of a response"
	if len(responses) > 0 {
		want = oneOf(p.text, slices.Sorted(maps.Keys(responses))) + ", or " + want
	}
	k.faults = append(k.faults, p.at.fault(fmt.Sprintf("%s has no response %q", b.intent, p.text), want))
}

// fits tells whether a phrase can be laid out, and notes the fault when it cannot.
func (k *customCheck) fits(p phrase, layOut func() error) bool {
	k.c.visiting = nil
	err := placed(layOut(), "own", p)
	if err == nil {
		return true
	}
	k.faults = append(k.faults, p.faultOf(err))
	return false
}
