package mqtt

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

const deviceTopic = "homeassistant/device/hearth_hub/config"

// discovering is a client that announces a device.
func discovering(h *fakeHub) func(*ClientOptions) {
	return func(o *ClientOptions) { o.Discovery, o.Hub = "homeassistant", h }
}

type announced struct {
	Device     map[string]any            `json:"dev"`
	Components map[string]map[string]any `json:"cmps"`
}

// nextDevice is the next announcement that fits.
func (p *peer) nextDevice(fits func(announced) bool) announced {
	p.t.Helper()
	for {
		m := p.next(deviceTopic)
		var a announced
		if err := json.Unmarshal(m.Payload(), &a); err != nil {
			p.t.Fatalf("%v: %s", err, m.Payload())
		}
		if fits(a) {
			return a
		}
	}
}

func anyDevice(announced) bool { return true }

func TestDeviceIsAnnounced(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	h := newFakeHub()
	h.state.URL = "http://hub.local:8125"
	running(t, serving(newClient(t, b.Addr().String(), discovering(h))))
	p := newPeer(t, b, nil)
	device := p.nextDevice(anyDevice)
	if got := device.Device; got["sa"] != "Kitchen" || got["cu"] != "http://hub.local:8125" || got["sw"] != "1.2.3" {
		t.Errorf("device %v", got)
	}
	entities := map[string]string{}
	for key, c := range device.Components {
		platform := c["p"].(string)
		if c["qos"] != 1.0 {
			t.Errorf("%s has no quality of service of its own", key)
		}
		if platform == "device_automation" {
			continue
		}
		entities[key] = platform
		if c["uniq_id"] != "hearth_hub_"+key || c["def_ent_id"] != platform+".hearth_hub_"+key {
			t.Errorf("%s is %v, %v", key, c["uniq_id"], c["def_ent_id"])
		}
	}
	want := map[string]string{
		"state": "sensor", "command": "event", "mute": "switch", "volume": "number", "announce": "notify", "ask": "text",
		"language": "select", "model": "select", "wake_word": "select", "confidence": "sensor", "latency": "sensor", "attention": "binary_sensor",
		"update": "update", "restart": "button", "timer": "sensor",
	}
	if !maps.Equal(entities, want) {
		t.Errorf("entities %v, want %v", entities, want)
	}
	if c := device.Components["wake_word_heard"]; c["pl"] != "wake_word_heard" || c["type"] != "heard" || c["t"] != "hearth/hub/trigger" {
		t.Errorf("trigger %v", c)
	}
	if c := device.Components["executed_HassTurnOn"]; c["pl"] != "HassTurnOn" || c["t"] != "hearth/hub/trigger" {
		t.Errorf("trigger %v", c)
	}
}

func TestNothingIsAnnouncedOfAPageThatOthersCannotReach(t *testing.T) {
	c := newClient(t, "127.0.0.1:1", discovering(newFakeHub()))
	if d := c.device(HubState{}, Announcement{}); strings.Contains(d.payload, `"cu"`) || strings.Contains(d.payload, `"sa"`) {
		t.Errorf("announced %s", d.payload)
	}
}

func TestDeviceFollowsTheHub(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	h := newFakeHub()
	c := newClient(t, b.Addr().String(), discovering(h))
	p := newPeer(t, b, nil)
	running(t, serving(c))
	p.nextDevice(anyDevice)

	h.set(func(s *HubState) { s.Models = []string{"other:1b"} })
	p.nextDevice(func(a announced) bool {
		return slices.Equal(a.Components["model"]["ops"].([]any), []any{"other:1b"})
	})
	h.set(func(s *HubState) { s.Models = nil })
	p.nextDevice(func(a announced) bool { // nothing but the platform: it is removed
		return maps.Equal(a.Components["model"], map[string]any{"p": "select"})
	})
	h.set(func(s *HubState) { s.Models = []string{"qwen3:4b"} })
	p.nextDevice(func(a announced) bool { return a.Components["model"]["cmd_t"] == "hearth/hub/model/set" })
}

