package daemon

import (
	"fmt"

	"hearth/daemon/config"
	"hearth/daemon/llm"
	"hearth/daemon/llm/anthropic"
	"hearth/daemon/llm/ollama"
	"hearth/daemon/llm/openai"
	"hearth/storage/cache"
)

// openModel puts the language models in order. What leaves the house for them is said at each start.
func (d *Daemon) openModel() error {
	m := d.cfg.Model
	o := llm.Options{
		LocalLast: m.Local == "last", Timeout: m.Timeout, Personality: d.cfg.Personality, Home: d.home.Snapshot, Logger: d.log, Registerer: d.metrics,
		Tools: d.tools, Servers: d.serversTools, LookedUp: d.lookups.Observe,
		Spending: cache.NewNamespace[llm.Spent](d.cache, "spending", cache.Limits{Entries: 100}),
	}
	if m.Local != "off" {
		local, err := ollama.New(ollama.Options{URL: m.URL, Model: m.Name, KeepAlive: m.KeepAlive, NumCtx: m.Context})
		if err != nil {
			return fmt.Errorf("model.%w", err)
		}
		o.Local = local
	}
	for i, other := range m.Others {
		provider, err := otherModel(other, m)
		if err != nil {
			return fmt.Errorf("model.others[%d].%w", i, err)
		}
		o.Others = append(o.Others, llm.Other{
			Provider: provider, Kind: other.Kind, Timeout: other.TryFor(m.Timeout),
			RequestsPerDay: other.RequestsPerDay, TokensPerDay: other.TokensPerDay,
		})
	}
	for _, sentence := range d.cfg.Egress() {
		d.log.Warn("something leaves the house", "what", sentence)
	}
	if err := d.openFinding(&o); err != nil {
		return err
	}
	d.model = llm.New(o)
	return nil
}

func otherModel(o config.OtherModel, local config.Model) (llm.Provider, error) {
	switch o.Kind {
	case "ollama":
		return ollama.New(ollama.Options{URL: o.Address(), Model: o.Name, KeepAlive: local.KeepAlive, NumCtx: local.Context})
	case "anthropic":
		return anthropic.New(anthropic.Options{URL: o.Address(), Model: o.Name, Key: o.Key.Reveal()})
	}
	return openai.New(openai.Options{URL: o.Address(), Model: o.Name, Key: o.Key.Reveal()})
}

// speaking is told when somebody begins to speak, and when that ends: while they do, the model gets ready.
func (d *Daemon) speaking(on bool) {
	if on {
		d.model.Prepare()
	}
	if d.mqtt != nil {
		d.mqtt.Listening(on)
	}
}
