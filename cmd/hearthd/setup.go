package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/setup"
	"hearth/daemon/web"
)

type setupCommand struct {
	Preseed string `type:"existingfile" placeholder:"FILE" help:"Ask nothing: FILE has the answers, for many hubs alike (docs/install.md)."`
	Area    string `placeholder:"AREA" help:"Area that this hub stands in, by name or ID."`
}

// Run asks for everything, or reads it, tries it, and only then writes anything. It ends with a first command.
func (s *setupCommand) Run(ctx context.Context, c *cli) error {
	if err := borrowCredentials(); err != nil {
		return err
	}
	plan, err := newPlan(c, func(string) bool { return false })
	if err != nil {
		return err
	}
	if s.Preseed != "" {
		return s.unattended(ctx, plan)
	}
	t := newTerminal(os.Stdin)
	if !t.people {
		return errors.New("nobody is there to be asked: run it in a terminal, or give the answers in a file with --preseed")
	}
	i := &interview{terminal: t, plan: plan, area: s.Area}
	if err := i.all(ctx); err != nil {
		return err
	}
	written, err := writePlan(plan)
	if err != nil {
		return err
	}
	return withDaemon(ctx, plan, written, i.listening(), i.firstCommand)
}

// startTime is how long the daemon may take until it is ready.
const startTime = time.Minute

// withDaemon has the daemon take the new settings, and f talk to it: the service where it is the service's
// configuration that was written, else one in this process for as long as f takes. With hears, f needs the recogniser.
func withDaemon(ctx context.Context, plan *setup.Plan, written setup.Written, hears bool, f func(context.Context, *web.Client) error) error {
	client := web.NewClient(plan.Before.SocketPath())
	defer client.Close()
	_, err := client.Ready(ctx)
	running, changed := !errors.Is(err, web.ErrNotRunning), written.Config != "" || len(written.Secrets) > 0
	switch {
	case running && !changed:
		return f(ctx, client)
	case plan.Path == config.Packaged && setup.UnderSystemd():
		if err := restart(ctx, client); err != nil {
			return err
		}
		return f(ctx, client)
	case running:
		fmt.Println("The daemon that runs has the settings of before: start it anew, then try hearthd say \"what time is it\".")
		return nil
	}
	cfg, err := config.Load(plan.Path)
	if err != nil {
		return &configurationError{err}
	}
	d, err := open(cfg, slog.New(slog.DiscardHandler), false)
	if err != nil {
		return err
	}
	return during(ctx, d, hears, func(ctx context.Context) error { return f(ctx, client) })
}

// restart starts the service anew, and waits until it takes commands.
func restart(ctx context.Context, client *web.Client) error {
	fmt.Fprintln(os.Stderr, "Starting the service with these settings ...")
	if out, err := exec.CommandContext(ctx, "systemctl", "restart", "hearthd.service").CombinedOutput(); err != nil {
		return fmt.Errorf("start the service: %w: %s; see journalctl -u hearthd", err, out)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startTime, errors.New("the service did not get ready; see journalctl -u hearthd"))
	defer cancel()
	for {
		if ready, err := client.Ready(ctx); err == nil && ready.Ready {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// firstTime is how long somebody may take for a first command.
const firstTime = 5 * time.Minute

// firstCommand waits for a sentence, spoken or typed, and shows what has come of it.
func (i *interview) firstCommand(ctx context.Context, client *web.Client) error {
	question := "\nA first command, such as: what time is it. Type it (Enter for none): "
	if i.listening() {
		phrase := ""
		if word := i.plan.Get("microphone.wake_word"); word != "off" {
			phrase = upperFirst(word) + ". "
		}
		question = fmt.Sprintf("\nA first command: say \"%sWhat time is it?\", or type one (Enter for none): ", phrase)
	}
	before, err := newest(ctx, client)
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeoutCause(ctx, firstTime, errors.New("no command came; this hub is set up even so"))
	defer stop()
	typed, typing := i.typed(ctx, question)
	for {
		select {
		case text := <-typed:
			if text == "" {
				return nil
			}
			turn, err := client.Say(ctx, web.SayRequest{Text: text})
			return shown(turn, err)
		case err := <-typing:
			if !errors.Is(err, io.EOF) || !i.listening() {
				return err
			}
			typing = nil // nobody types, but somebody may speak
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(300 * time.Millisecond):
			now, err := newest(ctx, client)
			if err == nil && now == before {
				continue
			}
			if err != nil {
				return err
			}
			fmt.Fprintln(os.Stderr)
			turn, err := client.Turn(ctx, now)
			return shown(turn, err)
		}
	}
}

// typed asks for a line, which comes on the first channel, or its error on the second.
func (i *interview) typed(ctx context.Context, question string) (<-chan string, <-chan error) {
	lines, errs := make(chan string, 1), make(chan error, 1) // room for what nobody waits for any more
	go func() {
		line, err := i.ask(ctx, question)
		if err != nil {
			errs <- err
			return
		}
		lines <- line
	}()
	return lines, errs
}

func shown(turn *conversation.Turn, err error) error {
	if err == nil {
		show(os.Stdout, turn)
		fmt.Println("This hub is set up. Next: hearthd say, hearthd why, hearthd doctor")
	}
	return err
}

// newest is the ID of the last turn, "" when there is none.
func newest(ctx context.Context, client *web.Client) (string, error) {
	turns, err := client.Recent(ctx, 1)
	if err != nil || len(turns) == 0 {
		return "", err
	}
	return cmp.Or(turns[0].ID, "-"), nil
}
