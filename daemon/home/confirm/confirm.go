// Package confirm knows what proves a service call: which state or attribute of which entity shows that
// it happened, in words for people, and how long to wait for it. It calls nothing and reads no clock
// but the one of its timeouts.
//
// Two kinds of call can never be confirmed, and their Expectation is Silent: those on an entity that
// only assumes its state, and those that leave no trace in any state, such as vacuum.locate. The most
// that may be said of them is that they were sent.
//
// What a scene or a script does inside is not looked at. A scene is confirmed by its own state, which is
// the moment it was last activated; a script by last_triggered, or by being seen to run. That proves
// that the home carried it out, not that every device in it obeyed.
package confirm

import (
	"strings"
	"time"

	"hearth/daemon/home"
)

// An Expectation is what will show that one call happened.
type Expectation struct {
	Entity  home.EntityID
	Timeout time.Duration // how long the device may take; 0 when Silent
	Silent  bool          // nothing that the home reports can prove the call
	proves  condition
	since   time.Time // news from before this moment is not about the call
}

// A condition tells what it sees in an entity, and whether that proves the call.
type condition func(now home.Entity) (sees string, met bool)

// A rule makes the condition for one call on an entity that was as before. It returns nil when this
// entity cannot show the result.
type rule func(call home.Call, before home.Entity) condition

// Expect says what will prove a call on an entity that was as before when the call was made. An entity
// that was as wanted already is proof enough, once the call is accepted.
func Expect(call home.Call, before home.Entity) Expectation {
	if call.Domain == "homeassistant" {
		call.Domain = call.Entity.Domain()
	}
	proves := conditionOf(call, before)
	assumed, _ := before.Attributes["assumed_state"].(bool)
	if proves == nil || before.Assumed || assumed {
		return Expectation{Entity: call.Entity, Silent: true}
	}
	return Expectation{Entity: call.Entity, Timeout: timeout(call), proves: proves, since: before.Changed}
}

func conditionOf(call home.Call, before home.Entity) condition {
	if strings.HasPrefix(call.Service, "get_") || call.Name() == "camera.snapshot" { // accepted when it is done
		return func(home.Entity) (string, bool) { return "it answered", true }
	}
	if rule, ok := rules[call.Name()]; ok {
		return rule(call, before)
	}
	if rule, ok := rules["*."+call.Service]; ok {
		return rule(call, before)
	}
	return nil
}

// Check tells what an entity shows, and whether that proves the call.
func (e Expectation) Check(now home.Entity) (evidence string, met bool) {
	switch {
	case e.Silent:
		return silence, false
	case !now.Available():
		return "the device cannot be reached", false
	}
	return e.proves(now)
}

// jams tells whether a lock says since the call that its bolt is stuck.
func (e Expectation) jams(now home.Entity) bool {
	return now.State == "jammed" && now.Changed.After(e.since)
}

// silence is what is seen of a call that nothing can prove.
const silence = "nothing that it reports could confirm it"

// patience is how long devices of a domain may take to report.
var patience = map[string]time.Duration{
	"light":               2 * time.Second,
	"switch":              2 * time.Second,
	"scene":               2 * time.Second,
	"fan":                 3 * time.Second,
	"script":              3 * time.Second,
	"todo":                3 * time.Second,
	"cover":               4 * time.Second,
	"valve":               4 * time.Second,
	"climate":             5 * time.Second,
	"humidifier":          5 * time.Second,
	"water_heater":        5 * time.Second,
	"media_player":        5 * time.Second,
	"vacuum":              5 * time.Second,
	"lawn_mower":          5 * time.Second,
	"lock":                8 * time.Second,
	"alarm_control_panel": 8 * time.Second,
}

// timeout is the domain's patience, and the time of a transition that the call itself asks for.
func timeout(call home.Call) time.Duration {
	wait, ok := patience[call.Domain]
	if !ok {
		wait = 3 * time.Second
	}
	if seconds, ok := home.Number(call.Data["transition"]); ok && seconds > 0 {
		wait += time.Duration(min(seconds, 300) * float64(time.Second))
	}
	return wait
}
