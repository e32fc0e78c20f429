package mqtt

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/avast/retry-go/v4"
	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"
)

// ErrCredentials is returned when the broker does not accept the user name, the password or the client.
// Trying again does not help.
var ErrCredentials = errors.New("the broker refused the credentials: check mqtt.username and mqtt.password")

// Times of a connection.
const (
	connectTime = 10 * time.Second
	keepAlive   = 30 * time.Second // how often a silent connection is probed
	pingTime    = 10 * time.Second
)

// A message is what goes out.
type message struct {
	topic    string
	payload  []byte
	retained bool
}

// A link is one connection to the broker.
type link struct {
	client paho.Client
	lost   chan error   // one place: paho reports a loss once
	out    chan message // queued messages wait here for the publisher

	in chan paho.Message // commands wait here for an answerer
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
	l := &link{lost: make(chan error, 1), out: make(chan message, queued), in: make(chan paho.Message, waiting)}
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
	o.SetClientID("hearth-" + c.opts.ID)
	o.SetUsername(c.opts.Username)
	o.SetPassword(c.opts.Password)
	o.SetCleanSession(true) // a command that was sent while Hearth was away is too old to be carried out
	o.SetAutoReconnect(false)
	o.SetConnectTimeout(connectTime)
	o.SetKeepAlive(keepAlive)
	o.SetPingTimeout(pingTime)
	o.SetWriteTimeout(stopTime)
	o.SetWill(c.prefix+"status", "offline", 1, true)
	o.SetConnectionLostHandler(func(_ paho.Client, err error) { l.lost <- err })
	o.SetDefaultPublishHandler(func(_ paho.Client, m paho.Message) { c.receive(l, m) })
	return o
}

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
		return fmt.Errorf("the connection to the MQTT broker is lost: %w", err)
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

func (l *link) subscribe(ctx context.Context, topic string) error {
	ctx, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	if err := await(ctx, l.client.Subscribe(topic, 1, nil)); err != nil {
		return fmt.Errorf("subscribe to %s: %w", topic, err)
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
