package command

import "hearth/daemon/home"

// A service is what a domain calls something, and the bit of supported_features that a device needs for it.
type service struct {
	name string
	bit  int
}

// stops are how things that move or play are stopped, the first that the device can do.
var stops = map[string][]service{
	"cover":        {{"stop_cover", openingStop}},
	"valve":        {{"stop_valve", openingStop}},
	"vacuum":       {{"stop", vacuumStop}, {"pause", vacuumPause}},
	"lawn_mower":   {{"pause", mowerPause}},
	"media_player": {{"media_stop", mediaStop}, {"media_pause", mediaPause}},
}

// pauses are how things are told to wait; the published sentences have it for players.
var pauses = map[string][]service{
	"vacuum":     {{"pause", vacuumPause}, {"stop", vacuumStop}},
	"lawn_mower": {{"pause", mowerPause}},
}

var locates = map[string][]service{"vacuum": {{"locate", vacuumLocate}}}

// firstOf is the rule of calling the first service of those that the device's domain has and the device can do.
func firstOf(services map[string][]service) rule {
	return func(q request) (Command, error) {
		fitting := func(e home.Entity) string {
			for _, s := range services[e.Domain()] {
				if feature(s.bit)(e) {
					return s.name
				}
			}
			return ""
		}
		w := want{can: func(e home.Entity) bool { return fitting(e) != "" }}
		for domain := range services {
			w.domains = append(w.domains, domain)
		}
		targets, err := q.targets(w)
		if err != nil {
			return Command{}, err
		}
		return act(targets, func(e home.Entity) home.Call { return call(e, fitting(e), nil) }), nil
	}
}
