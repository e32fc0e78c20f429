package intent

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// drawName is a name of few words, so that names are alike, begin alike, or lie in each other.
func drawName(t *rapid.T) Name {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"main", "Main", "aft-", "2", "..."}), 1, 2)
	n := Name{ID: fmt.Sprint("id", rapid.IntRange(0, 12).Draw(t, "id"))}
	for range rapid.IntRange(0, 3).Draw(t, "aliases") {
		var text string
		for _, w := range words.Draw(t, "words") {
			text += w + " "
		}
		n.Names = append(n.Names, text)
	}
	if domain := rapid.SampledFrom([]string{"", "hatch", "sail", "book"}).Draw(t, "domain"); domain != "" {
		n.Context = map[string]string{"domain": domain}
	}
	return n
}

// drawEdit changes a list in a copy: a name is added, removed, replaced or moved.
func drawEdit(t *rapid.T, names []Name) []Name {
	names = slices.Clone(names)
	at := rapid.IntRange(0, len(names)).Draw(t, "at")
	if at == len(names) || rapid.Bool().Draw(t, "add") {
		return slices.Insert(names, at, drawName(t))
	}
	switch rapid.SampledFrom([]string{"remove", "replace", "move"}).Draw(t, "edit") {
	case "replace":
		names[at] = drawName(t)
		return names
	case "move":
		n := names[at]
		names = slices.Delete(names, at, at+1)
		return slices.Insert(names, rapid.IntRange(0, len(names)).Draw(t, "to"), n)
	}
	return slices.Delete(names, at, at+1)
}

// TestWithIsLikeNew edits homes at random and compares each with one that was made from its names alone: in
// what it understands, and in what it hears. Older homes stay as they were.
func TestWithIsLikeNew(t *testing.T) {
	l := testHome(t).lang
	rapid.Check(t, func(t *rapid.T) {
		names := Names{}
		homes, all := []*Home{l.Home(names)}, []Names{names}
		for range rapid.IntRange(1, 5).Draw(t, "homes") {
			for range rapid.IntRange(1, 4).Draw(t, "edits") {
				names.Entities = drawEdit(t, names.Entities)
			}
			if rapid.Bool().Draw(t, "areas too") {
				names.Areas = drawEdit(t, names.Areas)
			}
			last := homes[len(homes)-1]
			if rapid.IntRange(0, 5).Draw(t, "branch") == 0 {
				last = homes[rapid.IntRange(0, len(homes)-1).Draw(t, "from")]
			}
			homes, all = append(homes, last.With(names)), append(all, names)
		}
		for i, h := range homes {
			compareHomes(t, h, l.Home(all[i]), all[i])
		}
	})
}

func compareHomes(t *rapid.T, got, want *Home, names Names) {
	for list := range homeLists {
		compareTries(t, &got.graph, &want.graph, got.graph.lists[list], want.graph.lists[list])
	}
	sentences := []string{"open main", "open the aft hatch hatches", "sing fore-main", "log x in main"}
	for _, n := range slices.Concat(names.Entities, names.Areas) {
		for _, text := range n.Names {
			sentences = append(sentences, "open "+text, "open "+text+" hatches", "sing "+text, "log it in the "+text)
		}
	}
	for _, s := range sentences {
		if g, w := got.Recognize(s, Where{}), want.Recognize(s, Where{}); !reflect.DeepEqual(g, w) {
			t.Fatalf("%q in %v:\n got %+v\nwant %+v", s, names, g, w)
		}
	}
	for seed := range uint64(2) {
		g, _ := got.Grammar().Sample(rand.New(rand.NewPCG(seed, 0)), 60)
		w, _ := want.Grammar().Sample(rand.New(rand.NewPCG(seed, 0)), 60)
		if g != w { // every step chooses among the same runes
			t.Fatalf("in %v:\n says %q\nwant %q", names, g, w)
		}
	}
}

// compareTries makes sure that two nodes lead to the same words, seen through the same filters.
func compareTries(t *rapid.T, got, want *graph, i, j int32) {
	m, n := got.nodes[i], want.nodes[j]
	if m.r != n.r || !slices.Equal(got.masksOf(i), want.masksOf(j)) || (m.y < 0) != (n.y < 0) {
		t.Fatalf("a node is %+v for %x, want %+v for %x", m, got.masksOf(i), n, want.masksOf(j))
	}
	for k := range m.r {
		e, f := got.edges[m.x+k], want.edges[n.x+k]
		if e.r != f.r {
			t.Fatalf("a node leads on with %q, want %q", e.r, f.r)
		}
		compareTries(t, got, want, e.node, f.node)
	}
}

func TestWithSameNames(t *testing.T) {
	h := testHome(t)
	if h.With(testNames()) != h {
		t.Error("a home without a change was made anew")
	}
}

// TestWithForgets renames one thing over and over: what is gone must not be kept for ever.
func TestWithForgets(t *testing.T) {
	h, names := testHome(t), testNames()
	for i := range 3_000 {
		names.Entities = slices.Clone(names.Entities)
		names.Entities[0].Names = []string{fmt.Sprint("sail of the day ", i)}
		h = h.With(names)
	}
	if n := h.inTries(); n > 3*minimalWaste {
		t.Errorf("%d nodes for %d names", n, len(names.Entities))
	}
	if rs := h.Recognize("open sail of the day 2999", Where{}); len(rs) != 1 || rs[0].Slots["name"].IDs[0] != "hatch.fore" {
		t.Errorf("the last name gives %+v", rs)
	}
	if rs := h.Recognize("open sail of the day 2998", Where{}); rs != nil {
		t.Errorf("the name before gives %+v", rs)
	}
}

// TestWithAtOnce recognises in a home while others are made from it.
func TestWithAtOnce(t *testing.T) {
	h := testHome(t)
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 50 {
				names := testNames()
				names.Entities[0].Names = []string{fmt.Sprint("fore hatch ", worker, i)}
				next := h.With(names)
				if rs := next.Recognize(fmt.Sprint("open fore hatch ", worker, i), Where{}); len(rs) != 1 {
					t.Errorf("the new home gives %v", rs)
				}
				if rs := h.Recognize("open the fore hatch", Where{}); len(rs) != 1 {
					t.Errorf("the old home gives %v", rs)
				}
			}
		})
	}
	wg.Wait()
}
