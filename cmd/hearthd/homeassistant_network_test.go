package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"hearth/daemon/conversation"
	"hearth/daemon/home/homeassistant"
	"hearth/daemon/web"
)

// A network lies between the daemon and Home Assistant, and can be made worse.
type network struct {
	t     *testing.T
	proxy *toxiproxy.Proxy
}

func newNetwork(t *testing.T, to string) *network {
	t.Helper()
	upstream, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	n := &network{t: t, proxy: toxiproxy.NewProxy(server, "home", "127.0.0.1:0", upstream.Host)}
	if err := n.proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.proxy.Stop)
	return n
}

// worsen adds a toxic to what Home Assistant sends. See https://github.com/Shopify/toxiproxy for the kinds.
func (n *network) worsen(kind string, attributes string) {
	n.t.Helper()
	toxic := fmt.Sprintf(`{"name": %q, "type": %q, "stream": "downstream", "attributes": {%s}}`, kind, kind, attributes)
	if _, err := n.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		n.t.Fatal(err)
	}
}

func (n *network) mend() { n.proxy.Toxics.ResetToxics(context.Background()) }

// TestHomeAssistantThroughABadNetwork has one that is slow, breaks frames off in the middle, goes silent, and refuses
// the token. Each time what is said is true, and it goes on by itself when the fault is over.
func TestHomeAssistantThroughABadNetwork(t *testing.T) {
	requireAssets(t)
	h := startHomeAssistant(t)
	var token string
	create := homeassistant.Command{"type": "auth/long_lived_access_token", "client_name": "hearth", "lifespan": 1}
	h.ask(create, &token)
	n := newNetwork(t, h.url)
	behind := *h
	behind.url, behind.token = "http://"+n.proxy.Listen, token
	d := startHearth(t, &behind)
	d.follows()
	works := func() {
		t.Helper()
		d.follows()
		for _, s := range []string{"turn on the bed light", "turn off the bed light"} {
			turn, err := d.say("", s)
			if err != nil || len(turn.Steps) != 1 || turn.Steps[0].Outcome != conversation.Confirmed {
				t.Fatalf("%q: %v, %+v", s, err, turn)
			}
		}
	}
	works()

	n.worsen("latency", `"latency": 700, "jitter": 200`)
	works()
	n.mend()

	n.worsen("slicer", `"average_size": 7, "size_variation": 5, "delay": 10`)
	works()
	n.mend()

	n.worsen("limit_data", `"bytes": 100`) // the next frame but one ends in the middle
	d.isHonest(h, "turn on the bed light")
	n.mend()
	works()

	n.worsen("timeout", `"timeout": 0`) // nothing comes any more, and nobody says that it is over
	d.isHonest(h, "turn on the bed light")
	d.loses("home")
	n.mend()
	works()

	h.revoke("hearth")
	d.loses("home")
	turn, err := d.say("", "turn on the bed light")
	if err != nil || turn.Reply != "I have no connection to the home." {
		t.Errorf("without a token: %v, %q", err, turn.Reply)
	}
	h.ask(create, &token)
	if err := os.WriteFile(d.token, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	works()
}

// isHonest says a sentence and compares what is said of its light with Home Assistant's own.
func (d *hearth) isHonest(h *homeAssistant, text string) {
	d.t.Helper()
	turn, err := d.say("", text)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Logf("%q: %q, evidence %q", text, turn.Reply, evidence(turn.Steps))
	done := len(turn.Steps) == 1 && turn.Steps[0].Outcome == conversation.Confirmed
	if on := h.states()["light.bed_light"].State == "on"; done && !on || !done && turn.Failure == "" {
		d.t.Errorf("%q: said to be done %v, done %v, failure %q: %q", text, done, on, turn.Failure, turn.Reply)
	}
}

// loses waits until a component no longer works.
func (d *hearth) loses(component string) {
	d.t.Helper()
	eventuallyTrue(d.t, func() error {
		now, err := d.client.Ready(context.Background())
		if err == nil && now.Components[component].State == web.OK {
			err = fmt.Errorf("%s still works", component)
		}
		return err
	})
}

// revoke takes tokens of that name back.
func (h *homeAssistant) revoke(name string) {
	h.t.Helper()
	var tokens []struct {
		ID   string `json:"id"`
		Name string `json:"client_name"`
	}
	h.ask(homeassistant.Command{"type": "auth/refresh_tokens"}, &tokens)
	for _, token := range tokens {
		if token.Name == name {
			h.ask(homeassistant.Command{"type": "auth/delete_refresh_token", "refresh_token_id": token.ID}, nil)
		}
	}
	time.Sleep(time.Second) // it hangs up on whoever uses them
}

// TestHomeAssistantAnnouncesItself has it found by what it tells the network.
func TestHomeAssistantAnnouncesItself(t *testing.T) {
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "packages"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "packages", "announced.yaml"), []byte("zeroconf:\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := runHomeAssistant(t, "", home)
	port := h.url[strings.LastIndex(h.url, ":"):] // it announces the address of the network, whatever it listens on
	for late := time.Now().Add(patience); ; {
		found := homeassistant.Find(t.Context(), time.Second)
		announces := func(f homeassistant.Found) bool {
			return strings.HasPrefix(f.Name, "Test Home") && len(f.URLs) > 0 && strings.HasSuffix(f.URLs[0], port)
		}
		if slices.ContainsFunc(found, announces) {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("%s is not among %+v", h.url, found)
		}
	}
}
