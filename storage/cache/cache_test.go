package cache

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.etcd.io/bbolt"
	"go.uber.org/goleak"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

var (
	_ conversation.Plans    = (*Namespace[conversation.LearnedPlan])(nil)
	_ conversation.Contexts = (*Namespace[conversation.Context])(nil)
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var roomy = Limits{TTL: time.Hour, Entries: 1000, InMemory: 100}

func open(t testing.TB, path string) (*DB, *bytes.Buffer) {
	t.Helper()
	log := new(bytes.Buffer)
	db, err := Open(path, Options{Log: slog.New(slog.NewTextHandler(log, nil)), Registerer: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	return db, log
}

func openTemp(t testing.TB) *DB {
	t.Helper()
	db, log := open(t, filepath.Join(t.TempDir(), "cache.db"))
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if log.Len() > 0 {
			t.Errorf("log: %s", log)
		}
	})
	return db
}

func put[T any](t testing.TB, n *Namespace[T], key string, value T) {
	t.Helper()
	if err := n.Put(key, value); err != nil {
		t.Fatal(err)
	}
}

func wantValue(t testing.TB, n *Namespace[string], key, want string) {
	t.Helper()
	if got, ok := n.Get(key); !ok || got != want {
		t.Errorf("%s = %q, %t; want %q", key, got, ok, want)
	}
}

func wantNone[T any](t testing.TB, n *Namespace[T], key string) {
	t.Helper()
	if got, ok := n.Get(key); ok {
		t.Errorf("%s = %v, want none", key, got)
	}
}

func TestWhatWasPutIsThereAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	plan := conversation.LearnedPlan{
		Intent: &intent.Result{Intent: "HassTurnOn", Slots: map[string]intent.Slot{"name": {Value: "lamp", Text: "lamp", IDs: []string{"light.lamp"}}}},
		Calls:  []home.Call{{Domain: "light", Service: "turn_on", Entity: "light.lamp", Data: map[string]any{"brightness_pct": 40.0}}},
	}
	for range 2 {
		db, log := open(t, path)
		plans := NewNamespace[conversation.LearnedPlan](db, "plans", roomy)
		if plans.Len() == 0 {
			put(t, plans, "turn on the lamp", plan)
		}
		if got, ok := plans.Get("turn on the lamp"); !ok || !reflect.DeepEqual(got, plan) {
			t.Errorf("got %+v, %t", got, ok)
		}
		if err := db.Close(); err != nil || log.Len() > 0 {
			t.Errorf("%v, log %s", err, log)
		}
	}
}

func TestGetAnswersTheSameBeforeAndAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	db, _ := open(t, path)
	n := NewNamespace[map[string]any](db, "x", roomy)
	given := map[string]any{"percent": 40}
	put(t, n, "k", given)
	given["percent"] = "changed by the caller"
	before, _ := n.Get("k")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db, _ = open(t, path)
	defer db.Close()
	after, _ := NewNamespace[map[string]any](db, "x", roomy).Get("k")
	if want := map[string]any{"percent": 40.0}; !reflect.DeepEqual(before, want) || !reflect.DeepEqual(after, want) {
		t.Errorf("before %v, after %v, want %v", before, after, want)
	}
}

func TestNamespacesDoNotMix(t *testing.T) {
	db := openTemp(t)
	a, b := NewNamespace[string](db, "a", roomy), NewNamespace[string](db, "b", roomy)
	put(t, a, "k", "in a")
	wantNone(t, b, "k")
	put(t, b, "k", "in b")
	if err := b.Delete("k"); err != nil {
		t.Fatal(err)
	}
	wantValue(t, a, "k", "in a")
}

func TestAnEntryIsFoundUntilItIsTooOld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	synctest.Test(t, func(t *testing.T) {
		limits := Limits{TTL: 5 * time.Minute, Entries: 10, InMemory: 10}
		db, _ := open(t, path)
		n := NewNamespace[string](db, "contexts", limits)
		put(t, n, "old", "v")
		put(t, n, "renewed", "v")
		time.Sleep(4 * time.Minute)
		put(t, n, "renewed", "w")
		time.Sleep(time.Minute - 1)
		wantValue(t, n, "old", "v")
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}

		db, _ = open(t, path)
		defer db.Close()
		n = NewNamespace[string](db, "contexts", limits)
		wantValue(t, n, "old", "v")
		time.Sleep(1 * time.Nanosecond)
		wantNone(t, n, "old")
		wantValue(t, n, "renewed", "w")
		if n.Len() != 1 {
			t.Errorf("%d entries", n.Len())
		}
	})
}

