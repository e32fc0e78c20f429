package llm

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A probe is a sentence and the entities that it is about.
type probe struct {
	text, room string
	want       []home.EntityID
}

// limits are how many of the best entities are looked among.
var limits = []int{1, 4, 8, 12, 16, 24}

// A recall counts how many of the wanted entities were among the best.
type recall struct {
	among          [6]int // for each of limits
	wanted         int
	offered, texts int // how many entities a prompt would have, and for how many sentences
	missed         []string
}

func (c *recall) rank(snapshot *home.Snapshot, v *intent.Vocabulary, probes []probe) {
	c.rankBy(snapshot, v, probes, func(string) func(int32) float32 { return nil })
}

func (c *recall) rankBy(snapshot *home.Snapshot, v *intent.Vocabulary, probes []probe, similar func(text string) func(int32) float32) {
	r := newRanking(snapshot)
	for _, p := range probes {
		top := r.top(rankQuery{text: p.text, room: p.room, last: -1, vocabulary: v, similar: similar(p.text)}, slices.Max(limits))
		top = above(top, leastShare)
		c.texts++
		c.offered += min(len(top), mostOffered)
		for _, id := range p.want {
			c.wanted++
			at := slices.IndexFunc(top, func(m match) bool { return snapshot.Entities[m.entity].ID == id })
			for i, limit := range limits {
				if at >= 0 && at < limit {
					c.among[i]++
				}
			}
			if at < 0 || at >= mostOffered {
				c.missed = append(c.missed, fmt.Sprintf("%s in %q", id, p.text))
			}
		}
	}
}

// report tells the figures, and fails when fewer are found than before.
func (c *recall) report(t *testing.T, what string, least float64) {
	t.Helper()
	line := fmt.Sprintf("%-34s %5d wanted, %4.1f offered;", what, c.wanted, float64(c.offered)/float64(c.texts))
	for i, limit := range limits {
		line += fmt.Sprintf(" in %d: %.1f %%", limit, 100*float64(c.among[i])/float64(c.wanted))
	}
	t.Log(line)
	if got := 1 - float64(len(c.missed))/float64(c.wanted); got < least {
		t.Errorf("%s: %.3f are offered, want %.3f; missed are %s", what, got, least, strings.Join(c.missed[:min(len(c.missed), 10)], "; "))
	}
}

// TestRecallOnAssist ranks the entities of the homes in data/assist. What is missed are questions that name nothing of
// the home ("Who am I meeting for dinner?").
func TestRecallOnAssist(t *testing.T) {
	v := vocabulary(t, "en")
	for name, least := range map[string]float64{"assist-mini": 1, "questions": 0.79} {
		homes, probes := assist(t, name)
		var c recall
		for id, snapshot := range homes {
			c.rank(snapshot, v, probes[id])
		}
		c.report(t, name, least)
	}
}

