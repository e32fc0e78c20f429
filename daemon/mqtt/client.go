package mqtt

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// ClientOptions configure a Client.
type ClientOptions struct {
	Broker   string // "tcp://host:1883", or "ssl://host:8883" for TLS; "mqtt" and "mqtts" mean the same
	Username string
	Password string      // never logged
	TLS      *tls.Config // for TLS; nil trusts the system's certificate authorities
	ID       string      // of this hub, unique at its broker: part of each topic and of the client ID
	Topic    string      // root of the topics, "hearth" when empty

	Discovery   string // Home Assistant's discovery prefix, "homeassistant"; "" announces no device
	Transcripts bool   // publish what was said; else it goes to whoever asked and nobody else
	Hub         Hub
	NextTimer   NextTimerFunc
	Ask         AskFunc
	Memory      Memory // nil lasts as long as the client

	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// A Client publishes what Hearth is and does and answers commands. It is a
// conversation.Observer; as such its methods may be called at any time, and what happens while there
// is no connection is counted and forgotten.
type Client struct {
	opts    ClientOptions
	broker  *url.URL
	prefix  string // "hearth/<id>/"
	log     *slog.Logger
	metrics *metrics

	keepAlive time.Duration // keepAlive, but in tests

	refresh chan struct{} // one signal is enough: all is looked at

	mu        sync.Mutex
	link      *link // nil while there is no connection
	activity  activity
	measured  map[string]string // of the last turn, by the name of the state
	announced map[string]string // components that Home Assistant was told of
	shown     map[string]string // retained payloads that the broker has, by topic
}

// NewClient checks the options and connects to nothing.
func NewClient(o ClientOptions) (*Client, error) {
	if o.Topic == "" {
		o.Topic = "hearth"
	}
	if err := checkTopic("mqtt.topic", o.Topic); err != nil {
		return nil, err
	}
	if err := checkTopic("mqtt.id", o.ID); err != nil {
		return nil, err
	}
	broker, err := url.Parse(o.Broker)
	if err != nil || broker.Host == "" || !knownScheme(broker.Scheme) {
		return nil, fmt.Errorf("mqtt.broker %q: want a URL like tcp://127.0.0.1:1883 or ssl://broker.local:8883", redact(broker))
	}
	if broker.Port() == "" {
		broker.Host = net.JoinHostPort(broker.Hostname(), defaultPort(broker.Scheme))
	}
	if o.Memory == nil {
		o.Memory = &run{}
	}
	return &Client{
		opts: o, broker: broker, prefix: o.Topic + "/" + o.ID + "/",
		log: o.Logger, metrics: newMetrics(o.Registerer), refresh: make(chan struct{}, 1), keepAlive: keepAlive,
		activity: activity{turns: map[string]struct{}{}}, measured: map[string]string{}, shown: map[string]string{},
	}, nil
}

func defaultPort(scheme string) string {
	if encrypted(scheme) {
		return "8883"
	}
	return "1883"
}

func redact(u *url.URL) string {
	if u == nil {
		return ""
	}
	return u.Redacted()
}

func checkTopic(field, value string) error {
	if value == "" || strings.ContainsAny(value, "+#\x00") || strings.HasPrefix(value, "/") || strings.HasSuffix(value, "/") {
		return fmt.Errorf(`%s %q: want a part of an MQTT topic, without "+", "#" and slashes at its ends`, field, value)
	}
	return nil
}

// Times of a connection's end.
const (
	ackTime  = 10 * time.Second // for the broker to acknowledge a message
	stopTime = 2 * time.Second  // to publish what is left when the daemon stops
)

// queued is how many messages may wait. Words of a reply come some dozens a second.
const queued = 512

// Run connects, calls up, and serves until ctx ends, when it says "offline", disconnects and returns nil. It
// returns ErrCredentials when the broker does not let Hearth in, and another error when the broker
// cannot be reached after three tries or the connection is lost. It does not connect again by itself.
func (c *Client) Run(ctx context.Context, up func()) error {
	l, err := c.connect(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	drain, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	defer giveUp()
	over, end := context.WithCancel(ctx)
	defer end()
	var publisher, workers sync.WaitGroup
	publisher.Go(func() { c.publishAll(drain, l) })
	c.attach(l) // first: a retained command arrives with the subscription and is complained about
	c.startLanes(ctx, over.Done(), l, &workers)
	if err = c.open(ctx, l); err == nil {
		workers.Go(func() { c.keepShown(over.Done(), l) })
		up()
		err = l.wait(ctx)
	}
	end()
	workers.Wait()
	c.attach(nil)
	close(l.out)
	stopping := time.AfterFunc(stopTime, giveUp)
	defer stopping.Stop()
	publisher.Wait()
	c.close(l)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// startLanes starts who carries out commands. One that is being carried out is not given up because the
// broker is gone.
func (c *Client) startLanes(ctx context.Context, over <-chan struct{}, l *link, group *sync.WaitGroup) {
	for lane, requests := range l.lanes {
		for range workers[lane] {
			group.Go(func() { c.serve(ctx, over, requests) })
		}
	}
}

// open subscribes, publishes how the hub is, and then that it is there.
func (c *Client) open(ctx context.Context, l *link) error {
	if err := l.subscribe(ctx, c.topics()...); err != nil {
		return err
	}
	c.metrics.connected.Set(1)
	c.show()
	online := c.retained("status", "online")
	published := make(chan error, 1)
	online.done = func(err error) { published <- err }
	c.mu.Lock()
	if !c.send(online) {
		published <- errors.New("the queue is full")
	}
	c.mu.Unlock()
	select {
	case err := <-published:
		if err != nil {
			return fmt.Errorf("publish availability: %w", err)
		}
	case <-ctx.Done():
		return nil
	}
	c.log.Info("connected to the MQTT broker", "broker", c.broker.Redacted())
	if ip := net.ParseIP(c.broker.Hostname()); c.opts.Password != "" && plain(c.broker.Scheme) && !ip.IsLoopback() {
		c.log.Warn("the MQTT password crosses the network unencrypted: use an ssl:// broker", "broker", c.broker.Redacted())
	}
	return nil
}

// topics are what Hearth listens to.
func (c *Client) topics() []string {
	var all []string
	for name := range commands {
		all = append(all, c.prefix+name)
	}
	if birth := c.birthTopic(); birth != "" {
		all = append(all, birth)
	}
	return all
}

// close says goodbye. The last will says the same when this does not reach the broker.
func (c *Client) close(l *link) {
	c.metrics.connected.Set(0)
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if l.client.IsConnectionOpen() {
		_ = l.publish(ctx, c.retained("state", string(idle)))
		_ = l.publish(ctx, c.retained("status", "offline"))
	}
	l.client.Disconnect(250)
}

// attach makes l the connection that messages go to; nothing is known of what the broker has.
func (c *Client) attach(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link = l
	clear(c.shown)
}

// publish queues v as JSON.
func (c *Client) publish(name string, v any) {
	payload, err := json.Marshal(v)
	if err != nil {
		c.log.Error("an MQTT message cannot be written as JSON", "topic", c.prefix+name, "error", err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.send(message{topic: c.prefix + name, payload: payload})
}

// send queues a message, or counts it as dropped. The caller holds c.mu.
func (c *Client) send(m message) (sent bool) {
	if c.link == nil {
		c.metrics.dropped.WithLabelValues(offline).Inc()
		return false
	}
	select {
	case c.link.out <- m:
		return true
	default:
		c.metrics.dropped.WithLabelValues(queueFull).Inc()
		return false
	}
}

// publishAll sends what is queued until the queue is closed. Once ctx ends the rest is only counted.
func (c *Client) publishAll(ctx context.Context, l *link) {
	for m := range l.out {
		err := l.publish(ctx, m)
		if err == nil {
			c.metrics.published.Inc()
		} else {
			c.metrics.dropped.WithLabelValues(unpublished).Inc()
			c.log.Debug("an MQTT message was not published", "topic", m.topic, "error", err)
			c.unshow(m.topic)
		}
		if m.done != nil {
			m.done(err)
		}
	}
}

func (c *Client) retained(name, payload string) message {
	return message{topic: c.prefix + name, payload: []byte(payload), retained: true}
}
