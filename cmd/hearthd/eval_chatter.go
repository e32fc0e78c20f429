package main

import (
	"cmp"
	"fmt"
	"io"
	"os"

	"hearth/daemon"
	"hearth/daemon/chatter"
	"hearth/daemon/conversation"
)

type evalChatterCommand struct {
	Files []string `arg:"" type:"existingfile" name:"file" help:"Ordinary text, in which nobody commands anything."`
	Lang  string   `help:"Language of the text (default: the configured one)."`
	JSON  bool     `name:"json" help:"Print the scores as JSON."`
}

// Run prints one line for each home, and the sentences that would act there.
func (e evalChatterCommand) Run(c *cli) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	language := cmp.Or(e.Lang, cfg.Language)
	templates, err := daemon.LoadTemplates(cfg.AssetsDir(), language)
	if err != nil {
		return err
	}
	homes, err := chatter.Homes(language)
	if err != nil {
		return err
	}
	phrases, err := conversation.LoadPhrases(language)
	if err != nil {
		return err
	}
	var scores []chatter.Score
	for _, h := range homes {
		text, closeAll, err := openAll(e.Files)
		if err != nil {
			return err
		}
		score, err := chatter.Run(templates, phrases.JoinsIn(language), h, text)
		closeAll()
		if err != nil {
			return fmt.Errorf("read chatter: %w", err)
		}
		scores = append(scores, score)
	}
	if e.JSON {
		return printJSON(os.Stdout, scores)
	}
	fmt.Printf("%-8s %-12s %9s %8s %6s %6s %12s\n", "language", "home", "sentences", "answered", "asked", "acted", "per thousand")
	for _, s := range scores {
		fmt.Printf("%-8s %-12s %9d %8d %6d %6d %12.3f\n", s.Language, s.Home, s.Sentences, s.Answered, s.Asked, s.Acted, s.PerThousand())
		for _, o := range s.Offences {
			fmt.Printf("  %-5s %-24s %s\n", o.Outcome, o.Intent, o.Sentence)
		}
	}
	return nil
}

// openAll reads files one after the other.
func openAll(paths []string) (text io.Reader, closeAll func(), err error) {
	var files []*os.File
	var readers []io.Reader
	closeAll = func() {
		for _, f := range files {
			f.Close()
		}
	}
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		files, readers = append(files, f), append(readers, f)
	}
	return io.MultiReader(readers...), closeAll, nil
}
