package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"hearth/daemon/intent"
	"hearth/daemon/intent/conformance"
)

// times are how long the engine and the reference took for the same sentences, a sentence each.
type times struct{ engine, reference []time.Duration }

func (t *times) add(o times) {
	t.engine = append(t.engine, o.engine...)
	t.reference = append(t.reference, o.reference...)
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

// row prints medians and their ratio.
func (t times) row(name string) string {
	engine, reference := median(t.engine), median(t.reference)
	return fmt.Sprintf("%-24s %9d %10.1f µs %10.1f µs %8.0f", name, len(t.engine),
		float64(reference.Nanoseconds())/1000, float64(engine.Nanoseconds())/1000, float64(reference)/float64(engine))
}

// compareTimes says every sentence of a home twice, first to the reference and then to the engine. The second time
// counts: by then the reference has parsed its templates and indexed the names, and the engine has made the states
// that it needs. Both run in one thread.
func compareTimes(p *python, language *intent.Language, h conformance.Home) (t times, err error) {
	if err := p.home(h.Names); err != nil {
		return t, err
	}
	if t.reference, err = p.times(h.Sentences, areaOf(h.Names, h.Where.Area)); err != nil {
		return t, err
	}
	home := language.Home(h.Names)
	for _, text := range h.Sentences {
		home.Recognize(text, h.Where)
	}
	for _, text := range h.Sentences {
		begin := time.Now()
		home.Recognize(text, h.Where)
		t.engine = append(t.engine, time.Since(begin))
	}
	return t, nil
}

// published compares times over the published tests of a language.
func published(p *python, language *intent.Language, dir string) (times, error) {
	homes, err := conformance.Homes(dir, language.Code)
	if err != nil {
		return times{}, err
	}
	var all times
	for _, h := range homes {
		t, err := compareTimes(p, language, h)
		if err != nil {
			return all, err
		}
		all.add(t)
	}
	return all, nil
}

// inHome compares times in one home of so many entities: sentences drawn from the templates, and as many that are
// distorted, of which most match nothing.
func inHome(p *python, language *intent.Language, v vocabulary, seed uint64, entities int) (times, error) {
	rng := rand.New(rand.NewPCG(seed, uint64(entities)))
	h := conformance.Home{Names: newNaming(v, rng).home(entities)}
	h.Where.Area = h.Names.Areas[0].ID
	if err := p.home(h.Names); err != nil {
		return times{}, err
	}
	sentences, err := p.draw(seed, 200)
	if err != nil {
		return times{}, err
	}
	distorter := newDistorter(language.Code, v, rng)
	for _, s := range sentences {
		h.Sentences = append(h.Sentences, s.Text, distorter.distort(s.Text))
	}
	return compareTimes(p, language, h)
}
