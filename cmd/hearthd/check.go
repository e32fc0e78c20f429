package main

import (
	"fmt"

	"hearth/daemon"
	"hearth/daemon/config"
)

type checkCommand struct{}

// Run checks with the daemon's own loaders.
func (checkCommand) Run(c *cli) error {
	if err := borrowCredentials(); err != nil {
		return err
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	fmt.Printf("The configuration is good. State in %s, socket %s, web page http://%s\n", cfg.StateDir, cfg.SocketPath(), cfg.Web.Listen)
	for _, sentence := range cfg.Egress() {
		fmt.Println("Note: " + sentence)
	}
	return checkSentences(cfg)
}

// checkSentences looks at the owner's sentences. Without any, there need be no published ones either.
func checkSentences(cfg *config.Config) error {
	if !daemon.HasSentences(cfg.Sentences, cfg.Language) {
		return nil
	}
	published, err := daemon.LoadTemplates(cfg.AssetsDir(), cfg.Language)
	if err != nil {
		return err
	}
	language, faults := daemon.LoadSentences(published, cfg.Sentences)
	if len(faults) > 0 {
		return &configurationError{faults}
	}
	fmt.Printf("Your own sentences are good: %d in %s\n", language.Custom(), cfg.Sentences)
	return nil
}
