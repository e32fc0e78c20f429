package support

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"hearth/daemon/web"
	"hearth/storage/history"
)

// show copies the lines of a file that are wanted, all of them with nil. A file that is not there is none to tell of.
func show(w io.Writer, path string, wanted func(line string) bool) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	lines := bufio.NewScanner(bytes.NewReader(bytes.TrimRight(text, "\x00\n")))
	for lines.Scan() {
		if line := lines.Text(); wanted == nil || wanted(line) {
			fmt.Fprintf(w, "%s: %s\n", path, strings.TrimRight(line, " "))
		}
	}
	return errors.Join(err, lines.Err())
}

func startsWith(prefixes ...string) func(string) bool {
	return func(line string) bool {
		for _, prefix := range prefixes {
			if strings.HasPrefix(line, prefix) {
				return true
			}
		}
		return false
	}
}

// once wants the first line of those that are wanted.
func once(wanted func(string) bool) func(string) bool {
	had := false
	return func(line string) bool {
		if had || !wanted(line) {
			return false
		}
		had = true
		return true
	}
}

// run copies what a program prints.
func run(ctx context.Context, w io.Writer, name string, args ...string) error {
	command := exec.CommandContext(ctx, name, args...)
	command.Stdout = w
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// systemd tells of the service and its socket; not of its environment, which may hold anything.
func (b *bundle) systemd(ctx context.Context, w io.Writer) error {
	const properties = "--property=Id,LoadState,UnitFileState,ActiveState,SubState,Result,StatusText,StatusErrno,ExecMainCode,ExecMainStatus,NRestarts," +
		"ActiveEnterTimestamp,InactiveEnterTimestamp,NeedDaemonReload,FragmentPath,DropInPaths,MemoryCurrent,MemoryPeak,MemoryHigh,MemoryMax," +
		"CPUUsageNSec,TasksCurrent,WatchdogUSec,IOReadBytes,IOWriteBytes"
	return errors.Join(
		run(ctx, w, "systemctl", "--version"),
		run(ctx, w, "systemctl", "show", properties, "hearthd.service", "hearthd.socket"),
		run(ctx, w, "timedatectl", "show", "--property=NTPSynchronized,TimeUSec"),
	)
}

func (b *bundle) ready(ctx context.Context, w io.Writer) error {
	client := web.NewClient(b.Config.SocketPath())
	defer client.Close()
	ready, err := client.Ready(ctx)
	if err != nil {
		return err
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(ready)
}

func (b *bundle) metrics(ctx context.Context, w io.Writer) error {
	client := web.NewClient(b.Config.SocketPath())
	defer client.Close()
	return client.Metrics(ctx, w)
}

// storage tells how large what is kept is, never what it holds.
func (b *bundle) storage(ctx context.Context, w io.Writer) error {
	version, known, err := history.Schema(ctx, b.Config.HistoryPath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fmt.Fprintln(w, "history: there is none yet")
		err = nil
	case err == nil:
		fmt.Fprintf(w, "history: schema %d; this program knows %d\n", version, known)
	}
	return errors.Join(err,
		sizes(w, b.Config.StateDir),
		sizes(w, b.Config.Sentences),
		b.assets(w),
	)
}

// sizes tells the size of each file in a folder, and of each folder in it as a whole.
func sizes(w io.Writer, dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || dir == "" {
		return nil
	}
	for _, entry := range entries {
		files, bytes := 0, int64(0)
		path := filepath.Join(dir, entry.Name())
		err = errors.Join(err, filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err == nil {
				files, bytes = files+1, bytes+info.Size()
			}
			return err
		}))
		fmt.Fprintf(w, "%s: %d bytes", path, bytes)
		if entry.IsDir() {
			fmt.Fprintf(w, " in %d files", files)
		}
		fmt.Fprintln(w)
	}
	return err
}

// assets tells which folders there are, and what each was made from.
func (b *bundle) assets(w io.Writer) error {
	entries, err := os.ReadDir(b.Config.AssetsDir())
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		origin := "which does not say what it was made from"
		if text, err := os.ReadFile(filepath.Join(b.Config.AssetsDir(), entry.Name(), ".made")); err == nil {
			origin, _, _ = strings.Cut(string(text), "\n")
		}
		fmt.Fprintf(w, "assets: %s, %s\n", entry.Name(), origin)
	}
	return err
}
