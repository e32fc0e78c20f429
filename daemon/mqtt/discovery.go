package mqtt

import (
	"maps"
	"strings"
	"sync/atomic"
)

// maxTriggers bounds the device triggers, and with them the size of what is announced.
const maxTriggers = 100

// A device is what Home Assistant is told of this hub: one message for all its entities.
// See https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload for the keys.
type device struct {
	topic      string // "" when it is not told
	payload    string
	components map[string]string // key to platform
}

// A component is one entity or trigger.
type component map[string]any

// device describes the hub, and takes back what was announced before and is no more.
func (c *Client) device(hub HubState, before Announcement) device {
	if c.opts.Discovery == "" {
		return device{}
	}
	d := device{topic: c.opts.Discovery + "/device/hearth_" + c.opts.ID + "/config", components: map[string]string{}}
	all := map[string]component{}
	for key, component := range c.components(hub) {
		all[key], d.components[key] = component, component["p"].(string)
	}
	for key, platform := range before.Components {
		if _, still := all[key]; !still && before.Topic == d.topic {
			all[key] = component{"p": platform} // nothing but its platform: it is removed
		}
	}
	about := map[string]any{
		"ids": []string{"hearth_" + c.opts.ID}, "name": "Hearth " + c.opts.ID, "mf": "Hearth", "mdl": "hearthd", "sw": hub.Version,
	}
	if hub.Area != "" {
		about["sa"] = hub.Area
	}
	if hub.URL != "" {
		about["cu"] = hub.URL
	}
	d.payload = encode(map[string]any{
		"dev": about, "o": map[string]string{"name": "Hearth", "sw": hub.Version},
		"avty": []map[string]string{{"t": c.prefix + "status"}}, "cmps": all,
	})
	return d
}

// components are the entities and triggers by key.
func (c *Client) components(hub HubState) map[string]component {
	all := map[string]component{
		"state":      c.sensor("state", "State", component{"dev_cla": "enum", "ops": states}),
		"command":    c.entity("event", "command", "Command", component{"stat_t": c.prefix + "command", "evt_typ": events, "ic": "mdi:account-voice"}),
		"mute":       c.control("switch", "mute", "Mute microphone", component{"ic": "mdi:microphone-off"}),
		"volume":     c.control("number", "volume", "Volume", component{"min": 0, "max": 100, "step": 1, "mode": "slider", "unit_of_meas": "%", "ic": "mdi:volume-high"}),
		"announce":   c.entity("notify", "announce", "Announce", component{"cmd_t": c.prefix + "announce", "ic": "mdi:bullhorn"}),
		"ask":        c.entity("text", "ask", "Ask", component{"cmd_t": c.prefix + "ask", "min": 1, "max": 255, "ic": "mdi:chat-question"}),
		"language":   c.control("select", "language", "Language", component{"ops": hub.Languages, "ent_cat": "config", "ic": "mdi:translate"}),
		"wake_word":  c.control("select", "wake_word", "Wake word", component{"ops": hub.WakeWords, "ent_cat": "config", "ic": "mdi:account-voice"}),
		"confidence": c.sensor("confidence", "Confidence", component{"stat_cla": "measurement", "sug_dsp_prc": 2, "ic": "mdi:ear-hearing"}),
		"latency": c.sensor("latency", "Latency", component{"dev_cla": "duration", "unit_of_meas": "ms", "stat_cla": "measurement", "sug_dsp_prc": 0,
			"val_tpl": "{{ value_json.total_ms }}", "json_attr_t": c.prefix + "latency"}),
		"attention": c.entity("binary_sensor", "attention", "Needs attention", component{"stat_t": c.prefix + "attention", "dev_cla": "problem", "ent_cat": "diagnostic",
			"val_tpl": "{{ 'ON' if value_json.problem else 'OFF' }}", "json_attr_t": c.prefix + "attention", "json_attr_tpl": "{{ {'reason': value_json.reason} | tojson }}"}),
		"update":  c.entity("update", "update", "Update", component{"stat_t": c.prefix + "update", "ent_cat": "diagnostic"}),
		"restart": c.entity("button", "restart", "Restart", component{"cmd_t": c.prefix + "restart", "dev_cla": "restart", "ent_cat": "config"}),
		"timer": c.entity("sensor", "timer", "Next timer", component{"stat_t": c.prefix + "timer", "dev_cla": "timestamp",
			"val_tpl": "{{ value_json.at }}", "json_attr_t": c.prefix + "timer", "json_attr_tpl": "{{ {'name': value_json.name} | tojson }}"}),
	}
	if len(hub.Models) > 0 {
		all["model"] = c.control("select", "model", "Language model", component{"ops": hub.Models, "ent_cat": "config", "ic": "mdi:brain"})
	}
	all[wakeTrigger] = c.deviceTrigger("heard", wakeTrigger)
	for _, intent := range hub.Intents[:min(len(hub.Intents), maxTriggers)] {
		all[triggerKey(intent)] = c.deviceTrigger("executed", intent)
	}
	return all
}

