package mqtt

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"time"
)

const (
	// showEvery is how often the hub is looked at for what has changed.
	showEvery = time.Second
	// bornWithin is how long after Home Assistant's birth message everything is published anew: at random,
	// as all devices of a home do it.
	bornWithin = time.Second
)

// Refresh publishes at once what has changed of the hub, and not at the next look.
func (c *Client) Refresh() {
	select {
	case c.refresh <- struct{}{}:
	default:
	}
}

// keepShown publishes what has changed of the hub, until over.
func (c *Client) keepShown(over <-chan struct{}, l *link) {
	tick := time.NewTicker(showEvery)
	defer tick.Stop()
	var again <-chan time.Time
	for {
		select {
		case <-over:
			return
		case <-tick.C:
		case <-c.refresh:
		case <-l.born:
			again = time.After(rand.N(bornWithin))
		case <-again:
			again = nil
			c.unshowAll()
		}
		c.show()
	}
}

// show publishes what is not what the broker has.
func (c *Client) show() {
	hub := c.opts.Hub.State()
	hubStates := c.hubStates(hub)
	before := c.opts.Memory.Announced()
	device := c.device(hub, before)
	c.remember(device, before)

	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link == nil {
		return
	}
	c.announceDevice(device, before)
	for name, payload := range hubStates {
		c.showOne(name, payload)
	}
	for name, payload := range c.measured {
		c.showOne(name, payload)
	}
	c.showState()
}

// hubStates are the states of the hub by topic.
func (c *Client) hubStates(hub HubState) map[string]string {
	return map[string]string{
		"mute":      onOff(hub.Muted),
		"volume":    encode(hub.Volume),
		"language":  hub.Language,
		"model":     orNone(hub.Model),
		"wake_word": hub.WakeWord,
		"attention": encode(map[string]any{"problem": len(hub.Problems) > 0, "reason": strings.Join(hub.Problems, "; ")}),
		"update":    encode(map[string]string{"installed_version": hub.Version, "latest_version": hub.Version}), // nobody looks for another
		"timer":     c.timer(),
	}
}

// timer is the next timer, to the second.
func (c *Client) timer() string {
	var shown struct {
		At   *time.Time `json:"at"`
		Name string     `json:"name"`
	}
	if name, at, ok := c.opts.NextTimer(); ok {
		second := at.Round(time.Second)
		shown.At, shown.Name = &second, name
	}
	return encode(shown)
}

func onOff(on bool) string {
	if on {
		return "ON"
	}
	return "OFF"
}

// orNone is how Home Assistant is told that a state is not known.
func orNone(state string) string {
	if state == "" {
		return "None"
	}
	return state
}

// encode is v as JSON; v is one that can be written so.
func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(text)
}

// showState publishes what Hearth is doing. The caller holds c.mu, as for the methods below.
func (c *Client) showState() { c.showOne("state", string(c.activity.state())) }

// showOne publishes a state below the hub's own topic.
func (c *Client) showOne(name, payload string) {
	c.showRetained(message{topic: c.prefix + name, payload: []byte(payload)})
}

// showRetained publishes a message for whoever comes later, unless the broker has it.
func (c *Client) showRetained(m message) {
	m.retained = true
	if shown, ok := c.shown[m.topic]; ok && shown == string(m.payload) {
		return
	}
	if c.send(m) {
		c.shown[m.topic] = string(m.payload)
	}
}

// unshow has a topic published at the next look, whatever the broker has.
func (c *Client) unshow(topic string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.shown, topic)
}

func (c *Client) unshowAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.shown)
}
