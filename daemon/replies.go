package daemon

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hearth/audio"
	"hearth/audio/wav"
)

// replies keeps the last spoken replies as WAV files in a folder.
type replies struct {
	dir  string
	keep int
}

// save writes the reply of a turn and deletes the oldest beyond those to be kept. The files are named
// by turn, whose IDs sort by time.
func (r replies) save(turn string, clip audio.Clip) (path string, err error) {
	if r.keep == 0 {
		return "", nil
	}
	if err := os.MkdirAll(r.dir, 0o750); err != nil {
		return "", fmt.Errorf("keep reply: %w", err)
	}
	path = filepath.Join(r.dir, turn+".wav")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return "", fmt.Errorf("keep reply: %w", err)
	}
	if err := errors.Join(wav.Encode(file, clip), file.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("keep reply %s: %w", path, err), os.Remove(path)) // a part is no reply
	}
	return path, r.prune()
}

func (r replies) prune() error {
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		return err
	}
	names := slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return !strings.HasSuffix(e.Name(), ".wav") })
	for _, old := range names[:max(0, len(names)-r.keep)] {
		if err := os.Remove(filepath.Join(r.dir, old.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
