package mqtt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"hearth/daemon/conversation"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come; it never decides between right and wrong.
const patience = 20 * time.Second

// running starts something that runs, and stops it at the end of the test or earlier by stop.
func running(t *testing.T, run func(context.Context) error) (stop func(), ended <-chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	done := make(chan struct{})
	go func() {
		result <- run(ctx)
		close(done)
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return stop, result
}

func startBroker(t *testing.T, o BrokerOptions) (*Broker, func()) {
	t.Helper()
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	o.Logger = slog.New(slog.DiscardHandler)
	b, err := NewBroker(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Listen(); err != nil {
		t.Fatal(err)
	}
	stop, _ := running(t, b.Run)
	return b, stop
}

func newClient(t *testing.T, address string, change func(*ClientOptions)) *Client {
	t.Helper()
	o := ClientOptions{
		Broker: "tcp://" + address, ID: "hub", Logger: slog.New(slog.DiscardHandler),
		Registerer: prometheus.NewRegistry(),
		Hub:        newFakeHub(),
		NextTimer:  func() (string, time.Time, bool) { return "", time.Time{}, false },
		Ask: func(context.Context, string, string, conversation.Observer) (*conversation.Turn, error) {
			return nil, errors.New("nobody should ask here")
		},
	}
	if change != nil {
		change(&o)
	}
	c, err := NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A fakeHub does what it is told, and tells what that was.
type fakeHub struct {
	mu    sync.Mutex
	state HubState
	err   error       // of what follows
	done  chan string // "volume 30"
	gate  chan struct{}
}

func newFakeHub() *fakeHub {
	return &fakeHub{
		state: HubState{
			Version: "1.2.3", Area: "Kitchen", Volume: 80, Language: "en", Languages: []string{"de", "en"},
			WakeWord: "off", WakeWords: []string{"off", "okay computer"},
			Model: "qwen3:4b", Models: []string{"qwen3:4b", "smollm2:135m"}, Intents: []string{"HassTurnOff", "HassTurnOn"},
		},
		done: make(chan string, 1000),
	}
}

func (h *fakeHub) State() HubState {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}

func (h *fakeHub) set(change func(*HubState)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(&h.state)
}

func (h *fakeHub) do(what string, change func(*HubState)) error {
	h.done <- what
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err == nil {
		change(&h.state)
	}
	return h.err
}

func (h *fakeHub) Mute(on bool) error {
	return h.do("mute "+onOff(on), func(s *HubState) { s.Muted = on })
}

func (h *fakeHub) SetVolume(percent int) error {
	return h.do(fmt.Sprint("volume ", percent), func(s *HubState) { s.Volume = percent })
}

func (h *fakeHub) UseModel(name string) error {
	return h.do("model "+name, func(s *HubState) { s.Model = name })
}

func (h *fakeHub) UseLanguage(code string) error {
	return h.do("language "+code, func(s *HubState) { s.Language = code })
}

func (h *fakeHub) UseWakeWord(word string) error {
	return h.do("wake word "+word, func(s *HubState) { s.WakeWord = word })
}

func (h *fakeHub) Announce(_ context.Context, text string) error {
	if h.gate != nil {
		<-h.gate
	}
	return h.do("announce "+text, func(*HubState) {})
}

func (h *fakeHub) Restart() { h.done <- "restart" }

// A peer is another program at the broker.
type peer struct {
	t        *testing.T
	client   paho.Client
	messages chan paho.Message
}

func newPeer(t *testing.T, b *Broker, change func(*paho.ClientOptions)) *peer {
	t.Helper()
	p := &peer{t: t, messages: make(chan paho.Message, 1000)}
	o := paho.NewClientOptions().AddBroker("tcp://" + b.Addr().String()).SetClientID("peer").SetAutoReconnect(false)
	o.SetDefaultPublishHandler(func(_ paho.Client, m paho.Message) { p.messages <- m })
	if change != nil {
		change(o)
	}
	p.client = paho.NewClient(o)
	p.wait(p.client.Connect())
	t.Cleanup(func() { p.client.Disconnect(100) })
	p.wait(p.client.SubscribeMultiple(map[string]byte{"hearth/#": 1, "homeassistant/#": 1}, nil))
	// The broker acknowledges a subscription before it hands out what is retained: go round once.
	p.send("hearth/marker", false, "")
	var retained []paho.Message
	for m := range p.messages {
		if m.Topic() == "hearth/marker" {
			break
		}
		retained = append(retained, m)
	}
	for _, m := range retained {
		p.messages <- m
	}
	return p
}

func (p *peer) wait(token paho.Token) {
	p.t.Helper()
	if err := paho.WaitTokenTimeout(token, patience); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) send(topic string, retained bool, payload string) {
	p.t.Helper()
	p.wait(p.client.Publish(topic, 1, retained, payload))
}

// next returns the next message on the topic and passes over those on others.
func (p *peer) next(topic string) paho.Message {
	p.t.Helper()
	late := time.After(patience)
	for {
		select {
		case m := <-p.messages:
			if m.Topic() == topic {
				return m
			}
		case <-late:
			p.t.Fatalf("no message on %s", topic)
		}
	}
}

func (p *peer) expect(topic string, payloads ...string) {
	p.t.Helper()
	for _, want := range payloads {
		if got := string(p.next(topic).Payload()); got != want {
			p.t.Fatalf("%s: got %s, want %s", topic, got, want)
		}
	}
}

// until passes over other payloads.
func (p *peer) until(topic, payload string) {
	p.t.Helper()
	for string(p.next(topic).Payload()) != payload {
	}
}

// A relay stands between a client and a broker so that the connection can be cut.
type relay struct {
	listener net.Listener
	mu       sync.Mutex
	conns    []net.Conn
	stalled  chan struct{} // closed while all passes
}

func newRelay(t *testing.T, to string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return relayThrough(t, l, to)
}

func relayThrough(t *testing.T, l net.Listener, to string) *relay {
	r := &relay{listener: l, stalled: make(chan struct{})}
	close(r.stalled)
	var group sync.WaitGroup
	group.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				_ = in.Close()
				continue
			}
			r.mu.Lock()
			r.conns = append(r.conns, in, out)
			r.mu.Unlock()
			group.Go(func() { r.pass(in, out) })
			group.Go(func() { r.pass(out, in) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		r.cut()
		group.Wait()
	})
	return r
}

// pass copies until either side is closed.
func (r *relay) pass(to, from net.Conn) {
	defer to.Close()
	for buffer := make([]byte, 4096); ; {
		n, err := from.Read(buffer)
		r.mu.Lock()
		stalled := r.stalled
		r.mu.Unlock()
		<-stalled
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// stall lets nothing pass any more, with all connections open, until resume is called.
func (r *relay) stall() (resume func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	stalled := make(chan struct{})
	r.stalled = stalled
	return func() { close(stalled) }
}

func (r *relay) address() string { return r.listener.Addr().String() }

// cut ends all connections without an MQTT goodbye, as a dead process or a pulled plug does.
func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		_ = c.Close()
	}
	r.conns = nil
}

// serving is a client's Run for running.
func serving(c *Client) func(context.Context) error {
	return func(ctx context.Context) error { return c.Run(ctx, func() {}) }
}
