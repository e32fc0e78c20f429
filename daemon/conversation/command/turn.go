package command

import (
	"slices"
	"strings"
	"time"

	"hearth/daemon/home"
)

// A toggling is how a domain is turned on and off. An empty service means that it cannot be.
type toggling struct {
	on, off       string
	onBit, offBit int // in supported_features; 0 when Home Assistant has none
}

var plain = toggling{on: "turn_on", off: "turn_off"}

// togglings are Home Assistant's: turning a lock on locks it, turning a cover on opens it.
var togglings = map[string]toggling{
	"automation":    plain,
	"camera":        plain,
	"climate":       plain,
	"fan":           plain,
	"group":         plain,
	"humidifier":    plain,
	"input_boolean": plain,
	"light":         plain,
	"remote":        plain,
	"script":        plain,
	"siren":         plain,
	"switch":        plain,
	"water_heater":  plain,
	"media_player":  {on: "turn_on", off: "turn_off", onBit: mediaTurnOn, offBit: mediaTurnOff},
	"scene":         {on: "turn_on"},
	"button":        {on: "press"},
	"input_button":  {on: "press"},
	"cover":         {on: "open_cover", off: "close_cover", onBit: openingOpen, offBit: openingClose},
	"valve":         {on: "open_valve", off: "close_valve", onBit: openingOpen, offBit: openingClose},
	"lock":          {on: "lock", off: "unlock"},
	"vacuum":        {on: "start", off: "return_to_base", onBit: vacuumStartBit, offBit: vacuumReturnHome},
	"lawn_mower":    {on: "start_mowing", off: "dock", onBit: mowerStartMowing, offBit: mowerDockBit},
}

// service is the one for this direction, with the bit a device must have for it.
func (t toggling) service(on bool) (name string, bit int) {
	if on {
		return t.on, t.onBit
	}
	return t.off, t.offBit
}

// turn is the rule of HassTurnOn and HassTurnOff.
func turn(on bool) rule {
	return func(q request) (Command, error) {
		if !q.has("name") && !q.has("domain") && !q.has("device_class") {
			return Command{}, errorf(ErrBadSlot, "%s names neither an entity nor a kind of them", q.Intent)
		}
		targets, err := q.targets(want{domains: q.meant(), can: toggles(on)})
		if err != nil {
			return Command{}, err
		}
		return act(targets, func(e home.Entity) home.Call { return toggle(e, on) }), nil
	}
}

// toggles is the capability of being turned on, or off.
func toggles(on bool) capability {
	return func(e home.Entity) bool {
		service, bit := togglings[e.Domain()].service(on)
		return service != "" && (bit == 0 || feature(bit)(e))
	}
}

func toggle(e home.Entity, on bool) home.Call {
	service, _ := togglings[e.Domain()].service(on)
	c := call(e, service, nil)
	if e.Domain() == "group" {
		c.Domain = "homeassistant" // groups have no services of their own
	}
	return c
}

// byResponse are the domains that a template with this response is about.
var byResponse = map[string][]string{
	"button": {"button", "input_button"},
	"lock":   {"lock"},
	"unlock": {"lock"},
	"scene":  {"scene"},
	"script": {"script"},
	"valve":  {"valve"},
	"cover":  {"cover", "valve"},
}

// meant limits the domains to those that the words of the sentence can be about. "Close the front door"
// turns a cover off; without the limit it would turn off, and so unlock, a lock of the same name.
func (q request) meant() []string {
	if domains, ok := byResponse[q.Response]; ok {
		return domains
	}
	if q.Response == "" || !q.has("name") {
		return nil
	}
	var domains []string
	for domain := range togglings {
		if domain != "lock" {
			domains = append(domains, domain)
		}
	}
	slices.Sort(domains)
	return domains
}

// forAWhile turns something on, or off, and plans the other for later: a sentence that the language has put together of
// what it says before the name or the place (slot later) and after it (later_end).
func forAWhile(q request) (Command, error) {
	seconds, err := q.seconds()
	if err != nil {
		return Command{}, err
	}
	now, err := turn(q.text("state") == "on")(q)
	if err != nil {
		return Command{}, err
	}
	words := []string{q.text("later"), q.Slots["name"].Text, q.Slots["area"].Text, q.text("later_end")}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	length := time.Duration(seconds) * time.Second
	data := map[string]any{"seconds": seconds, "command": strings.Join(words, " ")}
	c := q.startKind(Countdown, data, Timer{Length: length, Left: length, Due: q.Now.Add(length)})
	c.Calls = append(now.Calls, c.Calls...)
	return c, nil
}
