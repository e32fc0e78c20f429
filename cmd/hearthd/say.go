package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"hearth/audio"
	"hearth/audio/wav"
	"hearth/daemon"
	"hearth/daemon/conversation"
	"hearth/daemon/web"
)

type sayCommand struct {
	Sentence   string `arg:"" optional:"" help:"What to say."`
	Text       string `help:"The same as the argument."`
	WAV        string `name:"wav" type:"existingfile" placeholder:"FILE" help:"Say what is recorded in FILE."`
	Room       string `help:"Area ID of the room it is said in."`
	JSON       bool   `name:"json" help:"Print the complete turn (docs/turn.md)."`
	Standalone bool   `help:"Run this one turn in this process instead of asking the running daemon."`
}

// Validate wants exactly one thing to say.
func (s *sayCommand) Validate() error {
	given := 0
	for _, v := range []string{s.Sentence, s.Text, s.WAV} {
		if v != "" {
			given++
		}
	}
	if given != 1 {
		return errors.New(`say one thing: a sentence, --text "...", or --wav FILE`)
	}
	return nil
}

// Run says it and prints the turn. A turn that went wrong is printed like any other and exits with 0:
// the request was answered.
func (s *sayCommand) Run(ctx context.Context, c *cli) error {
	turn, err := s.turn(ctx, c)
	if err != nil {
		return err
	}
	if s.JSON {
		return printJSON(os.Stdout, turn)
	}
	show(os.Stdout, turn)
	return nil
}

func (s *sayCommand) turn(ctx context.Context, c *cli) (*conversation.Turn, error) {
	cfg, err := c.load()
	if err != nil {
		return nil, err
	}
	if !s.Standalone {
		return s.ask(ctx, web.NewClient(cfg.SocketPath()))
	}
	d, err := open(cfg, slog.New(slog.DiscardHandler), true)
	if err != nil {
		return nil, err
	}
	var turn *conversation.Turn
	err = during(ctx, d, s.WAV != "", func(ctx context.Context) (err error) {
		turn, err = s.within(ctx, d)
		return err
	})
	return turn, err
}

// ask has the running daemon do it.
func (s *sayCommand) ask(ctx context.Context, daemon *web.Client) (*conversation.Turn, error) {
	defer daemon.Close()
	if s.WAV == "" {
		return daemon.Say(ctx, web.SayRequest{Text: s.Sentence + s.Text, Room: s.Room})
	}
	file, err := openWAV(s.WAV)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return daemon.SayWAV(ctx, file, s.Room)
}

// within does it in this process.
func (s *sayCommand) within(ctx context.Context, d *daemon.Daemon) (*conversation.Turn, error) {
	local := d.Conversation.Through("local").As(d.Person(os.Getuid()))
	if s.WAV == "" {
		return local.Say(ctx, s.Room, s.Sentence+s.Text)
	}
	clip, err := readWAV(s.WAV)
	if err != nil {
		return nil, err
	}
	return local.Hear(ctx, s.Room, clip)
}

// maxClip is the longest recording that is one utterance.
const maxClip = 30 * time.Second

// readWAV reads a recording as audio.Speech.
func readWAV(path string) (audio.Clip, error) {
	file, err := openWAV(path)
	if err != nil {
		return audio.Clip{}, err
	}
	defer file.Close()
	clip, err := wav.Decode(file, maxClip)
	if err != nil {
		return clip, fmt.Errorf("read %s: %w", path, err)
	}
	return clip, nil
}

// openWAV opens a recording; "-" is standard input.
func openWAV(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	return os.Open(path)
}

// during runs a daemon while f does something with it, and waits for the recogniser first if f needs it.
func during(ctx context.Context, d *daemon.Daemon, hears bool, f func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	err := d.WaitReady(ctx, hears)
	if err == nil {
		err = f(ctx)
	}
	stop()
	return errors.Join(err, <-ended)
}