func TestTheEntryPutLongestAgoMakesRoom(t *testing.T) {
	db := openTemp(t)
	n := NewNamespace[string](db, "x", Limits{Entries: 3, InMemory: 3})
	for _, key := range []string{"a", "b", "c", "a", "d"} {
		put(t, n, key, key)
	}
	wantNone(t, n, "b")
	if got := slices.Collect(maps.Keys(maps.Collect(n.All()))); len(got) != 3 {
		t.Errorf("kept %q", got)
	}
	if got := testutil.ToFloat64(n.metrics.evictions); got != 1 {
		t.Errorf("%v evictions counted", got)
	}
}

func TestASmallerBoundAppliesToWhatTheFileHolds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	db, _ := open(t, path)
	n := NewNamespace[int](db, "x", roomy)
	for i := range 20 {
		put(t, n, fmt.Sprint(i), i)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db, _ = open(t, path)
	defer db.Close()
	n = NewNamespace[int](db, "x", Limits{Entries: 5, InMemory: 5})
	if n.Len() != 5 {
		t.Errorf("%d entries", n.Len())
	}
	for i := 15; i < 20; i++ {
		if got, ok := n.Get(fmt.Sprint(i)); !ok || got != i {
			t.Errorf("%d is not among the latest: %d, %t", i, got, ok)
		}
	}
}

func TestNoEntriesMeansNone(t *testing.T) {
	n := NewNamespace[string](openTemp(t), "x", Limits{})
	put(t, n, "k", "v")
	wantNone(t, n, "k")
}

func TestValuesBeyondMemoryAreReadFromTheFile(t *testing.T) {
	db := openTemp(t)
	n := NewNamespace[string](db, "x", Limits{Entries: 100, InMemory: 2})
	check := func(when string) {
		for i := range 50 {
			if got, ok := n.Get(fmt.Sprint(i)); !ok || got != strings.Repeat("v", i) {
				t.Errorf("%s the batch: %d = %q, %t", when, i, got, ok)
			}
		}
		if n.recent.Len() != 2 {
			t.Errorf("%d values in memory", n.recent.Len())
		}
	}
	for i := range 50 {
		put(t, n, fmt.Sprint(i), strings.Repeat("v", i))
	}
	check("before")
	if err := db.Flush(); err != nil || len(n.pending) != 0 {
		t.Errorf("%v, %d pending", err, len(n.pending))
	}
	check("after")
}

func TestDeletedStaysDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	db, _ := open(t, path)
	n := NewNamespace[string](db, "x", roomy)
	for _, key := range []string{"hall/a", "hall/b", "kitchen/a", "gone"} {
		put(t, n, key, key)
	}
	if err := db.Flush(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := n.Delete("gone"); err != nil {
			t.Error(err)
		}
	}
	if got := n.DeletePrefix("hall/"); got != 2 {
		t.Errorf("deleted %d", got)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db, _ = open(t, path)
	defer db.Close()
	n = NewNamespace[string](db, "x", roomy)
	if n.Len() != 1 {
		t.Errorf("%d entries", n.Len())
	}
	wantValue(t, n, "kitchen/a", "kitchen/a")
}

func TestDeleteFunc(t *testing.T) {
	n := NewNamespace[string](openTemp(t), "x", roomy)
	for _, key := range []string{"now/a", "now/b", "nowhere", "before/a"} {
		put(t, n, key, key)
	}
	if got := n.DeleteFunc(func(key string) bool { return !strings.HasPrefix(key, "now/") }); got != 2 || n.Len() != 2 {
		t.Errorf("deleted %d of 4", got)
	}
	wantValue(t, n, "now/b", "now/b")
}

func TestAllIsInOrderAndMayStop(t *testing.T) {
	n := NewNamespace[string](openTemp(t), "x", roomy)
	for _, key := range []string{"c", "a", "b"} {
		put(t, n, key, key)
	}
	var got []string
	for key, value := range n.All() {
		got = append(got, key+value)
		if len(got) == 2 {
			break
		}
		_ = n.Delete("c") // changing it meanwhile is allowed
	}
	if !slices.Equal(got, []string{"aa", "bb"}) {
		t.Errorf("got %q", got)
	}
	if hits := testutil.ToFloat64(n.metrics.hits); hits != 0 {
		t.Errorf("%v hits counted", hits)
	}
}

func TestBadInputIsAnError(t *testing.T) {
	n := NewNamespace[float64](openTemp(t), "x", roomy)
	for name, err := range map[string]error{
		"empty key": n.Put("", 1),
		"long key":  n.Put(strings.Repeat("k", maxKey+1), 1),
		"no JSON":   n.Put("k", math.NaN()),
	} {
		if err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	put(t, n, strings.Repeat("k", maxKey), 1)
	wantNone(t, n, "")
}

func TestARecordOfAnotherShapeIsNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	db, _ := open(t, path)
	put(t, NewNamespace[string](db, "x", roomy), "k", "text")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db, log := open(t, path)
	defer db.Close()
	n := NewNamespace[struct{ A int }](db, "x", roomy)
	wantNone(t, n, "k")
	if n.Len() != 0 || log.Len() > 0 {
		t.Errorf("%d entries, log %s", n.Len(), log)
	}
}