// deviceTrigger fires when its subtype is published.
func (c *Client) deviceTrigger(kind, subtype string) component {
	return component{"p": "device_automation", "atype": "trigger", "type": kind, "stype": subtype,
		"t": c.prefix + "trigger", "pl": subtype, "qos": 1}
}

// wakeTrigger is the key of the trigger for the wake word. No intent is called so.
const wakeTrigger = "wake_word_heard"

func triggerKey(intent string) string { return "executed_" + intent }

// entity adds what every entity has. Quality of service is told for each: Home Assistant 2026.2 does not
// read the device's.
func (c *Client) entity(platform, key, name string, more component) component {
	more["p"], more["name"], more["qos"] = platform, name, 1
	more["uniq_id"] = "hearth_" + c.opts.ID + "_" + key
	more["def_ent_id"] = platform + ".hearth_" + strings.ToLower(strings.ReplaceAll(c.opts.ID, "-", "_")) + "_" + key
	return more
}

// sensor is an entity that shows a measurement or a state of Hearth's own.
func (c *Client) sensor(key, name string, more component) component {
	more["stat_t"], more["ent_cat"] = c.prefix+key, "diagnostic"
	return c.entity("sensor", key, name, more)
}

// control is an entity that shows a setting and sets it.
func (c *Client) control(platform, key, name string, more component) component {
	more["stat_t"], more["cmd_t"] = c.prefix+key, c.prefix+key+"/set"
	return c.entity(platform, key, name, more)
}

// birthTopic is where Home Assistant says that it has started; "" when nobody wants to know.
func (c *Client) birthTopic() string {
	if c.opts.Discovery == "" {
		return ""
	}
	return c.opts.Discovery + "/status"
}

// announceDevice publishes the device. What an earlier configuration announced elsewhere is taken back first. The
// caller holds c.mu.
func (c *Client) announceDevice(d device, before Announcement) {
	switch {
	case before.Topic != "" && before.Topic != d.topic:
		c.showRetained(message{topic: before.Topic, done: func(err error) {
			if err == nil {
				c.keepAnnounced(Announcement{})
				c.Refresh()
			}
		}})
	case d.topic != "":
		c.announced = d.components
		c.showRetained(message{topic: d.topic, payload: []byte(d.payload)})
	}
}

// remember keeps what is about to be announced, with all that ever was: Home Assistant may be away when a
// component is taken back.
func (c *Client) remember(d device, before Announcement) {
	if d.topic == "" || before.Topic != "" && before.Topic != d.topic {
		return
	}
	all := maps.Clone(before.Components)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, d.components)
	if before.Topic != d.topic || !maps.Equal(all, before.Components) {
		c.keepAnnounced(Announcement{Topic: d.topic, Components: all})
	}
}

func (c *Client) keepAnnounced(a Announcement) {
	if err := c.opts.Memory.Announce(a); err != nil {
		c.log.Warn("what Home Assistant is told of is not remembered", "error", err)
	}
}

// A run is the memory of a client that has no other: it lasts as long as the client.
type run struct{ announced atomic.Pointer[Announcement] }

func (r *run) Announced() Announcement {
	if a := r.announced.Load(); a != nil {
		return *a
	}
	return Announcement{}
}

func (r *run) Announce(a Announcement) error {
	r.announced.Store(&a)
	return nil
}
