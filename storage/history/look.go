package history

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
)

// look opens the database at path, which a daemon may have open, to read and not to change. The error wraps
// fs.ErrNotExist when there is none.
func look(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	settings := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)"}}
	return sql.Open("sqlite", (&url.URL{Scheme: "file", Path: absolute, RawQuery: settings.Encode()}).String())
}

// Schema is the version of the database at path, and the newest one that this program knows.
func Schema(ctx context.Context, path string) (version, known int, err error) {
	names, err := migrations.ReadDir("migrations")
	if err != nil {
		return 0, 0, err
	}
	db, err := look(path)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = db.Close() }() // nothing was written
	version, err = schemaVersion(ctx, db)
	return version, len(names), err
}

// Said are the sentences of the last turns in the database at path, the replies to them, and what is remembered: for
// whoever must keep them out of something.
func Said(ctx context.Context, path string, turns int) ([]string, error) {
	db, err := look(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // nothing was written
	version, err := schemaVersion(ctx, db)
	if err != nil {
		return nil, err
	}
	statement := "SELECT heard, heard_free, reply FROM (SELECT * FROM turns ORDER BY at DESC LIMIT ?)"
	if version >= 6 { // the first with facts
		statement += " UNION ALL SELECT text, '', '' FROM facts"
	}
	rows, err := db.QueryContext(ctx, statement, turns)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var heard, free, reply string
		if err := rows.Scan(&heard, &free, &reply); err != nil {
			return nil, err
		}
		all = append(all, heard, free, reply)
	}
	return all, rows.Err()
}