func TestAnEarlierAnnouncementIsTakenBack(t *testing.T) {
	for _, prefix := range []string{"", "otherprefix"} {
		b, _ := startBroker(t, BrokerOptions{})
		p := newPeer(t, b, nil)
		p.send(deviceTopic, true, `{"dev":{}}`)
		memory := &run{}
		if err := memory.Announce(Announcement{Topic: deviceTopic, Components: map[string]string{"old": "sensor"}}); err != nil {
			t.Fatal(err)
		}
		p.next(deviceTopic)
		stop, _ := running(t, serving(newClient(t, b.Addr().String(), func(o *ClientOptions) { o.Discovery, o.Memory = prefix, memory })))
		if m := p.next(deviceTopic); len(m.Payload()) != 0 {
			t.Errorf("prefix %q: not taken back: %s", prefix, m.Payload())
		}
		want := ""
		if prefix != "" {
			want = prefix + "/device/hearth_hub/config"
		}
		for memory.Announced().Topic != want {
			time.Sleep(time.Millisecond)
		}
		stop() // mochi-mqtt looks for what is retained without a lock (its issue 200)
		late := newPeer(t, b, func(o *paho.ClientOptions) { o.SetClientID("late") })
		late.send("hearth/marker", false, "")
		for m := range late.messages {
			if m.Topic() == deviceTopic {
				t.Errorf("prefix %q: still retained: %s", prefix, m.Payload())
			}
			if m.Topic() == "hearth/marker" {
				break
			}
		}
	}
}

func TestComponentsOfAnEarlierVersionAreRemoved(t *testing.T) {
	c := newClient(t, "127.0.0.1:1", discovering(newFakeHub()))
	before := Announcement{Topic: deviceTopic, Components: map[string]string{"gone": "sensor", "mute": "switch"}}
	d := c.device(c.opts.Hub.State(), before)
	if !strings.Contains(d.payload, `"gone":{"p":"sensor"}`) {
		t.Errorf("not removed: %s", d.payload)
	}
	c.remember(d, before)
	if got := c.opts.Memory.Announced().Components; got["gone"] != "sensor" || got["mute"] != "switch" || got["volume"] != "number" {
		t.Errorf("remembered %v", got)
	}
}

func TestHomeAssistantsBirthPublishesAllAnew(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	running(t, serving(newClient(t, b.Addr().String(), discovering(newFakeHub()))))
	p.nextDevice(anyDevice)
	p.expect("hearth/hub/status", "online") // by now it listens to the birth message
	p.send("homeassistant/status", false, "online")
	p.nextDevice(anyDevice)
	p.expect("hearth/hub/volume", "80")
}

func TestStatesAreThereForWhoComesLater(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	at := time.Date(2026, 11, 28, 8, 0, 0, 100, time.UTC)
	h := newFakeHub()
	h.state.Problems = []string{"microphone: no such device", "model: none"}
	first := newPeer(t, b, nil)
	running(t, serving(newClient(t, b.Addr().String(), func(o *ClientOptions) {
		o.Hub, o.NextTimer = h, func() (string, time.Time, bool) { return "pizza", at, true }
	})))
	first.expect("hearth/hub/status", "online")
	for topic, want := range map[string]string{
		"mute": "OFF", "volume": "80", "language": "en", "model": "qwen3:4b", "wake_word": "off", "state": "idle", "status": "online",
		"attention": `{"problem":true,"reason":"microphone: no such device; model: none"}`,
		"update":    `{"installed_version":"1.2.3","latest_version":"1.2.3"}`,
		"timer":     `{"at":"2026-11-28T08:00:00Z","name":"pizza"}`,
	} {
		late := newPeer(t, b, func(o *paho.ClientOptions) { o.SetClientID("late" + topic) })
		if m := late.next("hearth/hub/" + topic); !m.Retained() || string(m.Payload()) != want {
			t.Errorf("%s: retained %v, %s, want %s", topic, m.Retained(), m.Payload(), want)
		}
	}
}

func TestControlsComeBackAndWork(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	h := newFakeHub()
	c := newClient(t, b.Addr().String(), func(o *ClientOptions) { o.Hub = h })
	running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	for _, test := range []struct{ topic, payload, done, state string }{
		{"mute", "ON", "mute ON", "ON"},
		{"mute", "OFF", "mute OFF", "OFF"},
		{"volume", "30", "volume 30", "30"},
		{"volume", "45.6", "volume 46", "46"},
		{"model", "smollm2:135m", "model smollm2:135m", "smollm2:135m"},
		{"language", "de", "language de", "de"},
	} {
		p.send("hearth/hub/"+test.topic+"/set", false, test.payload)
		if got := <-h.done; got != test.done {
			t.Errorf("%s %s did %q", test.topic, test.payload, got)
		}
		p.until("hearth/hub/"+test.topic, test.state)
	}
	p.send("hearth/hub/announce", false, " Dinner is ready. ")
	if got := <-h.done; got != "announce Dinner is ready." {
		t.Errorf("announced %q", got)
	}
	p.send("hearth/hub/restart", false, "PRESS")
	if got := <-h.done; got != "restart" {
		t.Errorf("did %q", got)
	}
}

