package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"hearth/daemon"
	"hearth/daemon/config"
)

type runCommand struct{}

// Run runs the daemon until it is told to stop.
func (runCommand) Run(ctx context.Context, c *cli) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	log, err := newLog(cfg.Log)
	if err != nil {
		return err
	}
	d, err := open(cfg, log, false)
	if err != nil {
		return err
	}
	return d.Run(ctx)
}

// open puts a daemon together around this program. A quiet one can be reached by nobody else.
func open(cfg *config.Config, log *slog.Logger, quiet bool) (*daemon.Daemon, error) {
	return openWith(daemon.Options{Config: cfg, Log: log, Quiet: quiet})
}

// openWith adds to the options what they need of this program.
func openWith(o daemon.Options) (d *daemon.Daemon, err error) {
	if o.Executable, err = os.Executable(); err != nil {
		return nil, fmt.Errorf("find the program's own file: %w", err)
	}
	o.Version = version
	return daemon.New(o)
}

// newLog writes to standard error as the configuration says.
func newLog(c config.Log) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		return nil, fmt.Errorf("log.level: %w", err)
	}
	format := c.Format
	if format == "auto" {
		format = "text"
		if os.Getenv("JOURNAL_STREAM") != "" {
			format = "journal"
		}
	}
	options := &slog.HandlerOptions{Level: level}
	switch format {
	case "json":
		return slog.New(slog.NewJSONHandler(os.Stderr, options)), nil
	case "journal":
		return slog.New(newJournalHandler(os.Stderr, options)), nil
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options)), nil
}
