package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Write replaces a file as a whole or not at all, also when the power fails. A file that is there keeps its mode
// and owner, and a link goes on pointing to it; a new one gets the mode, and the owner of its folder where root writes it.
func Write(path string, text []byte, mode fs.FileMode) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // once it has its own name there is nothing to remove
	if err := errors.Join(likeBefore(temporary, path, mode), fillAndClose(temporary, text)); err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// likeBefore gives a file the mode and owner of the one at path; without one, the mode, and as root the owner of the
// folder, whose program is to read it.
func likeBefore(file *os.File, path string, mode fs.FileMode) error {
	before, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		before, err = os.Stat(filepath.Dir(path))
	} else if err == nil {
		mode = before.Mode().Perm()
	}
	if err != nil {
		return err
	}
	owner, ok := before.Sys().(*syscall.Stat_t)
	if ok && (os.Geteuid() == 0 || !before.IsDir()) {
		if err := file.Chown(int(owner.Uid), int(owner.Gid)); err != nil {
			return err
		}
	}
	return file.Chmod(mode)
}

func fillAndClose(file *os.File, text []byte) error {
	_, err := file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}

// WriteSecret writes a secret for ReadSecret to read, for the owner of the file alone, and makes its folder.
func WriteSecret(path string, secret Secret) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return Write(path, []byte(secret.Reveal()+"\n"), 0o600)
}
