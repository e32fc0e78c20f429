package history

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestCheckReadsADatabaseInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	if err := Check(t.Context(), path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("none: got %v, want fs.ErrNotExist", err)
	}
	openAt(t, path)
	if err := Check(t.Context(), path); err != nil {
		t.Errorf("in use: %v", err)
	}
}

func TestCheckFindsDamage(t *testing.T) {
	for name, damage := range map[string]func(*os.File) error{
		"another file": func(f *os.File) error { _, err := f.WriteAt([]byte("not a database"), 0); return err },
		"a page":       func(f *os.File) error { _, err := f.WriteAt(make([]byte, 4096), 4096); return err },
		"cut short":    func(f *os.File) error { return f.Truncate(5000) },
	} {
		path := filepath.Join(t.TempDir(), "history.db")
		if err := openAt(t, path).Close(); err != nil {
			t.Fatal(err)
		}
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(damage(file), file.Close()); err != nil {
			t.Fatal(err)
		}
		if err := Check(t.Context(), path); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: got %v, want ErrDamaged", name, err)
		}
	}
}

func TestCheckKnowsANewerSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := openAt(t, path)
	if _, err := s.db.ExecContext(t.Context(), "PRAGMA user_version = 1000"); err != nil {
		t.Fatal(err)
	}
	if err := Check(t.Context(), path); !errors.Is(err, ErrNewerSchema) {
		t.Errorf("got %v, want ErrNewerSchema", err)
	}
}
