package cache

import (
	"bytes"
	"container/list"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"go.etcd.io/bbolt"
)

// Limits bound a namespace.
type Limits struct {
	TTL      time.Duration // how long after its Put an entry is found; 0 for ever
	Entries  int           // the most that are kept: beyond it the one Put longest ago goes; 0 keeps none
	InMemory int           // the most whose values are ready in memory; the rest is read from the file
}

// A Namespace holds values of one type by key. It may be used by many at once.
//
// Values are kept as JSON. Get returns what Put was given as JSON reads it back, always: unexported
// fields are lost and numbers in an `any` are float64, in memory as after a restart. What Get returns
// is shared with others who ask for the same key: it must not be changed.
type Namespace[T any] struct {
	db      *DB
	name    string
	limits  Limits
	metrics namespaceMetrics

	mu      sync.Mutex
	entries map[string]*entry[T]
	byAge   list.List         // of *entry[T], the one Put longest ago first
	recent  list.List         // of *entry[T] with their values, the last used first
	pending map[string]*write // not on the disk yet
}

type entry[T any] struct {
	key    string
	put    time.Time
	value  T
	age    *list.Element // its place in byAge
	recent *list.Element // its place in recent; nil while value is not in memory
}

// maxKey is the longest key, in bytes: bbolt's limit.
const maxKey = bbolt.MaxKeySize

var errKey = fmt.Errorf("a key has 1 to %d bytes", maxKey)

// NewNamespace opens the namespace of this name, which is the name of its bucket in the file. Opening it
// twice, or with another type, is a mistake; a change of T that JSON cannot read back loses the entry.
func NewNamespace[T any](db *DB, name string, limits Limits) *Namespace[T] {
	n := &Namespace[T]{
		db:      db,
		name:    name,
		limits:  limits,
		metrics: db.metrics.of(name),
		entries: map[string]*entry[T]{},
		pending: map[string]*write{},
	}
	n.index()
	db.add(n)
	return n
}

// index lists what the file holds, without its values. An unreadable file is an empty one.
func (n *Namespace[T]) index() {
	now := n.db.now()
	var found []*entry[T]
	err := n.db.view(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(n.bucket())
		if bucket == nil {
			return nil
		}
		return bucket.ForEach(func(key, record []byte) error {
			found = append(found, &entry[T]{key: string(key), put: putTime(record, now)})
			return nil
		})
	})
	if err != nil {
		n.db.log.Warn("cache namespace starts empty", "namespace", n.name, "error", err)
		return
	}
	slices.SortStableFunc(found, func(a, b *entry[T]) int { return a.put.Compare(b.put) })
	for _, e := range found {
		n.entries[e.key] = e
		e.age = n.byAge.PushBack(e)
	}
	n.expire(now)
	n.evict()
}

// Get finds a value. It returns at once for one that is in memory, and reads the file for another.
func (n *Namespace[T]) Get(key string) (value T, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	value, ok = n.get(key)
	if ok {
		n.metrics.hits.Inc()
	} else {
		n.metrics.misses.Inc()
	}
	return value, ok
}

func (n *Namespace[T]) get(key string) (value T, ok bool) {
	n.expire(n.db.now())
	e := n.entries[key]
	if e == nil {
		return value, false
	}
	if e.recent != nil {
		n.recent.MoveToFront(e.recent)
		return e.value, true
	}
	if value, ok = n.read(key); !ok {
		n.remove(e)
		return value, false
	}
	n.remember(e, value)
	return value, true
}

// read fetches a value that is not in memory. One that cannot be read is not there.
func (n *Namespace[T]) read(key string) (value T, ok bool) {
	var record []byte
	if w := n.pending[key]; w != nil {
		record = w.record
	} else if err := n.db.view(func(tx *bbolt.Tx) error {
		if bucket := tx.Bucket(n.bucket()); bucket != nil {
			record = bytes.Clone(bucket.Get([]byte(key)))
		}
		return nil
	}); err != nil {
		return value, false
	}
	value, err := decode[T](record)
	return value, err == nil
}

