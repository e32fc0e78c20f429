package llm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

func germanHome() *home.Snapshot {
	at := func(id home.EntityID, name, area string) home.Entity {
		return home.Entity{ID: id, Name: name, Area: area, Exposed: true}
	}
	roof := home.Entity{ID: "cover.e6", Name: "Dachfenster", Area: "flur", DeviceClass: "shutter", Exposed: true}
	return home.NewSnapshot([]home.Entity{
		at("light.e1", "Deckenlampe", "kueche"), at("light.e2", "Deckenlampe", "wohnen"), at("light.e3", "Stehlampe", "wohnen"),
		at("climate.e4", "Thermostat", "wohnen"), at("media_player.e5", "Fernseher", "wohnen"), roof,
		{ID: "lock.e7", Name: "Haustür", Area: "flur"},
	}, []home.Area{{ID: "kueche", Name: "Küche"}, {ID: "wohnen", Name: "Wohnzimmer"}, {ID: "flur", Name: "Flur"}}, nil)
}

func TestTheBestEntityIsTheOneThatIsMeant(t *testing.T) {
	v := vocabulary(t, "de")
	snapshot := germanHome()
	r := newRanking(snapshot)
	index := func(id home.EntityID) int32 {
		return int32(slices.IndexFunc(snapshot.Entities, func(e home.Entity) bool { return e.ID == id }))
	}
	for name, c := range map[string]struct {
		query rankQuery
		want  home.EntityID
	}{
		"a compound of room and kind":  {rankQuery{text: "mach das Küchenlicht an"}, "light.e1"},
		"a slip":                       {rankQuery{text: "mach die Sethlampe aus"}, "light.e3"},
		"a word for the kind":          {rankQuery{text: "die Rollläden könnten runter"}, "cover.e6"},
		"the kind in the room":         {rankQuery{text: "mehr Licht bitte", room: "kueche"}, "light.e1"},
		"a compound with such a word":  {rankQuery{text: "etwas mehr Tischbeleuchtung"}, "light.e1"},
		"without accents":              {rankQuery{text: "lampe in der kuche"}, "light.e1"},
		"what was spoken of last":      {rankQuery{text: "und jetzt heller", last: index("light.e3")}, "light.e3"},
		"what was spoken of before":    {rankQuery{text: "und jetzt wieder weg", before: "mach den Fernseher an"}, "media_player.e5"},
		"what is used often":           {rankQuery{text: "mach die Deckenlampe an", used: func(i int32) float32 { return map[int32]float32{index("light.e2"): 1}[i] }}, "light.e2"},
		"what means something similar": {rankQuery{text: "zzz", similar: func(i int32) float32 { return map[int32]float32{index("climate.e4"): 0.6}[i] }}, "climate.e4"},
	} {
		c.query.vocabulary = v
		if c.query.last == 0 && c.query.text != "und jetzt heller" {
			c.query.last = -1
		}
		found := r.top(c.query, 3)
		if len(found) == 0 || snapshot.Entities[found[0].entity].ID != c.want {
			t.Errorf("%s: %+v, want %s first", name, found, c.want)
		}
	}
	if found := r.top(rankQuery{text: "schließ die Haustür ab", room: "flur", last: -1, vocabulary: v}, 10); slices.ContainsFunc(found, func(m match) bool { return m.entity == index("lock.e7") }) {
		t.Error("what is not exposed is found")
	}
	if found := r.top(rankQuery{text: "erzähl mir einen Witz", last: -1, vocabulary: v}, 10); len(above(found, leastShare)) > 0 {
		t.Errorf("a sentence about nothing of the home finds %+v", found)
	}
}

func TestWhatIsUsedOftenIsCountedOnceAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		m := New(Options{Logger: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry(), Used: func(context.Context) (map[home.EntityID]int, error) {
			if asked++; asked == 3 {
				return nil, errors.New("the disk is full")
			}
			return map[home.EntityID]int{"light.e1": 1, "light.e2": 3}, nil
		}})
		q := conversation.ModelQuestion{Text: "Deckenlampe", Home: germanHome()}
		first := func() home.EntityID { return m.question(q, sundayEvening, nil).offered[0].ID }
		if got := first(); got != "light.e1" {
			t.Errorf("nothing is counted: %s", got)
		}
		for range 4 {
			m.countUsed(t.Context())
			time.Sleep(countEvery / 2)
		}
		if asked != 2 {
			t.Errorf("asked %d times in two hours", asked)
		}
		m.countUsed(t.Context())
		if got := first(); got != "light.e2" {
			t.Errorf("%s is offered first, and light.e2 is used most", got)
		}
	})
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"lamp", "lamp", 0}, {"lamp", "lmap", 1}, {"lamp", "lamps", 1}, {"lamp", "damp", 1}, {"kitchen", "ktichne", 2}, {"lamp", "door", 3},
		{"", "ab", 2}, {"abcdefghijabcdefghijabcdefghijabc", "abcdefghijabcdefghijabcdefghijabc", 3},
	} {
		if got := distance(c.a, c.b, 2); got != c.want {
			t.Errorf("%q and %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func BenchmarkRanking(b *testing.B) {
	v := vocabulary(b, "en")
	small, probes := publishedHome(b, "en")
	for _, size := range []int{40, 200, 1_000, 10_000} {
		snapshot := among(home.NewSnapshot(small.Entities[:30], small.Areas, nil), size-30)
		r := newRanking(snapshot)
		b.Run(fmt.Sprintf("entities=%d", size), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				r.top(rankQuery{text: probes[i%len(probes)].text, room: "room1", last: -1, vocabulary: v}, mostOffered)
			}
		})
		b.Run(fmt.Sprintf("entities=%d/names", size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				newRanking(snapshot)
			}
		})
	}
}
