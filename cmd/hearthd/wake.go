package main

import (
	"os"
	"path/filepath"

	"hearth/audio/wake"
	"hearth/daemon"
	"hearth/daemon/config"
)

type wakeCommand struct {
	Assets string `required:""`
}

// Run answers the daemon until it closes the pipe.
func (w wakeCommand) Run() error {
	return wake.Serve(os.Stdin, os.Stdout, func() (wake.Engine, error) {
		return openDetector(&config.Config{Assets: w.Assets}, 0)
	})
}

// openDetector opens one that finds what is at least so sure, or with the default of 0.
func openDetector(c *config.Config, threshold float64) (*wake.Detector, error) {
	return wake.Open(wake.Options{
		Library:   filepath.Join(c.AssetsDir(), "onnxruntime", "libonnxruntime.so.1"),
		Model:     daemon.WakeModel(c),
		Threshold: threshold,
	})
}
