package daemon

import (
	"context"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
	"hearth/daemon/home/homeassistant"
	"hearth/storage/cache"
)

// A house is the home that the configuration names, as one component of the daemon.
type house interface {
	conversation.Home
	conversation.Chronicle
	// Run follows the home until ctx ends or it is lost, and calls up once calls can be made.
	Run(ctx context.Context, up func()) error
}

func (d *Daemon) newHouse() house {
	metrics := homeassistant.NewMetrics(d.metrics)
	if d.opts.Demo != nil {
		return simulated{d.opts.Demo}
	}
	if d.cfg.Home.Kind == "demo" {
		return simulated{demo.New()}
	}
	return homeassistant.New(homeassistant.Options{
		Address: homeassistant.Address{URL: d.cfg.Home.URL, CAFile: d.cfg.Home.CAFile},
		Token:   d.homeToken,
		Kept:    cache.NewNamespace[homeassistant.Picture](d.cache, "home", cache.Limits{Entries: 1}),
		Log:     d.log,
		Metrics: metrics,
	})
}

// followHome is the component "home". Its names are compiled before calls are made, lest the first turn waits for it.
func (d *Daemon) followHome(ctx context.Context, up func()) error {
	return d.home.Run(ctx, func() {
		d.language.understanding()
		up()
	})
}

// homeToken reads the token anew each time, so that a new one needs no restart.
func (d *Daemon) homeToken() (string, error) {
	secret, err := config.ReadSecret(d.cfg.Home.TokenFile)
	return secret.Reveal(), err
}

// simulated is the demo home, which works from the moment it runs.
type simulated struct{ *demo.Home }

func (s simulated) Run(ctx context.Context, up func()) error { return runs(s.Home.Run)(ctx, up) }
