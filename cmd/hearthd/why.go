package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/web"
	"hearth/storage/history"
)

type whyCommand struct {
	Turn string `arg:"" optional:"" help:"ID of the turn. Without one, the last turn."`
	Last bool   `help:"The last turn, as without an ID."`
	JSON bool   `name:"json" help:"Print the complete turn (docs/turn.md)."`
}

// Validate wants one turn.
func (w *whyCommand) Validate() error {
	if w.Turn != "" && w.Last {
		return errors.New("name one turn: its ID, or --last")
	}
	return nil
}

// Run prints the record of a turn: what was heard, what decided, what was done, what confirmed it, how long it took.
func (w *whyCommand) Run(ctx context.Context, c *cli) error {
	cfg, err := c.loadToAsk()
	if err != nil {
		return err
	}
	turn, err := w.turn(ctx, cfg)
	if err != nil {
		return err
	}
	if w.JSON {
		return printJSON(os.Stdout, turn)
	}
	explain(os.Stdout, turn)
	return nil
}

// turn asks the running daemon, and reads the history itself when there is none.
func (w *whyCommand) turn(ctx context.Context, cfg *config.Config) (*conversation.Turn, error) {
	daemon := web.NewClient(cfg.SocketPath())
	defer daemon.Close()
	turns, err := w.ask(ctx, daemon)
	if errors.Is(err, web.ErrNotRunning) {
		turns, err = w.read(ctx, cfg.HistoryPath())
	}
	switch {
	case err != nil:
		return nil, err
	case len(turns) == 0 && w.Turn != "":
		return nil, fmt.Errorf("there is no turn %q: turn_id in the answer of hearthd say --json names one", w.Turn)
	case len(turns) == 0:
		return nil, errors.New("there is no turn yet: say something first")
	}
	return turns[0], nil
}

func (w *whyCommand) ask(ctx context.Context, daemon *web.Client) ([]*conversation.Turn, error) {
	if w.Turn == "" {
		return daemon.Recent(ctx, 1)
	}
	turn, err := daemon.Turn(ctx, w.Turn)
	if err != nil {
		return nil, err
	}
	return []*conversation.Turn{turn}, nil
}

func (w *whyCommand) read(ctx context.Context, path string) ([]*conversation.Turn, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("no daemon is running, and there is no history: %w", err)
	}
	store, err := history.Open(path)
	if err != nil {
		return nil, err
	}
	turns, err := store.Find(ctx, conversation.TurnQuery{ID: w.Turn})
	return turns, errors.Join(err, store.Close())
}

// explain prints all that is known of a turn.
func explain(w io.Writer, t *conversation.Turn) {
	line := func(label, format string, args ...any) {
		fmt.Fprintf(w, "%-8s %s\n", label, fmt.Sprintf(format, args...))
	}
	optional := func(label, text string) {
		if text != "" {
			line(label, "%s", text)
		}
	}
	line("turn", "%s", t.ID)
	line("at", "%s", t.At.Local().Format(time.DateTime))
	optional("room", t.Room)
	optional("person", t.Person)
	optional("through", t.Channel)
	if t.Trigger != nil {
		line("because", "%s %s was due, set by turn %s", t.Trigger.Kind, t.Trigger.ID, t.Trigger.Turn)
	}
	line("heard", "%s, %s", quoted(t.Heard.Text), hearing(t.Heard))
	optional("decided", string(t.DecidedBy))
	optional("rule", t.Rule)
	optional("intent", t.Intent)
	if len(t.Slots) > 0 {
		line("slots", "%s", compact(t.Slots))
	}
	for _, l := range t.Lookups {
		line("looked", "%s: %s, %d bytes, after %.1f ms", cmp.Or(l.Tool, "(no such tool)"), l.Outcome, l.Bytes, l.Millis)
	}
	for _, s := range t.Steps {
		line(did(s.Outcome), "%s %s %s", s.Service, nameOf(s), compact(s.Data))
		line("", "%s: %s, after %.1f ms", s.Outcome, s.Evidence, s.Millis)
	}
	optional("failed", string(t.Failure))
	optional("asked", string(t.Asks))
	line("said", "%s", quoted(t.Reply))
	line("took", "%s", timings(t))
}

// compact is a value as JSON on one line.
func compact(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
