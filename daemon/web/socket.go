package web

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// ErrSocketInUse is returned when another process answers on the control socket.
var ErrSocketInUse = errors.New("another hearthd answers on it: stop that one, or use another state directory")

// maxSocketPath is what sun_path holds besides its closing NUL; see unix(7).
const maxSocketPath = 107

// socketMode lets the owner and its group command the home. Who connects needs write permission.
const socketMode fs.FileMode = 0o660

// listenUnix opens a unix socket for its owner and group. A socket that a dead process left behind is
// replaced; anything else at the path is left alone.
func listenUnix(path string) (net.Listener, error) {
	if len(path) > maxSocketPath {
		return nil, fmt.Errorf("the path has %d bytes: a socket's has at most %d", len(path), maxSocketPath)
	}
	if err := removeStale(path); err != nil {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOSPC) {
		return nil, fmt.Errorf("%w: make %s writable, or set socket to a path elsewhere", err, filepath.Dir(path))
	}
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, socketMode); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func removeStale(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != fs.ModeSocket {
		return errors.New("something that is no socket is in its place: move it away")
	}
	conn, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		return errors.Join(ErrSocketInUse, conn.Close())
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("find out whether somebody answers: %w", err)
	}
	return os.Remove(path)
}
