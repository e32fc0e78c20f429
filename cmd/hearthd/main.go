// Command hearthd is Hearth: the daemon, and the command line that talks to it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"
	"unicode/utf8"

	"github.com/alecthomas/kong"
	"github.com/willabides/kongplete"

	"hearth/daemon"
	"hearth/daemon/config"
)

// version is set by the linker.
var version = "unknown"

// Exit codes. systemd starts the daemon again after 1 and 3, but not after 2.
const (
	exitRuntime       = 1
	exitConfiguration = 2
	exitRestart       = 3
)

type cli struct {
	Config string `short:"c" type:"path" placeholder:"FILE" env:"HEARTH_CONFIG" help:"Configuration file. Without one, /etc/hearthd/hearthd.yaml if it exists, else the built-in defaults."`

	Run     runCommand     `cmd:"" help:"Run the daemon."`
	Say     sayCommand     `cmd:"" help:"Say a sentence to the daemon, typed or from a WAV file."`
	Why     whyCommand     `cmd:"" help:"Tell why the last turn, or another one, did what it did."`
	Memory  memoryCommand  `cmd:"" help:"Show, correct and delete what Hearth remembers of people."`
	Audit   auditCommand   `cmd:"" help:"List what was asked about, refused or critical."`
	Plans   plansCommand   `cmd:"" help:"List, pin, delete and export what was learned from the language model."`
	Demo    demoCommand    `cmd:"" help:"Run the daemon in a simulated home and speak a few commands to it."`
	Setup   setupCommand   `cmd:"" help:"Set this hub up: Home Assistant, room, sound, wake word, broker, language model, and a first command."`
	Pair    pairCommand    `cmd:"" help:"Connect Hearth to Home Assistant: address, token and room."`
	Check   checkCommand   `cmd:"" help:"Check the configuration and your own sentences."`
	Doctor  doctorCommand  `cmd:"" help:"Look at all that Hearth needs, and say what to do."`
	Support supportCommand `cmd:"" help:"Write a bundle for a bug report, without secrets and without what was said."`
	Eval    evalCommand    `cmd:"" help:"Score hearing or understanding on labelled data."`
	Bench   benchCommand   `cmd:"" help:"Time turns in a simulated home."`
	MCP     mcpCommand     `cmd:"" name:"mcp" help:"Give the tools of this home to an assistant that runs this command."`
	Version versionCommand `cmd:"" help:"Print the version."`

	// Children of the daemon: what runs in C can hang, and is then killed.
	Recogniser recogniserCommand `cmd:"" hidden:""`
	Wake       wakeCommand       `cmd:"" hidden:""`
	Capture    captureCommand    `cmd:"" hidden:""`
	Playback   playbackCommand   `cmd:"" hidden:""`
	Devices    devicesCommand    `cmd:"" hidden:""`
}

func main() {
	// A crash ends with SIGABRT, not with Go's exit code 2, which says here that starting again is of no use.
	debug.SetTraceback("crash")
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	// kong passes arguments through JSON, which replaces what is not UTF-8.
	if i := slices.IndexFunc(args, func(a string) bool { return !utf8.ValidString(a) }); i >= 0 {
		fmt.Fprintf(os.Stderr, "hearthd: the argument %q is not UTF-8: type it in a terminal that uses UTF-8\n", args[i])
		return exitConfiguration
	}
	var c cli
	parser := kong.Must(&c, kong.Name("hearthd"), kong.UsageOnError(),
		kong.Description("Hearth hears a spoken command, does it, makes sure it happened, and answers."))
	kongplete.Complete(parser) // ends the program when a shell asks
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "hearthd:", err)
		return exitConfiguration
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	err = command.Run(&c)
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "hearthd:", err)
	if errors.Is(err, daemon.ErrRestart) {
		return exitRestart
	}
	if bad := (*configurationError)(nil); errors.As(err, &bad) {
		return exitConfiguration
	}
	return exitRuntime
}

// configurationError is an error that starting again does not mend.
type configurationError struct{ error }

func (b *configurationError) Unwrap() error { return b.error }

// configPath is the configuration that the command line names, "" when there is none.
func (c *cli) configPath() string {
	if c.Config == "" {
		if _, err := os.Stat(config.Packaged); err == nil {
			return config.Packaged
		}
	}
	return c.Config
}

// load reads the configuration that the command line names.
func (c *cli) load() (*config.Config, error) { return c.loadWith(config.Load) }

// loadToAsk is load for whoever asks the running daemon, and need not be allowed to read its secrets.
func (c *cli) loadToAsk() (*config.Config, error) { return c.loadWith(config.LoadWithoutSecrets) }

func (c *cli) loadWith(read func(path string) (*config.Config, error)) (*config.Config, error) {
	cfg, err := read(c.configPath())
	if err != nil {
		return nil, &configurationError{err}
	}
	return cfg, nil
}

type versionCommand struct{}

func (versionCommand) Run() error {
	fmt.Println("hearthd", version)
	return nil
}
