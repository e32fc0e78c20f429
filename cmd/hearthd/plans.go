package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/learned"
	"hearth/daemon/web"
	"hearth/storage/cache"
	"hearth/storage/history"
)

type plansCommand struct {
	List   plansListCommand   `cmd:"" default:"withargs" help:"List the sentences whose plan was learned from the language model."`
	Pin    plansPinCommand    `cmd:"" help:"Keep a plan for good."`
	Unpin  plansUnpinCommand  `cmd:"" help:"Make a pinned plan one like any other."`
	Delete plansDeleteCommand `cmd:"" help:"Forget plans: the model is asked again."`
	Export plansExportCommand `cmd:"" help:"Write the plans as training data."`
}

type plansListCommand struct {
	JSON bool `name:"json" help:"Print the plans as JSON."`
}

// Run prints a line for each plan, the one that was used last first.
func (l *plansListCommand) Run(ctx context.Context, c *cli) error {
	return withPlans(c, func(plans web.Plans) error {
		list, err := plans.List(ctx)
		if err != nil {
			return err
		}
		if l.JSON {
			return printJSON(os.Stdout, append([]conversation.LearnedPlan{}, list...))
		}
		return showPlans(os.Stdout, list, time.Now())
	})
}

type plansPinCommand struct {
	IDs []string `arg:"" name:"id" help:"As hearthd plans prints it."`
}

// Run pins them.
func (p *plansPinCommand) Run(ctx context.Context, c *cli) error {
	return onPlans(ctx, c, p.IDs, "pinned", web.Plans.Pin)
}

type plansUnpinCommand struct {
	IDs []string `arg:"" name:"id" help:"As hearthd plans prints it."`
}

// Run unpins them.
func (p *plansUnpinCommand) Run(ctx context.Context, c *cli) error {
	return onPlans(ctx, c, p.IDs, "unpinned", web.Plans.Unpin)
}

type plansDeleteCommand struct {
	IDs []string `arg:"" name:"id" help:"As hearthd plans prints it."`
}

// Run deletes them.
func (p *plansDeleteCommand) Run(ctx context.Context, c *cli) error {
	return onPlans(ctx, c, p.IDs, "deleted", web.Plans.Remove)
}

type plansExportCommand struct {
	File string `arg:"" help:"The file to write, one line of JSON for each plan; - is standard output."`
}

// exportNotice is what the owner is to know of the file.
const exportNotice = "It holds what people said in this home, and the names of its rooms and devices: look at it before you give it away."

// Run writes the plans that nobody may object to any more. The file is for its owner alone.
func (e *plansExportCommand) Run(ctx context.Context, c *cli) error {
	return withPlans(c, func(plans web.Plans) error {
		list, err := plans.List(ctx)
		if err != nil {
			return err
		}
		written, err := e.write(list)
		if err != nil {
			return fmt.Errorf("write %s: %w", e.File, err)
		}
		fmt.Fprintf(os.Stderr, "%s exported. %s\n", counted(written, "plan"), exportNotice)
		return nil
	})
}

func (e *plansExportCommand) write(list []conversation.LearnedPlan) (int, error) {
	if e.File == "-" {
		return learned.Export(os.Stdout, list, time.Now())
	}
	file, err := os.OpenFile(e.File, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	written, err := learned.Export(file, list, time.Now())
	return written, errors.Join(err, file.Close())
}

// onPlans does something with each of the plans, and prints what was done.
func onPlans(ctx context.Context, c *cli, ids []string, done string, do func(web.Plans, context.Context, string) (conversation.LearnedPlan, error)) error {
	return withPlans(c, func(plans web.Plans) error {
		for _, id := range ids {
			plan, err := do(plans, ctx, id)
			if errors.Is(err, conversation.ErrNoPlan) {
				return fmt.Errorf("there is no plan %q: hearthd plans prints the ID of each", id)
			}
			if err != nil {
				return err
			}
			fmt.Printf("%s %s: %s\n", done, id, quoted(plan.Text))
		}
		return nil
	})
}

// withPlans hands on the running daemon's plans, or opens the files when there is none.
func withPlans(c *cli, use func(web.Plans) error) error {
	cfg, err := c.loadToAsk()
	if err != nil {
		return err
	}
	daemon := web.NewClient(cfg.SocketPath())
	defer daemon.Close()
	if err := use(daemon); !errors.Is(err, web.ErrNotRunning) {
		return err
	}
	return withStores(cfg, func(plans *learned.Plans, _ *history.Store) error { return use(plans) })
}

// withStores opens the history and the learned plans while no daemon runs.
func withStores(cfg *config.Config, use func(*learned.Plans, *history.Store) error) error {
	if _, err := os.Stat(cfg.HistoryPath()); err != nil {
		return fmt.Errorf("no daemon is running, and there is no history: %w", err)
	}
	log := slog.New(slog.DiscardHandler)
	db, err := cache.Open(cfg.CachePath(), cache.Options{Log: log})
	if err != nil {
		return err
	}
	if !db.Persistent() {
		return errors.Join(fmt.Errorf("%s cannot be opened: is another hearthd using it, or does it belong to somebody else?", cfg.CachePath()), db.Close())
	}
	store, err := history.Open(cfg.HistoryPath())
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return errors.Join(use(learned.New(db, cfg.Memory.Plans, store, log), store), db.Close(), store.Close())
}

// showPlans prints a table.
func showPlans(w io.Writer, plans []conversation.LearnedPlan, now time.Time) error {
	if len(plans) == 0 {
		fmt.Fprintln(w, "No plan was learned yet: see docs/plans.md for when one is.")
		return nil
	}
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "ID\tSAID\tWHERE\tDOES\tLEARNED\tUSED\tSTATE")
	for _, p := range plans {
		where := cmp.Or(p.Room, "-")
		if p.Person != "" {
			where += ", " + p.Person
		}
		fmt.Fprintf(columns, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", p.ID, quoted(p.Text), where, strings.Join(does(p), ", "),
			p.Learned.Local().Format("2006-01-02 15:04"), p.Uses, stateOf(p, now))
	}
	return columns.Flush()
}

// does are a plan's calls in words: "light.turn_on Desk Lamp {"brightness_pct":40}".
func does(p conversation.LearnedPlan) []string {
	names := map[string]string{}
	for _, about := range p.Things {
		names[string(about.ID)] = about.Name
	}
	var all []string
	for _, call := range p.Calls {
		text := call.Name() + " " + cmp.Or(names[string(call.Entity)], string(call.Entity))
		if len(call.Data) > 0 {
			text += " " + compact(call.Data)
		}
		all = append(all, text)
	}
	return all
}

func stateOf(p conversation.LearnedPlan, now time.Time) string {
	switch {
	case p.Pinned:
		return "pinned"
	case now.Before(p.From):
		return "new" // it may be objected to
	}
	return "learned"
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
