// Package history keeps for good what happened: turns with their steps, what the gate refused, the timers
// that have yet to ring, and what people asked to be remembered. It is one SQLite database in WAL mode with synchronous=FULL, so what a
// method acknowledged survives a power cut.
//
// Store writes and reads. Writer stands between a conversation and a Store: it takes turns at once,
// writes them behind the answer, and holds them while the disk is full or read-only.
package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A Store is the open database. It may be used by many at once.
type Store struct {
	path string
	db   *sql.DB

	opening  sync.Mutex
	prepared bool // the file exists and has this version's schema
}

// Open opens the database at path, whose folder must exist, and brings its schema up to date. Before a schema
// changes, the database as it is is copied to path.schemaN, N being the schema's version.
//
// A full or read-only disk is no error here: the Store is returned, its methods fail with ErrFull or
// ErrReadOnly, and work once the disk does. Any other trouble is an error, among them ErrNewerSchema.
func Open(path string) (*Store, error) {
	s, err := open(path, nil)
	if err != nil {
		return nil, fmt.Errorf("open history %s: %w", path, err)
	}
	return s, nil
}

// open is Open with more pragmas, for tests.
func open(path string, pragmas []string) (*Store, error) {
	source, err := dsn(path, pragmas)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4) // one writes, the others read: SQLite has one writer at a time anyway
	s := &Store{path: path, db: db}
	if err := s.prepare(context.Background()); err != nil && !errors.Is(err, ErrFull) && !errors.Is(err, ErrReadOnly) {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// dsn holds every setting, so that each connection of the pool has them. A transaction takes the write
// lock when it begins: one that takes it later can fail without waiting (SQLITE_BUSY_SNAPSHOT).
func dsn(path string, pragmas []string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	settings := url.Values{
		"_txlock":   {"immediate"},
		"_error_rc": {"true"},
		"_dqs":      {"false"},
		"_pragma": append([]string{
			"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)", "secure_delete(ON)",
		}, pragmas...),
	}
	return (&url.URL{Scheme: "file", Path: absolute, RawQuery: settings.Encode()}).String(), nil
}

// prepare creates the file and its schema unless that was done. What people said is for the daemon's
// user alone, hence the mode, which SQLite gives its WAL too.
func (s *Store) prepare(ctx context.Context) error {
	s.opening.Lock()
	defer s.opening.Unlock()
	if s.prepared {
		return nil
	}
	file, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return classify(err)
	}
	if err := file.Close(); err != nil {
		return classify(err)
	}
	if err := s.migrate(ctx); err != nil {
		return classify(err)
	}
	s.prepared = true
	return nil
}

// migrate waits for another program that is creating the same database: SQLite's own busy_timeout does
// not apply to the change of a new file to WAL.
func (s *Store) migrate(ctx context.Context) error {
	const attempts, pause = 50, 100 * time.Millisecond
	for attempt := 1; ; attempt++ {
		err := migrate(ctx, s.db, s.path)
		if primaryCode(err) != sqlite3.SQLITE_BUSY || attempt == attempts {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}

// Ready tells whether the database could be opened: nil, ErrFull, ErrReadOnly or another error. It tries
// again if it could not before. Whether it can still be written is Writer.Err's to say.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.prepare(ctx); err != nil {
		return fmt.Errorf("history %s: %w", s.path, err)
	}
	return nil
}

// write runs f in one transaction: all of it is on the disk when write returns nil, and none otherwise.
func (s *Store) write(ctx context.Context, doing string, f func(*sql.Tx) error) error {
	err := s.transact(ctx, f)
	if err != nil {
		return fmt.Errorf("history: %s: %w", doing, classify(err))
	}
	return nil
}

func (s *Store) transact(ctx context.Context, f func(*sql.Tx) error) error {
	if err := s.prepare(ctx); err != nil {
		return err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// query calls row for each row of a statement.
func (s *Store) query(ctx context.Context, doing, statement string, args []any, row func(scan) error) error {
	err := s.rows(ctx, statement, args, row)
	if err != nil {
		return fmt.Errorf("history: %s: %w", doing, classify(err))
	}
	return nil
}

// scan is the Scan of a row.
type scan func(into ...any) error

func (s *Store) rows(ctx context.Context, statement string, args []any, row func(scan) error) error {
	if err := s.prepare(ctx); err != nil {
		return err
	}
	rows, err := s.db.QueryContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Close waits for what is being written and closes the database.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close history %s: %w", s.path, err)
	}
	return nil
}

// timeFormat has a fixed width, so that text sorts by time.
const timeFormat = "2006-01-02T15:04:05.000000000Z"

func formatTime(t time.Time) string { return t.UTC().Format(timeFormat) }
