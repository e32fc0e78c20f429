package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// writeUntilKilled is the child of TestAKilledProcessLosesNothing: it says which turns were acknowledged.
func writeUntilKilled(path string) {
	s, err := Open(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for n := 0; ; n++ {
		turn := plainTurn(os.Getpid()*10_000 + n)
		if err := s.Record(context.Background(), turn); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(turn.ID)
	}
}

// TestAKilledProcessLosesNothing shows that an acknowledgement comes after the commit. That a commit
// outlives a power cut is for the power cut test to show: the kernel keeps what a killed process wrote.
func TestAKilledProcessLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	var acknowledged []string
	for round := range 5 {
		acknowledged = append(acknowledged, killAfter(t, "HEARTH_TEST_WRITE_TO="+path, 3+7*round)...)
	}
	s := openAt(t, path)
	for _, id := range acknowledged {
		turn, err := s.Turn(t.Context(), id)
		if err != nil || len(turn.Steps) != 1 {
			t.Errorf("turn %s was acknowledged: %v", id, err)
		}
	}
	if turns, outbox := countRows(t, s, "turns"), countRows(t, s, "outbox"); turns != outbox || turns < len(acknowledged) {
		t.Errorf("%d turns, %d in the outbox, %d acknowledged", turns, outbox, len(acknowledged))
	}
}

// killAfter runs a child that writes, kills it after so many acknowledgements, and returns all it made.
func killAfter(t *testing.T, task string, count int) (acknowledged []string) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), task)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		acknowledged = append(acknowledged, lines.Text())
		if len(acknowledged) == count {
			child.Process.Kill() // what it wrote until then is still in the pipe
		}
	}
	child.Wait()
	if len(acknowledged) < count {
		t.Fatalf("the child stopped after %d lines", len(acknowledged))
	}
	return acknowledged
}

// smallDisk mounts a file system of so many bytes, or skips.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("mounting a small file system takes root")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Skipf("cannot mount a small file system here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestAFullDisk(t *testing.T) {
	dir := smallDisk(t, 1<<20)
	s := openAt(t, filepath.Join(dir, "history.db"))
	if err := s.Record(t.Context(), fullTurn("before")); err != nil {
		t.Fatal(err)
	}
	ballast := fillDisk(t, dir)
	turn := fullTurn("during")
	turn.Reply = strings.Repeat("long ", 20_000)
	if err := s.Record(t.Context(), turn); !errors.Is(err, ErrFull) {
		t.Fatalf("err = %v", err)
	}
	if _, err := s.Turn(t.Context(), "before"); err != nil {
		t.Errorf("reading fails too: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := s.Record(t.Context(), turn); err != nil {
		t.Errorf("after making room: %v", err)
	}
}

func TestADiskThatIsFullAtTheStart(t *testing.T) {
	dir := smallDisk(t, 1<<20)
	ballast := fillDisk(t, dir)
	s := openAt(t, filepath.Join(dir, "history.db"))
	if err := s.Ready(t.Context()); !errors.Is(err, ErrFull) {
		t.Fatalf("err = %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := s.Record(t.Context(), fullTurn("a")); err != nil {
		t.Errorf("after making room: %v", err)
	}
}

func TestADiskThatIsFullAtARestart(t *testing.T) {
	dir := smallDisk(t, 1<<20)
	path := filepath.Join(dir, "history.db")
	before, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	ballast := fillDisk(t, dir)
	s := openAt(t, path)
	if err := s.Record(t.Context(), fullTurn("a")); !errors.Is(err, ErrFull) {
		t.Fatalf("err = %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := s.Record(t.Context(), fullTurn("a")); err != nil {
		t.Errorf("after making room: %v", err)
	}
}

func fillDisk(t *testing.T, dir string) (ballast string) {
	t.Helper()
	ballast = filepath.Join(dir, "ballast")
	file, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for {
		if _, err := file.Write(make([]byte, 4096)); err != nil {
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
			return ballast
		}
	}
}

// TestAFullDatabase needs no root: SQLite itself says that no page is left.
func TestAFullDatabase(t *testing.T) {
	s, err := open(filepath.Join(t.TempDir(), "history.db"), []string{"max_page_count(40)"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	turn := fullTurn("a")
	turn.Reply = strings.Repeat("long ", 60_000)
	if err := s.Record(t.Context(), turn); !errors.Is(err, ErrFull) {
		t.Errorf("err = %v", err)
	}
	if err := s.Record(t.Context(), fullTurn("b")); err != nil {
		t.Errorf("a short turn has room: %v", err)
	}
}

// TestAReadOnlyDatabase is about a disk that becomes read-only under the open database.
func TestAReadOnlyDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	openAt(t, path)
	s, err := open(path, []string{"query_only(ON)"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Record(t.Context(), fullTurn("a")); !errors.Is(err, ErrReadOnly) {
		t.Errorf("err = %v", err)
	}
}

func TestAReadOnlyDisk(t *testing.T) {
	dir := smallDisk(t, 4<<20)
	path := filepath.Join(dir, "history.db")
	before, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	remount(t, dir, syscall.MS_RDONLY)
	s := openAt(t, path)
	if err := s.Record(t.Context(), fullTurn("a")); !errors.Is(err, ErrReadOnly) {
		t.Fatalf("err = %v", err)
	}
	remount(t, dir, 0)
	if err := s.Record(t.Context(), fullTurn("a")); err != nil {
		t.Errorf("after it became writable: %v", err)
	}
}

func remount(t *testing.T, dir string, flags uintptr) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, ""); err != nil {
		t.Fatal(err)
	}
}

func TestAReadOnlyFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("permissions do not bind root; TestAReadOnlyDisk covers it")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, filepath.Join(dir, "history.db"))
	if err := s.Record(t.Context(), fullTurn("a")); !errors.Is(err, ErrReadOnly) {
		t.Fatalf("err = %v", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Record(t.Context(), fullTurn("a")); err != nil {
		t.Errorf("after it became writable: %v", err)
	}
}
