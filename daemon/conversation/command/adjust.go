package command

import (
	"math"
	"slices"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A change is a step from how a thing is to how it is wanted.
type change struct {
	domain string
	up     bool
}

var changes = map[string]change{
	"brighter": {"light", true}, "dimmer": {"light", false}, "warmer": {"climate", true}, "cooler": {"climate", false},
	"louder": {"media_player", true}, "quieter": {"media_player", false}, "faster": {"fan", true}, "slower": {"fan", false},
}

// adjust makes something brighter or dimmer, warmer or cooler, louder or quieter, faster or slower: what the sentence
// names, else what was spoken of before, else, if the sentence has the slot here, what is in the speaker's room. Its value is said when
// the sentence says so, and nothing elsewhere is meant.
func adjust(q request) (Command, error) {
	c, ok := changes[q.text("change")]
	if kind, _ := q.kindBefore(); !ok && steps[kind] != nil { // "turn it up"
		c, ok = change{kind, q.text("change") == "up"}, true
	}
	c = q.ofNamed(c)
	switch {
	case !ok && (q.text("change") == "up" || q.text("change") == "down"):
		return Command{}, ErrNothingBefore
	case !ok:
		return Command{}, errorf(ErrBadSlot, "change of %s is %q", q.Intent, q.text("change"))
	}
	targets, err := q.adjusted(c)
	if err != nil {
		return Command{}, err
	}
	return q.step(c, targets)
}

// ofNamed is the change as it is meant of the thing that is named: a lamp that is to be stronger is to be brighter, as
// "fort" and "fuerte" are said of both.
func (q request) ofNamed(c change) change {
	for _, id := range q.Slots["name"].IDs {
		if e, ok := q.Home.Entity(home.EntityID(id)); ok && c.domain == "media_player" && steps[e.Domain()] != nil {
			c.domain = e.Domain()
		}
	}
	return c
}

// steps are how many points or degrees a change is, by how much was said.
var steps = map[string]map[string]float64{
	"light":        {"bit": 10, "": 20, "lot": 40}, // percent
	"climate":      {"bit": 0.5, "": 1, "lot": 2},  // degrees Celsius
	"media_player": {"bit": 5, "": 10, "lot": 20},  // percent
	"fan":          {"bit": 10, "": 20, "lot": 40}, // percent, or one speed of the fan
}

// step changes each thing from how it is by the same step. One that does not say how it is stays.
func (q request) step(c change, targets []home.Entity) (Command, error) {
	by := steps[c.domain][q.text("much")]
	if c.domain == "climate" && scaleOf(q.Home) == intent.Fahrenheit {
		by *= 2
	}
	if exact, ok := q.Slots["by"].Float(); ok { // "two degrees"
		by = exact
	}
	if !c.up {
		by = -by
	}
	var able []home.Entity
	var calls []home.Call
	for _, e := range targets {
		if call, ok := stepped(e, by); ok {
			able, calls = append(able, e), append(calls, call)
		}
	}
	if len(able) == 0 && c.domain != "climate" && !c.up && !slices.ContainsFunc(targets, func(e home.Entity) bool { return e.State != "off" }) {
		return Command{}, &TargetError{"entity_wrong_state", map[string]any{"state": "on"}}
	}
	if len(able) == 0 {
		return Command{}, &TargetError{Key: "feature_not_supported"}
	}
	return Command{Calls: calls, Answer: about(able)}, nil
}

// stepped is the call that changes one thing by so much, as far as it goes.
func stepped(e home.Entity, by float64) (home.Call, bool) {
	switch e.Domain() {
	case "light":
		level, known := home.Number(e.Attributes["brightness"])
		if e.State != "on" {
			level, known = 0, by > 0
		}
		percent := math.Round(min(max(level/255*100+by, 1), 100))
		return call(e, "turn_on", map[string]any{"brightness_pct": int(percent)}), known && dims(e)
	case "climate":
		degrees, known := home.Number(e.Attributes["temperature"])
		return call(e, "set_temperature", map[string]any{"temperature": bounded(e, degrees+by)}), known && heats(e)
	case "fan":
		return steppedFan(e, by)
	}
	level, known := home.Number(e.Attributes["volume_level"])
	to := volumeAt(level*100 + by)
	return call(e, to.service, to.data), known && to.can(e)
}

// bounded is a temperature that the thermostat can be set to.
func bounded(e home.Entity, degrees float64) float64 {
	if least, ok := home.Number(e.Attributes["min_temp"]); ok {
		degrees = max(degrees, least)
	}
	if most, ok := home.Number(e.Attributes["max_temp"]); ok {
		degrees = min(degrees, most)
	}
	return math.Round(degrees*10) / 10
}

// adjusted are the things to change. A lamp that is off is not made brighter while another one is on.
func (q request) adjusted(c change) ([]home.Entity, error) {
	fits := func(e home.Entity) bool { return e.Domain() == c.domain && e.Available() }
	targets := keep(q.before(), fits)
	if c.domain == "media_player" { // what is off is not heard
		targets = keep(targets, func(e home.Entity) bool { return !slices.Contains(resting, e.State) || e.State == "idle" })
	}
	if q.text("here") == "said" { // the room, though another was spoken of before
		targets = keep(targets, func(e home.Entity) bool { return e.Area == q.Room })
	}
	if q.has("name") || q.namesPlace() || len(targets) == 0 && q.has("here") {
		found, err := q.targets(want{domains: []string{c.domain}})
		if err != nil {
			return nil, err
		}
		targets = keep(found, fits)
	}
	if lit := keep(targets, func(e home.Entity) bool { return e.State == "on" }); len(lit) > 0 && c.domain == "light" {
		targets = lit
	}
	if len(targets) == 0 {
		return q.heard(c)
	}
	return targets, nil
}

// heard is the player that "louder" means after one was turned off: the one that plays.
func (q request) heard(c change) ([]home.Entity, error) {
	before, _ := q.kindBefore()
	q.NeedsArea = true
	player, err := q.player(control{can: feature(mediaVolumeSet), state: playing})
	if c.domain != "media_player" || before != "media_player" || err != nil || player.State != playing {
		return nil, ErrNothingBefore
	}
	return []home.Entity{player}, nil
}
