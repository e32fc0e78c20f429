package mqtt

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
)

// AskFunc runs one turn for a sentence of the say topic.
type AskFunc func(ctx context.Context, room, text string) (*conversation.Turn, error)

// ClientOptions configure a Client.
type ClientOptions struct {
	Broker   string // "tcp://host:1883", or "ssl://host:8883" for TLS; "mqtt" and "mqtts" mean the same
	Username string
	Password string      // never logged
	TLS      *tls.Config // for TLS; nil trusts the system's certificate authorities
	ID       string      // of this hub, unique at its broker: part of each topic and of the client ID
	Topic    string      // root of the topics, "hearth" when empty
	Ask      AskFunc

	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// A Client publishes what happens in conversations and answers commands. It is a
// conversation.Observer; as such its methods may be called at any time, and what happens while there
// is no connection is counted and forgotten.
type Client struct {
	opts    ClientOptions
	broker  *url.URL
	prefix  string // "hearth/<id>/"
	log     *slog.Logger
	metrics *metrics

	mu       sync.Mutex
	link     *link // nil while there is no connection
	activity activity
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
	return &Client{
		opts: o, broker: broker, prefix: o.Topic + "/" + o.ID + "/",
		log: o.Logger, metrics: newMetrics(o.Registerer),
		activity: activity{turns: map[string]int{}},
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

// How much may wait. Sentences of a reply come a few a second, commands are spoken by people.
const (
	queued   = 256
	waiting  = 16
	parallel = 4 // commands carried out at a time
)

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
	var publisher, answerers sync.WaitGroup
	publisher.Go(func() { c.publishAll(drain, l) })
	for range parallel {
		// A command that is being carried out is not given up because the broker is gone.
		answerers.Go(func() { c.answerAll(ctx, over.Done(), l.in) })
	}

	if err = c.open(ctx, l); err == nil {
		up()
		err = l.wait(ctx)
	}
	end()
	answerers.Wait()
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

// open subscribes and then says that Hearth is there.
func (c *Client) open(ctx context.Context, l *link) error {
	c.attach(l) // first: a retained command arrives with the subscription and is complained about
	if err := l.subscribe(ctx, c.prefix+"say"); err != nil {
		return err
	}
	c.metrics.connected.Set(1)
	if err := l.publish(ctx, c.retained("status", "online")); err != nil {
		return fmt.Errorf("publish availability: %w", err)
	}
	c.log.Info("connected to the MQTT broker", "broker", c.broker.Redacted())
	return nil
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

// attach makes l the connection that messages go to, and publishes the state on it.
func (c *Client) attach(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link = l
	if l != nil {
		c.send(c.retained("state", string(c.activity.state())))
	}
}

// send queues a message, or counts it as dropped. The caller holds c.mu.
func (c *Client) send(m message) {
	if c.link == nil {
		c.metrics.dropped.WithLabelValues(offline).Inc()
		return
	}
	select {
	case c.link.out <- m:
	default:
		c.metrics.dropped.WithLabelValues(queueFull).Inc()
	}
}

// publishAll sends what is queued until the queue is closed. Once ctx ends the rest is only counted.
func (c *Client) publishAll(ctx context.Context, l *link) {
	for m := range l.out {
		if err := l.publish(ctx, m); err != nil {
			c.metrics.dropped.WithLabelValues(unpublished).Inc()
			c.log.Debug("an MQTT message was not published", "topic", m.topic, "error", err)
			continue
		}
		c.metrics.published.Inc()
	}
}

func (c *Client) retained(name, payload string) message {
	return message{topic: c.prefix + name, payload: []byte(payload), retained: true}
}
