package daemon

import (
	"context"
	"net/http"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/llm"
	"hearth/daemon/mcp"
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
	add(web.EndpointOptions{Name: "mcp", Listen: d.cfg.MCP.Listen, Token: d.cfg.MCP.Token.Reveal(), Handler: d.mcp})
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

// openServers are the owner's servers, whose tools a language model may use.
func (d *Daemon) openServers() error {
	d.mcpMetrics = mcp.NewMetrics(d.metrics)
	for _, s := range d.cfg.MCP.Servers {
		d.servers = append(d.servers, mcp.NewClient(mcp.ClientOptions{
			Name: s.Name, Command: s.Command, URL: s.URL, Token: s.Token.Reveal(), Tools: s.Tools, Version: d.opts.Version,
			Metrics: d.mcpMetrics, Logger: d.log, Registerer: d.metrics,
		}))
	}
	return nil
}

// serversTools are the tools that those offer now.
func (d *Daemon) serversTools() []llm.Tool {
	var all []llm.Tool
	for _, t := range d.servers.Tools() {
		all = append(all, t)
	}
	return all
}

// newTools are what assistants may do here. Only the control socket tells who calls.
func (d *Daemon) newTools() *mcp.Server {
	return mcp.NewServer(mcp.Options{
		House: assistants{d}, Version: d.opts.Version, Language: d.cfg.Language, Metrics: d.mcpMetrics, Logger: d.log,
		Person: func(r *http.Request) string { return d.Person(web.CallerOf(r.Context())) },
	})
}

// assistants are the daemon as other assistants use it.
type assistants struct{ *Daemon }

var _ mcp.House = assistants{}

// Ask implements mcp.House.
func (a assistants) Ask(ctx context.Context, person, room, text string) (*conversation.Turn, error) {
	return a.through(mcpChannel).As(person).Say(ctx, room, text)
}

// Do implements mcp.House.
func (a assistants) Do(ctx context.Context, person string, call home.Call) (*conversation.Turn, error) {
	return a.through(mcpChannel).As(person).Do(ctx, "", call)
}

// Turn implements mcp.House.
func (a assistants) Turn(ctx context.Context, id string) (*conversation.Turn, error) {
	return past{a.history, a.store}.turn(ctx, id)
}
