package mqtt

import (
	"strings"
	"testing"

	paho "github.com/eclipse/paho.mqtt.golang"
	"pgregory.net/rapid"
)

func TestCovers(t *testing.T) {
	for _, test := range []struct {
		filter, topic string
		want          bool
	}{
		{"hearth/hub/state", "hearth/hub/state", true},
		{"hearth/hub/state", "hearth/hub", false},
		{"hearth/hub", "hearth/hub/state", false},
		{"hearth/+/state", "hearth/hub/state", true},
		{"hearth/+", "hearth/hub/state", false},
		{"hearth/#", "hearth/hub/state", true},
		{"hearth/#", "hearth", true},
		{"hearth/#", "hearthstone/x", false},
		{"#", "anything/at/all", true},
		{"#", "$SYS/broker", false},
		{"+/broker", "$SYS/broker", false},
		{"$SYS/#", "$SYS/broker", true},
		{"+", "/", false},
		{"+/+", "/", true},
		{"", "a", false},
		// What is subscribed to may be a filter.
		{"hearth/#", "hearth/+/state", true},
		{"hearth/#", "hearth/#", true},
		{"hearth/+", "hearth/+", true},
		{"hearth/+", "hearth/#", false},
		{"hearth/hub", "hearth/+", false},
		{"hearth/hub/#", "#", false},
		{"+/+/state", "#", false},
	} {
		if got := covers(test.filter, test.topic); got != test.want {
			t.Errorf("%q covers %q: %v, want %v", test.filter, test.topic, got, test.want)
		}
	}
}

// A filter that is covered lets through no topic that the other one would not.
func TestWhatIsCoveredIsNoMore(t *testing.T) {
	level := rapid.SampledFrom([]string{"a", "b", "+", ""})
	filter := rapid.Custom(func(t *rapid.T) string {
		levels := rapid.SliceOfN(level, 1, 4).Draw(t, "levels")
		if rapid.Bool().Draw(t, "rest") {
			levels = append(levels, "#")
		}
		return strings.Join(levels, "/")
	})
	rapid.Check(t, func(t *rapid.T) {
		allowed, asked := filter.Draw(t, "allowed"), filter.Draw(t, "asked")
		topic := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", ""}), 1, 5).Draw(t, "topic"), "/")
		if covers(allowed, asked) && covers(asked, topic) && !covers(allowed, topic) {
			t.Errorf("%q covers %q, which lets %q through", allowed, asked, topic)
		}
	})
}

func FuzzCovers(f *testing.F) {
	f.Add("hearth/+/#", "hearth/hub/state")
	f.Add("$share/g/#", "$SYS/#")
	f.Fuzz(func(t *testing.T, filter, topic string) {
		if !covers("#", topic) && !strings.HasPrefix(topic, "$") {
			t.Errorf("# does not cover %q", topic)
		}
		if !strings.ContainsAny(topic, "+#") && !covers(topic, topic) {
			t.Errorf("%q does not cover itself", topic)
		}
		covers(filter, topic)
	})
}

var household = []Account{
	{Username: "ha", Password: "pw-ha", Read: []string{"hearth/#", "homeassistant/#"}, Write: []string{"hearth/+/ask", "homeassistant/status", "hearth/+/+/set"}},
	{Username: "panel", Password: "pw-panel", Read: []string{"hearth/hub/state"}},
}

func dialBroker(t *testing.T, b *Broker, change func(*paho.ClientOptions)) (paho.Client, error) {
	t.Helper()
	o := paho.NewClientOptions().AddBroker("tcp://" + b.Addr().String()).SetClientID(t.Name()).SetAutoReconnect(false).SetProtocolVersion(4)
	change(o)
	client := paho.NewClient(o)
	token := client.Connect()
	if !token.WaitTimeout(patience) {
		t.Fatal("no answer from the broker")
	}
	t.Cleanup(func() { client.Disconnect(100) })
	return client, token.Error()
}

func signedIn(name, password string) func(*paho.ClientOptions) {
	return func(o *paho.ClientOptions) { o.SetUsername(name).SetPassword(password).SetClientID(name) }
}

func TestOnlyAccountsGetIn(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{Listen: "0.0.0.0:0", Accounts: household, ID: "hub"})
	for name, test := range map[string]struct {
		change func(*paho.ClientOptions)
		in     bool
	}{
		"account":           {signedIn("ha", "pw-ha"), true},
		"wrong password":    {signedIn("ha", "pw-panel"), false},
		"unknown":           {signedIn("guest", "pw-ha"), false},
		"nobody":            {func(*paho.ClientOptions) {}, false},
		"empty password":    {signedIn("ha", ""), false},
		"the hub's ID":      {func(o *paho.ClientOptions) { signedIn("ha", "pw-ha")(o); o.SetClientID("hearth-hub") }, false},
		"a will it may not": {func(o *paho.ClientOptions) { signedIn("ha", "pw-ha")(o); o.SetWill("hearth/hub/status", "x", 1, true) }, false},
		"a will it may": {func(o *paho.ClientOptions) {
			signedIn("ha", "pw-ha")(o)
			o.SetWill("homeassistant/status", "offline", 0, false)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := dialBroker(t, b, test.change); (err == nil) != test.in {
				t.Errorf("connected: %v", err)
			}
		})
	}
}

func TestAccountsKeepToTheirTopics(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{Accounts: household, ID: "hub"})
	panel, err := dialBroker(t, b, signedIn("panel", "pw-panel"))
	if err != nil {
		t.Fatal(err)
	}
	for topic, allowed := range map[string]bool{
		"hearth/hub/state": true, "hearth/#": false, "#": false, "hearth/+/state": false, "$share/g/hearth/#": false, "$share/g/hearth/hub/state": true,
	} {
		token := panel.Subscribe(topic, 1, nil)
		if err := paho.WaitTokenTimeout(token, patience); err == nil {
			err = refused(token)
			if (err == nil) != allowed {
				t.Errorf("subscribe to %s: %v", topic, err)
			}
		} else if allowed {
			t.Errorf("subscribe to %s: %v", topic, err)
		}
	}

	username, password := b.Credentials()
	own := newPeer(t, b, func(o *paho.ClientOptions) { signedIn(username, password)(o); o.SetClientID("hearth-hub") })
	ha, err := dialBroker(t, b, signedIn("ha", "pw-ha"))
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range []string{"hearth/hub/status", "hearth/hub/announce", "hearth/hub/ask"} { // the last is allowed
		own.wait(ha.Publish(topic, 0, false, "x"))
	}
	if m := <-own.messages; m.Topic() != "hearth/hub/ask" {
		t.Errorf("published to %s", m.Topic())
	}
	// Of a message that is to be acknowledged, MQTT 3.1.1 has no other way to say that it is refused.
	if paho.WaitTokenTimeout(ha.Publish("hearth/hub/announce", 1, false, "x"), patience) == nil && ha.IsConnectionOpen() {
		t.Error("published to hearth/hub/announce")
	}
	client := newClient(t, b.Addr().String(), func(o *ClientOptions) { o.Username, o.Password, o.ID = username, password, "hub2" })
	running(t, serving(client))
	own.expect("hearth/hub2/status", "online")
}
