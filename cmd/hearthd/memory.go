package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"hearth/daemon"
	"hearth/daemon/conversation"
	"hearth/daemon/learned"
	"hearth/daemon/web"
	"hearth/storage/history"
)

// memoryCommand is what Hearth remembers (docs/memory.md).
type memoryCommand struct {
	List    memoryList    `cmd:"" default:"withargs" help:"List what is remembered."`
	Add     memoryAdd     `cmd:"" help:"Have something remembered."`
	Correct memoryCorrect `cmd:"" help:"Put other words in place of what is remembered."`
	Delete  memoryDelete  `cmd:"" help:"Forget something."`
	Forget  memoryForget  `cmd:"" help:"Forget all of a person, turns included, or of the household."`
}

type memoryList struct {
	Person string `help:"What is remembered of this person."`
	JSON   bool   `name:"json" help:"Print it as JSON."`
}

// Run lists it, the latest first.
func (l *memoryList) Run(ctx context.Context, c *cli) error {
	facts := []conversation.Fact{}
	err := c.memory(func(m web.Memory) error {
		all, err := m.Facts(ctx)
		facts = append(facts, all...)
		return err
	})
	if err != nil {
		return err
	}
	if l.Person != "" {
		facts = slices.DeleteFunc(facts, func(f conversation.Fact) bool { return f.Person != l.Person })
	}
	if l.JSON {
		return printJSON(os.Stdout, facts)
	}
	return showFacts(os.Stdout, facts)
}

func showFacts(w io.Writer, facts []conversation.Fact) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "ID\tSINCE\tOF\tROOM\tWHAT")
	for _, f := range facts {
		fmt.Fprintf(columns, "%s\t%s\t%s\t%s\t%s\n", f.ID, f.At.Local().Format("2006-01-02 15:04"),
			cmp.Or(f.Person, "household"), cmp.Or(f.Room, "-"), f.Text)
	}
	return columns.Flush()
}

type memoryAdd struct {
	Text        string   `arg:"" optional:"" help:"What to remember, in one sentence."`
	Person      string   `help:"Whose it is; without it, the household's."`
	Room        string   `help:"Area ID of the room that it is for."`
	Temperature *float64 `placeholder:"DEGREES" help:"The temperature that is liked."`
	Brightness  *float64 `placeholder:"PERCENT" help:"The brightness of lamps that is liked."`
}

// Validate wants something to remember.
func (a *memoryAdd) Validate() error {
	if a.Temperature != nil && a.Brightness != nil {
		return errors.New("add one preference at a time")
	}
	if a.Text == "" && a.Temperature == nil && a.Brightness == nil {
		return errors.New("say what to remember: a sentence, --temperature or --brightness")
	}
	return nil
}

// Run has it remembered.
func (a *memoryAdd) Run(ctx context.Context, c *cli) error {
	f := conversation.Fact{Text: a.Text, Person: a.Person, Room: a.Room}
	switch {
	case a.Temperature != nil:
		f.Likes, f.Value = conversation.Warmth, *a.Temperature
	case a.Brightness != nil:
		f.Likes, f.Value = conversation.Brightness, *a.Brightness
	}
	return c.changeMemory(func(m web.Memory) (conversation.Fact, error) { return m.Add(ctx, f) })
}

type memoryCorrect struct {
	ID   string `arg:"" help:"ID of what is remembered."`
	Text string `arg:"" help:"What to remember instead."`
}

// Run corrects it.
func (a *memoryCorrect) Run(ctx context.Context, c *cli) error {
	return c.changeMemory(func(m web.Memory) (conversation.Fact, error) { return m.Correct(ctx, a.ID, a.Text) })
}

type memoryDelete struct {
	ID []string `arg:"" help:"IDs of what is remembered."`
}

// Run deletes it.
func (a *memoryDelete) Run(ctx context.Context, c *cli) error {
	for _, id := range a.ID {
		if err := c.changeMemory(func(m web.Memory) (conversation.Fact, error) { return m.Delete(ctx, id) }); err != nil {
			return err
		}
	}
	return nil
}

type memoryForget struct {
	Person    string `arg:"" optional:"" help:"Whom to forget, by name."`
	Household bool   `help:"Forget what is remembered for everybody."`
}

// Validate wants one of both.
func (f *memoryForget) Validate() error {
	if (f.Person == "") != f.Household {
		return errors.New("name a person, or give --household")
	}
	return nil
}

// Run forgets it all.
func (f *memoryForget) Run(ctx context.Context, c *cli) error {
	return c.memory(func(m web.Memory) error { return m.Forget(ctx, f.Person) })
}

// changeMemory prints what was changed.
func (c *cli) changeMemory(change func(web.Memory) (conversation.Fact, error)) error {
	return c.memory(func(m web.Memory) error {
		f, err := change(m)
		if err != nil {
			return err
		}
		return showFacts(os.Stdout, []conversation.Fact{f})
	})
}

// memory gives f the running daemon's memory, or the one in the history when no daemon runs.
func (c *cli) memory(f func(web.Memory) error) error {
	cfg, err := c.loadToAsk()
	if err != nil {
		return err
	}
	daemon := web.NewClient(cfg.SocketPath())
	defer daemon.Close()
	if err = f(daemon); errors.Is(err, web.ErrNotRunning) {
		return c.storedMemory(f)
	}
	return err
}

// storedMemory gives f the memory in the history. What is corrected must not be a secret, which has to be known for that.
func (c *cli) storedMemory(f func(web.Memory) error) error {
	if err := borrowCredentials(); err != nil {
		return err
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	return withStores(cfg, func(plans *learned.Plans, store *history.Store) error {
		notebook, err := daemon.OpenNotebook(cfg, store, plans)
		if err != nil {
			return err
		}
		return f(notebook)
	})
}
