package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/user"
	"slices"
	"strconv"
	"syscall"

	"hearth/daemon"
	"hearth/daemon/config"
	"hearth/daemon/support"
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
	if c.configPath() == config.Packaged {
		checkFiles(cfg)
	}
	return checkSentences(cfg)
}

// checkFiles tells root of files that the service, which is another user, may not read.
func checkFiles(cfg *config.Config) {
	service, err := user.Lookup("hearthd")
	if err != nil || os.Geteuid() != 0 {
		return
	}
	uid, _ := strconv.ParseUint(service.Uid, 10, 32)
	gid, _ := strconv.ParseUint(service.Gid, 10, 32)
	files := support.Files(cfg)
	for _, field := range slices.Sorted(maps.Keys(files)) {
		readable := exec.Command("test", "-r", files[field])
		readable.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		if readable.Run() != nil {
			fmt.Printf("Note: %s: the service, which runs as the user hearthd, cannot read %s: let it, or make it a credential, if it is a secret (docs/install.md)\n", field, files[field])
		}
	}
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