func TestWhatMeansNothingIsAnsweredWithTheTrueState(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	h := newFakeHub()
	c := newClient(t, b.Addr().String(), func(o *ClientOptions) { o.Hub = h })
	running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	for _, test := range []struct{ topic, payload, state, complaint string }{
		{"mute", "on", "OFF", `mute is \"on\": want ON or OFF`},
		{"mute", "", "OFF", "want ON or OFF"},
		{"volume", "101", "80", "want 0 to 100"},
		{"volume", "-1", "80", "want 0 to 100"},
		{"volume", "NaN", "80", "want 0 to 100"},
		{"volume", "loud", "80", "want 0 to 100"},
		{"volume", strings.Repeat("9", 100_000), "80", "want 0 to 100"},
		{"model", "gpt", "qwen3:4b", "want one of qwen3:4b, smollm2:135m"},
		{"language", "tlh", "en", "want one of de, en"},
		{"language", "\xff", "en", "want one of de, en"},
	} {
		p.send("hearth/hub/"+test.topic+"/set", false, test.payload)
		if got := string(p.next("hearth/hub/error").Payload()); !strings.Contains(got, test.complaint) || !strings.Contains(got, `"command":"`+test.topic+`"`) {
			t.Errorf("%s %.20q: complaint %s", test.topic, test.payload, got)
		}
		p.expect("hearth/hub/"+test.topic, test.state)
	}
	p.send("hearth/hub/restart", false, "now")
	p.next("hearth/hub/error")
	p.send("hearth/hub/announce", false, " ")
	p.next("hearth/hub/error")
	for command, want := range map[string]float64{"mute": 2, "volume": 5, "model": 1, "language": 2, "restart": 1, "announce": 1} {
		if got := testutil.ToFloat64(c.metrics.commands.WithLabelValues(command, malformed)); got != want {
			t.Errorf("%v malformed commands %s counted, want %v", got, command, want)
		}
	}
	if len(h.done) > 0 {
		t.Errorf("the hub did %s", <-h.done)
	}
}

func TestAControlThatFailsIsToldAndTheTrueStateShown(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	h := newFakeHub()
	h.err = errors.New("the disk is full")
	c := newClient(t, b.Addr().String(), func(o *ClientOptions) { o.Hub = h })
	running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	p.send("hearth/hub/volume/set", false, "30")
	p.expect("hearth/hub/error", `{"command":"volume","message":"the disk is full"}`)
	p.expect("hearth/hub/volume", "80")
	if got := testutil.ToFloat64(c.metrics.commands.WithLabelValues("volume", failed)); got != 1 {
		t.Errorf("%v failed commands counted", got)
	}
}

// An announcement takes as long as it is spoken; meanwhile everything else is done.
func TestAnAnnouncementKeepsNothingElseWaiting(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	h := newFakeHub()
	h.gate = make(chan struct{})
	c := newClient(t, b.Addr().String(), func(o *ClientOptions) { o.Hub = h })
	running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	for range waiting + 3 { // one is spoken, the lane is full, two or more are too many
		p.send("hearth/hub/announce", false, "Dinner is ready.")
	}
	if got := string(p.next("hearth/hub/error").Payload()); !strings.Contains(got, "too many") {
		t.Errorf("complaint %s", got)
	}
	p.send("hearth/hub/mute/set", false, "ON")
	if got := <-h.done; got != "mute ON" {
		t.Errorf("did %q", got)
	}
	close(h.gate)
}

// Whatever is announced, its keys are Home Assistant's abbreviations and its topics below the hub's own.
func TestTopicsAreTheHubsOwn(t *testing.T) {
	c := newClient(t, "127.0.0.1:1", discovering(newFakeHub()))
	for key, component := range c.components(c.opts.Hub.State()) {
		for name, value := range component {
			if topic, ok := value.(string); ok && regexp.MustCompile(`(^|_)t$`).MatchString(name) && !strings.HasPrefix(topic, "hearth/hub/") {
				t.Errorf("%s: %s is %s", key, name, topic)
			}
		}
		if command, ok := component["cmd_t"].(string); ok {
			if _, known := commands[strings.TrimPrefix(command, "hearth/hub/")]; !known {
				t.Errorf("%s sends to %s, which nobody listens to", key, command)
			}
		}
	}
}