func TestRunWritesWithinASecond(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	synctest.Test(t, func(t *testing.T) {
		db, _ := open(t, path)
		defer db.Close()
		n := NewNamespace[string](db, "x", roomy)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- db.Run(ctx) }()
		put(t, n, "k", "v")
		if onDisk(t, db, "x", "k") {
			t.Error("Put waited for the disk")
		}
		time.Sleep(flushEvery)
		synctest.Wait()
		if !onDisk(t, db, "x", "k") {
			t.Error("not on the disk after a second")
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func onDisk(t *testing.T, db *DB, bucket, key string) (found bool) {
	t.Helper()
	if err := db.view(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		found = b != nil && b.Get([]byte(key)) != nil
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

// filled makes a file of some size and gives its path.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cache.db")
	db, _ := open(t, path)
	n := NewNamespace[string](db, "x", roomy)
	for i := range 500 {
		put(t, n, fmt.Sprint(i), strings.Repeat("v", 200))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestADamagedFileIsSetAside(t *testing.T) {
	page := os.Getpagesize()
	for name, damage := range map[string]func(file []byte) []byte{
		"text":               func([]byte) []byte { return []byte(strings.Repeat("no cache\n", 5000)) },
		"a few bytes":        func(b []byte) []byte { return b[:100] },
		"cut in half":        func(b []byte) []byte { return b[:len(b)/2] },
		"both metas zeroed":  func(b []byte) []byte { clear(b[:2*page]); return b },
		"all pages garbled":  func(b []byte) []byte { return garble(b, 2*page) },
		"half of it garbled": func(b []byte) []byte { return garble(b, len(b)/2) },
		"leaves garbled":     garbleLeaves,
	} {
		t.Run(name, func(t *testing.T) {
			path := filled(t)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			content = damage(content)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			db, log := open(t, path)
			n := NewNamespace[string](db, "x", roomy)
			put(t, n, "k", "v")
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if aside, err := os.ReadFile(path + ".damaged"); err != nil || !bytes.Equal(aside, content) {
				t.Errorf("set aside: %d bytes, %v", len(aside), err)
			}
			if strings.Count(log.String(), "level=WARN") != 1 {
				t.Errorf("log: %s", log)
			}
			db, log = open(t, path)
			defer db.Close()
			wantValue(t, NewNamespace[string](db, "x", roomy), "k", "v")
			if log.Len() > 0 {
				t.Errorf("log: %s", log)
			}
		})
	}
}

func garble(file []byte, from int) []byte {
	for i := from; i < len(file); i++ {
		file[i] = byte(i*7 + i>>3)
	}
	return file
}

// garbleLeaves spoils pages that bbolt reads only when it is asked for their keys. A page begins with its
// number (8 bytes) and its flags, of which 2 says leaf.
func garbleLeaves(file []byte) []byte {
	page := os.Getpagesize()
	for at := 2 * page; at < len(file); at += page {
		if file[at+8] == 2 {
			garble(file[at+16:at+page], 0)
		}
	}
	return file
}

// TestDamageThatAppearsWhileRunning cuts the file under the open cache, so that reading it is a fault.
func TestDamageThatAppearsWhileRunning(t *testing.T) {
	path := filled(t)
	db, log := open(t, path)
	n := NewNamespace[string](db, "x", Limits{Entries: 1000, InMemory: 3})
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	for i := range 500 {
		n.Get(fmt.Sprint(i))
	}
	put(t, n, "k", "v")
	wantValue(t, n, "k", "v")
	if err := db.Flush(); err != nil {
		t.Error(err)
	}
	if db.Persistent() || !strings.Contains(log.String(), "set aside") {
		t.Errorf("log: %s", log)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func TestAFileThatAnotherHoldsIsLeftAlone(t *testing.T) {
	path := filled(t)
	first, _ := open(t, path)
	defer first.Close()
	second, log := open(t, path)
	n := NewNamespace[string](second, "x", Limits{Entries: 2, InMemory: 1})
	for _, key := range []string{"a", "b", "c"} {
		put(t, n, key, key)
	}
	wantValue(t, n, "b", "b")
	wantValue(t, n, "c", "c")
	if err := n.Delete("c"); err != nil || len(n.pending) != 1 {
		t.Errorf("%v, %d pending", err, len(n.pending))
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "works from memory alone") {
		t.Errorf("log: %s", log)
	}
	if got := NewNamespace[string](first, "x", roomy).Len(); got != 500 {
		t.Errorf("the first has %d entries", got)
	}
	if _, err := os.Stat(path + ".damaged"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it was set aside: %v", err)
	}
}

func TestAPathThatCannotBeAFileIsAnError(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "no", "such", "folder", "cache.db")} {
		_, err := Open(path, Options{Log: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry()})
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAFullDiskIsSaidOnceAndRecoveredFrom(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("mounting a small file system takes root")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("cannot mount a small file system here: %v", err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	db, log := open(t, filepath.Join(dir, "cache.db"))
	n := NewNamespace[string](db, "x", Limits{Entries: 1000, InMemory: 10})
	for i := range 100 {
		put(t, n, fmt.Sprint(i), strings.Repeat("v", 20_000))
	}
	for range 3 {
		if err := db.Flush(); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("err = %v", err)
		}
	}
	wantValue(t, n, "50", strings.Repeat("v", 20_000))
	for i := 10; i < 100; i++ {
		if err := n.Delete(fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if warnings := strings.Count(log.String(), "level=WARN"); warnings != 1 || !strings.Contains(log.String(), "written again") {
		t.Errorf("log: %s", log)
	}
}

func TestAChangeDuringABatchIsForTheNextBatch(t *testing.T) {
	n := NewNamespace[string](openTemp(t), "x", roomy)
	put(t, n, "changed", "v")
	put(t, n, "unchanged", "v")
	batch := n.unwritten()
	put(t, n, "changed", "w")
	n.written(batch)
	if next := n.unwritten(); len(next) != 1 || next[0].key != "changed" {
		t.Errorf("the next batch has %d changes", len(next))
	}
}

func TestAClockThatWasSetBackProlongsNothing(t *testing.T) {
	now := time.Unix(1000, 0)
	record, err := encode(now.Add(time.Hour), "v")
	if err != nil {
		t.Fatal(err)
	}
	if got := putTime(record, now); !got.Equal(now) {
		t.Errorf("put at %v, which is after now", got)
	}
	if got := putTime(record, now.Add(2*time.Hour)); !got.Equal(now.Add(time.Hour)) {
		t.Errorf("put at %v", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	db := openTemp(t)
	n := NewNamespace[int](db, "x", Limits{TTL: time.Hour, Entries: 50, InMemory: 5})
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 300 {
				key := fmt.Sprint(i % 70)
				put(t, n, key, i%70)
				if got, ok := n.Get(key); ok && got != i%70 {
					t.Errorf("%s = %d", key, got)
				}
				switch {
				case i%50 == worker:
					_ = n.Delete(key)
				case i%60 == worker:
					if err := db.Flush(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()
	if n.Len() > 50 {
		t.Errorf("%d entries", n.Len())
	}
}

func TestTheMetrics(t *testing.T) {
	registry := prometheus.NewRegistry()
	db, err := Open(filepath.Join(t.TempDir(), "cache.db"), Options{Log: slog.New(slog.DiscardHandler), Registerer: registry})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	n := NewNamespace[string](db, "plans", Limits{Entries: 1, InMemory: 1})
	put(t, n, "a", "v")
	put(t, n, "b", "v")
	n.Get("a")
	n.Get("b")
	n.Get("b")
	const want = `
		# HELP hearth_cache_evictions_total Entries that made room for newer ones; those that grew too old are not counted.
		# TYPE hearth_cache_evictions_total counter
		hearth_cache_evictions_total{namespace="plans"} 1
		# HELP hearth_cache_hits_total Keys that were found.
		# TYPE hearth_cache_hits_total counter
		hearth_cache_hits_total{namespace="plans"} 2
		# HELP hearth_cache_misses_total Keys that were not found.
		# TYPE hearth_cache_misses_total counter
		hearth_cache_misses_total{namespace="plans"} 1
	`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

func context3() conversation.Context {
	return conversation.Context{
		Earlier: []conversation.Exchange{{Said: "turn on the lamp", Reply: "Turned on the lamp"}, {Said: "and the fan", Reply: "Turned on the fan"}},
		Plan:    "k", Before: &command.Before{Entities: []home.EntityID{"light.lamp"}}, At: time.Unix(1, 0),
	}
}

func BenchmarkGetInMemory(b *testing.B) {
	n := NewNamespace[conversation.Context](openTemp(b), "contexts", roomy)
	put(b, n, "kitchen", context3())
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := n.Get("kitchen"); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkGetFromTheFile(b *testing.B) {
	db := openTemp(b)
	n := NewNamespace[conversation.Context](db, "contexts", Limits{Entries: 1000})
	put(b, n, "kitchen", context3())
	if err := db.Flush(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := n.Get("kitchen"); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkPut(b *testing.B) {
	n := NewNamespace[conversation.Context](openTemp(b), "contexts", roomy)
	value := context3()
	b.ReportAllocs()
	for b.Loop() {
		put(b, n, "kitchen", value)
	}
}
