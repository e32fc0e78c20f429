package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/dustin/go-humanize"

	"hearth/daemon/config"
	"hearth/daemon/support"
)

type supportCommand struct {
	Output string `short:"o" placeholder:"FILE" help:"Write the bundle to FILE, or to standard output with -. Without it, to a new file in this folder."`
}

// Run works with a configuration that has faults, too: they may be what the bundle is made for.
func (s *supportCommand) Run(ctx context.Context, c *cli) error {
	if err := borrowCredentials(); err != nil {
		return err
	}
	executable, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program's own file: %w", err)
	}
	o := support.Options{Version: version, Executable: executable, Now: time.Now()}
	if o.Config, o.Fault = whatever(c.configPath()); o.Config == nil {
		return o.Fault
	}
	out, name, err := s.open(o.Now)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "Looking at everything, which takes up to a minute ...")
	files, err := support.Write(ctx, out, o)
	if err = errors.Join(err, out.Close()); err != nil {
		if name != "" {
			_ = os.Remove(name) // half a bundle helps nobody
		}
		return fmt.Errorf("write the bundle: %w", err)
	}
	for _, f := range files {
		fmt.Fprintf(os.Stderr, "  %-20s %9s  %s\n", f.Name, humanize.IBytes(uint64(f.Size)), f.About)
	}
	if name != "" {
		fmt.Println("The bundle is", name)
		fmt.Fprintf(os.Stderr, "It has no secrets, nothing that was said, and no names of yours that Hearth knows of. Read it before you give it\naway, all the same: tar -xOzf %s | less\n", name)
	}
	return nil
}

// open makes a file for its owner alone, or takes standard output, which has no name.
func (s *supportCommand) open(now time.Time) (out io.WriteCloser, name string, err error) {
	if s.Output == "-" {
		return os.Stdout, "", nil
	}
	name = cmp.Or(s.Output, "hearthd-support-"+now.UTC().Format("20060102-150405")+".tar.gz")
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, "", fmt.Errorf("make the bundle (--output): %w", err)
	}
	return file, name, nil
}

// whatever is as much of a configuration as can be had, nil when there is none, and why it does not hold.
func whatever(path string) (*config.Config, error) {
	var text []byte
	if path != "" {
		var err error
		if text, err = os.ReadFile(path); err != nil {
			return nil, &configurationError{fmt.Errorf("read configuration: %w", err)}
		}
	}
	return config.Parse(path, text)
}
