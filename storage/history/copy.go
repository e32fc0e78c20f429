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

	"golang.org/x/sys/unix"
)

// copyPath is where the database at path is kept as it was with that version of the schema.
func copyPath(path string, version int) string { return path + ".schema" + strconv.Itoa(version) }

// keepCopy writes the whole database to its copyPath, over the copies of before. It is there complete or not at all,
// also when the power fails.
func keepCopy(ctx context.Context, db *sql.DB, path string, version int) error {
	if err := hasRoom(ctx, db, path); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // for its user alone
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", temporary.Name()) // takes a file that is empty
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), copyPath(path, version)); err != nil {
		return err
	}
	return errors.Join(removeCopies(path, copyPath(path, version)), syncFolder(filepath.Dir(path)))
}

// hasRoom is an error when the disk has no room for another database like db: what is tried again and again must not fill
// it for everybody else meanwhile.
func hasRoom(ctx context.Context, db *sql.DB, path string) error {
	var size uint64
	if err := db.QueryRowContext(ctx, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&size); err != nil {
		return err
	}
	var disk unix.Statfs_t
	if err := unix.Statfs(filepath.Dir(path), &disk); err != nil {
		return err
	}
	if free := disk.Bavail * uint64(disk.Bsize); free < size {
		return fmt.Errorf("it takes %d bytes of %d that are free: %w", size, free, unix.ENOSPC)
	}
	return nil
}

// removeCopies removes the copies of the database at path but for one.
func removeCopies(path, keep string) error {
	all, err := copies(path)
	for _, old := range all {
		if old != keep {
			err = errors.Join(err, os.Remove(old))
		}
	}
	return err
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
