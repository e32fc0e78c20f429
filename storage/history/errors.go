package history

import (
	"errors"
	"fmt"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors that callers tell apart.
var (
	ErrFull        = errors.New("the disk is full")
	ErrReadOnly    = errors.New("the disk or the database file is read-only")
	ErrNewerSchema = errors.New("the database was written by a newer version of Hearth")
	ErrNotFound    = errors.New("no such turn")
	ErrBacklog     = errors.New("too many turns wait to be written")
)

// classify marks an error of SQLite or of the operating system as ErrFull or ErrReadOnly where it is one.
func classify(err error) error {
	if kind := kindOf(err); kind != nil && !errors.Is(err, kind) {
		return fmt.Errorf("%w (%w)", kind, err)
	}
	return err
}

func kindOf(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return ErrFull
	case errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return ErrReadOnly
	}
	if extendedCode(err) == sqlite3.SQLITE_IOERR_SHMSIZE { // the WAL's index could not grow
		return ErrFull
	}
	switch primaryCode(err) {
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	}
	return nil
}

// hopeless tells whether writing the same record again would fail the same way, whatever the disk does.
func hopeless(err error) bool {
	switch primaryCode(err) {
	case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_RANGE:
		return true
	}
	return false
}

// primaryCode is SQLite's result code without its extension; 0 when the error is not SQLite's.
// https://www.sqlite.org/rescode.html
func primaryCode(err error) int { return extendedCode(err) & 0xff }

func extendedCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}
