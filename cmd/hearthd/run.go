package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"

	"github.com/coreos/go-systemd/v22/activation"

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
	listener, err := webSocket()
	if err != nil {
		return err
	}
	if listener != nil {
		log.Info("the web port is that of hearthd.socket", "address", listener.Addr().String(), "web.listen", cfg.Web.Listen)
	}
	d, err := openWith(daemon.Options{Config: cfg, Log: log, Web: listener})
	if err != nil {
		return err
	}
	return d.Run(ctx)
}

// webSocket is the port that systemd has opened for the web server, as hearthd.socket says; nil without that unit.
func webSocket() (net.Listener, error) {
	named, err := activation.ListenersWithNames()
	if err != nil {
		return nil, fmt.Errorf("take the sockets of systemd: %w", err)
	}
	var given []net.Listener
	for name, listeners := range named {
		if name != "web" {
			return nil, &configurationError{fmt.Errorf("systemd gives a socket %q: FileDescriptorName= in hearthd.socket must be web", name)}
		}
		given = append(given, listeners...)
	}
	switch len(given) {
	case 0:
		return nil, nil
	case 1:
		return given[0], nil
	}
	return nil, &configurationError{fmt.Errorf("systemd gives %d sockets: hearthd.socket may have one ListenStream=", len(given))}
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
