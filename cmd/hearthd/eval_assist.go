package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"hearth/daemon"
	"hearth/daemon/assist"
	"hearth/daemon/config"
	"hearth/daemon/home/demo"
)

type evalAssistCommand struct {
	File  string `arg:"" type:"existingfile" help:"Sentences, one JSON object a line."`
	Homes string `required:"" type:"existingfile" placeholder:"FILE" help:"The homes that they are said in, as JSON."`
	Model string `default:"off" placeholder:"URL/NAME" help:"Language model to ask: http://127.0.0.1:11434/qwen3:4b. Without one, what needs a model is left unanswered."`
	JSON  bool   `name:"json" help:"Print the report as JSON, with every sentence."`
}

// An assistReport is how the sentences went.
type assistReport struct {
	Model   string          `json:"model"` // "off" for none
	Scores  []assist.Score  `json:"scores"`
	Results []assist.Result `json:"results"`
}

// Run says each sentence in a home of its own, and prints what came of them.
func (e *evalAssistCommand) Run(ctx context.Context, c *cli) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	if err := e.configure(cfg); err != nil {
		return &configurationError{err}
	}
	cases, houses, err := e.read()
	if err != nil {
		return err
	}
	report := assistReport{Model: e.Model}
	for _, one := range cases {
		result, err := assist.Run(ctx, houses[one.Home], one, e.builder(cfg))
		if err != nil {
			return err
		}
		report.Results = append(report.Results, result)
	}
	report.Scores = assist.Scores(report.Results)
	if e.JSON {
		return printJSON(os.Stdout, report)
	}
	return report.print(os.Stdout)
}

func (e *evalAssistCommand) configure(cfg *config.Config) error {
	cfg.Room, cfg.Sentences = "", ""
	cfg.Gate.CallsPerMinute = 1_000_000
	cfg.Speech.Engine, cfg.Speech.Speaker, cfg.Hearing.Recogniser = "off", "off", "off"
	if e.Model == "off" {
		return nil
	}
	address, name, found := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(e.Model, "http://"), "https://"), "/")
	if !found || address == "" || name == "" {
		return fmt.Errorf("--model %q: want an address and a name, like http://127.0.0.1:11434/qwen3:4b, or off", e.Model)
	}
	cfg.Model.URL, cfg.Model.Name = strings.TrimSuffix(e.Model, "/"+name), name
	return nil
}

// read reads the sentences and the homes, and sees that each sentence has one.
func (e *evalAssistCommand) read() ([]assist.Case, map[string]assist.House, error) {
	file, err := os.Open(e.File)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	cases, err := assist.ReadCases(file)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", e.File, err)
	}
	homes, err := os.Open(e.Homes)
	if err != nil {
		return nil, nil, err
	}
	defer homes.Close()
	houses, err := assist.ReadHouses(homes)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", e.Homes, err)
	}
	for _, one := range cases {
		if _, ok := houses[one.Home]; !ok {
			return nil, nil, fmt.Errorf("%s: %s has no home %q", one.ID, e.Homes, one.Home)
		}
	}
	return cases, houses, nil
}

// builder makes a quiet daemon of each home, in a state directory of its own.
func (e *evalAssistCommand) builder(cfg *config.Config) assist.Builder {
	return func(ctx context.Context, house *demo.Home, now func() time.Time, use func(context.Context, assist.Speaker) error) (err error) {
		own := *cfg
		if own.StateDir, err = os.MkdirTemp("", "hearth-eval-"); err != nil {
			return err
		}
		defer os.RemoveAll(own.StateDir)
		d, err := openWith(daemon.Options{Config: &own, Log: slog.New(slog.DiscardHandler), Quiet: true, Demo: house, Now: now})
		if err != nil {
			return err
		}
		if e.Model == "off" {
			d.Conversation.Model = nil
		}
		return during(ctx, d, false, func(ctx context.Context) error { return use(ctx, d.Conversation.Through("eval")) })
	}
}

// print prints a line for each category, and then each sentence that is not right.
func (r assistReport) print(w io.Writer) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "CATEGORY\tSENTENCES\tRIGHT\tAFTER A YES\tUNANSWERED\tWRONG\tRIGHT %")
	for _, s := range r.Scores {
		fmt.Fprintf(columns, "%s\t%d\t%d\t%d\t%d\t%d\t%.1f\n", s.Category, s.Sentences, s.Right, s.Asked, s.Unanswered, s.Wrong,
			100*float64(s.Right)/float64(s.Sentences))
	}
	if err := columns.Flush(); err != nil {
		return err
	}
	for _, verdict := range []assist.Verdict{assist.Wrong, assist.Unanswered} {
		for _, result := range r.Results {
			if result.Verdict == verdict {
				fmt.Fprintf(w, "\n%s: %s (%s)\n  %q\n  said %q, decided by %q\n", verdict, result.ID, result.Why, result.Text, result.Reply, result.By)
			}
		}
	}
	return nil
}
