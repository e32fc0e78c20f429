package mqtt

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// Large homes have as many; whoever subscribes gets them all, and Hearth is not impressed.
func TestTenThousandRetainedMessages(t *testing.T) {
	const many = 10_000
	b, _ := startBroker(t, BrokerOptions{})
	other := newPeer(t, b, func(o *paho.ClientOptions) { o.SetClientID("other") })
	go func() {
		for { // it hears of its own messages
			select {
			case <-other.messages:
			case <-t.Context().Done():
				return
			}
		}
	}()
	var last paho.Token
	config := `{"name":"` + strings.Repeat("x", 400) + `"}`
	for i := range many {
		last = other.client.Publish(fmt.Sprintf("homeassistant/sensor/s%d/config", i), 1, true, config)
		if i%100 == 0 {
			other.wait(last)
		}
	}
	other.wait(last)

	h := newFakeHub()
	running(t, serving(newClient(t, b.Addr().String(), discovering(h))))
	for _, qos := range []byte{0, 1} {
		seen := make(chan struct{}, 2*many)
		home, err := dialBroker(t, b, func(o *paho.ClientOptions) { o.SetClientID(fmt.Sprint("home", qos)) })
		if err != nil {
			t.Fatal(err)
		}
		home.Subscribe("homeassistant/#", qos, func(_ paho.Client, m paho.Message) {
			if m.Retained() && strings.HasPrefix(m.Topic(), "homeassistant/sensor/") {
				seen <- struct{}{}
			}
		})
		late := time.After(3 * patience)
		for n := range many {
			select {
			case <-seen:
			case <-late:
				t.Fatalf("quality of service %d: %d of %d messages came", qos, n, many)
			}
		}
	}
	other.send("hearth/hub/mute/set", false, "ON")
	if got := <-h.done; got != "mute ON" {
		t.Errorf("did %q", got)
	}
}

// A peer that has subscribed to everything and reads nothing keeps nobody else waiting.
func TestAPeerThatStopsReading(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	r := newRelay(t, b.Addr().String())
	stuck, err := dialBroker(t, b, func(o *paho.ClientOptions) { o.Servers = nil; o.AddBroker("tcp://" + r.address()) })
	if err != nil {
		t.Fatal(err)
	}
	if err := paho.WaitTokenTimeout(stuck.Subscribe("#", 1, nil), patience); err != nil {
		t.Fatal(err)
	}
	resume := r.stall()
	defer resume()
	h := newFakeHub()
	running(t, serving(newClient(t, b.Addr().String(), discovering(h))))
	p := newPeer(t, b, nil)
	for range 200 { // more than the connection's buffers hold
		p.send("hearth/flood", false, strings.Repeat("x", 100<<10))
	}
	p.send("hearth/hub/volume/set", false, "20")
	p.until("hearth/hub/volume", "20")
}

// A broker that holds the connection and answers nothing is given up, and later there again.
func TestABrokerThatStopsAnswering(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	r := newRelay(t, b.Addr().String())
	c := newClient(t, r.address(), nil)
	c.keepAlive = 3 * time.Second
	p := newPeer(t, b, nil)
	_, ended := running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	resume := r.stall()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "lost") {
		t.Errorf("got %v, want a lost connection", err)
	}
	if got := testutil.ToFloat64(c.metrics.connected); got != 0 {
		t.Error("it is still thought to be connected")
	}
	resume()
	running(t, serving(c))
	p.until("hearth/hub/status", "online")
}

// Two hubs of one name push each other off an open broker; the one that is left goes on.
func TestTheSameClientIDTwice(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	c := newClient(t, b.Addr().String(), nil)
	_, ended := running(t, serving(c))
	p := newPeer(t, b, nil)
	p.until("hearth/hub/status", "online")
	twin, err := dialBroker(t, b, func(o *paho.ClientOptions) { o.SetClientID("hearth-hub") })
	if err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "mqtt.id") {
		t.Errorf("got %v, want an error with its remedy", err)
	}
	twin.Disconnect(100)
	running(t, serving(c))
	p.until("hearth/hub/status", "online")
}

// What comes from a broker that is none, or has gone mad, ends the connection and nothing else.
func TestNonsenseFromTheBroker(t *testing.T) {
	connack := []byte{0x20, 2, 0, 0}
	for name, nonsense := range map[string][]byte{
		"text":              []byte("HTTP/1.1 400 Bad Request\r\n\r\n"),
		"no packet type":    append(bytes.Clone(connack), 0x00, 0x00),
		"length too long":   append(bytes.Clone(connack), 0x30, 0xff, 0xff, 0xff, 0xff, 0xff),
		"publish cut short": append(bytes.Clone(connack), 0x32, 3, 0, 9, 'h'),
		"closed":            connack,
		"unknown ack":       append(bytes.Clone(connack), 0x40, 2, 0xff, 0xff, 0x90, 3, 0, 1, 0x80),
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					_, _ = conn.Read(make([]byte, 1024))
					_, _ = conn.Write(nonsense)
					_ = conn.Close()
				}
			}()
			_, ended := running(t, serving(newClient(t, l.Addr().String(), nil)))
			if err := <-ended; err == nil {
				t.Error("nobody noticed")
			}
		})
	}
}
