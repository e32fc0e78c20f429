package mqtt

import (
	"context"
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

func TestCommandIsAnsweredInAStream(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	var c *Client
	c = newClient(t, b.Addr().String(), func(o *ClientOptions) {
		o.Ask = func(_ context.Context, room, text string) (*conversation.Turn, error) {
			turn := &conversation.Turn{ID: "t1", Room: room, Heard: conversation.Heard{Text: text}, Reply: "It is dark. I turned it on."}
			c.StageDone(turn, "transcribe", time.Millisecond, nil)
			turn.Steps = []conversation.Step{{Entity: "light.kitchen", Service: "light.turn_on"}}
			c.StageDone(turn, "gate", time.Millisecond, nil)
			turn.Steps[0].Outcome = conversation.Confirmed
			c.Sentence(turn, 0, "It is dark.")
			c.Sentence(turn, 1, "I turned it on.")
			c.TurnDone(turn)
			c.StageDone(turn, "record", time.Millisecond, nil) // comes last, and changes nothing
			return turn, nil
		}
	})
	running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	p.send("hearth/hub/say", false, `{"text": " light on ", "room": "kitchen", "request": "r7"}`)
	p.until("hearth/hub/state", "thinking")
	p.expect("hearth/hub/state", "acting", "speaking")
	// From here on in the order in which it is published.
	p.expect("hearth/hub/reply/t1",
		`{"sequence":0,"text":"It is dark.","final":false}`,
		`{"sequence":1,"text":"I turned it on.","final":false}`)
	p.expect("hearth/hub/state", "idle")
	p.expect("hearth/hub/reply/t1", `{"sequence":2,"text":"","final":true}`)
	turn := p.next("hearth/hub/turn")
	if turn.Retained() || !strings.Contains(string(turn.Payload()), `"room":"kitchen"`) || !strings.Contains(string(turn.Payload()), `"text":"light on"`) {
		t.Errorf("turn: retained %v: %s", turn.Retained(), turn.Payload())
	}
	p.expect("hearth/hub/reply", `{"request":"r7","turn_id":"t1","text":"It is dark. I turned it on."}`)
}

func TestQuestionIsNotActedOn(t *testing.T) {
	turn := &conversation.Turn{ID: "t1", Steps: []conversation.Step{{Outcome: conversation.Refused}}}
	if got := after("gate", turn); got != "" {
		t.Errorf("a turn whose steps wait for a yes is %s", got)
	}
}

func TestBadCommandIsComplainedAbout(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	p.send("hearth/hub/say", true, "open the garage door")
	p.next("hearth/hub/say") // it is handed out: from now on it is retained and nothing else
	c := newClient(t, b.Addr().String(), func(o *ClientOptions) {
		o.Ask = func(_ context.Context, _, text string) (*conversation.Turn, error) {
			if text != "hello" {
				t.Errorf("asked %q", text)
			}
			return nil, errors.New("the recogniser is on fire")
		}
	})
	running(t, serving(c))
	for _, command := range []struct{ payload, complaint string }{
		{"", "retained"},
		{"\xff\xfe", "not UTF-8"},
		{strings.Repeat("long ", 1000), "5000 bytes"},
		{`{"text": "a", "rooom": "kitchen"}`, "rooom"},
		{`{"text": `, "not JSON like"},
		{`{"text": "hello", "request": "r1"}`, "on fire"},
	} {
		if command.payload != "" {
			p.send("hearth/hub/say", false, command.payload)
		}
		if got := string(p.next("hearth/hub/error").Payload()); !strings.Contains(got, command.complaint) {
			t.Errorf("complaint about %.20q is %s, want %q in it", command.payload, got, command.complaint)
		}
	}
	if got := testutil.ToFloat64(c.metrics.commands.WithLabelValues(malformed)); got != 5 {
		t.Errorf("%v malformed commands counted, want 5", got)
	}
}

func TestStopCancelsACommandAndWaitsForIt(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	asked := make(chan struct{})
	c := newClient(t, b.Addr().String(), func(o *ClientOptions) {
		o.Ask = func(ctx context.Context, _, _ string) (*conversation.Turn, error) {
			close(asked)
			<-ctx.Done()
			return nil, ctx.Err()
		}
	})
	stop, _ := running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	p.send("hearth/hub/say", false, "tell me a story")
	<-asked
	stop()
	p.next("hearth/hub/error")
	p.expect("hearth/hub/status", "offline")
}

func TestObserverNeverWaits(t *testing.T) {
	c := newClient(t, "127.0.0.1:1", nil)
	turn := &conversation.Turn{ID: "t1"}
	c.Sentence(turn, 0, "Nobody listens.")
	if got := testutil.ToFloat64(c.metrics.dropped.WithLabelValues(offline)); got == 0 {
		t.Error("what happens without a connection should be counted")
	}
	c.attach(&link{out: make(chan message, queued)}) // nobody publishes
	for i := range 2 * queued {
		c.Sentence(turn, i, "The broker hangs.")
	}
	if got := testutil.ToFloat64(c.metrics.dropped.WithLabelValues(queueFull)); got != queued+1 {
		t.Errorf("%v dropped, want %d: all but the %d that fit, one of which is the state", got, queued+1, queued)
	}
}

func TestRefusedCredentialsAreNotTriedAgain(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{Username: "hearth", Password: "right*"})
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
