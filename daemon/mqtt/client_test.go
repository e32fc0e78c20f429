package mqtt

import (
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/daemon/conversation"
)

func TestClientSaysWhetherItIsThere(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	c := newClient(t, b.Addr().String(), nil)
	stop, ended := running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	if got := testutil.ToFloat64(c.metrics.connected); got != 1 {
		t.Errorf("hearth_mqtt_connected is %v while connected", got)
	}
	stop()
	p.expect("hearth/hub/status", "offline")
	if err := <-ended; err != nil {
		t.Errorf("a stop is not an error: %v", err)
	}

	late := newPeer(t, b, func(o *paho.ClientOptions) { o.SetClientID("late") })
	if m := late.next("hearth/hub/status"); !m.Retained() || string(m.Payload()) != "offline" {
		t.Errorf("who comes later should find offline retained, got %q", m.Payload())
	}
	later := newPeer(t, b, func(o *paho.ClientOptions) { o.SetClientID("later") })
	if m := later.next("hearth/hub/state"); !m.Retained() || string(m.Payload()) != "idle" {
		t.Errorf("who comes later should find idle retained, got %q", m.Payload())
	}
}

func TestLastWillSpeaksForADeadClient(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	r := newRelay(t, b.Addr().String())
	_, ended := running(t, serving(newClient(t, r.address(), nil)))
	p.expect("hearth/hub/status", "online")
	r.cut()
	p.expect("hearth/hub/status", "offline")
	if err := <-ended; err == nil {
		t.Error("Run should return an error when the connection is lost")
	}
}

func TestClientRunsAgainAfterTheBrokerRestarted(t *testing.T) {
	b, stop := startBroker(t, BrokerOptions{})
	address := b.Addr().String()
	c := newClient(t, address, nil)
	p := newPeer(t, b, nil)
	_, ended := running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	stop()
	if err := <-ended; err == nil {
		t.Fatal("Run should return an error when the broker goes away")
	}
	b, _ = startBroker(t, BrokerOptions{Listen: address})
	p = newPeer(t, b, nil)
	running(t, serving(c))
	p.expect("hearth/hub/status", "online")
}

func TestObserverNeverWaits(t *testing.T) {
	c := newClient(t, "127.0.0.1:1", nil)
	turn := &conversation.Turn{ID: "t1"}
	c.Words(turn, 0, "Nobody listens.")
	if got := testutil.ToFloat64(c.metrics.dropped.WithLabelValues(offline)); got == 0 {
		t.Error("what happens without a connection should be counted")
	}
	c.attach(newLink()) // nobody publishes
	asked := &reply{client: c}
	for i := range 2 * queued {
		asked.Words(turn, i, "The broker hangs.")
	}
	if got := testutil.ToFloat64(c.metrics.dropped.WithLabelValues(queueFull)); got != queued {
		t.Errorf("%v dropped, want %d: all but the %d that fit", got, queued, queued)
	}
}

func TestRefusedCredentialsAreNotTriedAgain(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{Accounts: []Account{{Username: "hearth", Password: "right*", Read: []string{"#"}, Write: []string{"#"}}}})
	c := newClient(t, b.Addr().String(), func(o *ClientOptions) { o.Username, o.Password = "hearth", "rightwrong" })
	_, ended := running(t, serving(c))
	err := <-ended
	if !errors.Is(err, ErrCredentials) {
		t.Fatalf("got %v, want ErrCredentials", err)
	}
	if unreachable(err) {
		t.Error("an answer of the broker should not be tried again")
	}
	if strings.Contains(err.Error(), "rightwrong") {
		t.Errorf("the password is in the error: %v", err)
	}
	c = newClient(t, b.Addr().String(), func(o *ClientOptions) { o.Username, o.Password = "hearth", "right*" })
	p := newPeer(t, b, func(o *paho.ClientOptions) { o.SetUsername("hearth").SetPassword("right*") })
	running(t, serving(c))
	p.expect("hearth/hub/status", "online")
}

// Loopback connections are refused at once, so that the bubble's clock only runs in the pauses.
func TestUnreachableBrokerIsTriedThreeTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "127.0.0.1:1", nil)
		begun := time.Now()
		err := c.Run(t.Context(), func() {})
		if err == nil || !unreachable(err) {
			t.Errorf("got %v, want a connection error", err)
		}
		if took := time.Since(begun); took != 6*time.Second {
			t.Errorf("took %v, want pauses of 2 s and 4 s", took)
		}
	})
}

func TestStopEndsAHandshake(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	stop, ended := running(t, serving(newClient(t, silent.Addr().String(), nil)))
	conn, err := silent.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Read(make([]byte, 1)); err != nil { // the client has said hello
		t.Fatal(err)
	}
	stop() // would take connectTime if it waited for the broker's answer
	if err := <-ended; err != nil {
		t.Errorf("a stop is not an error: %v", err)
	}
}

func TestClientOptionsAreChecked(t *testing.T) {
	for _, test := range []struct {
		change func(*ClientOptions)
		field  string
	}{
		{func(o *ClientOptions) { o.ID = "" }, "mqtt.id"},
		{func(o *ClientOptions) { o.ID = "a+b" }, "mqtt.id"},
		{func(o *ClientOptions) { o.Topic = "home/#" }, "mqtt.topic"},
		{func(o *ClientOptions) { o.Broker = "127.0.0.1:1883" }, "mqtt.broker"},
		{func(o *ClientOptions) { o.Broker = "http://127.0.0.1" }, "mqtt.broker"},
		{func(o *ClientOptions) { o.Broker = "" }, "mqtt.broker"},
	} {
		o := ClientOptions{Broker: "tcp://127.0.0.1:1883", ID: "hub"}
		test.change(&o)
		if _, err := NewClient(o); err == nil || !strings.HasPrefix(err.Error(), test.field+" ") {
			t.Errorf("%+v: got %v, want an error about %s", o, err, test.field)
		}
	}
}

func TestMetricsAreWellFormed(t *testing.T) {
	r := prometheus.NewRegistry()
	newMetrics(r)
	if problems, err := testutil.GatherAndLint(r); err != nil || len(problems) != 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}
