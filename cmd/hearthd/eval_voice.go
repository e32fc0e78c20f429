package main

import (
	"context"
	"os"
	"strings"
	"time"

	"hearth/audio/stt"
	"hearth/audio/stt/score"
	wakescore "hearth/audio/wake/score"
	"hearth/daemon"
	"hearth/daemon/intent"
)

type evalVoiceCommand struct {
	Manifest string        `arg:"" type:"existingfile" help:"Recordings, one JSON object a line: file, repo, transcript, language."`
	Homes    string        `required:"" type:"existingfile" placeholder:"FILE" help:"The home of each repo: areas, entities, custom sentences."`
	After    string        `placeholder:"PHRASE" help:"Say this wake word before each recording, and recognise what is then listened to."`
	Pause    time.Duration `default:"300ms" help:"Silence between wake word and recording."`
	JSON     bool          `name:"json" help:"Print the report as JSON, with every recording."`
}

// Run recognises every recording with a grammar made of its home, and prints how well.
func (e evalVoiceCommand) Run(ctx context.Context, c *cli) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	templates, err := daemon.LoadTemplates(cfg.AssetsDir(), cfg.Language)
	if err != nil {
		return err
	}
	items, err := score.ReadManifest(e.Manifest)
	if err != nil {
		return err
	}
	homes, err := score.ReadHomes(e.Homes)
	if err != nil {
		return err
	}
	engine, err := openRecogniser(cfg.AssetsDir(), cfg.Hearing.Threads)
	if err != nil {
		return err
	}
	defer engine.Close()
	var recogniser stt.Engine = engine
	if e.After != "" {
		detector, err := openDetector(cfg, 0)
		if err != nil {
			return err
		}
		defer detector.Close()
		if recogniser, err = wakescore.After(ctx, engine, detector, e.After, e.Pause); err != nil {
			return err
		}
	}
	report, err := score.Run(ctx, items, homes, score.Options{
		Engine: recogniser, Language: cfg.Language,
		Grammar: func(h score.Home) (stt.Grammar, error) { return grammarOf(templates, h) },
	})
	if err != nil {
		return err
	}
	if e.JSON {
		return printJSON(os.Stdout, report)
	}
	return report.WriteText(os.Stdout)
}

// grammarOf is what can be heard in a home, made as the daemon makes it.
func grammarOf(templates *intent.Language, h score.Home) (stt.Grammar, error) {
	templates, faults := templates.WithCustom(intent.NewCustom("custom", h.CustomSentences...))
	if len(faults) > 0 {
		return nil, faults
	}
	encoded, err := daemon.SpeechGrammar(templates, namesOf(h))
	if err != nil {
		return nil, err
	}
	return intent.UnmarshalGrammar(encoded)
}

func namesOf(h score.Home) intent.Names {
	var names intent.Names
	for _, e := range h.Entities {
		names.Entities = append(names.Entities, intent.Name{
			ID: e.Domain + "." + slug(e.Name), Names: []string{e.Name}, Context: map[string]string{"domain": e.Domain},
		})
	}
	for _, a := range h.Areas {
		names.Areas = append(names.Areas, intent.Name{ID: slug(a.Name), Names: []string{a.Name}})
	}
	return names
}

// slug is a name as an ID has it: "kitchen_ceiling".
func slug(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "_") }
