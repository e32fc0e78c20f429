package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	sttscore "hearth/audio/stt/score"
	"hearth/audio/wake/score"
	"hearth/audio/wav"
)

type evalWakeCommand struct {
	Manifest string        `arg:"" type:"existingfile" help:"Recordings, one JSON object a line: file, transcript."`
	Phrase   []string      `default:"okay computer,computer,okay jarvis,okay house" help:"What is listened for."`
	Text     string        `required:"" type:"existingfile" placeholder:"FILE" help:"Ordinary English text that is read aloud, in which nobody says a phrase."`
	Read     time.Duration `default:"30m" help:"How long it is read."`
	JSON     bool          `name:"json" help:"Print the report as JSON, with every trial."`
}

// Run has synthetic voices and recordings say wake words, and other things.
func (e evalWakeCommand) Run(ctx context.Context, c *cli) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	recordings, err := e.recordings()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(e.Text)
	if err != nil {
		return err
	}
	const lowest = 0.05 // thresholds are compared afterwards
	detector, err := openDetector(cfg, lowest)
	if err != nil {
		return err
	}
	defer detector.Close()
	report, err := score.Run(ctx, score.Options{
		Detector: detector, Phrases: e.Phrase, Recordings: recordings, Text: string(text), Read: e.Read,
		Progress: func(what string) { fmt.Fprintln(os.Stderr, what) },
	})
	if err != nil {
		return err
	}
	if e.JSON {
		return printJSON(os.Stdout, report)
	}
	return report.WriteText(os.Stdout)
}

// recordings are those of the manifest, in any language.
func (e evalWakeCommand) recordings() (all []score.Recording, err error) {
	items, err := sttscore.ReadManifest(e.Manifest)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		file, err := os.Open(filepath.Join(filepath.Dir(e.Manifest), item.File))
		if err != nil {
			return nil, err
		}
		clip, err := wav.Decode(file, time.Minute)
		file.Close()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", item.File, err)
		}
		r := score.Recording{Name: item.File, Clip: clip}
		for _, phrase := range e.Phrase {
			if item.Transcript != nil && strings.TrimSuffix(*item.Transcript, " test") == phrase {
				r.Said = phrase
			}
		}
		all = append(all, r)
	}
	return all, nil
}
