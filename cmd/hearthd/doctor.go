package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"hearth/daemon/config"
	"hearth/daemon/doctor"
)

type doctorCommand struct {
	JSON bool `name:"json" help:"Print the findings as JSON."`
}

// Run examines everything. Warnings are no failure.
func (d doctorCommand) Run(ctx context.Context, c *cli) error {
	if err := borrowCredentials(); err != nil {
		return err
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	executable, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program's own file: %w", err)
	}
	report := doctor.Examine(ctx, doctor.Options{Config: cfg, Executable: executable})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if d.JSON {
		err = printJSON(os.Stdout, report)
	} else {
		err = report.WriteText(os.Stdout)
	}
	if problems := report.Count(doctor.Problem); err == nil && problems > 0 {
		return fmt.Errorf("problems found: %d", problems)
	}
	return err
}

// borrowCredentials reads the credentials of the service, whose own environment a shell does not have: where they
// lie, for that is what its next start takes, else (the encrypted ones) where systemd keeps those of its last start.
func borrowCredentials() error {
	const variable = "CREDENTIALS_DIRECTORY"
	if os.Getenv(variable) != "" {
		return nil
	}
	return os.Setenv(variable, filepath.Dir(config.Packaged)+":/run/credentials/hearthd.service")
}
