package cache

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// A model is a namespace as its documentation describes it, without a file or a memory of its own.
type model struct {
	limits Limits
	keys   []string // the one Put longest ago first
	values map[string]int
	put    map[string]time.Time
}

func newModel(limits Limits) *model {
	return &model{limits: limits, values: map[string]int{}, put: map[string]time.Time{}}
}

func (m *model) Put(key string, value int) {
	m.Delete(key)
	m.keys = append(m.keys, key)
	m.values[key], m.put[key] = value, time.Now()
	for len(m.keys) > m.limits.Entries {
		m.Delete(m.keys[0])
	}
}

func (m *model) Delete(key string) {
	m.keys = slices.DeleteFunc(m.keys, func(k string) bool { return k == key })
	delete(m.values, key)
}

func (m *model) DeletePrefix(prefix string) {
	for _, key := range slices.Clone(m.keys) {
		if strings.HasPrefix(key, prefix) {
			m.Delete(key)
		}
	}
}

func (m *model) expire() {
	for _, key := range slices.Clone(m.keys) {
		if time.Since(m.put[key]) >= m.limits.TTL {
			m.Delete(key)
		}
	}
}

// TestANamespaceBehavesLikeItsModel does at random whatever can be done, restarts and pauses included.
func TestANamespaceBehavesLikeItsModel(t *testing.T) {
	dir := t.TempDir()
	files := 0
	synctest.Test(t, func(t *testing.T) {
		untimed := struct{ testing.TB }{t} // a bubble does not allow rapid to ask for the deadline
		rapid.Check(untimed, func(r *rapid.T) {
			limits := Limits{
				TTL:      time.Duration(rapid.IntRange(1, 20).Draw(r, "ttl")) * time.Minute,
				Entries:  rapid.IntRange(1, 8).Draw(r, "entries"),
				InMemory: rapid.IntRange(0, 4).Draw(r, "in memory"),
			}
			files++
			path := filepath.Join(dir, fmt.Sprint(files))
			db, log := open(t, path)
			n, want := NewNamespace[int](db, "x", limits), newModel(limits)
			defer func() { db.Close() }()
			key := rapid.StringMatching(`[ab][a-e]`)
			r.Repeat(map[string]func(*rapid.T){
				"put": func(r *rapid.T) {
					k, v := key.Draw(r, "key"), rapid.Int().Draw(r, "value")
					time.Sleep(1 * time.Nanosecond) // two entries of the same age have no order after a restart
					if err := n.Put(k, v); err != nil {
						r.Fatal(err)
					}
					want.Put(k, v)
				},
				"get": func(r *rapid.T) {
					k := key.Draw(r, "key")
					want.expire()
					got, ok := n.Get(k)
					if value, there := want.values[k]; ok != there || got != value {
						r.Fatalf("Get(%s) = %d, %t; want %d, %t", k, got, ok, value, there)
					}
				},
				"delete": func(r *rapid.T) {
					k := key.Draw(r, "key")
					if err := n.Delete(k); err != nil {
						r.Fatal(err)
					}
					want.Delete(k)
				},
				"delete prefix": func(r *rapid.T) {
					prefix := rapid.SampledFrom([]string{"a", "b", "aa", "c"}).Draw(r, "prefix")
					n.DeletePrefix(prefix)
					want.DeletePrefix(prefix)
				},
				"pause": func(r *rapid.T) {
					time.Sleep(time.Duration(rapid.IntRange(1, 300).Draw(r, "seconds")) * time.Second)
				},
				"flush": func(r *rapid.T) {
					if err := db.Flush(); err != nil {
						r.Fatal(err)
					}
				},
				"restart": func(r *rapid.T) {
					if err := db.Close(); err != nil {
						r.Fatal(err)
					}
					db, log = open(t, path)
					n = NewNamespace[int](db, "x", limits)
				},
				"": func(r *rapid.T) {
					want.expire()
					if got := maps.Collect(n.All()); !maps.Equal(got, want.values) || n.Len() != len(want.values) {
						r.Fatalf("holds %v (Len %d), want %v", got, n.Len(), want.values)
					}
					if n.recent.Len() > limits.InMemory || log.Len() > 0 {
						r.Fatalf("%d values in memory, log %s", n.recent.Len(), log)
					}
				},
			})
		})
	})
}
