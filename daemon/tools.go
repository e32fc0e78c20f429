package daemon

import (
	"slices"

	"hearth/daemon/llm"
	"hearth/daemon/tool"
	"hearth/daemon/web"
)

// openTools makes what the language model may look things up with, as far as the owner wants it. The web is among it only
// when a search engine is chosen.
func (d *Daemon) openTools() error {
	for _, t := range []llm.Tool{
		tool.NewHome(), tool.History(d.home, past{d.history, d.store}), tool.NewTimers(d.timers), tool.Lists(), tool.Calendar(),
		tool.Weather(), tool.Calculator(), tool.Units(), tool.Memory(),
	} {
		if slices.Contains(d.cfg.Model.Tools, t.Name()) {
			d.tools = append(d.tools, t)
		}
	}
	if s := d.cfg.Search; s.Engine != "off" {
		search, err := tool.NewWeb(tool.WebOptions{Engine: s.Engine, URL: s.URL, Key: s.Key.Reveal(), Log: d.log, Registerer: d.metrics})
		if err != nil {
			return err
		}
		d.search, d.tools = search, append(d.tools, search)
	}
	d.lookups = tool.NewMetrics(d.metrics)
	return nil
}

// toolHealth adds how those tools fare that may fail, for /readyz.
func (d *Daemon) toolHealth(components map[string]web.Component) {
	if d.search != nil {
		components["web search"] = web.Component{State: web.OK}
		leftAlone(components, "web search", d.search.Health())
	}
	for _, s := range d.servers {
		leftAlone(components, "mcp "+s.Name(), s.Health())
	}
}

func leftAlone(components map[string]web.Component, name string, err error) {
	if err != nil {
		components[name] = web.Component{State: web.Degraded, Detail: err.Error()}
	}
}
