package mqtt

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/avast/retry-go/v4"
	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"
)

// ErrCredentials is returned when the broker does not accept the user name, the password or the client.
// Trying again does not help.
var ErrCredentials = errors.New("the broker refused the credentials: check mqtt.username and mqtt.password_file")

// Times of a connection.
const (
	connectTime = 10 * time.Second
	keepAlive   = 30 * time.Second // how often a silent connection is probed
)

// A message is what goes out.
type message struct {
	topic    string
	payload  []byte
	retained bool
	// done is called when the broker has the message, or with the reason why not; nil for nobody.
	done func(error)
}

// A link is one connection to the broker.
type link struct {
	client paho.Client
	lost   chan error   // one place: paho reports a loss once
	out    chan message // queued messages wait here for the publisher

	lanes [lanes]chan request
	born  chan struct{} // Home Assistant has started; one signal is enough
}

func newLink() *link {
	l := &link{lost: make(chan error, 1), out: make(chan message, queued), born: make(chan struct{}, 1)}
	for i := range l.lanes {
		l.lanes[i] = make(chan request, waiting)
	}
	return l
}

// homeBorn notes that Home Assistant has started.
func (l *link) homeBorn() {
	select {
	case l.born <- struct{}{}:
	default:
	}
}

// connect tries three times, 2 s and 4 s apart, as long as the broker cannot be reached.
func (c *Client) connect(ctx context.Context) (*link, error) {
	l, err := retry.DoWithData(func() (*link, error) { return c.dial(ctx) },
		retry.Context(ctx), retry.Attempts(3), retry.LastErrorOnly(true), retry.RetryIf(unreachable),
		retry.DelayType(retry.BackOffDelay), retry.Delay(2*time.Second), retry.MaxDelay(10*time.Second))
	if err != nil {
		return nil, fmt.Errorf("connect to MQTT broker %s: %w", c.broker.Redacted(), err)
	}
	return l, nil
}

// unreachable tells whether an error is a timeout or a failed connection, which may pass, and not an
// answer of the broker or a certificate that is not trusted.
func unreachable(err error) bool {
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	if errors.As(err, &certificate) || errors.As(err, &authority) {
		return false
	}
	return errors.Is(err, packets.ErrorNetworkError) || errors.Is(err, context.DeadlineExceeded)
}

func (c *Client) dial(ctx context.Context) (*link, error) {
	l := newLink()
	dialing, dialed := context.WithTimeout(ctx, connectTime)
	defer dialed()
	stopped := func() bool { return true }
	o := c.pahoOptions(l)
	o.SetCustomOpenConnectionFn(func(u *url.URL, _ paho.ClientOptions) (net.Conn, error) {
		conn, err := c.openConnection(dialing, u)
		if err == nil {
			// A stop does not wait for a broker that accepts a connection and then says nothing.
			stopped = context.AfterFunc(ctx, func() { _ = conn.Close() })
		}
		return conn, err
	})
	l.client = paho.NewClient(o)
	token := l.client.Connect()
	<-token.Done() // after connectTime at the latest
	stopped()
	return l, refusal(token.Error())
}

// refusal marks an error as ErrCredentials where it is one.
func refusal(err error) error {
	if errors.Is(err, packets.ErrorRefusedBadUsernameOrPassword) || errors.Is(err, packets.ErrorRefusedNotAuthorised) {
		return fmt.Errorf("%w (%w)", ErrCredentials, err)
	}
	return err
}

func (c *Client) pahoOptions(l *link) *paho.ClientOptions {
	o := paho.NewClientOptions()
	o.Servers = []*url.URL{c.broker}
	// Only version 4 keeps the broker's reason: paho would ask again with version 3 and lose it.
	o.SetProtocolVersion(4)
	o.SetClientID(clientID(c.opts.ID))
	o.SetUsername(c.opts.Username)
	o.SetPassword(c.opts.Password)
	o.SetCleanSession(true) // a command that was sent while Hearth was away is too old to be carried out
	o.SetAutoReconnect(false)
	o.SetConnectTimeout(connectTime)
	o.SetKeepAlive(c.keepAlive)
	o.SetPingTimeout(c.keepAlive / 3)
	o.SetWriteTimeout(stopTime)
	o.SetWill(c.prefix+"status", "offline", 1, true)
	o.SetConnectionLostHandler(func(_ paho.Client, err error) { l.lost <- err })
	o.SetDefaultPublishHandler(func(_ paho.Client, m paho.Message) { c.receive(l, m) })
	return o
}

// clientID is what the broker knows a hub by. It is the same after a restart, so that the broker ends what
// is left of the connection before.
func clientID(hub string) string { return "hearth-" + hub }

func knownScheme(scheme string) bool { return plain(scheme) || encrypted(scheme) }
func plain(scheme string) bool       { return scheme == "tcp" || scheme == "mqtt" }
func encrypted(scheme string) bool   { return scheme == "ssl" || scheme == "mqtts" || scheme == "tls" }

func (c *Client) openConnection(ctx context.Context, u *url.URL) (net.Conn, error) {
	if plain(u.Scheme) {
		return new(net.Dialer).DialContext(ctx, "tcp", u.Host)
	}
	return (&tls.Dialer{Config: c.opts.TLS}).DialContext(ctx, "tcp", u.Host)
}

// wait returns an error when the connection is lost, and nil when ctx ends.
func (l *link) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-l.lost:
		return fmt.Errorf("the connection to the MQTT broker is lost (if it is again and again, another client uses the ID of this one: set mqtt.id): %w", err)
	}
}

// publish returns when the broker has acknowledged m.
func (l *link) publish(ctx context.Context, m message) error {
	if ctx.Err() != nil {
		return context.Cause(ctx) // paho would wait for a broker that hangs
	}
	ctx, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	return await(ctx, l.client.Publish(m.topic, 1, m.retained, m.payload))
}

func (l *link) subscribe(ctx context.Context, topics ...string) error {
	ctx, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	filters := map[string]byte{}
	for _, topic := range topics {
		filters[topic] = 1
	}
	token := l.client.SubscribeMultiple(filters, nil)
	if err := await(ctx, token); err != nil {
		return fmt.Errorf("subscribe to %s: %w", strings.Join(topics, ", "), err)
	}
	return refused(token)
}

// refused tells which topic the broker does not let Hearth subscribe to.
func refused(token paho.Token) error {
	subscribed, ok := token.(*paho.SubscribeToken)
	if !ok {
		return nil
	}
	for topic, granted := range subscribed.Result() {
		if granted >= 0x80 { // failure, MQTT 3.1.1 section 3.9.3, or its reason in MQTT 5
			return fmt.Errorf("subscribe to %s: the broker does not allow it: give mqtt.username that right", topic)
		}
	}
	return nil
}

func await(ctx context.Context, token paho.Token) error {
	select {
	case <-token.Done():
		return token.Error()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
