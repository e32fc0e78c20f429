package main

import (
	"context"

	"hearth/daemon/mcp"
	"hearth/daemon/web"
)

type mcpCommand struct{}

// Run gives an assistant that started this program the tools of the running daemon, until it closes standard input.
func (mcpCommand) Run(ctx context.Context, c *cli) error {
	cfg, err := c.loadToAsk()
	if err != nil {
		return err
	}
	daemon := web.NewClient(cfg.SocketPath())
	defer daemon.Close()
	if _, err := daemon.Ready(ctx); err != nil {
		return err
	}
	return mcp.Bridge(ctx, mcp.BridgeOptions{HTTP: daemon.HTTP(), URL: "http://hearth" + mcp.Path, Version: version})
}
