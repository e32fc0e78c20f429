package main

import (
	"context"
	"os"

	"hearth/audio/device"
)

// What runs in C can hang: sound servers, the recogniser. Each runs in a child of this program, which
// the daemon kills when it does.

type captureCommand struct {
	Device string `default:"auto"`
}

func (c captureCommand) Run(ctx context.Context) error {
	return device.ServeCapture(ctx, os.Stdout, device.ServeOptions{Device: c.Device})
}

type playbackCommand struct {
	Device string `default:"auto"`
}

func (p playbackCommand) Run(ctx context.Context) error {
	return device.ServePlayback(ctx, os.Stdin, os.Stdout, device.ServeOptions{Device: p.Device})
}

type devicesCommand struct{}

func (devicesCommand) Run(ctx context.Context) error { return device.ServeDevices(ctx, os.Stdout) }
