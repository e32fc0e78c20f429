package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// copyPath is where the database at path is kept as it was with that version of the schema.
func copyPath(path string, version int) string { return path + ".schema" + strconv.Itoa(version) }

// keepCopy writes the whole database to its copyPath, over the copies of before. It is there complete or not at all,
// also when the power fails.
func keepCopy(ctx context.Context, db *sql.DB, path string, version int) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // for its user alone
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", temporary.Name()) // takes a file that is empty
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	older, err := copies(path)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), copyPath(path, version)); err != nil {
		return err
	}
	for _, old := range older {
		if old != copyPath(path, version) {
			err = errors.Join(err, os.Remove(old))
		}
	}
	return errors.Join(err, syncFolder(filepath.Dir(path)))
}

// copies are the copies of the database at path.
func copies(path string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	var all []string
	for _, e := range entries {
		if number, ok := strings.CutPrefix(e.Name(), filepath.Base(path)+".schema"); ok {
			if _, err := strconv.Atoi(number); err == nil {
				all = append(all, filepath.Join(filepath.Dir(path), e.Name()))
			}
		}
	}
	return all, nil
}

func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// wayBack tells what to do with a database that is too new, when there is a copy from before: "" when there is none.
func wayBack(path string, known int) string {
	for version := known; version > 0; version-- {
		copied := copyPath(path, version)
		if _, err := os.Stat(copied); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		return fmt.Sprintf("; %s is from before the newer version: stop hearthd, move %[2]s, %[2]s-wal and %[2]s-shm away, and rename it to %[2]s", copied, path)
	}
	return ""
}
