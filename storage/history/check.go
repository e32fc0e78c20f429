package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	sqlite3 "modernc.org/sqlite/lib"
)

// ErrDamaged says that the database is not as SQLite wrote it.
var ErrDamaged = errors.New("the database is damaged")

// Check reads the whole database at path, which a daemon may have open, and changes nothing in it. The error wraps
// fs.ErrNotExist when there is none, ErrDamaged or ErrNewerSchema.
func Check(ctx context.Context, path string) error {
	db, err := look(path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // nothing was written
	if err := check(ctx, db); err != nil {
		return fmt.Errorf("history %s: %w", path, classify(err))
	}
	return nil
}

func check(ctx context.Context, db *sql.DB) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return damage(err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	version, err := schemaVersion(ctx, db)
	if err != nil {
		return damage(err)
	}
	names, err := migrations.ReadDir("migrations")
	if err == nil && version > len(names) {
		return ErrNewerSchema
	}
	return err
}

// damage marks an error as ErrDamaged where SQLite means that.
func damage(err error) error {
	switch primaryCode(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return err
}