func assist(t *testing.T, name string) (map[string]*home.Snapshot, map[string][]probe) {
	t.Helper()
	dir := filepath.Join(shared(), "data", "assist")
	raw, err := os.ReadFile(filepath.Join(dir, name+".homes.json"))
	if err != nil {
		t.Skipf("no homes: %v (set HEARTH_SHARED)", err)
	}
	var files map[string]struct {
		Areas    []struct{ ID, Name, Floor string }
		Floors   []struct{ ID, Name string }
		Entities []struct {
			ID         home.EntityID
			Name, Area string
			Attributes map[string]any
		}
	}
	if err := json.Unmarshal(raw, &files); err != nil {
		t.Fatal(err)
	}
	homes := map[string]*home.Snapshot{}
	for id, file := range files {
		var entities []home.Entity
		var areas []home.Area
		for _, a := range file.Areas {
			areas = append(areas, home.Area{ID: a.ID, Name: a.Name, Floor: a.Floor})
		}
		for _, e := range file.Entities {
			class, _ := e.Attributes["device_class"].(string)
			entities = append(entities, home.Entity{ID: e.ID, Name: e.Name, Area: e.Area, DeviceClass: class, Attributes: e.Attributes, Exposed: true})
		}
		homes[id] = home.NewSnapshot(entities, areas, nil)
	}
	file, err := os.Open(filepath.Join(dir, name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	probes := map[string][]probe{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l struct {
			Home, Text string
			Setup      map[home.EntityID]any
			Changes    map[home.EntityID]any `json:"expect_changes"`
			Area       string                `json:"context_area"`
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		p := probe{text: l.Text, room: l.Area}
		for id := range l.Changes {
			p.want = append(p.want, id)
		}
		if len(l.Changes) == 0 { // a question: what it is about was set up for it
			for id := range l.Setup {
				p.want = append(p.want, id)
			}
		}
		probes[l.Home] = append(probes[l.Home], p)
	}
	return homes, probes
}

// TestRecallOnPublishedSentences ranks the entities of one home that has all those of a language's published tests, as
// the sentences are and with a slip in the entity's name, alone and among a thousand others.
func TestRecallOnPublishedSentences(t *testing.T) {
	for _, language := range []string{"en", "de", "fr", "es", "nl"} {
		small, probes := publishedHome(t, language)
		v := vocabulary(t, language)
		for _, c := range []struct {
			what     string
			snapshot *home.Snapshot
			probes   []probe
			least    float64
		}{
			{"as it is", small, probes, 1},
			{"with a slip", small, slips(probes, small), 0.97},
			{"among 1,000", among(small, 1000), probes, 0.99},
			{"among 1,000 with a slip", among(small, 1000), slips(probes, small), 0.95},
		} {
			var found recall
			found.rank(c.snapshot, v, c.probes)
			found.report(t, language+" "+c.what, c.least)
		}
	}
}

// slips are the sentences with two letters swapped in the longest word of the wanted entity's name.
func slips(probes []probe, snapshot *home.Snapshot) []probe {
	slipped := slices.Clone(probes)
	for i, p := range slipped {
		e, _ := snapshot.Entity(p.want[0])
		words := strings.Fields(strings.ToLower(e.Name))
		long := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
		if r := []rune(long); len(r) >= 5 {
			r[2], r[3] = r[3], r[2]
			slipped[i].text = strings.Replace(strings.ToLower(p.text), long, string(r), 1)
		}
	}
	return slipped
}

// among is the home with so many more entities, whose names have the same words in other combinations.
func among(small *home.Snapshot, more int) *home.Snapshot {
	var words, domains []string
	for _, e := range small.Entities {
		words = append(words, strings.Fields(e.Name)...)
		domains = append(domains, e.Domain())
	}
	entities := slices.Clone(small.Entities)
	areas := slices.Clone(small.Areas)
	for i := range 30 {
		areas = append(areas, home.Area{ID: fmt.Sprint("room", i), Name: fmt.Sprintf("%s %d", words[i%len(words)], i)})
	}
	for i := range more {
		entities = append(entities, home.Entity{
			ID: home.EntityID(fmt.Sprintf("%s.more%d", domains[i%len(domains)], i)), Exposed: true,
			Name: fmt.Sprintf("%s %s %d", words[(i*7+3)%len(words)], words[(i*13+5)%len(words)], i), Area: fmt.Sprint("room", i%30),
		})
	}
	return home.NewSnapshot(entities, areas, small.Floors)
}

// publishedHome is a home with the entities of all published tests of a language, and the sentences about one by name.
func publishedHome(t testing.TB, language string) (*home.Snapshot, []probe) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shared(), "data", "intents", "tests", language, "*", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Skipf("no published tests: %v (set HEARTH_SHARED)", err)
	}
	var entities []home.Entity
	var areas []home.Area
	ids := map[string]home.EntityID{}
	var probes []probe
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Entities []struct{ Name, Domain, Area string }
			Tests    []struct {
				Sentences []string
				Slots     map[string]any
			}
		}
		if err := yaml.Unmarshal(raw, &file); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		here := map[string][]home.EntityID{}
		for _, e := range file.Entities {
			if e.Area != "" && !slices.ContainsFunc(areas, func(a home.Area) bool { return a.ID == e.Area }) {
				areas = append(areas, home.Area{ID: e.Area, Name: e.Area})
			}
			key := e.Domain + " " + e.Name + " " + e.Area
			if _, known := ids[key]; !known {
				ids[key] = home.EntityID(fmt.Sprintf("%s.e%d", e.Domain, len(ids)))
				entities = append(entities, home.Entity{ID: ids[key], Name: e.Name, Area: e.Area, Exposed: true})
			}
			here[e.Name] = append(here[e.Name], ids[key])
		}
		for _, test := range file.Tests {
			name, _ := test.Slots["name"].(string)
			if want := here[name]; len(want) == 1 {
				for _, sentence := range test.Sentences {
					probes = append(probes, probe{text: sentence, want: want})
				}
			}
		}
	}
	return home.NewSnapshot(entities, areas, nil), probes
}

func vocabulary(t testing.TB, language string) *intent.Vocabulary {
	t.Helper()
	dir := os.Getenv("HEARTH_ASSETS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skipf("no cache folder for assets: %v", err)
		}
		dir = filepath.Join(cache, "hearth", "assets")
	}
	l, err := intent.Load(filepath.Join(dir, "sentences", language+".json"))
	if err != nil {
		if strings.Contains(err.Error(), "no such file") {
			t.Skipf("sentence templates are not here, run make assets: %v", err)
		}
		t.Fatal(err)
	}
	return l.Vocabulary()
}

// shared is the folder of published data beside the module, unless HEARTH_SHARED names another.
func shared() string {
	return cmp.Or(os.Getenv("HEARTH_SHARED"), filepath.Join("..", "..", "..", "shared"))
}
