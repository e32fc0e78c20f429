package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"golang.org/x/term"

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
	Stream     bool   `help:"Print the words of the reply as they are written, which a terminal gets in any case."`
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
	words := &wordPrinter{w: os.Stdout}
	told := words.print
	if s.JSON || !s.Stream && !term.IsTerminal(int(os.Stdout.Fd())) {
		told = func(conversation.News) {}
	}
	turn, err := s.turn(ctx, c, told)
	if err != nil {
		return errors.Join(err, words.end())
	}
	if s.JSON {
		return printJSON(os.Stdout, turn)
	}
	if words.printed {
		err = words.end()
		fmt.Printf("took  %s\n", timings(turn))
		return err
	}
	show(os.Stdout, turn)
	return nil
}

func (s *sayCommand) turn(ctx context.Context, c *cli, told func(conversation.News)) (*conversation.Turn, error) {
	if !s.Standalone {
		cfg, err := c.loadToAsk()
		if err != nil {
			return nil, err
		}
		return s.ask(ctx, web.NewClient(cfg.SocketPath()), told)
	}
	cfg, err := c.load()
	if err != nil {
		return nil, err
	}
	d, err := open(cfg, slog.New(slog.DiscardHandler), true)
	if err != nil {
		return nil, err
	}
	var turn *conversation.Turn
	err = during(ctx, d, s.WAV != "", func(ctx context.Context) (err error) {
		turn, err = s.within(ctx, d, told)
		return err
	})
	return turn, err
}

// ask has the running daemon do it.
func (s *sayCommand) ask(ctx context.Context, daemon *web.Client, told func(conversation.News)) (*conversation.Turn, error) {
	defer daemon.Close()
	if s.WAV == "" {
		return daemon.Follow(ctx, web.SayRequest{Text: s.Sentence + s.Text, Room: s.Room}, told)
	}
	file, err := openWAV(s.WAV)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return daemon.FollowWAV(ctx, file, s.Room, told)
}

// within does it in this process.
func (s *sayCommand) within(ctx context.Context, d *daemon.Daemon, told func(conversation.News)) (*conversation.Turn, error) {
	var clip audio.Clip
	if s.WAV != "" {
		var err error
		if clip, err = readWAV(s.WAV); err != nil {
			return nil, err
		}
	}
	run := func(ctx context.Context, o conversation.Observer) (*conversation.Turn, error) {
		local := d.Conversation.Through("local").As(d.Person(os.Getuid())).Telling(o)
		if s.WAV == "" {
			return local.Say(ctx, s.Room, s.Sentence+s.Text)
		}
		return local.Hear(ctx, s.Room, clip)
	}
	for news := range conversation.Follow(ctx, run) {
		if news.Over {
			return news.Turn, news.Err
		}
		told(news)
	}
	return nil, context.Cause(ctx)
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
