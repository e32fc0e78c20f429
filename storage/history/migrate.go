package history

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
)

// The schema's version is SQLite's own user_version, which changes with the transaction that changes
// the schema. That, and files applied in the order of their names, is all that is needed here; a
// migration library would bring a table of its own, down-migrations and other databases.
//
// A migration that was released is never edited: add one, and a saved database to testdata.

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the database at path, which db has open, up to date. What was there before is kept in a copy.
func migrate(ctx context.Context, db *sql.DB, path string) error {
	names, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return err
	}
	version, err := schemaVersion(ctx, db)
	if err != nil {
		return err
	}
	if version > len(names) {
		return fmt.Errorf("%w: it has version %d, this program knows %d%s", ErrNewerSchema, version, len(names), wayBack(path, len(names)))
	}
	if 0 < version && version < len(names) {
		if err := keepCopy(ctx, db, path, version); err != nil {
			return fmt.Errorf("copy it before its schema changes: %w", err)
		}
	}
	for _, name := range names[version:] {
		version++
		if err := apply(ctx, db, name, version); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// apply runs one migration and sets the version, both or neither. Two programs may get here at once:
// the second finds the version set and leaves.
func apply(ctx context.Context, db *sql.DB, name string, version int) error {
	script, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	if now, err := schemaVersion(ctx, tx); err != nil || now >= version {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(script)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "PRAGMA user_version = "+strconv.Itoa(version)); err != nil { //nolint:gosec // a pragma takes no parameters, and this is a number
		return err
	}
	return tx.Commit()
}

func schemaVersion(ctx context.Context, db interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}) (version int, err error) {
	err = db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}
