package main

import (
	"fmt"
	"os"
	"path/filepath"

	"hearth/daemon/intent/conformance"
)

type evalCommand struct {
	Voice   evalVoiceCommand   `cmd:"" help:"Score recordings against what was said in them."`
	Wake    evalWakeCommand    `cmd:"" help:"Count how often wake words are found, and what else is taken for them."`
	Intents evalIntentsCommand `cmd:"" help:"Score sentences against the intents, slots and responses that are expected."`
	Assist  evalAssistCommand  `cmd:"" help:"Say sentences in simulated homes, and compare what has changed with what is expected."`
	Chatter evalChatterCommand `cmd:"" help:"Count the sentences of ordinary text that would act on a home."`
}

type evalIntentsCommand struct {
	Dir  string `arg:"" type:"existingdir" help:"Folder of published tests: DIR/<language>/<Intent>/<combination>.yaml, or DIR/tests/..."`
	Lang string `help:"Only this language."`
	JSON bool   `name:"json" help:"Print the scores as JSON, with the first failures of each language."`
}

// Run prints one line a language, and one for all of several. Each count includes only sentences that were
// right in the columns before.
func (e evalIntentsCommand) Run(c *cli) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	var languages []string // none means all
	if e.Lang != "" {
		languages = []string{e.Lang}
	}
	show := func(conformance.Score) {}
	if !e.JSON {
		fmt.Printf("%-8s %6s %6s %11s %6s %8s %10s %10s\n", "language", "total", "intent", "combination", "slots", "response", "p50", "p95")
		show = printScore
	}
	var scores []conformance.Score
	all := conformance.Score{Language: "all"}
	fault := conformance.RunAll(e.Dir, filepath.Join(cfg.AssetsDir(), "sentences"), languages, func(s conformance.Score) {
		scores = append(scores, s)
		all.Add(s)
		show(s)
	})
	if len(scores) > 1 {
		scores = append(scores, all)
		show(all)
	}
	if e.JSON {
		if err := printJSON(os.Stdout, scores); err != nil {
			return err
		}
	}
	return fault
}

func printScore(s conformance.Score) {
	fmt.Printf("%-8s %6d %6d %11d %6d %8d %10s %10s\n", s.Language, s.Sentences, s.Intent, s.Combination, s.Slots, s.Response, s.P50, s.P95)
}
