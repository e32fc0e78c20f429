package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"hearth/daemon/conversation"
	"hearth/daemon/web"
)

type auditCommand struct {
	Limit int  `default:"20" placeholder:"N" help:"How many entries, the last ones; at most 200."`
	JSON  bool `name:"json" help:"Print the entries as JSON."`
}

// Run lists the audit that the running daemon keeps.
func (a *auditCommand) Run(ctx context.Context, c *cli) error {
	cfg, err := c.loadToAsk()
	if err != nil {
		return err
	}
	daemon := web.NewClient(cfg.SocketPath())
	defer daemon.Close()
	entries, err := daemon.Audit(ctx, a.Limit)
	if err != nil {
		return err
	}
	if a.JSON {
		return printJSON(os.Stdout, entries)
	}
	return showAudit(os.Stdout, entries)
}

// showAudit prints a line for each entry, the latest first.
func showAudit(w io.Writer, entries []conversation.AuditEntry) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "WHEN\tWHO\tWHERE\tCALL\tVERDICT\tRULE\tREASON")
	for _, e := range entries {
		where := e.Channel
		if e.Room != "" {
			where += " in " + e.Room
		}
		fmt.Fprintf(columns, "%s\t%s\t%s\t%s %s\t%s\t%s\t%s\n", e.At.Local().Format("2006-01-02 15:04:05"), cmp.Or(e.Person, "?"),
			where, e.Service, e.Entity, e.Verdict, cmp.Or(e.Rule, "-"), e.Reason)
	}
	return columns.Flush()
}
