// Package cache keeps what is quicker to remember than to find out again: conversation contexts, learned
// plans. It is one bbolt file with typed namespaces, each bounded in age and size, and with its most
// recently used values in memory as Go values.
//
// Nothing here is precious. A Put is seen by the next Get at once and reaches the disk within about a
// second, in a batch with others, so that no answer waits for a disk; a crash loses that second, and
// may bring back what was deleted in it. A damaged file is set aside and a new one begun. A file that
// another process holds, a full disk and a read-only one leave the cache working from memory.
package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// flushEvery is how long a Put waits for others to share its fsync.
const flushEvery = time.Second

// lockWait is how long a file that another process holds is waited for: a daemon that is being
// restarted lets go of it by then.
const lockWait = time.Second

// Options are what a DB reports to.
type Options struct {
	Log        *slog.Logger
	Registerer prometheus.Registerer
	Now        func() time.Time // the clock by which entries age, nil for the real one
}

// A DB is the open file. It may be used by many at once.
type DB struct {
	path    string
	log     *slog.Logger
	now     func() time.Time
	metrics *metrics
	file    atomic.Pointer[bbolt.DB] // nil while working from memory alone

	flushing   sync.Mutex // one batch at a time
	namespaces []flusher
	failing    bool // the last batch was not written
}

// A flusher is a namespace without its type.
type flusher interface {
	bucket() []byte
	unwritten() []*write
	written(writes []*write)
}

// A write is one change that is not on the disk yet.
type write struct {
	key    string
	record []byte // nil deletes
}

// Open opens the file at path, whose folder must exist. It fails only if path can never be a file; see
// the package comment for what it does in other trouble.
func Open(path string, options Options) (*DB, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	db := &DB{path: path, log: options.Log.With("component", "cache"), now: options.Now, metrics: newMetrics(options.Registerer)}
	file, err := openFile(path, false)
	if errors.Is(err, ErrDamaged) {
		db.setAside(err)
		file, err = openFile(path, false)
	}
	switch {
	case err == nil:
		db.file.Store(file)
	case errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.EISDIR), errors.Is(err, syscall.ENOTDIR):
		return nil, fmt.Errorf("open cache %s: %w", path, err)
	default:
		db.log.Warn("cache works from memory alone", "path", path, "error", err)
	}
	return db, nil
}

// ErrDamaged says that the file is not as bbolt wrote it.
var ErrDamaged = errors.New("the cache file is damaged")

// openFile opens a bbolt file and reads all of it once, to find damage now. Errors that are neither the
// operating system's nor about the lock are damage.
func openFile(path string, readOnly bool) (file *bbolt.DB, err error) {
	err = guard(func() (err error) {
		file, err = bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: readOnly, Timeout: lockWait, FreelistType: bbolt.FreelistMapType})
		return err
	})
	if err == nil {
		if err = guard(func() error { return file.View(readAll) }); err != nil {
			err = errors.Join(err, file.Close())
		}
	}
	var system syscall.Errno
	var refused *fs.PathError
	switch {
	case err == nil:
		return file, nil
	case errors.As(err, &system), errors.As(err, &refused), errors.Is(err, bolterrors.ErrTimeout), errors.Is(err, ErrDamaged):
		return nil, err
	}
	return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
}

// Check reads the whole file at path, which no running daemon may have open, and changes nothing in it. The error wraps
// fs.ErrNotExist when there is none, or ErrDamaged.
func Check(path string) error {
	file, err := openFile(path, true)
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		return fmt.Errorf("cache %s: %w", path, err)
	}
	return nil
}

func readAll(tx *bbolt.Tx) error {
	return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
		return b.ForEach(func(_, record []byte) error {
			if len(record) > 0 {
				_ = record[0] + record[len(record)-1] // touch its pages
			}
			return nil
		})
	})
}

// guard calls f and makes ErrDamaged of its panics: bbolt panics on pages that make no sense, and a file
// shorter than its map is a fault of memory.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, problem)
		}
	}()
	return f()
}

// setAside renames a damaged file, so that the next start has a new one, and keeps one for inspection.
func (db *DB) setAside(reason error) {
	aside := db.path + ".damaged"
	if err := os.Rename(db.path, aside); err != nil {
		db.log.Warn("damaged cache file cannot be set aside", "path", db.path, "reason", reason, "error", err)
		return
	}
	db.log.Warn("damaged cache file set aside", "path", db.path, "now", aside, "reason", reason)
}

// abandon goes on from memory alone. The file is not closed: after a panic inside bbolt its locks may be
// held for ever, and Close would wait for them.
func (db *DB) abandon(file *bbolt.DB, reason error) {
	if db.file.CompareAndSwap(file, nil) {
		db.setAside(reason)
	}
}

// view runs a reading transaction; without a file it does nothing.
func (db *DB) view(f func(*bbolt.Tx) error) error {
	return db.access((*bbolt.DB).View, f)
}

func (db *DB) access(how func(*bbolt.DB, func(*bbolt.Tx) error) error, f func(*bbolt.Tx) error) error {
	file := db.file.Load()
	if file == nil {
		return nil
	}
	err := guard(func() error { return how(file, f) })
	if errors.Is(err, ErrDamaged) {
		db.abandon(file, err)
	}
	return err
}

// Persistent tells whether there is a file, and not memory alone.
func (db *DB) Persistent() bool { return db.file.Load() != nil }

// Run writes what was Put or deleted, once a second, until ctx ends; it returns nil then.
func (db *DB) Run(ctx context.Context) error {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			_ = db.Flush() // which logs it, and tries again at the next tick
		}
	}
}

// Flush writes everything now, and returns when it is on the disk. What could not be written is kept.
func (db *DB) Flush() error {
	db.flushing.Lock()
	defer db.flushing.Unlock()
	if !db.Persistent() {
		return nil
	}
	batches := make([][]*write, len(db.namespaces))
	total := 0
	for i, n := range db.namespaces {
		batches[i] = n.unwritten()
		total += len(batches[i])
	}
	if total == 0 {
		return nil
	}
	err := db.access((*bbolt.DB).Update, func(tx *bbolt.Tx) error { return db.writeTo(tx, batches) })
	db.report(err)
	if err != nil {
		return fmt.Errorf("write cache %s: %w", db.path, err)
	}
	for i, n := range db.namespaces {
		n.written(batches[i])
	}
	return nil
}

func (db *DB) writeTo(tx *bbolt.Tx, batches [][]*write) error {
	for i, n := range db.namespaces {
		bucket, err := tx.CreateBucketIfNotExists(n.bucket())
		if err != nil {
			return err
		}
		for _, w := range batches[i] {
			if w.record == nil {
				err = bucket.Delete([]byte(w.key))
			} else {
				err = bucket.Put([]byte(w.key), w.record)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// report logs when writing begins to fail, and when it works again.
func (db *DB) report(err error) {
	switch {
	case err != nil && !db.failing:
		db.log.Warn("cache cannot be written, it works from memory", "path", db.path, "error", err)
	case err == nil && db.failing:
		db.log.Info("cache is written again", "path", db.path)
	}
	db.failing = err != nil
}

// add makes a namespace part of every batch.
func (db *DB) add(n flusher) {
	db.flushing.Lock()
	defer db.flushing.Unlock()
	db.namespaces = append(db.namespaces, n)
}

// Close writes everything and closes the file. The namespaces then work from memory alone.
func (db *DB) Close() error {
	err := db.Flush()
	if file := db.file.Swap(nil); file != nil {
		err = errors.Join(err, file.Close())
	}
	return err
}