// Put keeps a value under a key, in place of what was there, and does not wait for the disk. It fails
// when the value has no JSON, or the key is empty or longer than 32 kB.
func (n *Namespace[T]) Put(key string, value T) error {
	if key == "" || len(key) > maxKey {
		return fmt.Errorf("cache %s: %w", n.name, errKey)
	}
	now := n.db.now()
	record, err := encode(now, value)
	if err != nil {
		return fmt.Errorf("cache %s: %w", n.name, err)
	}
	kept, err := decode[T](record)
	if err != nil {
		return fmt.Errorf("cache %s: %w", n.name, err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.expire(now)
	e := n.entries[key]
	if e == nil {
		e = &entry[T]{key: key}
		n.entries[key] = e
		e.age = n.byAge.PushBack(e)
	}
	n.byAge.MoveToBack(e.age)
	e.put = now
	n.pending[key] = &write{key: key, record: record}
	n.remember(e, kept)
	n.evict()
	return nil
}

// Delete forgets a key; one that is not there is no error.
func (n *Namespace[T]) Delete(key string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if e := n.entries[key]; e != nil {
		n.remove(e)
	}
	return nil
}

// DeletePrefix forgets all keys that begin with prefix, and says how many there were.
func (n *Namespace[T]) DeletePrefix(prefix string) int {
	return n.DeleteFunc(func(key string) bool { return strings.HasPrefix(key, prefix) })
}

// DeleteFunc forgets all keys of which it is true, and says how many there were.
func (n *Namespace[T]) DeleteFunc(which func(key string) bool) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.expire(n.db.now())
	before := len(n.entries)
	for key, e := range n.entries {
		if which(key) {
			n.remove(e)
		}
	}
	return before - len(n.entries)
}

// Len is how many entries there are.
func (n *Namespace[T]) Len() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.expire(n.db.now())
	return len(n.entries)
}

// All are the entries in the order of their keys. What is Put or deleted meanwhile may be seen or not.
func (n *Namespace[T]) All() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for _, key := range n.keys() {
			if value, ok := n.peek(key); ok && !yield(key, value) {
				return
			}
		}
	}
}

func (n *Namespace[T]) keys() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.expire(n.db.now())
	return slices.Sorted(maps.Keys(n.entries))
}

// peek is Get without being counted.
func (n *Namespace[T]) peek(key string) (T, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.get(key)
}

// expire forgets what is too old.
func (n *Namespace[T]) expire(now time.Time) {
	if n.limits.TTL <= 0 {
		return
	}
	for oldest := n.oldest(); oldest != nil && now.Sub(oldest.put) >= n.limits.TTL; oldest = n.oldest() {
		n.remove(oldest)
	}
}

// evict forgets what is too many.
func (n *Namespace[T]) evict() {
	for len(n.entries) > max(0, n.limits.Entries) {
		n.remove(n.oldest())
		n.metrics.evictions.Inc()
	}
}

func (n *Namespace[T]) oldest() *entry[T] {
	if front := n.byAge.Front(); front != nil {
		return front.Value.(*entry[T])
	}
	return nil
}

// remember keeps a value in memory, and lets go of the one that was used longest ago.
func (n *Namespace[T]) remember(e *entry[T], value T) {
	e.value = value
	if e.recent == nil {
		e.recent = n.recent.PushFront(e)
	} else {
		n.recent.MoveToFront(e.recent)
	}
	for n.recent.Len() > max(0, n.limits.InMemory) {
		n.letGo(n.recent.Back().Value.(*entry[T]))
	}
}

func (n *Namespace[T]) letGo(e *entry[T]) {
	if e.recent != nil {
		n.recent.Remove(e.recent)
		var none T
		e.recent, e.value = nil, none
	}
}

func (n *Namespace[T]) remove(e *entry[T]) {
	n.letGo(e)
	n.byAge.Remove(e.age)
	delete(n.entries, e.key)
	if n.db.Persistent() {
		n.pending[e.key] = &write{key: e.key}
	} else {
		delete(n.pending, e.key) // nobody would write it
	}
}

func (n *Namespace[T]) bucket() []byte { return []byte(n.name) }

// unwritten are the changes that are not on the disk yet. They stay until written says that they are.
func (n *Namespace[T]) unwritten() []*write {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.expire(n.db.now())
	return slices.Collect(maps.Values(n.pending))
}

// written drops the changes that are on the disk now, unless the key was changed again since.
func (n *Namespace[T]) written(writes []*write) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, w := range writes {
		if n.pending[w.key] == w {
			delete(n.pending, w.key)
		}
	}
}
