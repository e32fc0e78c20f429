package daemon

import (
	"context"

	"hearth/daemon/conversation"
	"hearth/daemon/modelapi"
	"hearth/daemon/web"
)

// openEndpoints makes the addresses for programs of other machines, where the configuration names some.
func (d *Daemon) openEndpoints() error {
	metrics := web.NewEndpointMetrics(d.metrics)
	if d.opts.Quiet {
		return nil
	}
	add := func(o web.EndpointOptions) {
		o.Metrics, o.Logger = metrics, d.log
		if o.Listen != "" {
			d.endpoints = append(d.endpoints, web.NewEndpoint(o))
		}
	}
	add(web.EndpointOptions{
		Name: "ollama", Listen: d.cfg.Ollama.Listen, Token: d.cfg.Ollama.Token.Reveal(), InPath: true,
		Handler: modelapi.New(modelapi.Options{Ask: d.askAsModel, Version: d.opts.Version, Logger: d.log}),
	})
	return nil
}

// askAsModel is a modelapi.Asker.
func (d *Daemon) askAsModel(ctx context.Context, talk, room, text string, told conversation.Observer) (*conversation.Turn, error) {
	return d.Conversation.Through("ollama").Within(talk).Telling(told).Say(ctx, room, text)
}

// through is a channel by the name that a turn has kept. What a program has put off is no more a person's afterwards.
func (d *Daemon) through(channel string) conversation.Channel {
	c := d.Conversation.Through(channel)
	if channel == mcpChannel {
		return c.Unattended()
	}
	return c
}

// mcpChannel is the way of assistants that speak the Model Context Protocol.
const mcpChannel = "mcp"
