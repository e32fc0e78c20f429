package config

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestWriteKeepsModeAndLink(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "real.yaml"), filepath.Join(dir, "link.yaml")
	if err := os.WriteFile(path, []byte("a"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real.yaml", link); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, []byte("b"), 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(path)
	if err != nil || info.Mode() != 0o640 {
		t.Errorf("%v, mode %v, want 0640", err, info.Mode())
	}
	if text, err := os.ReadFile(link); err != nil || string(text) != "b" {
		t.Errorf("%q, %v", text, err)
	}
	if target, err := os.Readlink(link); err != nil || target != "real.yaml" {
		t.Errorf("the link became %q, %v", target, err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("something is left over: %v", left)
	}
}

func TestWriteSecretIsForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "token")
	for range 2 {
		if err := WriteSecret(path, NewSecret("abc")); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
			t.Errorf("%v, %v, want 0600", info, err)
		}
		if err := os.Chmod(path, 0o644); err != nil { // as an editor might leave it
			t.Fatal(err)
		}
	}
	if secret, err := ReadSecret(path); err != nil || secret.Reveal() != "abc" {
		t.Errorf("%q, %v", secret.Reveal(), err)
	}
}

// TestWriteAsRootIsForTheFoldersOwner writes what the daemon, which is not root, has to read.
func TestWriteAsRootIsForTheFoldersOwner(t *testing.T) {
	dir, owner := t.TempDir(), os.Geteuid()
	if owner == 0 {
		owner = 65534
		if err := os.Chown(dir, owner, owner); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "secret")
	if err := WriteSecret(path, NewSecret("xyzzy")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || int(info.Sys().(*syscall.Stat_t).Uid) != owner || info.Mode() != 0o600 {
		t.Errorf("%+v, %v: want the owner %d", info.Sys(), err, owner)
	}
}
