package history

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hearth/daemon/conversation"
)

func TestAnUpgradeKeepsACopy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	for _, older := range []string{path + ".schema0", path + ".schema1"} { // of an upgrade before
		if err := os.WriteFile(older, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	execFile(t, path, "testdata/schema1.sql")
	openAt(t, path)
	if got, err := copies(path); err != nil || !slices.Equal(got, []string{path + ".schema1"}) {
		t.Fatalf("copies: %q, %v", got, err)
	}
	info, err := os.Stat(path + ".schema1")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("what people said is for its owner alone: %v, %v", info.Mode(), err)
	}
	// The copy is the database of before: an upgrade of it finds the same.
	restored := filepath.Join(t.TempDir(), "history.db")
	if err := os.Rename(path+".schema1", restored); err != nil {
		t.Fatal(err)
	}
	if _, err := openAt(t, restored).Turn(t.Context(), "01K-OLD"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(restored + ".schema1"); err != nil {
		t.Errorf("the copy does not have the schema of before: %v", err)
	}
}

// What is forgotten is in no copy either. To remember something more leaves the copy, which is the way back.
func TestWhatIsForgottenIsInNoCopy(t *testing.T) {
	for name, forget := range map[string]func(*Store) error{
		"a fact":   func(s *Store) error { return s.DeleteFacts(t.Context(), "a") },
		"a person": func(s *Store) error { return s.ForgetPerson(t.Context(), "Anna") },
		"what is corrected": func(s *Store) error {
			return s.SaveFact(t.Context(), conversation.Fact{ID: "a", Person: "Anna", Text: "by bus"})
		},
	} {
		path := filepath.Join(t.TempDir(), "history.db")
		execFile(t, path, "testdata/schema1.sql")
		s := openAt(t, path)
		if err := s.SaveFact(t.Context(), conversation.Fact{ID: "a", Person: "Anna", Text: "by bike"}); err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteFacts(t.Context(), "none"); err != nil {
			t.Fatal(err)
		}
		if got, err := copies(path); err != nil || len(got) != 1 {
			t.Errorf("%s, before: %q, %v", name, got, err)
		}
		if err := forget(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := copies(path); err != nil || len(got) != 0 {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestOnlyAnUpgradeKeepsACopy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	for range 2 { // new, and up to date
		if err := openAt(t, path).Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := copies(path); err != nil || len(got) > 0 {
		t.Errorf("copies: %q, %v", got, err)
	}
}

func TestWithoutRoomForACopyNothingIsUpgraded(t *testing.T) {
	dir := smallDisk(t, 1<<20)
	path := filepath.Join(dir, "history.db")
	execFile(t, path, "testdata/schema1.sql")
	execIn(t, path, `CREATE TABLE filler AS SELECT zeroblob(300000) AS x`)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ballast := fillDisk(t, dir)
	filled, err := os.Stat(ballast)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(ballast, filled.Size()-200_000); err != nil { // for SQLite to begin with
		t.Fatal(err)
	}
	s := openAt(t, path)
	if err := s.Ready(t.Context()); !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "that are free") { // looked at before
		t.Fatalf("err = %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || schemaOf(after) != schemaOf(before) {
		t.Errorf("it has changed: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Turn(t.Context(), "01K-OLD"); err != nil {
		t.Errorf("after making room: %v", err)
	}
}

// schemaOf is the user_version in a database file's header. https://www.sqlite.org/fileformat2.html
func schemaOf(file []byte) string { return string(file[60:64]) }

func TestTheWayBackIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	execIn(t, path, `PRAGMA user_version = 99`)
	if err := os.WriteFile(path+".schema2", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(path)
	if !errors.Is(err, ErrNewerSchema) || !strings.Contains(err.Error(), path+".schema2 is from before") {
		t.Errorf("err = %v", err)
	}
}
